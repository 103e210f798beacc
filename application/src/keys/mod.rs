//! The signing keys of the server: loaded, shared by all nodes, rotated.
//!
//! A node looks again at most once in [`STALE_AFTER_SECONDS`]: that is the bound within which it sees a
//! rotation that another node, or the command line, has made.
//!
//! See docs/decisions/keys.md.

pub mod jose;
mod rotate;
pub mod sealing;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Duration, Utc};
use domain::signing_key::KeyState;
use domain::{KeyId, SigningAlgorithm, SigningKey};
use zeroize::Zeroizing;

use crate::error::{Error, broken_key};
use crate::keys::jose::{KeySet, KeyUse, PrivateKey};
use crate::keys::sealing::{SealError, SealingKey};
use crate::port::{Clock, SigningKeys, Unavailable};

pub use rotate::{NotRotated, Rotated, Urgency};

/// How old a node's view of the keys may be.
pub const STALE_AFTER_SECONDS: i64 = 1;

/// Every signature of ours is made and checked through this.
pub struct Keys {
    /// Where they are kept.
    pub store: Arc<dyn SigningKeys>,
    /// What encrypts them there.
    pub sealing_key: Arc<SealingKey>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long a token lives at most: a previous key stays published that long.
    pub longest_token: Duration,
    /// How long a key signs.
    pub lifetime: Duration,
    /// What this node knows.
    pub view: KeyView,
}

/// A node's view of the keys.
#[derive(Default)]
pub struct KeyView {
    loaded: ArcSwapOption<Loaded>,
    one_at_a_time: tokio::sync::Mutex<()>,
}

struct Loaded {
    at: DateTime<Utc>,
    kept: Vec<(SigningKey, KeyState)>,
    set: Arc<KeySet>,
}

impl Keys {
    /// The keys as of now, at most a second old.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys cannot be read, and never were.
    pub async fn current(&self) -> Result<Arc<KeySet>, Error> {
        if let Some(set) = self.fresh() {
            return Ok(set);
        }
        let _one_at_a_time = self.view.one_at_a_time.lock().await;
        if let Some(set) = self.fresh() {
            return Ok(set);
        }
        match self.load().await {
            Ok(set) => Ok(set),
            Err(error) => match self.view.loaded.load_full() {
                // The keys have not become wrong because the store is away.
                Some(known) => {
                    tracing::warn!(%error, "the signing keys could not be read again; using the ones known");
                    // Not tried again at once by everybody who waited: each would wait as long as this one did.
                    let (kept, set) = (known.kept.clone(), Arc::clone(&known.set));
                    self.view.loaded.store(Some(Arc::new(Loaded { at: self.clock.now(), kept, set })));
                    Ok(Arc::clone(&known.set))
                }
                None => Err(error),
            },
        }
    }

    fn fresh(&self) -> Option<Arc<KeySet>> {
        let loaded = self.view.loaded.load();
        let loaded = loaded.as_ref()?;
        let age = self.clock.now() - loaded.at;
        let fresh = age >= Duration::zero() && age < Duration::seconds(STALE_AFTER_SECONDS);
        fresh.then(|| Arc::clone(&loaded.set))
    }

    async fn load(&self) -> Result<Arc<KeySet>, Error> {
        let now = self.clock.now();
        let kept: Vec<_> = self
            .store
            .all()
            .await?
            .into_iter()
            .map(|key| {
                let state = key.state(now, self.longest_token);
                (key, state)
            })
            .collect();
        let known = self.view.loaded.load_full();
        let set = match known {
            Some(known) if known.kept == kept => Arc::clone(&known.set),
            _ => Arc::new(self.open(&kept)?),
        };
        self.view.loaded.store(Some(Arc::new(Loaded { at: now, kept, set: Arc::clone(&set) })));
        Ok(set)
    }

    fn open(&self, kept: &[(SigningKey, KeyState)]) -> Result<KeySet, Error> {
        let mut uses = Vec::with_capacity(kept.len());
        for (key, state) in kept {
            if *state == KeyState::Obsolete {
                continue;
            }
            let private = self.unseal(key)?;
            uses.push(match state {
                KeyState::Current => KeyUse::SignAndPublish(private),
                KeyState::Next | KeyState::Previous => KeyUse::PublishOnly(private.public_key().clone()),
                KeyState::Retired | KeyState::Obsolete => KeyUse::VerifyOnly(private.public_key().clone()),
            });
        }
        KeySet::new(uses).map_err(|error| broken_key(&error))
    }

    fn unseal(&self, key: &SigningKey) -> Result<PrivateKey, Error> {
        let der = der(&self.sealing_key, key).map_err(|_| {
            Error::Unavailable(Unavailable {
                component: "keys",
                reason: format!("the signing key {} cannot be opened with this encryption key", key.id),
            })
        })?;
        PrivateKey::from_pkcs8(key.algorithm, &der).map_err(|error| broken_key(&error))
    }

    /// Since how long each algorithm's current key signs, as the store knows it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys cannot be read.
    pub async fn ages(&self) -> Result<Vec<(SigningAlgorithm, Duration)>, Error> {
        let now = self.clock.now();
        let current = self.store.all().await?.into_iter().filter(|key| key.superseded_at.is_none());
        Ok(current.filter_map(|key| Some((key.algorithm, now - key.activated_at?))).collect())
    }

    /// Forgets this node's view, so that the next request reads the keys again.
    fn forget(&self) {
        self.view.loaded.store(None);
    }

    /// Makes and seals a key of `algorithm`.
    async fn generate(&self, algorithm: SigningAlgorithm) -> Result<SigningKey, Error> {
        // An RSA key takes tens of milliseconds: not on a thread that serves requests.
        let der = tokio::task::spawn_blocking(move || PrivateKey::generate(algorithm))
            .await
            .map_err(|error| broken_key(&error))?
            .map_err(|error| broken_key(&error))?;
        let private = PrivateKey::from_pkcs8(algorithm, &der).map_err(|error| broken_key(&error))?;
        let id = KeyId::new(private.kid().to_owned());
        let sealed = self.sealing_key.seal(id.as_str(), &der).map_err(|error| broken_key(&error))?;
        Ok(SigningKey {
            id,
            algorithm,
            sealed,
            created_at: self.clock.now(),
            activated_at: None,
            superseded_at: None,
        })
    }
}

/// Whether `sealing_key` is the one that sealed this key.
#[must_use]
pub fn opens(sealing_key: &SealingKey, key: &SigningKey) -> bool {
    der(sealing_key, key).is_ok()
}

fn der(sealing_key: &SealingKey, key: &SigningKey) -> Result<Zeroizing<Vec<u8>>, SealError> {
    sealing_key.open(key.id.as_str(), &key.sealed)
}
