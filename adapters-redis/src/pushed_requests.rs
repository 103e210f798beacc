//! Pushed authorization requests (RFC 9126).

use application::port::{Completed, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};

use crate::{Redis, answered};

const WHAT: &str = "a pushed request";

#[async_trait]
impl PushedRequests for Redis {
    #[tracing::instrument(name = "pushed_requests.push", skip_all)]
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable> {
        let key = self.keys.pushed_request(key);
        answered(self.keep(&key, pushed, pushed.completes_until()).await)
    }

    #[tracing::instrument(name = "pushed_requests.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable> {
        let kept: Option<PushedRequest> = answered(self.kept(&self.keys.pushed_request(key), WHAT).await)?;
        Ok(kept.filter(|pushed| pushed.is_live(now)))
    }

    #[tracing::instrument(name = "pushed_requests.complete", skip_all)]
    async fn complete(&self, key: Digest, now: DateTime<Utc>) -> Result<Completed, Unavailable> {
        let taken: Option<PushedRequest> = answered(self.take(&self.keys.pushed_request(key), WHAT).await)?;
        Ok(match taken {
            Some(pushed) if now < pushed.completes_until() => Completed::First,
            Some(_) | None => Completed::Gone,
        })
    }
}
