//! How interactions ended.

use application::port::{Finished, Interactions, IssuedCode, Unavailable};
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
use crate::sql::{Change, request};
use crate::store::authorization_codes;

request! {
    /// How an interaction ended, and the code that it is answered with.
    NewEnding {
        digest: Vec<u8>,
        detail: String,
        expires_at: i64,
        code: Option<Vec<u8>>,
        code_detail: Option<String>,
        code_expires_at: Option<i64>,
        code_forget_at: Option<i64>,
    }
}

static FINISH_IN_BULK: Change<NewEnding> =
    Change::in_bulk(include_str!("../sql/interactions/finish_in_bulk.sql"));

const WHAT: &str = "the ending of an interaction";

#[async_trait]
impl Interactions for Database {
    #[tracing::instrument(name = "interactions.find_ending", skip_all)]
    async fn find_ending(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        self.retried(|| async {
            let live = Entity::find_by_id(bytes(&key)).filter(Column::ExpiresAt.gt(micros(now)));
            let row = live.one(&self.reader).await?;
            row.map(|row| parse(&row)).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "interactions.finish", skip_all)]
    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        code: Option<&IssuedCode>,
    ) -> Result<Finished, Unavailable> {
        self.retried(|| async {
            let new = NewEnding {
                digest: bytes(&key),
                detail: json(ending)?,
                expires_at: micros(ending.expires_at),
                code: code.map(|code| bytes(&code.digest)),
                code_detail: code.map(|code| json(&code.code)).transpose()?,
                code_expires_at: code.map(|code| micros(code.code.expires_at)),
                code_forget_at: code.map(|code| micros(code.code.authorization.expires_at)),
            };
            if self.change_in_bulk(&FINISH_IN_BULK, new).await? {
                return Ok(Finished::First);
            }
            self.finish_alone(key, ending, code).await
        })
        .await
    }
}

impl Database {
    async fn finish_alone(
        &self,
        key: Digest,
        ending: &Ending,
        code: Option<&IssuedCode>,
    ) -> Result<Finished, Fault> {
        let transaction = self.begin().await?;
        let row = ActiveModel {
            digest: Set(bytes(&key)),
            detail: Set(json(ending)?),
            expires_at: Set(micros(ending.expires_at)),
        };
        // The primary key decides: of any number of concurrent inserts one adds the row.
        let added = Entity::insert(row)
            .on_conflict(OnConflict::column(Column::Digest).do_nothing().to_owned())
            .exec_without_returning(&transaction)
            .await?;
        if added == 1 {
            if let Some(code) = code {
                authorization_codes::issue_in(self, &transaction, code).await?;
            }
            transaction.commit().await?;
            return Ok(Finished::First);
        }
        let row = Entity::find_by_id(bytes(&key)).one(&transaction).await?;
        Ok(Finished::Again(parse(&row.ok_or(Fault::Corrupt(WHAT))?)?))
    }
}

fn parse(row: &Model) -> Result<Ending, Fault> {
    parse_json(&row.detail, WHAT)
}
