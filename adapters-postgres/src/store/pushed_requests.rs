//! Pushed authorization requests, each completed once (RFC 9126 §4).

use application::port::{Completion, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};
use sea_orm::sea_query::{Expr, ExprTrait};
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
                    completed_by: Set(None),
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
                let live = Entity::find_by_id(bytes(&key))
                    .filter(Column::CompletedBy.is_null())
                    .filter(Column::ExpiresAt.gt(micros(now)));
                let row = live.one(&self.reader).await?;
                row.map(|row| parse_json(&row.detail, "a pushed request")).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "pushed_requests.complete", skip_all)]
    async fn complete(&self, key: Digest, by: Digest, now: DateTime<Utc>) -> Result<Completion, Unavailable> {
        self.answered(
            async {
                // The condition decides: of any number of concurrent callers one finds the request pending, or its own.
                let completed = Entity::update_many()
                    .col_expr(Column::CompletedBy, Expr::val(bytes(&by)))
                    .filter(Column::Digest.eq(bytes(&key)))
                    .filter(Column::CompletedBy.is_null().or(Column::CompletedBy.eq(bytes(&by))))
                    .filter(Column::ForgetAt.gt(micros(now)))
                    .exec(&self.writer)
                    .await?;
                Ok(if completed.rows_affected == 1 { Completion::Completed } else { Completion::Gone })
            }
            .await,
        )
    }
}
