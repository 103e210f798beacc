//! The cache of key sets that clients publish: in memory only, of bounded size and lifetime.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::{ClientId, OutboundUri};
use tokio::sync;

use crate::keys::jose::ClientKey;

/// How long a set is used: a key that its client removes is valid no longer than this.
const SET_LIFETIME: Duration = Duration::minutes(5);
/// The minimum time between two fetches of one URI, also after a failure.
const MIN_FETCH_INTERVAL: Duration = Duration::seconds(5);
/// How many addresses are remembered. A new one replaces the one that was fetched longest ago.
const MAX_ADDRESSES: usize = 1_000;

/// The cached sets by client and address. Two clients with one address do not wait for each other's turns.
#[derive(Default)]
pub(super) struct PublishedSets(Mutex<HashMap<(ClientId, OutboundUri), Arc<Published>>>);

/// The cached set of one client and address.
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
    pub(super) fn at(&self, client: &ClientId, uri: &OutboundUri) -> Arc<Published> {
        let key = (client.clone(), uri.clone());
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= MAX_ADDRESSES && !sets.contains_key(&key) {
            let oldest = sets.iter().min_by_key(|(_, published)| published.memory().tried_at);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                sets.remove(&oldest);
            }
        }
        Arc::clone(sets.entry(key).or_default())
    }
}

impl Published {
    /// The cached set, if it is young enough. This never waits for a fetch.
    pub(super) fn cached(&self, now: DateTime<Utc>) -> Option<Arc<[ClientKey]>> {
        let memory = self.memory();
        memory
            .set
            .as_ref()
            .filter(|(_, fetched)| now < *fetched + SET_LIFETIME)
            .map(|(set, _)| Arc::clone(set))
    }

    /// Waits until no other request fetches this address: of many requests that miss a key at once, one fetches.
    pub(super) async fn turn(&self) -> sync::OwnedMutexGuard<()> {
        Arc::clone(&self.fetching).lock_owned().await
    }

    /// Begins a fetch.
    ///
    /// # Errors
    /// The result of the last fetch, if that was too recent.
    pub(super) fn begin_fetch(&self, now: DateTime<Utc>) -> Result<(), String> {
        let mut memory = self.memory();
        if memory.tried_at.is_some_and(|tried| now < tried + MIN_FETCH_INTERVAL) {
            let last = memory.failure.clone();
            return Err(last.unwrap_or_else(|| "the set has no key that verifies this".to_owned()));
        }
        memory.tried_at = Some(now);
        memory.failure = Some("the fetch has not ended".to_owned());
        Ok(())
    }

    /// Keeps the result of a fetch. A failed one does not remove the cached set.
    pub(super) fn end_fetch(&self, now: DateTime<Utc>, outcome: &Result<Arc<[ClientKey]>, String>) {
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
