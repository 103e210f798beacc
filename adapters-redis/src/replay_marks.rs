//! Replay detection.

use application::port::{Marked, ReplayMarks, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;

use crate::{Redis, answered};

#[async_trait]
impl ReplayMarks for Redis {
    #[tracing::instrument(name = "replay_marks.mark", skip_all)]
    async fn mark(&self, digest: Digest, expires_at: DateTime<Utc>) -> Result<Marked, Unavailable> {
        let key = self.keys.replay_mark(digest);
        let set = self.set_new(&key, "", expires_at).await;
        Ok(if answered(set)? { Marked::First } else { Marked::Seen })
    }
}
