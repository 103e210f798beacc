//! Request objects by reference (RFC 9101 §5.2): fetched from the URI that their client registered, and cached for a
//! moment. Without the cache, anyone who knows a `client_id` could make the server fetch that URI again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::{ClientId, Digest, OutboundUri, RequestObjectUri};
use tokio::sync;

use crate::keys::jose::MAX_JWS_LENGTH;
use crate::port::{Clock, FetchedDocuments};

/// The media types that a fetch accepts (RFC 9101 §5.2.3).
const MEDIA_TYPE: &str = "application/oauth-authz-req+jwt, application/jwt";
/// How long an object is cached whose URI has its hash in the fragment: it cannot change.
const HASHED_LIFETIME: Duration = Duration::minutes(5);
/// How long any other object is cached, and how long a failed fetch is not tried again.
const DEFAULT_LIFETIME: Duration = Duration::seconds(5);
/// How many fetches one address gets within [`DEFAULT_LIFETIME`], for fragments that are not cached.
const MAX_FETCHES: u32 = 5;
/// How many addresses are cached. One more replaces the address whose object expires first.
const MAX_ADDRESSES: usize = 200;

/// The cache of this node.
pub(super) struct FetchedObjects {
    documents: Arc<dyn FetchedDocuments>,
    clock: Arc<dyn Clock>,
    /// By client: two clients with one address do not wait for each other's turns.
    addresses: Mutex<HashMap<(ClientId, OutboundUri), Arc<Address>>>,
}

/// One address in the cache.
#[derive(Default)]
struct Address {
    cached: Mutex<Option<CachedObject>>,
    /// One request fetches at a time; the others wait for its outcome. Holds the beginning of the period in which fetches
    /// are counted, and their number.
    fetching: Arc<sync::Mutex<(DateTime<Utc>, u32)>>,
}

#[derive(Clone)]
struct CachedObject {
    fragment: Option<String>,
    outcome: Result<String, String>,
    until: DateTime<Utc>,
}

impl FetchedObjects {
    pub(super) fn new(documents: Arc<dyn FetchedDocuments>, clock: Arc<dyn Clock>) -> Self {
        Self { documents, clock, addresses: Mutex::default() }
    }

    /// The object at `uri`, which `client` registered. Another fragment names another version (OpenID Connect Core §6.2).
    pub(super) async fn get(&self, client: &ClientId, uri: &RequestObjectUri) -> Result<String, String> {
        let address = self.address(client, uri.address());
        if let Some(outcome) = address.find(uri, self.clock.now()) {
            return outcome;
        }
        let mut fetching = Arc::clone(&address.fetching).lock_owned().await;
        let now = self.clock.now();
        if let Some(outcome) = address.find(uri, now) {
            return outcome;
        }
        if now - fetching.0 >= DEFAULT_LIFETIME {
            *fetching = (now, 0);
        }
        if fetching.1 >= MAX_FETCHES {
            return Err(format!("{} was fetched too often within the last seconds", uri.address()));
        }
        fetching.1 += 1;
        // In its own task: a caller that disconnects must not cancel the fetch, or its outcome would not be cached.
        let (documents, clock) = (Arc::clone(&self.documents), Arc::clone(&self.clock));
        let (client, uri) = (client.clone(), uri.clone());
        let fetched = tokio::spawn(async move {
            let _fetching = fetching;
            let outcome = fetch(documents.as_ref(), &client, uri.address()).await;
            let hashed = outcome.as_ref().is_ok_and(|object| uri.fragment() == Some(hash(object).as_str()));
            let until = clock.now() + if hashed { HASHED_LIFETIME } else { DEFAULT_LIFETIME };
            // A published file may end with a line break.
            let outcome = outcome.map(|object| object.trim_ascii().to_owned());
            let fragment = uri.fragment().map(str::to_owned);
            *address.cached() = Some(CachedObject { fragment, outcome: outcome.clone(), until });
            outcome
        });
        fetched.await.unwrap_or_else(|failed| Err(failed.to_string()))
    }

    fn address(&self, client: &ClientId, uri: &OutboundUri) -> Arc<Address> {
        let key = (client.clone(), uri.clone());
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.len() >= MAX_ADDRESSES && !addresses.contains_key(&key) {
            // Never an address that is being fetched for the first time: it would be fetched twice at once.
            let expiry = |address: &Address| address.cached().as_ref().map(|cached| cached.until);
            let cached = addresses.iter().filter_map(|(key, address)| Some((expiry(address)?, key)));
            if let Some(first) = cached.min_by_key(|(until, _)| *until).map(|(_, key)| key.clone()) {
                addresses.remove(&first);
            }
        }
        Arc::clone(addresses.entry(key).or_default())
    }
}

async fn fetch(
    documents: &dyn FetchedDocuments,
    client: &ClientId,
    address: &OutboundUri,
) -> Result<String, String> {
    let document = documents.fetch(client, address, MEDIA_TYPE).await.map_err(|reason| reason.to_string())?;
    if document.len() > MAX_JWS_LENGTH {
        return Err(format!("the document at {address} is too long for a request object"));
    }
    String::from_utf8(document).map_err(|_| format!("the document at {address} is not UTF-8"))
}

impl Address {
    fn find(&self, uri: &RequestObjectUri, now: DateTime<Utc>) -> Option<Result<String, String>> {
        let cached = self.cached();
        // A failed fetch counts for every fragment.
        let cached = cached.as_ref().filter(|cached| {
            now < cached.until && (cached.outcome.is_err() || cached.fragment.as_deref() == uri.fragment())
        });
        cached.map(|cached| cached.outcome.clone())
    }

    fn cached(&self) -> MutexGuard<'_, Option<CachedObject>> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The SHA-256 digest in base64url, as a fragment carries it.
fn hash(object: &str) -> String {
    Digest::of(object.as_bytes()).to_base64url()
}
