//! Pushed authorization requests, each completed once (RFC 9126 §4).

use application::port::{Completion, IssuedCode, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::pushed_request::{ActiveModel, Column, Entity};
use crate::fault::Fault;
use crate::sql::{Change, request};
use crate::store::authorization_codes;

request! {
    /// A pushed request to complete, and the code that it is answered with.
    NewCompletion {
        digest: Vec<u8>,
        completer: Vec<u8>,
        now: i64,
        code: Option<Vec<u8>>,
        code_detail: Option<String>,
        code_expires_at: Option<i64>,
        code_forget_at: Option<i64>,
    }
}

static COMPLETE_IN_BULK: Change<NewCompletion> =
    Change::in_bulk(include_str!("../sql/pushed_requests/complete_in_bulk.sql"));

#[async_trait]
impl PushedRequests for Database {
    #[tracing::instrument(name = "pushed_requests.push", skip_all)]
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable> {
        self.retried(|| async {
            let row = ActiveModel {
                digest: Set(bytes(&key)),
                detail: Set(json(pushed)?),
                completed_by: Set(None),
                expires_at: Set(micros(pushed.expires_at)),
                forget_at: Set(micros(pushed.completes_until())),
            };
            Entity::insert(row).exec_without_returning(&self.writer).await?;
            Ok(())
        })
        .await
    }

    #[tracing::instrument(name = "pushed_requests.find", skip_all)]
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable> {
        self.retried(|| async {
            let live = Entity::find_by_id(bytes(&key))
                .filter(Column::CompletedBy.is_null())
                .filter(Column::ExpiresAt.gt(micros(now)));
            let row = live.one(&self.reader).await?;
            row.map(|row| parse_json(&row.detail, "a pushed request")).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "pushed_requests.complete", skip_all)]
    async fn complete(
        &self,
        key: Digest,
        by: Digest,
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Completion, Unavailable> {
        self.retried(|| async {
            let new = NewCompletion {
                digest: bytes(&key),
                completer: bytes(&by),
                now: micros(now),
                code: code.map(|code| bytes(&code.digest)),
                code_detail: code.map(|code| json(&code.code)).transpose()?,
                code_expires_at: code.map(|code| micros(code.code.expires_at)),
                code_forget_at: code.map(|code| micros(code.code.authorization.expires_at)),
            };
            if self.change_in_bulk(&COMPLETE_IN_BULK, new).await? {
                return Ok(Completion::Completed);
            }
            self.complete_alone(key, by, code, now).await
        })
        .await
    }
}

impl Database {
    async fn complete_alone(
        &self,
        key: Digest,
        by: Digest,
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Completion, Fault> {
        let transaction = self.begin().await?;
        // The condition decides: of any number of concurrent callers one finds the request pending, or its own.
        let completed = Entity::update_many()
            .col_expr(Column::CompletedBy, Expr::val(bytes(&by)))
            .filter(Column::Digest.eq(bytes(&key)))
            .filter(Column::CompletedBy.is_null().or(Column::CompletedBy.eq(bytes(&by))))
            .filter(Column::ForgetAt.gt(micros(now)))
            .exec(&transaction)
            .await?;
        if completed.rows_affected == 0 {
            transaction.rollback().await?;
            return Ok(Completion::Gone);
        }
        if let Some(code) = code {
            authorization_codes::issue_in(self, &transaction, code).await?;
        }
        transaction.commit().await?;
        Ok(Completion::Completed)
    }
}
