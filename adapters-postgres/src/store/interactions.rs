//! Interactions: the logins, consents and verifications of browsers.

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::interaction::{Ending, KeptInteraction};
use domain::{Digest, Interaction};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::interaction::{ActiveModel, Column, Entity};
use crate::fault::Fault;

#[async_trait]
impl Interactions for Database {
    #[tracing::instrument(name = "interactions.begin", skip_all)]
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable> {
        self.answered(
            async {
                let row = ActiveModel {
                    digest: Set(bytes(&key)),
                    detail: Set(json(&KeptInteraction::Unfinished(interaction.clone()))?),
                    ended: Set(false),
                    expires_at: Set(micros(interaction.expires_at)),
                };
                Entity::insert(row).exec_without_returning(&self.writer).await?;
                Ok(())
            }
            .await,
        )
    }

    #[tracing::instrument(name = "interactions.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<KeptInteraction>, Unavailable> {
        self.answered(self.live_interaction(key, now).await)
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        now: DateTime<Utc>,
    ) -> Result<Finished, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                // The condition decides: of any number of concurrent updates one finds the interaction unfinished.
                let finished = Entity::update_many()
                    .col_expr(Column::Ended, Expr::val(true))
                    .col_expr(Column::Detail, Expr::val(json(&KeptInteraction::Ended(ending.clone()))?))
                    .filter(Column::Digest.eq(bytes(&key)))
                    .filter(Column::Ended.eq(false))
                    .filter(Column::ExpiresAt.gt(micros(now)))
                    .exec(&database.writer)
                    .await?;
                if finished.rows_affected == 1 {
                    return Ok(Finished::First);
                }
                Ok(match database.live_interaction(key, now).await? {
                    Some(KeptInteraction::Ended(earlier)) => Finished::Again(earlier),
                    Some(KeptInteraction::Unfinished(_)) | None => Finished::Gone,
                })
            })
            .await
    }
}

impl Database {
    async fn live_interaction(
        &self,
        key: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<KeptInteraction>, Fault> {
        let live = Entity::find_by_id(bytes(&key)).filter(Column::ExpiresAt.gt(micros(now)));
        let row = live.one(&self.reader).await?;
        row.map(|row| parse_json(&row.detail, "an interaction")).transpose()
    }
}
