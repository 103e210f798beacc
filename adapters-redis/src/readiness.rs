//! Whether Redis answers and accepts writes. A replica, or a Redis whose memory or disk is full, does not.

use std::sync::atomic::Ordering;

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::key::READY_SECONDS;
use crate::{Redis, answered};

#[async_trait]
impl Readiness for Redis {
    #[tracing::instrument(name = "readiness.check", skip_all)]
    async fn check(&self) -> Result<Option<DateTime<Utc>>, Unavailable> {
        let write = redis::cmd("SET").arg(self.keys.ready()).arg("").arg("EX").arg(READY_SECONDS).to_owned();
        let written = self.connection.query::<()>(&write).await;
        let is_full = written.as_ref().is_err_and(|fault| fault.is_full());
        self.is_full.store(is_full, Ordering::Relaxed);
        answered(written)?;
        Ok(None)
    }

    #[tracing::instrument(name = "readiness.is_full", skip_all)]
    async fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }
}
