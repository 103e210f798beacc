//! The encrypted signing keys that all nodes share.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, KeyId, SigningAlgorithm, SigningKey};

use super::Unavailable;

/// The outcome of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRotation {
    /// The current key is superseded, the next key signs, the new key is next.
    Rotated,
    /// Another caller rotated first. Nothing changed.
    Lost,
}

/// Keeps the signing keys.
#[async_trait]
pub trait SigningKeys: Send + Sync {
    /// Every key, in the order of their creation.
    async fn all(&self) -> Result<Vec<SigningKey>, Unavailable>;

    /// Adds the first keys of an algorithm, unless it has a key that is not superseded: of any number of concurrent calls for
    /// one algorithm, exactly one adds its keys and is true.
    async fn install(&self, algorithm: SigningAlgorithm, keys: &[SigningKey]) -> Result<bool, Unavailable>;

    /// Supersedes `current` by `next` at `now`, adds `new` and records the event, in one transaction: of any number of
    /// concurrent calls for one current key, exactly one is [`KeyRotation::Rotated`].
    async fn rotate(
        &self,
        current: &KeyId,
        next: &KeyId,
        new: &SigningKey,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<KeyRotation, Unavailable>;

    /// Supersedes `current` and `next` at `now` without successors and records the event, in one transaction: of any number of
    /// concurrent calls for one current key, exactly one is true.
    async fn retire(
        &self,
        current: &KeyId,
        next: &KeyId,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;

    /// Deletes a key for ever.
    async fn delete(&self, id: &KeyId) -> Result<(), Unavailable>;
}
