//! Pushed authorization requests (RFC 9126).

use application::port::{Completion, IssuedCode, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};
use serde::{Deserialize, Serialize};

use crate::{Redis, answered};

const WHAT: &str = "a pushed request";
/// The beginning of the JSON of a request that is not completed.
const PENDING: &str = "{\"pending\"";

/// The value of a key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    /// It can be completed.
    Pending(Box<PushedRequest>),
    /// It was completed by this caller.
    CompletedBy(Digest),
}

#[async_trait]
impl PushedRequests for Redis {
    #[tracing::instrument(name = "pushed_requests.push", skip_all)]
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable> {
        let key = self.keys.pushed_request(key);
        let pending = Kept::Pending(Box::new(pushed.clone()));
        answered(self.keep(&key, &pending, pushed.completes_until()).await)
    }

    #[tracing::instrument(name = "pushed_requests.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable> {
        let kept: Option<Kept> = answered(self.kept(&self.keys.pushed_request(key), WHAT).await)?;
        Ok(match kept {
            Some(Kept::Pending(pushed)) if pushed.is_live(now) => Some(*pushed),
            Some(Kept::Pending(_) | Kept::CompletedBy(_)) | None => None,
        })
    }

    #[tracing::instrument(name = "pushed_requests.complete", skip_all)]
    async fn complete(
        &self,
        key: Digest,
        by: Digest,
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Completion, Unavailable> {
        // In a cluster the two keys are on different nodes. The code comes first: no browser gets it without the completion.
        if let Some(IssuedCode { digest, code }) = code {
            answered(self.issue_code(*digest, code).await)?;
        }
        let key = self.keys.pushed_request(key);
        let before = answered(self.replace(&key, PENDING, &Kept::CompletedBy(by), WHAT).await)?;
        Ok(match before {
            Some(Kept::Pending(pushed)) if now < pushed.completes_until() => Completion::Completed,
            Some(Kept::CompletedBy(earlier)) if earlier == by => Completion::Completed,
            Some(Kept::Pending(_) | Kept::CompletedBy(_)) | None => Completion::Gone,
        })
    }
}
