//! Interactions that browsers have begun and not finished.

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, Interaction};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::interaction::{ActiveModel, Column, Entity};

#[async_trait]
impl Interactions for Database {
    #[tracing::instrument(name = "interactions.begin", skip_all)]
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable> {
        self.answered(
            async {
                let row = ActiveModel {
                    digest: Set(bytes(&key)),
                    detail: Set(json(interaction)?),
                    expires_at: Set(micros(interaction.expires_at)),
                };
                Entity::insert(row).exec_without_returning(&self.writer).await?;
                Ok(())
            }
            .await,
        )
    }

    #[tracing::instrument(name = "interactions.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Interaction>, Unavailable> {
        self.answered(
            async {
                let live = Entity::find_by_id(bytes(&key)).filter(Column::ExpiresAt.gt(micros(now)));
                let row = live.one(&self.reader).await?;
                row.map(|row| parse_json(&row.detail, "an interaction")).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(&self, key: Digest, now: DateTime<Utc>) -> Result<Finished, Unavailable> {
        self.answered(
            async {
                // The call that deletes the row is first. A finished interaction is not needed any more.
                let finished = Entity::delete_by_id(bytes(&key))
                    .filter(Column::ExpiresAt.gt(micros(now)))
                    .exec(&self.writer)
                    .await?;
                Ok(if finished.rows_affected == 1 { Finished::First } else { Finished::Gone })
            }
            .await,
        )
    }
}
