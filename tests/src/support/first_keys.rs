//! The first RSA signing keys of a test server. To generate them takes more CPU time than most tests.
//!
//! Servers of different tests may have the same RSA keys; those of one test do not. Each pair of keys is generated once in
//! this process, by the server that is the first to need it. The keys of other algorithms are generated for each server.

use std::cell::Cell;

use application::keys::Keys;
use application::port::{Clock, SigningKeys};
use domain::{SigningAlgorithm, SigningKey};
use tokio::sync::OnceCell;

/// No test has more servers at the same time.
const PAIRS: usize = 8;

static GENERATED: [OnceCell<Vec<SigningKey>>; PAIRS] = [const { OnceCell::const_new() }; PAIRS];

thread_local! {
    /// How many servers this thread has started. Each test has a thread of its own.
    static STARTED: Cell<usize> = const { Cell::new(0) };
}

/// Installs the first signing keys of a server. Keys of all test servers are sealed with the same key.
pub(super) async fn install(keys: &Keys, store: &dyn SigningKeys, clock: &dyn Clock) {
    // A server on the database of another one gets the keys that are there.
    if store.all().await.expect("the signing keys").is_empty() {
        let next = STARTED.with(|started| started.replace(started.get() + 1));
        let pair = GENERATED[next % PAIRS].get_or_init(async || {
            keys.install().await.expect("signing keys");
            let all = store.all().await.expect("the signing keys");
            all.into_iter().filter(|key| key.algorithm == SigningAlgorithm::Rs256).collect()
        });
        let now = clock.now();
        let pair: Vec<_> = pair.await.iter().cloned().map(|key| dated(key, now)).collect();
        store.install(SigningAlgorithm::Rs256, &pair).await.expect("the RSA keys");
    }
    keys.install().await.expect("signing keys");
}

/// The key as if it had been generated now.
fn dated(key: SigningKey, now: chrono::DateTime<chrono::Utc>) -> SigningKey {
    SigningKey { created_at: now, activated_at: key.activated_at.map(|_| now), ..key }
}
