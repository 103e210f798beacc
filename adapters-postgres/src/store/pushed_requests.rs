//! Pushed authorization requests, each completed once (RFC 9126 §4).

use application::port::{Completed, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::pushed_request::{ActiveModel, Column, Entity};

#[async_trait]
impl PushedRequests for Database {
    #[tracing::instrument(name = "pushed_requests.push", skip_all)]
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable> {
        self.answered(
            async {
                let row = ActiveModel {
                    digest: Set(bytes(&key)),
                    detail: Set(json(pushed)?),
                    expires_at: Set(micros(pushed.expires_at)),
                    forget_at: Set(micros(pushed.completes_until())),
                };
                Entity::insert(row).exec_without_returning(&self.writer).await?;
                Ok(())
            }
            .await,
        )
    }

    #[tracing::instrument(name = "pushed_requests.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable> {
        self.answered(
            async {
                let live = Entity::find_by_id(bytes(&key)).filter(Column::ExpiresAt.gt(micros(now)));
                let row = live.one(&self.reader).await?;
                row.map(|row| parse_json(&row.detail, "a pushed request")).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "pushed_requests.complete", skip_all)]
    async fn complete(&self, key: Digest, now: DateTime<Utc>) -> Result<Completed, Unavailable> {
        self.answered(
            async {
                // The call that deletes the row is first. A completed request is not needed any more.
                let completed = Entity::delete_by_id(bytes(&key))
                    .filter(Column::ForgetAt.gt(micros(now)))
                    .exec(&self.writer)
                    .await?;
                Ok(if completed.rows_affected == 1 { Completed::First } else { Completed::Gone })
            }
            .await,
        )
    }
}
