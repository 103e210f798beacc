//! Request objects by reference (RFC 9101 §5.2): fetched from where their client registered that they are, and kept for a
//! moment, so that whoever knows a client cannot make us call it again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::{Digest, OutboundUri, RequestObjectUri};
use tokio::sync;

use crate::keys::jose::MAX_JWS_LENGTH;
use crate::port::{Clock, FetchedDocuments};

/// What a request object is asked for as (RFC 9101 §5.2.3).
const MEDIA_TYPE: &str = "application/oauth-authz-req+jwt, application/jwt";
/// How long an object is used whose URI carries the hash of it: it cannot have become another.
const HASHED: Duration = Duration::minutes(5);
/// How long anything else is, and how long an address is left alone that did not answer well.
const OTHERWISE: Duration = Duration::seconds(5);
/// How often within [`OTHERWISE`] an address is asked for versions that are not known.
const MOST_FETCHES: u32 = 5;
/// From this many addresses on, the one that is kept for the shortest time is forgotten for a new one.
const MOST: usize = 200;

/// What is remembered of each address, on this node.
pub(super) struct FetchedObjects {
    documents: Arc<dyn FetchedDocuments>,
    clock: Arc<dyn Clock>,
    places: Mutex<HashMap<OutboundUri, Arc<Place>>>,
}

/// What is remembered of one address.
#[derive(Default)]
struct Place {
    kept: Mutex<Option<Kept>>,
    /// Of all who want something from here at once, one fetches. Since when fetches are counted, and how many.
    fetching: Arc<sync::Mutex<(DateTime<Utc>, u32)>>,
}

#[derive(Clone)]
struct Kept {
    fragment: Option<String>,
    outcome: Result<String, String>,
    until: DateTime<Utc>,
}

impl FetchedObjects {
    pub(super) fn new(documents: Arc<dyn FetchedDocuments>, clock: Arc<dyn Clock>) -> Self {
        Self { documents, clock, places: Mutex::default() }
    }

    /// The object that is at `uri`. Another fragment asks for another version (OpenID Connect Core §6.2).
    pub(super) async fn get(&self, uri: &RequestObjectUri) -> Result<String, String> {
        let place = self.place(uri.address());
        if let Some(known) = place.known(uri, self.clock.now()) {
            return known;
        }
        let mut turn = Arc::clone(&place.fetching).lock_owned().await;
        let now = self.clock.now();
        if let Some(known) = place.known(uri, now) {
            return known;
        }
        if now - turn.0 >= OTHERWISE {
            *turn = (now, 0);
        }
        if turn.1 >= MOST_FETCHES {
            return Err(format!("{} was asked too often a moment ago", uri.address()));
        }
        turn.1 += 1;
        // On its own: whoever asks and hangs up must not make us forget that we asked.
        let (documents, clock, uri) = (Arc::clone(&self.documents), Arc::clone(&self.clock), uri.clone());
        let fetched = tokio::spawn(async move {
            let _turn = turn;
            let outcome = fetch(documents.as_ref(), uri.address()).await;
            let hashed = outcome.as_ref().is_ok_and(|object| uri.fragment() == Some(hash(object).as_str()));
            let until = clock.now() + if hashed { HASHED } else { OTHERWISE };
            // Who publishes it may have ended it with a line break.
            let outcome = outcome.map(|object| object.trim_ascii().to_owned());
            let fragment = uri.fragment().map(str::to_owned);
            *place.kept() = Some(Kept { fragment, outcome: outcome.clone(), until });
            outcome
        });
        fetched.await.unwrap_or_else(|lost| Err(lost.to_string()))
    }

    fn place(&self, address: &OutboundUri) -> Arc<Place> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MOST && !places.contains_key(address) {
            // Not one of which an answer is awaited: it would be fetched twice at once.
            let ends = |place: &Place| place.kept().as_ref().map(|kept| kept.until);
            let known = places.iter().filter_map(|(address, place)| Some((ends(place)?, address)));
            if let Some(first) = known.min_by_key(|(until, _)| *until).map(|(_, address)| address.clone()) {
                places.remove(&first);
            }
        }
        Arc::clone(places.entry(address.clone()).or_default())
    }
}

async fn fetch(documents: &dyn FetchedDocuments, address: &OutboundUri) -> Result<String, String> {
    let document = documents.fetch(address, MEDIA_TYPE).await.map_err(|reason| reason.to_string())?;
    if document.len() > MAX_JWS_LENGTH {
        return Err(format!("what is at {address} is too long for a request object"));
    }
    String::from_utf8(document).map_err(|_| format!("what is at {address} is not UTF-8"))
}

impl Place {
    fn known(&self, uri: &RequestObjectUri, now: DateTime<Utc>) -> Option<Result<String, String>> {
        let kept = self.kept();
        // What did not answer is left alone, whatever is asked of it.
        let kept = kept.as_ref().filter(|kept| {
            now < kept.until && (kept.outcome.is_err() || kept.fragment.as_deref() == uri.fragment())
        });
        kept.map(|kept| kept.outcome.clone())
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The SHA-256 digest in base64url, as a fragment carries it.
fn hash(object: &str) -> String {
    Digest::of(object.as_bytes()).to_base64url()
}
