//! How interactions ended.

use application::port::{Finished, Interactions, IssuedCode, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use domain::interaction::Ending;

use crate::fault::Fault;
use crate::{Redis, answered};

const WHAT: &str = "the ending of an interaction";

#[async_trait]
impl Interactions for Redis {
    #[tracing::instrument(name = "interactions.find_ending", skip_all)]
    async fn find_ending(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        let kept: Option<Ending> = answered(self.kept(&self.keys.interaction(key), WHAT).await)?;
        Ok(kept.filter(|ending| ending.is_live(now)))
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        code: Option<&IssuedCode>,
    ) -> Result<Finished, Unavailable> {
        let key = self.keys.interaction(key);
        answered(
            async {
                // In a cluster the two keys are on different nodes. The code comes first: no browser gets it without the ending.
                if let Some(IssuedCode { digest, code }) = code {
                    self.issue_code(*digest, code).await?;
                }
                match self.keep(&key, ending, ending.expires_at).await {
                    Ok(()) => Ok(Finished::First),
                    Err(Fault::Taken) => {
                        let earlier = self.kept(&key, WHAT).await?.ok_or(Fault::Corrupt(WHAT))?;
                        Ok(Finished::Again(earlier))
                    }
                    Err(fault) => Err(fault),
                }
            }
            .await,
        )
    }
}
