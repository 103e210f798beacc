//! Interactions: the logins, consents and verifications of browsers.

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::interaction::{Ending, KeptInteraction};
use domain::{Digest, Interaction};

use crate::{Redis, answered};

const WHAT: &str = "an interaction";
/// The beginning of the JSON of an interaction that has not ended.
const UNFINISHED: &str = "{\"unfinished\"";

#[async_trait]
impl Interactions for Redis {
    #[tracing::instrument(name = "interactions.begin", skip_all)]
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable> {
        let key = self.keys.interaction(key);
        let kept = KeptInteraction::Unfinished(interaction.clone());
        answered(self.keep(&key, &kept, interaction.expires_at).await)
    }

    #[tracing::instrument(name = "interactions.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<KeptInteraction>, Unavailable> {
        let kept: Option<KeptInteraction> = answered(self.kept(&self.keys.interaction(key), WHAT).await)?;
        Ok(kept.filter(|kept| kept.is_live(now)))
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        now: DateTime<Utc>,
    ) -> Result<Finished, Unavailable> {
        let ended = KeptInteraction::Ended(ending.clone());
        let before = self.replace(&self.keys.interaction(key), UNFINISHED, &ended, WHAT).await;
        Ok(match answered(before)?.filter(|before| before.is_live(now)) {
            Some(KeptInteraction::Unfinished(_)) => Finished::First,
            Some(KeptInteraction::Ended(earlier)) => Finished::Again(earlier),
            None => Finished::Gone,
        })
    }
}
