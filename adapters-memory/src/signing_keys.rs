//! Encrypted signing keys.

use application::port::{KeyRotation, SigningKeys, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, KeyId, SigningAlgorithm, SigningKey};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl SigningKeys for MemoryStore {
    async fn all(&self) -> Result<Vec<SigningKey>, Unavailable> {
        let mut keys = self.state().signing_keys.clone();
        keys.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(keys)
    }

    async fn install(&self, algorithm: SigningAlgorithm, keys: &[SigningKey]) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let is_live = |key: &SigningKey| key.algorithm == algorithm && key.superseded_at.is_none();
        let has_live = state.signing_keys.iter().any(is_live);
        if !has_live {
            state.signing_keys.extend_from_slice(keys);
        }
        Ok(!has_live)
    }

    async fn rotate(
        &self,
        current: &KeyId,
        next: &KeyId,
        new: &SigningKey,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<KeyRotation, Unavailable> {
        let mut state = self.state();
        let keys = &mut state.signing_keys;
        let Some((current, next)) = positions(keys, current, next) else {
            return Ok(KeyRotation::Lost);
        };
        if keys.iter().any(|key| key.id == new.id) {
            return Err(key_taken());
        }
        keys[current].superseded_at = Some(now);
        keys[next].activated_at = Some(now);
        keys.push(new.clone());
        state.audit_events.push(event.clone());
        Ok(KeyRotation::Rotated)
    }

    async fn retire(
        &self,
        current: &KeyId,
        next: &KeyId,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let keys = &mut state.signing_keys;
        let Some((current, next)) = positions(keys, current, next) else {
            return Ok(false);
        };
        keys[current].superseded_at = Some(now);
        keys[next].superseded_at = Some(now);
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn delete(&self, id: &KeyId) -> Result<(), Unavailable> {
        self.state().signing_keys.retain(|key| key.id != *id);
        Ok(())
    }
}

/// Where the key that signs and the key that waits are, if they do.
fn positions(keys: &[SigningKey], current: &KeyId, next: &KeyId) -> Option<(usize, usize)> {
    let signs = |key: &SigningKey| key.activated_at.is_some() && key.superseded_at.is_none();
    let waits = |key: &SigningKey| key.activated_at.is_none() && key.superseded_at.is_none();
    let current = keys.iter().position(|key| key.id == *current && signs(key))?;
    let next = keys.iter().position(|key| key.id == *next && waits(key))?;
    Some((current, next))
}
