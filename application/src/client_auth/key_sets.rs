//! The keys that verify what a client signed, by value or by reference (RFC 7591 §2, OpenID Connect Core §10.1.1).

mod published;

use std::sync::Arc;

use domain::{Client, ClientKeys, KeySource, OutboundUri};

use crate::keys::jose::{ClientKey, JoseError, Jwk};
use crate::port::{Clock, FetchedDocuments};
use published::{Published, PublishedSets};

/// What a key set is asked for as (RFC 7517 §8.5); most are served as plain JSON.
const MEDIA_TYPE: &str = "application/jwk-set+json, application/json";

/// Verifies what clients signed. Sets that they publish themselves are fetched when they are needed and kept for a while.
pub struct ClientKeySets {
    documents: Arc<dyn FetchedDocuments>,
    clock: Arc<dyn Clock>,
    published: PublishedSets,
}

/// Why nothing of a client's verified a signature, for the log only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The client registered none.
    #[error("the client registered no keys")]
    NoKeys,
    /// None of its keys does.
    #[error("no key of the client's verifies it: {0}")]
    NoKeyFits(JoseError),
    /// Its keys are not where it said.
    #[error("the client's keys cannot be had: {0}")]
    Unpublished(String),
}

impl ClientKeySets {
    /// Sets from `documents`, as old as `clock` says.
    #[must_use]
    pub fn new(documents: Arc<dyn FetchedDocuments>, clock: Arc<dyn Clock>) -> Self {
        Self { documents, clock, published: PublishedSets::default() }
    }

    /// What `attempt` makes of something signed with the first of the client's keys that verifies it.
    ///
    /// Keys that the client publishes are fetched if they are not known or older than five minutes; and if none of the
    /// known ones fits, so that a client may change its keys at any moment, but not more than once in five seconds.
    ///
    /// # Errors
    /// [`Unverified`], whose text is for the log only. Keys that cannot be fetched are their client's fault too.
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
            Some(KeySource::JwksUri(uri)) => self.verify_by_reference(uri, &attempt).await,
        }
    }

    async fn verify_by_reference<T>(
        &self,
        uri: &OutboundUri,
        attempt: &(impl Fn(&ClientKey) -> Result<T, JoseError> + Sync),
    ) -> Result<T, Unverified> {
        let published = self.published.at(uri);
        let known = published.known(self.clock.now());
        if let Some(known) = &known {
            match first(known.iter(), attempt) {
                Ok(verified) => return Ok(verified),
                Err(reason) if !another_key_may(reason) => return Err(Unverified::NoKeyFits(reason)),
                Err(_) => {}
            }
        }
        let renewed = self.renewed(uri, &published, known.as_ref()).await?;
        first(renewed.iter(), attempt).map_err(Unverified::NoKeyFits)
    }

    /// A set that is not the one `seen`. Whoever waits for a fetch of another takes what that one brought.
    async fn renewed(
        &self,
        uri: &OutboundUri,
        published: &Arc<Published>,
        seen: Option<&Arc<[ClientKey]>>,
    ) -> Result<Arc<[ClientKey]>, Unverified> {
        let turn = published.turn().await;
        let now = self.clock.now();
        if let Some(known) = published.known(now)
            && !seen.is_some_and(|seen| Arc::ptr_eq(seen, &known))
        {
            return Ok(known);
        }
        published.try_at(now).map_err(|last| {
            Unverified::Unpublished(format!("{uri} was asked a moment ago, and not again yet; {last}"))
        })?;
        // On its own: whoever asks and hangs up must not take from everybody else what the fetch brings.
        let (documents, clock) = (self.documents.clone(), self.clock.clone());
        let (uri, published) = (uri.clone(), published.clone());
        let fetched = tokio::spawn(async move {
            let _turn = turn;
            let outcome = fetch(documents.as_ref(), &uri).await;
            published.tried(clock.now(), &outcome);
            outcome
        });
        fetched.await.unwrap_or_else(|lost| Err(lost.to_string())).map_err(Unverified::Unpublished)
    }
}

async fn fetch(documents: &dyn FetchedDocuments, uri: &OutboundUri) -> Result<Arc<[ClientKey]>, String> {
    let document = documents.fetch(uri, MEDIA_TYPE).await.map_err(|reason| reason.to_string())?;
    let text = String::from_utf8(document).map_err(|_| format!("{uri} is not UTF-8"))?;
    let set: ClientKeys = text.parse().map_err(|reason| format!("{uri}: {reason}"))?;
    let keys = verifying(&set);
    if keys.is_empty() { Err(format!("{uri} has no key for signatures")) } else { Ok(keys.into()) }
}

/// Whether one of the keys could verify a signature: a set may hold keys for other purposes.
#[must_use]
pub fn can_verify(set: &ClientKeys) -> bool {
    !verifying(set).is_empty()
}

/// The keys for signatures. What we do not understand of a set is ignored (RFC 7517 §5).
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

/// Whether what was refused for this reason might be good under a key that the client has published since.
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
