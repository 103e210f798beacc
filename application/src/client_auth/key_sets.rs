//! The keys that verify what a client signed, by value or by reference (RFC 7591 §2, OpenID Connect Core §10.1.1).

mod published;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::{Client, ClientId, ClientKeys, KeySource, OutboundUri};
use tokio::sync::oneshot;

use crate::keys::jose::{ClientKey, JoseError, Jwk, is_quick};
use crate::port::{Clock, Computations, FetchedDocuments};
use published::{Published, PublishedSets};

/// The `Accept` header of a request for a key set (RFC 7517 §8.5). Most servers answer plain JSON.
const MEDIA_TYPE: &str = "application/jwk-set+json, application/json";

/// Verifies the signatures of clients. A key set that a client publishes at a URL is fetched when needed and cached.
pub struct ClientKeySets {
    documents: Arc<dyn FetchedDocuments>,
    clock: Arc<dyn Clock>,
    computations: Arc<dyn Computations>,
    published: PublishedSets,
}

/// Why a client's signature is not verified; for the log only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The client registered no keys.
    #[error("the client registered no keys")]
    NoKeys,
    /// No key of the client verifies the signature.
    #[error("no key of the client verifies the signature: {0}")]
    NoKeyFits(JoseError),
    /// The computation stopped before its end.
    #[error("the verification of the signature did not end")]
    Unfinished,
    /// The key set cannot be fetched.
    #[error("the client's key set cannot be fetched: {0}")]
    NotFetched(String),
}

impl ClientKeySets {
    /// Fetches sets from `documents`; `clock` says how old a cached one is. What takes long is done by `computations`.
    #[must_use]
    pub fn new(
        documents: Arc<dyn FetchedDocuments>,
        clock: Arc<dyn Clock>,
        computations: Arc<dyn Computations>,
    ) -> Self {
        Self { documents, clock, computations, published: PublishedSets::default() }
    }

    /// The result of `attempt` with the first of the client's keys that verifies the signature. With large keys that is a long
    /// computation, which an anonymous request can cause, so it is done off the async threads.
    ///
    /// A published key set is fetched if it is not cached or older than five minutes. It is fetched again if no cached key
    /// fits, so that a client may change its keys at any time, but at most once in five seconds.
    ///
    /// # Errors
    /// [`Unverified`], whose text is for the log only.
    pub async fn verify<T: Send + 'static>(
        &self,
        client: &Client,
        attempt: impl Fn(&ClientKey) -> Result<T, JoseError> + Send + Sync + 'static,
    ) -> Result<T, Unverified> {
        let attempt = Arc::new(attempt);
        match client.keys() {
            None => Err(Unverified::NoKeys),
            Some(KeySource::Jwks(set)) => {
                let set = readable(set);
                let cost = Cost::of(set.iter().map(is_quick));
                let work = move || first(&verifying(&set), attempt.as_ref());
                self.compute(cost, work).await?.map_err(Unverified::NoKeyFits)
            }
            Some(KeySource::JwksUri(uri)) => self.verify_by_reference(&client.id, uri, attempt).await,
        }
    }

    async fn verify_by_reference<T: Send + 'static>(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        attempt: Arc<impl Fn(&ClientKey) -> Result<T, JoseError> + Send + Sync + 'static>,
    ) -> Result<T, Unverified> {
        let published = self.published.at(client, uri);
        let cached = published.cached(self.clock.now());
        let try_set = async |set: &Arc<[ClientKey]>| {
            let cost = Cost::of(set.iter().map(ClientKey::is_quick));
            let (set, attempt) = (Arc::clone(set), Arc::clone(&attempt));
            self.compute(cost, move || first(&set, attempt.as_ref())).await
        };
        if let Some(cached) = &cached {
            match try_set(cached).await? {
                Ok(verified) => return Ok(verified),
                Err(reason) if !another_key_may(reason) => return Err(Unverified::NoKeyFits(reason)),
                Err(_) => {}
            }
        }
        let renewed = self.renewed((client, uri), &published, cached.as_ref()).await?;
        try_set(&renewed).await?.map_err(Unverified::NoKeyFits)
    }

    /// The result of the work, which is done here if it costs little.
    async fn compute<T: Send + 'static>(
        &self,
        cost: Cost,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unverified> {
        match cost {
            Cost::Little => Ok(work()),
            Cost::Much => {
                let (sender, receiver) = oneshot::channel();
                let computation = move || drop(sender.send(work()));
                self.computations.run(Box::new(computation)).await;
                receiver.await.map_err(|_panicked| Unverified::Unfinished)
            }
        }
    }

    /// A set other than `seen`. A request that waits for the fetch of another request uses what that one fetched.
    async fn renewed(
        &self,
        (client, uri): (&ClientId, &OutboundUri),
        published: &Arc<Published>,
        seen: Option<&Arc<[ClientKey]>>,
    ) -> Result<Arc<[ClientKey]>, Unverified> {
        let turn = published.turn().await;
        let now = self.clock.now();
        if let Some(cached) = published.cached(now)
            && !seen.is_some_and(|seen| Arc::ptr_eq(seen, &cached))
        {
            return Ok(cached);
        }
        published.begin_fetch(now).map_err(|last| {
            Unverified::NotFetched(format!(
                "{uri} was fetched less than five seconds ago and is not fetched again yet; {last}"
            ))
        })?;
        // In its own task: if this client closes its connection, the other requests still get the result.
        let (documents, clock) = (self.documents.clone(), self.clock.clone());
        let (client, uri, published) = (client.clone(), uri.clone(), published.clone());
        let fetched = tokio::spawn(async move {
            let _turn = turn;
            let outcome = fetch(documents.as_ref(), &client, &uri).await;
            published.end_fetch(clock.now(), &outcome);
            outcome
        });
        fetched.await.unwrap_or_else(|lost| Err(lost.to_string())).map_err(Unverified::NotFetched)
    }
}

