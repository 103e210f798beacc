//! Chosen secrets that were verified before, so that a client which calls often is not hashed for at every call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::user::PasswordHash;
use domain::{ClientId, Digest, Secret};
use tokio::sync::OwnedMutexGuard;

/// From this many on, everything is forgotten and verified anew.
const MOST: usize = 10_000;

/// What this node remembers of chosen secrets: one keyed digest per client and address, in memory only.
///
/// The key is drawn at start and dies with the process, so a digest is worth nothing elsewhere. It covers the kept hash
/// too: a changed secret is never taken for the one before. One wrong secret from an address makes it forgotten there,
/// so that nobody can use it to guess past the limit.
pub struct VerifiedSecrets {
    key: [u8; 32],
    verified: Mutex<HashMap<(ClientId, String), Digest>>,
    turns: Mutex<HashMap<ClientId, Arc<tokio::sync::Mutex<()>>>>,
}

/// One presented secret: whose, from where, and against which hash.
pub(super) struct Presented<'a> {
    pub(super) client: &'a ClientId,
    pub(super) address: &'a str,
    pub(super) hash: &'a PasswordHash,
    pub(super) secret: &'a Secret,
}

impl VerifiedSecrets {
    /// Nothing yet, under a random key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { key, verified: Mutex::default(), turns: Mutex::default() }
    }

    /// Whether exactly this was verified before.
    pub(super) fn knows(&self, presented: &Presented<'_>) -> bool {
        let digest = self.digest(presented);
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(&presented.key()) == Some(&digest)
    }

    /// Remembers what was verified.
    pub(super) fn remember(&self, presented: &Presented<'_>) {
        let digest = self.digest(presented);
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MOST {
            verified.clear();
        }
        verified.insert(presented.key(), digest);
    }

    /// Forgets the client at this address: a wrong secret came from there.
    pub(super) fn forget(&self, presented: &Presented<'_>) {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).remove(&presented.key());
    }

    /// Waits for this client's turn: many calls at once are one verification and many look-ups, not many guesses.
    pub(super) async fn turn(&self, client: &ClientId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(client.clone()).or_default())
        };
        turn.lock_owned().await
    }

    fn digest(&self, presented: &Presented<'_>) -> Digest {
        let (hash, secret) = (presented.hash.expose().as_bytes(), presented.secret.expose().as_bytes());
        Digest::of_parts(&[&self.key, hash, secret])
    }
}

impl Presented<'_> {
    fn key(&self) -> (ClientId, String) {
        (self.client.clone(), self.address.to_owned())
    }
}
