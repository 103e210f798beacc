//! How interactions ended.

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use domain::interaction::Ending;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::interaction::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;

const WHAT: &str = "the ending of an interaction";

#[async_trait]
impl Interactions for Database {
    #[tracing::instrument(name = "interactions.find_ending", skip_all)]
    async fn find_ending(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        self.answered(
            async {
                let live = Entity::find_by_id(bytes(&key)).filter(Column::ExpiresAt.gt(micros(now)));
                let row = live.one(&self.reader).await?;
                row.map(|row| parse(&row)).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(&self, key: Digest, ending: &Ending) -> Result<Finished, Unavailable> {
        self.answered(
            async {
                let row = ActiveModel {
                    digest: Set(bytes(&key)),
                    detail: Set(json(ending)?),
                    expires_at: Set(micros(ending.expires_at)),
                };
                // The primary key decides: of any number of concurrent inserts one adds the row.
                let added = Entity::insert(row)
                    .on_conflict(OnConflict::column(Column::Digest).do_nothing().to_owned())
                    .exec_without_returning(&self.writer)
                    .await?;
                if added == 1 {
                    return Ok(Finished::First);
                }
                let row = Entity::find_by_id(bytes(&key)).one(&self.writer).await?;
                let earlier = row.ok_or(Fault::Corrupt(WHAT))?;
                Ok(Finished::Again(parse(&earlier)?))
            }
            .await,
        )
    }
}

fn parse(row: &Model) -> Result<Ending, Fault> {
    parse_json(&row.detail, WHAT)
}
