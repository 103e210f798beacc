//! Making the first keys, and rotating keys by schedule or on demand.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::signing_key::{self, KeyState};
use domain::{Actor, AuditEvent, Author, Changes, Client, KeyId, SigningAlgorithm, SigningKey};
use serde_json::Map;

use super::Keys;
use super::jose::KeySet;
use crate::error::Error;
use crate::port::KeyRotation;

/// Why a key is rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// The key has signed for its lifetime.
    Scheduled,
    /// The key must be replaced now. Clients that cached the key set may reject tokens until they read it again.
    Emergency,
    /// An attacker may have the key: as an emergency, and nothing that it signed verifies any more.
    Compromised,
}

impl Urgency {
    /// The action of the audit event. Its target is the key that signed until now.
    const fn action(self) -> &'static str {
        match self {
            Self::Scheduled => "key.rotate",
            Self::Emergency => "key.rotate-in-emergency",
            Self::Compromised => "key.rotate-compromised",
        }
    }
}

/// A rotation that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The key that signs now.
    pub current: KeyId,
    /// The key that will sign next.
    pub next: KeyId,
}

/// Why a rotation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum NotRotated {
    /// The next key has not been published long enough.
    #[error(transparent)]
    TooFresh(#[from] signing_key::NotRotated),
    /// Another node rotated at the same moment, or there are no keys yet.
    #[error("another node rotated the keys at the same time, or there are no keys yet")]
    Lost,
    /// The keys could not be read or written.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Keys {
    /// Makes the first keys: of the access tokens' algorithm, and of RS256, the default of clients. Many nodes may do this at
    /// once.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when keys cannot be made, read or written, or cannot be opened with the encryption key.
    pub async fn install(&self) -> Result<(), Error> {
        // This order says that the first access tokens may be signed with the first key.
        self.make([self.context.settings.access_token_alg, SigningAlgorithm::Rs256].into_iter()).await?;
        self.current().await.map(drop)
    }

    /// Makes sure that there is a current and a next key for everything that this client is answered with. No client
    /// caches a key set without a key that it needs: only this client needs the new key.
    ///
    /// # Errors
    /// As [`install`](Self::install).
    pub async fn install_for(&self, client: &Client) -> Result<(), Error> {
        let known = self.current().await?;
        let needed = client.signing_algorithms();
        self.make(needed.into_iter().filter(|algorithm| known.signing(*algorithm).is_none())).await
    }

    /// The keys as of now, with one that signs with `algorithm`: it is made if the client was registered where no key can
    /// be made.
    ///
    /// # Errors
    /// As [`install`](Self::install).
    pub async fn with_signing_key(&self, algorithm: SigningAlgorithm) -> Result<Arc<KeySet>, Error> {
        let known = self.current().await?;
        if known.signing(algorithm).is_some() {
            return Ok(known);
        }
        self.make([algorithm].into_iter()).await?;
        self.current().await
    }

    async fn make(&self, algorithms: impl Iterator<Item = SigningAlgorithm> + Send) -> Result<(), Error> {
        let mut algorithms = algorithms.peekable();
        if algorithms.peek().is_none() {
            return Ok(());
        }
        let kept = self.store.all().await?;
        for algorithm in algorithms {
            if kept.iter().any(|key| key.algorithm == algorithm && key.superseded_at.is_none()) {
                continue;
            }
            let mut current = self.generate(algorithm).await?;
            current.activated_at = Some(current.created_at);
            let next = self.generate(algorithm).await?;
            self.store.install(algorithm, &[current, next]).await?;
        }
        self.clear_cache();
        Ok(())
    }

    /// Rotates the keys of `algorithms`, or of every algorithm that there are keys for: all of them, or none if a next key is not ready.
    ///
    /// # Errors
    /// The algorithm, and the error of [`rotate`](Self::rotate).
    pub async fn rotate_each(
        &self,
        only: Option<SigningAlgorithm>,
        urgency: Urgency,
        author: impl Into<Author> + Send,
    ) -> Result<Vec<(SigningAlgorithm, Rotated)>, (SigningAlgorithm, NotRotated)> {
        let now = self.context.now();
        let algorithms = match only {
            Some(only) => vec![only],
            None => self.algorithms().await.map_err(|error| (SigningAlgorithm::Rs256, error.into()))?,
        };
        if urgency == Urgency::Scheduled {
            for &algorithm in &algorithms {
                let ready = async {
                    let kept = self.store.all().await.map_err(Error::from)?;
                    let next =
                        self.find_in_state(&kept, algorithm, KeyState::Next, now).ok_or(NotRotated::Lost)?;
                    Ok::<_, NotRotated>(next.may_activate(now)?)
                };
                ready.await.map_err(|reason| (algorithm, reason))?;
            }
        }
        let author = author.into();
        let mut all = Vec::with_capacity(algorithms.len());
        for algorithm in algorithms {
            let rotated = self.rotate(algorithm, urgency, author.clone()).await;
            all.push((algorithm, rotated.map_err(|reason| (algorithm, reason))?));
        }
        Ok(all)
    }

    /// Rotates the key of `algorithm`: the next key signs from now on.
    ///
    /// # Errors
    /// [`NotRotated::TooFresh`] for [`Urgency::Scheduled`], while clients may have cached a key set without the next key.
    pub async fn rotate(
        &self,
        algorithm: SigningAlgorithm,
        urgency: Urgency,
        author: impl Into<Author> + Send,
    ) -> Result<Rotated, NotRotated> {
        let now = self.context.now();
        let kept = self.store.all().await.map_err(Error::from)?;
        let (Some(current), Some(next)) = (
            self.find_in_state(&kept, algorithm, KeyState::Current, now),
            self.find_in_state(&kept, algorithm, KeyState::Next, now),
        ) else {
            return Err(NotRotated::Lost);
        };
        if urgency == Urgency::Scheduled {
            next.may_activate(now)?;
        }
        let new = self.generate(algorithm).await?;
        let successor = Map::from_iter([("current".to_owned(), next.id.to_string().into())]);
        let replaced = Map::from_iter([("current".to_owned(), current.id.to_string().into())]);
        let event = AuditEvent::new(now, author, urgency.action(), &current.id)
            .with_changes(Changes::between(&replaced, &successor));
        let outcome = self.store.rotate(&current.id, &next.id, &new, now, &event).await;
        let outcome = outcome.map_err(Error::from)?;
        if outcome == KeyRotation::Rotated && urgency == Urgency::Compromised {
            self.store.delete(&current.id).await.map_err(Error::from)?;
        }
        self.clear_cache();
        match outcome {
            KeyRotation::Rotated => Ok(Rotated { current: next.id.clone(), next: new.id }),
            KeyRotation::Lost => Err(NotRotated::Lost),
        }
    }

    /// Rotates every key that has signed for its lifetime, and deletes the keys that nothing needs to verify any more.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys could not be read or written; the next call continues.
    pub async fn rotate_due(&self) -> Result<(), Error> {
        let now = self.context.now();
        let kept = self.store.all().await?;
        for algorithm in SigningAlgorithm::ALL {
            let due = self
                .find_in_state(&kept, algorithm, KeyState::Current, now)
                .and_then(|key| key.activated_at)
                .is_some_and(|activated| now - activated >= self.context.settings.lifetimes.signing_key);
            if due {
                match self.rotate(algorithm, Urgency::Scheduled, Actor::Server).await {
                    Ok(rotated) => {
                        tracing::info!(%algorithm, current = %rotated.current, "rotated the signing key");
                    }
                    Err(NotRotated::Failed(error)) => return Err(error),
                    // Another node was first, or the next key is too fresh: the next call tries again.
                    Err(NotRotated::Lost | NotRotated::TooFresh(_)) => {}
                }
            }
        }
        for key in &kept {
            if key.state(now, self.longest_token()) == KeyState::Obsolete {
                self.store.delete(&key.id).await?;
            }
        }
        Ok(())
    }

    async fn algorithms(&self) -> Result<Vec<SigningAlgorithm>, Error> {
        let kept = self.store.all().await?;
        let is_live = |key: &SigningKey, algorithm| key.algorithm == algorithm && key.superseded_at.is_none();
        let has_keys = |algorithm: &SigningAlgorithm| kept.iter().any(|key| is_live(key, *algorithm));
        Ok(SigningAlgorithm::ALL.into_iter().filter(has_keys).collect())
    }

    pub(super) fn find_in_state<'a>(
        &self,
        kept: &'a [SigningKey],
        algorithm: SigningAlgorithm,
        state: KeyState,
        now: DateTime<Utc>,
    ) -> Option<&'a SigningKey> {
        kept.iter().find(|key| key.algorithm == algorithm && key.state(now, self.longest_token()) == state)
    }
}
