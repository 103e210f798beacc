//! What has to happen regularly, whoever asks or not: key rotation, and forgetting what has expired.

use std::sync::Arc;
use std::time::Duration;

use application::keys::Keys;
use application::port::{Clock, Expired, Unavailable};
use tokio::time::MissedTickBehavior;

/// How often.
const EVERY: Duration = Duration::from_secs(60);

/// How many rows of a kind go at once: few enough that nobody waits noticeably behind the removal.
const BATCH: u32 = 500;

/// Goes on until it is dropped. What fails is logged and tried again the next time.
pub(crate) async fn go_on(keys: Arc<Keys>, expired: Arc<dyn Expired>, clock: Arc<dyn Clock>) {
    let mut rounds = tokio::time::interval(EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        if let Err(error) = keys.rotate_due().await {
            tracing::error!(%error, "the signing keys could not be looked after");
        }
        match purge(expired.as_ref(), clock.as_ref()).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "removed what had expired"),
            Err(error) => tracing::error!(%error, "what has expired could not be removed"),
        }
    }
}

/// Removes batch after batch; how many rows went.
async fn purge(expired: &dyn Expired, clock: &dyn Clock) -> Result<u64, Unavailable> {
    let mut rows = 0;
    loop {
        let batch = expired.purge(clock.now(), BATCH).await?;
        rows += batch;
        // Fewer than one full batch in all: no kind has any left.
        if batch < u64::from(BATCH) {
            return Ok(rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use async_trait::async_trait;
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::system::SystemClock;

    struct Rows(AtomicU64);

    #[async_trait]
    impl Expired for Rows {
        async fn purge(&self, _now: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
            let left = self.0.load(Ordering::Relaxed);
            let gone = left.min(u64::from(batch));
            self.0.store(left - gone, Ordering::Relaxed);
            Ok(gone)
        }
    }

    #[tokio::test]
    async fn everything_that_has_expired_goes_in_batches() {
        for expired in [0, 1, 500, 1234] {
            let rows = Rows(AtomicU64::new(expired));
            assert_eq!(purge(&rows, &SystemClock).await.unwrap(), expired);
            assert_eq!(rows.0.into_inner(), 0);
        }
    }
}
