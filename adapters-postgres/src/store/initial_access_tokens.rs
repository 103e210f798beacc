//! Initial access tokens.

use application::port::{Admitted, InitialAccessTokens, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Client, Digest, InitialAccessToken, InitialAccessTokenId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, digest, instant, json, micros, parse_json};
use crate::entity::initial_access_token::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::page::page;
use crate::store::{audit_trail, clients};

#[async_trait]
impl InitialAccessTokens for Database {
    #[tracing::instrument(name = "initial_access_tokens.create", skip_all)]
    async fn create(&self, token: &InitialAccessToken, event: &AuditEvent) -> Result<(), Unavailable> {
        self.retried(|| async {
            let transaction = self.begin().await?;
            Entity::insert(to_row(token)?).exec_without_returning(&transaction).await?;
            audit_trail::finish(transaction, true, event).await?;
            Ok(())
        })
        .await
    }

    #[tracing::instrument(name = "initial_access_tokens.find", skip_all)]
    async fn find(
        &self,
        token: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<InitialAccessToken>, Unavailable> {
        self.retried(|| async {
            let row = Entity::find().filter(Column::Digest.eq(bytes(&token))).one(&self.reader).await?;
            let found = row.as_ref().map(from_row).transpose()?;
            Ok(found.filter(|found| found.is_live(now)))
        })
        .await
    }

    #[tracing::instrument(name = "initial_access_tokens.admit", skip_all)]
    async fn admit(
        &self,
        token: Digest,
        client: &Client,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<Admitted, Unavailable> {
        self.retried(|| admit(self, token, client, now, event)).await
    }

    #[tracing::instrument(name = "initial_access_tokens.revoke", skip_all)]
    async fn revoke(&self, id: InitialAccessTokenId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let transaction = database.begin().await?;
                let deleted = Entity::delete_by_id(id.as_uuid()).exec(&transaction).await?.rows_affected;
                audit_trail::finish(transaction, deleted > 0, event).await
            })
            .await
    }

    #[tracing::instrument(name = "initial_access_tokens.list", skip_all)]
    async fn list(
        &self,
        after: Option<InitialAccessTokenId>,
        limit: u32,
    ) -> Result<Vec<InitialAccessToken>, Unavailable> {
        self.retried(|| async {
            let after = after.map(|after| after.as_uuid());
            let rows = page(self, Entity::find(), Column::Id, after, limit).await?;
            rows.iter().map(from_row).collect()
        })
        .await
    }
}

async fn admit(
    database: &Database,
    token: Digest,
    client: &Client,
    now: DateTime<Utc>,
    event: &AuditEvent,
) -> Result<Admitted, Fault> {
    let transaction = database.begin().await?;
    // The condition counts a use only if one is left. A rollback gives it back.
    let counted = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(Column::Digest.eq(bytes(&token)))
        .filter(Expr::col(Column::Used).lt(Expr::col(Column::Uses)))
        .filter(Column::ExpiresAt.gt(micros(now)))
        .exec(&transaction)
        .await?;
    if counted.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(Admitted::Invalid);
    }
    let kept = clients::keep(&transaction, client).await?;
    let done = audit_trail::finish(transaction, kept, event).await?;
    Ok(if done { Admitted::Done } else { Admitted::IdTaken })
}

fn to_row(token: &InitialAccessToken) -> Result<ActiveModel, Fault> {
    Ok(ActiveModel {
        id: Set(token.id.as_uuid()),
        digest: Set(bytes(&token.token)),
        limits: Set(json(&token.limits)?),
        uses: Set(i64::from(token.uses)),
        used: Set(i64::from(token.used)),
        created_at: Set(micros(token.created_at)),
        expires_at: Set(micros(token.expires_at)),
    })
}

fn from_row(row: &Model) -> Result<InitialAccessToken, Fault> {
    let count = |number: i64| u32::try_from(number).map_err(|_| Fault::Corrupt("a number of registrations"));
    Ok(InitialAccessToken {
        id: row.id.into(),
        token: digest(&row.digest)?,
        limits: parse_json(&row.limits, "limits of registration")?,
        uses: count(row.uses)?,
        used: count(row.used)?,
        created_at: instant(row.created_at)?,
        expires_at: instant(row.expires_at)?,
    })
}