async fn fetch(
    documents: &dyn FetchedDocuments,
    client: &ClientId,
    uri: &OutboundUri,
) -> Result<Arc<[ClientKey]>, String> {
    let document = documents.fetch(client, uri, MEDIA_TYPE).await.map_err(|reason| reason.to_string())?;
    let text = String::from_utf8(document).map_err(|_| format!("{uri} is not UTF-8"))?;
    let set: ClientKeys = text.parse().map_err(|reason| format!("{uri}: {reason}"))?;
    let keys = verifying(&readable(&set));
    if keys.is_empty() { Err(format!("{uri} has no key for signatures")) } else { Ok(keys.into()) }
}

/// Whether the set has a key for signatures. A set may also hold keys for other purposes.
#[must_use]
pub fn can_verify(set: &ClientKeys) -> bool {
    !verifying(&readable(set)).is_empty()
}

/// Keys of unknown types are ignored (RFC 7517 §5).
fn readable(set: &ClientKeys) -> Vec<Jwk> {
    set.iter().filter_map(|key| serde_json::from_value(key).ok()).collect()
}

/// The keys for signatures.
fn verifying(set: &[Jwk]) -> Vec<ClientKey> {
    set.iter().filter_map(|key| ClientKey::from_jwk(key).ok()).collect()
}

/// What it costs to try the keys of a set. `docs/decisions/clients.md` has the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cost {
    Little,
    Much,
}

impl Cost {
    fn of(mut quick: impl Iterator<Item = bool>) -> Self {
        if quick.all(|quick| quick) { Self::Little } else { Self::Much }
    }
}

fn first<T>(
    keys: &[ClientKey],
    attempt: &impl Fn(&ClientKey) -> Result<T, JoseError>,
) -> Result<T, JoseError> {
    let mut reason = JoseError::UnknownKey;
    for key in keys {
        match attempt(key) {
            Ok(verified) => return Ok(verified),
            Err(error) => reason = error,
        }
    }
    Err(reason)
}

/// Whether a signature that failed for this reason could verify with a key that the client has published since.
const fn another_key_may(reason: JoseError) -> bool {
    match reason {
        JoseError::WrongAlgorithm | JoseError::UnknownKey | JoseError::WrongKey | JoseError::BadSignature => {
            true
        }
        JoseError::ForeignProvider
        | JoseError::InvalidKey
        | JoseError::DuplicateKey
        | JoseError::SigningFailed
        | JoseError::TooLong
        | JoseError::Malformed
        | JoseError::ExtensionDemanded
        | JoseError::WrongType
        | JoseError::UnreadableClaims => false,
    }
}
