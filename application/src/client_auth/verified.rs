//! Chosen secrets that were verified before, so that the secret of a client that calls often is not hashed at every call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::user::PasswordHash;
use domain::{ClientId, Digest, Secret};
use tokio::sync::OwnedMutexGuard;

/// When this many are remembered, all are forgotten and verified again.
const MAX_SECRETS: usize = 10_000;

/// The chosen secrets that this node has verified: one keyed digest per client and address, in memory only.
///
/// The key is random and is never written down, so a digest is useless outside this process. The digest covers the
/// stored hash too, so a changed secret never matches the old one. A wrong secret from an address deletes the entry
/// of that address, so an attacker cannot use it to guess past the limit.
pub struct VerifiedSecrets {
    key: [u8; 32],
    verified: Mutex<HashMap<(ClientId, String), Digest>>,
    turns: Mutex<HashMap<ClientId, Arc<tokio::sync::Mutex<()>>>>,
}

/// A presented secret: its client, the address it came from, and the stored hash.
pub(super) struct PresentedSecret<'a> {
    pub(super) client: &'a ClientId,
    pub(super) address: &'a str,
    pub(super) hash: &'a PasswordHash,
    pub(super) secret: &'a Secret,
}

impl VerifiedSecrets {
    /// An empty memory under a random key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { key, verified: Mutex::default(), turns: Mutex::default() }
    }

    /// Whether exactly this was verified before.
    pub(super) fn contains(&self, presented: &PresentedSecret<'_>) -> bool {
        let digest = self.digest(presented);
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(&presented.key()) == Some(&digest)
    }

    /// Remembers a verified secret.
    pub(super) fn remember(&self, presented: &PresentedSecret<'_>) {
        let digest = self.digest(presented);
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MAX_SECRETS {
            verified.clear();
        }
        verified.insert(presented.key(), digest);
    }

    /// Forgets the client at this address: a wrong secret came from there.
    pub(super) fn forget(&self, presented: &PresentedSecret<'_>) {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).remove(&presented.key());
    }

    /// Waits until no other call verifies a secret of this client: of many calls at once, one hashes and the others find
    /// its result.
    pub(super) async fn turn(&self, client: &ClientId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(client.clone()).or_default())
        };
        turn.lock_owned().await
    }

    fn digest(&self, presented: &PresentedSecret<'_>) -> Digest {
        let (hash, secret) = (presented.hash.expose().as_bytes(), presented.secret.expose().as_bytes());
        Digest::of_parts(&[&self.key, hash, secret])
    }
}

impl PresentedSecret<'_> {
    fn key(&self) -> (ClientId, String) {
        (self.client.clone(), self.address.to_owned())
    }
}
