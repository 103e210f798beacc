//! The signing keys of the server. All nodes share them.
//!
//! A node reads the keys again at most once in [`STALE_AFTER_SECONDS`]. Within this time it sees a rotation by another node
//! or by the command line.
//!
//! See docs/decisions/tokens-and-keys.md.

pub mod jose;
mod retire;
mod rotate;
pub mod sealed_texts;
pub mod sealing;

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Duration, Utc};
use domain::signing_key::KeyState;
use domain::{KeyId, SigningAlgorithm, SigningKey};
use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::jose::{KeySet, KeyUse, PrivateKey};
use crate::keys::sealing::{SealError, SealingKey};
use crate::port::{SigningKeys, Unavailable};

pub use rotate::{NotRotated, Rotated, Urgency};

/// How old the cached keys of a node may be.
pub const STALE_AFTER_SECONDS: i64 = 1;

/// The signing keys. Every signature of this server is made and verified with them.
pub struct Keys {
    /// The store of the sealed keys.
    pub store: Arc<dyn SigningKeys>,
    /// Seals the keys.
    pub sealing_key: Arc<SealingKey>,
    /// How long a key signs, and how long its last token is valid.
    pub context: Context,
    /// The cached keys of this node.
    pub view: KeyView,
}

/// The cached keys of a node.
#[derive(Default)]
pub struct KeyView {
    loaded: ArcSwapOption<Loaded>,
    one_at_a_time: tokio::sync::Mutex<()>,
    /// When this node last looked for algorithms that nothing signs with.
    unused_looked_for: std::sync::Mutex<Option<DateTime<Utc>>>,
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
    /// [`Error::Unavailable`] when the keys cannot be read, and none are cached.
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
                // While the store does not answer, the cached keys are still right.
                Some(known) => {
                    tracing::warn!(%error, "the signing keys could not be read; using the cached ones");
                    // The requests that waited use the cached keys too: otherwise each would try the store in turn.
                    let (kept, set) = (known.kept.clone(), Arc::clone(&known.set));
                    self.view.loaded.store(Some(Arc::new(Loaded { at: self.context.now(), kept, set })));
                    Ok(Arc::clone(&known.set))
                }
                None => Err(error),
            },
        }
    }

    fn fresh(&self) -> Option<Arc<KeySet>> {
        let loaded = self.view.loaded.load();
        let loaded = loaded.as_ref()?;
        let age = self.context.now() - loaded.at;
        let fresh = age >= Duration::zero() && age < Duration::seconds(STALE_AFTER_SECONDS);
        fresh.then(|| Arc::clone(&loaded.set))
    }

    async fn load(&self) -> Result<Arc<KeySet>, Error> {
        let now = self.context.now();
        let kept = self.list().await?;
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
        // RSA first: some clients read no further than a key of a type that they do not know.
        let mut in_order: Vec<_> = kept.iter().collect();
        in_order.sort_by_key(|(key, _)| key.algorithm);
        for (key, state) in in_order {
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
        let set = KeySet::new(uses).map_err(|error| broken_key(&error))?;
        Ok(set.published_since(published_since(kept)))
    }

    fn unseal(&self, key: &SigningKey) -> Result<PrivateKey, Error> {
        let der = open(&self.sealing_key, key).map_err(|_| {
            Error::Unavailable(Unavailable {
                component: "keys",
                reason: format!("the signing key {} cannot be opened with this encryption key", key.id),
            })
        })?;
        PrivateKey::from_pkcs8(key.algorithm, &der).map_err(|error| broken_key(&error))
    }

    /// How long the current key of each algorithm has been signing, from the store.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys cannot be read.
    pub async fn ages(&self) -> Result<Vec<(SigningAlgorithm, Duration)>, Error> {
        let now = self.context.now();
        let current = self.store.all().await?.into_iter().filter(|key| key.superseded_at.is_none());
        Ok(current.filter_map(|key| Some((key.algorithm, now - key.activated_at?))).collect())
    }

    /// Every key with its state, from the store, in the order of their creation.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys cannot be read.
    pub async fn list(&self) -> Result<Vec<(SigningKey, KeyState)>, Error> {
        let (now, longest_token) = (self.context.now(), self.longest_token());
        let stated = |key: SigningKey| {
            let state = key.state(now, longest_token);
            (key, state)
        };
        Ok(self.store.all().await?.into_iter().map(stated).collect())
    }

    /// The longest lifetime of a token: a previous key stays published that long.
    fn longest_token(&self) -> Duration {
        self.context.settings.lifetimes.longest_token()
    }

    /// Empties the cache of this node, so that the next request reads the keys.
    fn clear_cache(&self) {
        self.view.loaded.store(None);
    }

    /// Makes and seals a key of `algorithm`.
    async fn generate(&self, algorithm: SigningAlgorithm) -> Result<SigningKey, Error> {
        // Generating an RSA key takes tens of milliseconds, so it must not run on a thread that serves requests.
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
            created_at: self.context.now(),
            activated_at: None,
            superseded_at: None,
        })
    }
}

/// Since when the key set has had a key of each algorithm without a break: as long as the current key, or as the key that it
/// replaced.
fn published_since(kept: &[(SigningKey, KeyState)]) -> BTreeMap<SigningAlgorithm, DateTime<Utc>> {
    let mut since = BTreeMap::new();
    for (current, _) in kept.iter().filter(|(key, _)| key.superseded_at.is_none()) {
        let is_current = current.activated_at.is_some();
        let is_replaced = |key: &SigningKey| is_current && key.superseded_at == current.activated_at;
        let of_this = kept.iter().map(|(key, _)| key).filter(|key| key.algorithm == current.algorithm);
        let replaced = of_this.filter(|key| is_replaced(key)).map(|key| key.created_at);
        let first = replaced.chain([current.created_at]).min().unwrap_or(current.created_at);
        let known = since.entry(current.algorithm).or_insert(first);
        *known = first.min(*known);
    }
    since
}

fn open(sealing_key: &SealingKey, key: &SigningKey) -> Result<Zeroizing<Vec<u8>>, SealError> {
    sealing_key.open(key.id.as_str(), &key.sealed)
}
