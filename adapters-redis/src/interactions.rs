//! Interactions: the logins, consents and verifications that browsers are in the middle of.

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, Interaction};

use crate::{Redis, answered};

const WHAT: &str = "an interaction";

#[async_trait]
impl Interactions for Redis {
    #[tracing::instrument(name = "interactions.begin", skip_all)]
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable> {
        let key = self.keys.interaction(key);
        answered(self.keep(&key, interaction, interaction.expires_at).await)
    }

    #[tracing::instrument(name = "interactions.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Interaction>, Unavailable> {
        let kept: Option<Interaction> = answered(self.kept(&self.keys.interaction(key), WHAT).await)?;
        Ok(kept.filter(|interaction| interaction.is_live(now)))
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(&self, key: Digest, now: DateTime<Utc>) -> Result<Finished, Unavailable> {
        let taken: Option<Interaction> = answered(self.take(&self.keys.interaction(key), WHAT).await)?;
        Ok(match taken {
            Some(interaction) if interaction.is_live(now) => Finished::First,
            Some(_) | None => Finished::Gone,
        })
    }
}
