//! Background work: the server rotates signing keys, and deletes expired rows and unused clients.

use std::sync::Arc;
use std::time::Duration;

use application::keys::Keys;
use application::port::{AuditTrail, Clients, Clock, Expired, SignInEvents, Unavailable};
use chrono::Duration as Age;
use tokio::time::MissedTickBehavior;

const MAINTENANCE_INTERVAL: Duration = Duration::from_secs(60);

/// How many rows of a table one statement deletes: few enough that no request waits noticeably.
const MAX_BATCH: u32 = 500;

/// The audit trail and the sign-in history, and how long they keep an event.
pub(crate) struct Retention {
    pub(crate) audit_trail: Arc<dyn AuditTrail>,
    pub(crate) audit_kept_for: Age,
    pub(crate) sign_in_events: Arc<dyn SignInEvents>,
    pub(crate) sign_ins_kept_for: Age,
}

/// Runs until it is dropped. It logs an error, and retries after the interval.
pub(crate) async fn run(
    keys: Arc<Keys>,
    expired: Arc<dyn Expired>,
    retention: Retention,
    clients: UnusedClients,
    clock: Arc<dyn Clock>,
) {
    let mut interval = tokio::time::interval(MAINTENANCE_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(error) = keys.rotate_due().await {
            tracing::error!(%error, "cannot rotate the signing keys; retrying in a minute");
        }
        if let Err(error) = keys.retire_unused(clients.clients.as_ref()).await {
            tracing::error!(%error, "cannot look for signing keys that nothing uses; retrying in a minute");
        }
        match purge(expired.as_ref(), clock.as_ref()).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "deleted expired rows"),
            Err(error) => tracing::error!(%error, "cannot delete expired rows; retrying in a minute"),
        }
        match forget(&retention, clock.as_ref()).await {
            Ok(0) => {}
            Ok(events) => tracing::debug!(events, "deleted old audit events"),
            Err(error) => tracing::error!(%error, "cannot delete old audit events; retrying in a minute"),
        }
        match forget_sign_ins(&retention, clock.as_ref()).await {
            Ok(0) => {}
            Ok(events) => tracing::debug!(events, "deleted old events of the sign-in history"),
            Err(error) => {
                tracing::error!(%error, "cannot delete old events of the sign-in history; retrying in a minute");
            }
        }
        match clients.delete(clock.as_ref()).await {
            Ok(0) => {}
            Ok(clients) => {
                tracing::info!(clients, "deleted clients that registered themselves and were not used");
            }
            Err(error) => tracing::error!(%error, "cannot delete unused clients; retrying in a minute"),
        }
    }
}

/// Deletes the audit events that are older than the setting, and returns their number.
async fn forget(retention: &Retention, clock: &dyn Clock) -> Result<u64, Unavailable> {
    let mut events = 0;
    loop {
        let batch = retention.audit_trail.forget(clock.now() - retention.audit_kept_for, MAX_BATCH).await?;
        events += batch;
        if batch < u64::from(MAX_BATCH) {
            return Ok(events);
        }
    }
}

/// Deletes the events of the sign-in history that are older than the setting, and returns their number.
async fn forget_sign_ins(retention: &Retention, clock: &dyn Clock) -> Result<u64, Unavailable> {
    let mut events = 0;
    loop {
        let before = clock.now() - retention.sign_ins_kept_for;
        let batch = retention.sign_in_events.forget(before, MAX_BATCH).await?;
        events += batch;
        if batch < u64::from(MAX_BATCH) {
            return Ok(events);
        }
    }
}

/// The clients that registered themselves, and how long they may be unused.
pub(crate) struct UnusedClients {
    pub(crate) clients: Arc<dyn Clients>,
    pub(crate) unused: Age,
}

impl UnusedClients {
    /// Deletes one batch: there are few of them.
    async fn delete(&self, clock: &dyn Clock) -> Result<u64, Unavailable> {
        let now = clock.now();
        self.clients.delete_unused(now - self.unused, MAX_BATCH, now).await
    }
}

/// Deletes batch after batch, and returns the number of rows.
async fn purge(expired: &dyn Expired, clock: &dyn Clock) -> Result<u64, Unavailable> {
    let mut rows = 0;
    loop {
        let batch = expired.purge(clock.now(), MAX_BATCH).await?;
        rows += batch;
        // The total is less than one full batch: no table has expired rows left.
        if batch < u64::from(MAX_BATCH) {
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
    async fn all_expired_rows_are_deleted_in_batches() {
        for expired in [0, 1, 500, 1234] {
            let rows = Rows(AtomicU64::new(expired));
            assert_eq!(purge(&rows, &SystemClock).await.unwrap(), expired);
            assert_eq!(rows.0.into_inner(), 0);
        }
    }
}
