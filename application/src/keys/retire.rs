//! Taking keys out of the published set whose algorithm nothing signs with any more: some clients read no key set that has a key
//! of a type that they do not know.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use chrono::Duration;
use domain::signing_key::KeyState;
use domain::{Actor, AuditEvent, SigningAlgorithm};

use super::Keys;
use crate::error::Error;
use crate::port::Clients;

/// How often a node looks, and how long the current key has signed at least. Every client is read for that.
const LOOK_INTERVAL: Duration = Duration::days(1);

/// How many clients are read at a time.
const BATCH: u32 = 500;

impl Keys {
    /// Retires the keys of every algorithm that no client is registered with and that access tokens are not signed with, except
    /// RS256, the default of clients. A retired key is published until everything that it signed has expired, and verifies
    /// hints after that. If a client registers with the algorithm again, there are new keys.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys or the clients could not be read; the next call tries again.
    pub async fn retire_unused(&self, clients: &dyn Clients) -> Result<(), Error> {
        let now = self.context.now();
        if self.has_just_looked() {
            return Ok(());
        }
        let kept = self.store.all().await?;
        let is_old = |algorithm: &SigningAlgorithm| {
            let current = self.find_in_state(&kept, *algorithm, KeyState::Current, now);
            let activated = current.and_then(|key| key.activated_at);
            activated.is_some_and(|activated| now - activated >= LOOK_INTERVAL)
        };
        let always = [SigningAlgorithm::Rs256, self.context.settings.access_token_alg];
        let mut candidates: BTreeSet<_> = SigningAlgorithm::ALL.into_iter().filter(is_old).collect();
        candidates.retain(|algorithm| !always.contains(algorithm));
        self.leave_out_used(&mut candidates, clients).await?;
        for algorithm in candidates {
            let (Some(current), Some(next)) = (
                self.find_in_state(&kept, algorithm, KeyState::Current, now),
                self.find_in_state(&kept, algorithm, KeyState::Next, now),
            ) else {
                continue;
            };
            let event = AuditEvent::new(now, Actor::Server, "key.retire", &current.id);
            if self.store.retire(&current.id, &next.id, now, &event).await? {
                tracing::info!(%algorithm, key = %current.id, "retired the signing keys: no client uses the algorithm");
            }
        }
        self.clear_cache();
        *self.view.unused_looked_for.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(())
    }

    fn has_just_looked(&self) -> bool {
        let looked = *self.view.unused_looked_for.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_some_and(|looked| self.context.now() - looked < LOOK_INTERVAL)
    }

    /// Reads clients until all are read, or until no candidate is left.
    async fn leave_out_used(
        &self,
        candidates: &mut BTreeSet<SigningAlgorithm>,
        clients: &dyn Clients,
    ) -> Result<(), Error> {
        let mut after = None;
        while !candidates.is_empty() {
            let batch = clients.list(after.as_ref(), BATCH).await?;
            let Some(last) = batch.last() else {
                break;
            };
            after = Some(last.id.clone());
            for used in batch.iter().flat_map(domain::Client::signing_algorithms) {
                candidates.remove(&used);
            }
        }
        Ok(())
    }
}
