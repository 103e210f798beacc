//! Whether Redis answers and accepts writes. A replica, or a Redis whose disk is full, does not.

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
        answered(self.connection.query::<()>(&write).await)?;
        Ok(None)
    }
}
