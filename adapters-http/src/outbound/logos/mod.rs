//! The logos of clients (RFC 7591 §2): fetched under the policy for outbound requests, checked, drawn anew, and kept in memory.

mod picture;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::port::{Clock, Logo, Logos};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{ClientId, OutboundUri};
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::spawn_blocking;

use super::OutboundClient;

pub use picture::{Unusable, draw_operator_logo};

/// The `Accept` header of a request for a logo.
const MEDIA_TYPES: &str = "image/png, image/webp, image/jpeg, image/gif";
/// The most bytes of a client's file.
const MAX_FILE_BYTES: usize = 256 * 1024;
/// How long a logo is kept before its address is asked again.
const LOGO_LIFETIME: Duration = Duration::hours(24);
/// How long an address that had no logo is not asked again.
const FAILURE_LIFETIME: Duration = Duration::minutes(10);
/// The most bytes that the node keeps. Then the logo goes that was not shown for the longest time.
const MAX_KEPT_BYTES: usize = 4 * 1024 * 1024;
/// What an entry counts beside its picture.
const ENTRY_BYTES: usize = 1_024;

type Key = (ClientId, OutboundUri);

/// The logos of this node. A clone has the same ones.
#[derive(Clone)]
pub struct CachedLogos(Arc<Cache>);

struct Cache {
    files: OutboundClient,
    clock: Arc<dyn Clock>,
    entries: Mutex<HashMap<Key, Arc<Entry>>>,
    /// One picture at a time: it occupies a core, and the most memory of all that this module does.
    drawing: Arc<Semaphore>,
    uses: AtomicU64,
}

/// One address. Requests that arrive while it is fetched wait for the one fetch.
#[derive(Default)]
struct Entry {
    outcome: OnceCell<Outcome>,
    used: AtomicU64,
}

struct Outcome {
    logo: Option<Logo>,
    until: DateTime<Utc>,
}

impl CachedLogos {
    /// Logos that are fetched by `client`, in turns of their own.
    #[must_use]
    pub fn new(client: &OutboundClient, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Cache {
            files: client.for_files(MAX_FILE_BYTES),
            clock,
            entries: Mutex::default(),
            drawing: Arc::new(Semaphore::new(1)),
            uses: AtomicU64::default(),
        }))
    }
}

impl Cache {
    /// The entry of an address: the kept one, or a new one if its outcome is too old.
    fn entry(&self, key: &Key) -> Arc<Entry> {
        let now = self.clock.now();
        let is_fresh = |entry: &&Arc<Entry>| entry.outcome.get().is_none_or(|outcome| now < outcome.until);
        let mut entries = self.entries();
        let entry = match entries.get(key).filter(is_fresh) {
            Some(kept) => Arc::clone(kept),
            None => {
                let new = Arc::new(Entry::default());
                entries.insert(key.clone(), Arc::clone(&new));
                new
            }
        };
        entry.used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        entry
    }

    async fn fetch(&self, (client, uri): &Key) -> Outcome {
        let drawn = match self.files.get_in_turn(client, uri, MEDIA_TYPES).await {
            // The turn ends after the drawing, so no more files wait in memory than there are turns.
            Ok((file, _turn)) => self.draw(file).await,
            Err(reason) => Err(reason.to_string()),
        };
        let (logo, lifetime) = match drawn {
            Ok(png) => (Some(Logo { png }), LOGO_LIFETIME),
            Err(reason) => {
                tracing::info!(
                    client = client.as_str(),
                    uri = uri.as_str(),
                    reason,
                    "cannot show the logo of a client"
                );
                (None, FAILURE_LIFETIME)
            }
        };
        Outcome { logo, until: self.clock.now() + lifetime }
    }

    /// Draws off the async threads. A picture that makes the library panic is like any other bad one.
    async fn draw(&self, file: Vec<u8>) -> Result<Arc<[u8]>, String> {
        let turn = Arc::clone(&self.drawing).acquire_owned().await.map_err(|closed| closed.to_string())?;
        let drawn = spawn_blocking(move || {
            let _turn = turn;
            picture::draw(&file).map(Arc::from).map_err(|reason| reason.to_string())
        });
        drawn.await.map_err(|panicked| panicked.to_string())?
    }

    /// Removes the least recently used entries until the rest fits.
    fn trim(&self) {
        let mut entries = self.entries();
        let mut by_use: Vec<_> = entries
            .iter()
            .map(|(key, entry)| (entry.used.load(Ordering::Relaxed), key.clone(), entry.bytes()))
            .collect();
        let mut kept: usize = by_use.iter().map(|(_, _, bytes)| bytes).sum();
        if kept <= MAX_KEPT_BYTES {
            return;
        }
        by_use.sort_by_key(|(used, _, _)| *used);
        for (_, key, bytes) in by_use {
            if kept <= MAX_KEPT_BYTES {
                return;
            }
            entries.remove(&key);
            kept -= bytes;
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Arc<Entry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn bytes(&self) -> usize {
        let logo = self.outcome.get().and_then(|outcome| outcome.logo.as_ref());
        ENTRY_BYTES + logo.map_or(0, |logo| logo.png.len())
    }
}

#[async_trait]
impl Logos for CachedLogos {
    #[tracing::instrument(name = "logos.find", skip_all)]
    async fn find(&self, client: &ClientId, uri: &OutboundUri) -> Option<Logo> {
        let key = (client.clone(), uri.clone());
        let entry = self.0.entry(&key);
        if entry.outcome.get().is_none() {
            let (logos, entry) = (Arc::clone(&self.0), Arc::clone(&entry));
            // In its own task, so that it continues when the browser disconnects.
            let fetched = tokio::spawn(async move {
                entry.outcome.get_or_init(|| logos.fetch(&key)).await;
                logos.trim();
            });
            fetched.await.ok()?;
        }
        entry.outcome.get()?.logo.clone()
    }
}
