//! What this node remembers of key sets that clients publish: in memory only, bounded, and forgotten after a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::OutboundUri;
use tokio::sync;

use crate::keys::jose::ClientKey;

/// How long a set is used: a key that its client withdrew is good for no longer.
const LIFETIME: Duration = Duration::minutes(5);
/// How long an address is left alone after it was asked, whatever it answered.
const PAUSE: Duration = Duration::seconds(5);
/// From this many addresses on, the one that was asked longest ago is forgotten for a new one.
const MOST: usize = 1_000;

/// What is remembered of each address.
#[derive(Default)]
pub(super) struct PublishedSets(Mutex<HashMap<OutboundUri, Arc<Published>>>);

/// What is remembered of one address.
#[derive(Default)]
pub(super) struct Published {
    memory: Mutex<Memory>,
    fetching: Arc<sync::Mutex<()>>,
}

#[derive(Default)]
struct Memory {
    set: Option<(Arc<[ClientKey]>, DateTime<Utc>)>,
    tried_at: Option<DateTime<Utc>>,
    failure: Option<String>,
}

impl PublishedSets {
    pub(super) fn at(&self, uri: &OutboundUri) -> Arc<Published> {
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= MOST && !sets.contains_key(uri) {
            let oldest = sets.iter().min_by_key(|(_, published)| published.memory().tried_at);
            if let Some(oldest) = oldest.map(|(uri, _)| uri.clone()) {
                sets.remove(&oldest);
            }
        }
        Arc::clone(sets.entry(uri.clone()).or_default())
    }
}

impl Published {
    /// The set, while it is young enough. Nobody waits for a fetch of another to get it.
    pub(super) fn known(&self, now: DateTime<Utc>) -> Option<Arc<[ClientKey]>> {
        let memory = self.memory();
        memory.set.as_ref().filter(|(_, fetched)| now < *fetched + LIFETIME).map(|(set, _)| Arc::clone(set))
    }

    /// Waits for this address's turn: of many who miss a key at once, one fetches.
    pub(super) async fn turn(&self) -> sync::OwnedMutexGuard<()> {
        Arc::clone(&self.fetching).lock_owned().await
    }

    /// Begins a fetch, unless the last one is too recent; then what came of that.
    pub(super) fn try_at(&self, now: DateTime<Utc>) -> Result<(), String> {
        let mut memory = self.memory();
        if memory.tried_at.is_some_and(|tried| now < tried + PAUSE) {
            let last = memory.failure.clone();
            return Err(last.unwrap_or_else(|| "what it holds does not verify this".to_owned()));
        }
        memory.tried_at = Some(now);
        memory.failure = Some("it has not answered".to_owned());
        Ok(())
    }

    /// Remembers what came of a fetch. A failure takes away no set that is young enough.
    pub(super) fn tried(&self, now: DateTime<Utc>, outcome: &Result<Arc<[ClientKey]>, String>) {
        let mut memory = self.memory();
        memory.tried_at = Some(now);
        memory.failure = outcome.as_ref().err().cloned();
        if let Ok(set) = outcome {
            memory.set = Some((Arc::clone(set), now));
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
