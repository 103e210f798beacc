//! The keys that verify what a client signed, by value or by reference (RFC 7591 §2, OpenID Connect Core §10.1.1).

mod published;

use std::sync::Arc;

use domain::{Client, ClientId, ClientKeys, KeySource, OutboundUri};

use crate::keys::jose::{ClientKey, JoseError, Jwk};
use crate::port::{Clock, FetchedDocuments};
use published::{Published, PublishedSets};

/// The `Accept` header of a request for a key set (RFC 7517 §8.5). Most servers answer plain JSON.
const MEDIA_TYPE: &str = "application/jwk-set+json, application/json";

/// Verifies the signatures of clients. A key set that a client publishes at a URL is fetched when needed and cached.
pub struct ClientKeySets {
    documents: Arc<dyn FetchedDocuments>,
    clock: Arc<dyn Clock>,
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
    /// The key set cannot be fetched.
    #[error("the client's key set cannot be fetched: {0}")]
    NotFetched(String),
}

impl ClientKeySets {
    /// Fetches sets from `documents`; `clock` says how old a cached one is.
    #[must_use]
    pub fn new(documents: Arc<dyn FetchedDocuments>, clock: Arc<dyn Clock>) -> Self {
        Self { documents, clock, published: PublishedSets::default() }
    }

    /// The result of `attempt` with the first of the client's keys that verifies the signature.
    ///
    /// A published key set is fetched if it is not cached or older than five minutes. It is fetched again if no cached key
    /// fits, so that a client may change its keys at any time, but at most once in five seconds.
    ///
    /// # Errors
    /// [`Unverified`], whose text is for the log only.
    pub async fn verify<T>(
        &self,
        client: &Client,
        attempt: impl Fn(&ClientKey) -> Result<T, JoseError> + Send + Sync,
    ) -> Result<T, Unverified> {
        match client.keys() {
            None => Err(Unverified::NoKeys),
            Some(KeySource::Jwks(set)) => {
                first(verifying(set).iter(), &attempt).map_err(Unverified::NoKeyFits)
            }
            Some(KeySource::JwksUri(uri)) => self.verify_by_reference(&client.id, uri, &attempt).await,
        }
    }

    async fn verify_by_reference<T>(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        attempt: &(impl Fn(&ClientKey) -> Result<T, JoseError> + Sync),
    ) -> Result<T, Unverified> {
        let published = self.published.at(client, uri);
        let cached = published.cached(self.clock.now());
        if let Some(cached) = &cached {
            match first(cached.iter(), attempt) {
                Ok(verified) => return Ok(verified),
                Err(reason) if !another_key_may(reason) => return Err(Unverified::NoKeyFits(reason)),
                Err(_) => {}
            }
        }
        let renewed = self.renewed((client, uri), &published, cached.as_ref()).await?;
        first(renewed.iter(), attempt).map_err(Unverified::NoKeyFits)
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
    let keys = verifying(&set);
    if keys.is_empty() { Err(format!("{uri} has no key for signatures")) } else { Ok(keys.into()) }
}

/// Whether the set has a key for signatures. A set may also hold keys for other purposes.
#[must_use]
pub fn can_verify(set: &ClientKeys) -> bool {
    !verifying(set).is_empty()
}

/// The keys for signatures. Keys of unknown types are ignored (RFC 7517 §5).
fn verifying(set: &ClientKeys) -> Vec<ClientKey> {
    set.iter().filter_map(|key| ClientKey::from_jwk(&serde_json::from_value::<Jwk>(key).ok()?).ok()).collect()
}

fn first<'a, T>(
    keys: impl Iterator<Item = &'a ClientKey>,
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
