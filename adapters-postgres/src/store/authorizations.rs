//! Completed authorizations, and whether the tokens issued from them are still valid.

mod list;
mod record;
mod token_status;

use application::port::{
    Authorizations, ListFrom, LiveAuthorization, Recorded, TokenOrigin, TokenReference, TokenStatus,
    Unavailable,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Digest, RefreshToken, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use crate::Database;
use crate::column::{bytes, micros};
use crate::entity::authorization::{ActiveModel, Column, Entity};
use crate::entity::revoked_token;
use crate::fault::Fault;

use list::list;
use record::record;
use token_status::{client_token_status, user_token_status};

#[async_trait]
impl Authorizations for Database {
    #[tracing::instrument(name = "authorizations.record", skip_all)]
    async fn record(
        &self,
        authorization: &Authorization,
        refresh_token: Option<&RefreshToken>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, Unavailable> {
        self.retried(|| record(self, authorization, refresh_token, now)).await
    }

    #[tracing::instrument(name = "authorizations.revoke", skip_all)]
    async fn revoke(
        &self,
        id: AuthorizationId,
        now: DateTime<Utc>,
        forget_at: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        let database = self.protecting();
        database.retried(|| revoke(&database, id, now, forget_at)).await
    }

    #[tracing::instrument(name = "authorizations.revoke_token", skip_all)]
    async fn revoke_token(&self, token: Digest, expires_at: DateTime<Utc>) -> Result<(), Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let row = revoked_token::ActiveModel {
                    digest: Set(bytes(&token)),
                    expires_at: Set(micros(expires_at)),
                };
                let again = OnConflict::column(revoked_token::Column::Digest)
                    .update_column(revoked_token::Column::ExpiresAt)
                    .to_owned();
                revoked_token::Entity::insert(row)
                    .on_conflict(again)
                    .exec_without_returning(&database.writer)
                    .await?;
                Ok(())
            })
            .await
    }

    #[tracing::instrument(name = "authorizations.token_status", skip_all)]
    async fn token_status(
        &self,
        token: &TokenReference,
        now: DateTime<Utc>,
    ) -> Result<TokenStatus, Unavailable> {
        self.answered(match &token.origin {
            TokenOrigin::User(id) => user_token_status(self, token, *id, now).await,
            TokenOrigin::Client { client, resources } => {
                client_token_status(self, token, (*client, resources)).await
            }
        })
    }

    #[tracing::instrument(name = "authorizations.list", skip_all)]
    async fn list(
        &self,
        user: UserId,
        from: ListFrom<'_>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<LiveAuthorization>, Unavailable> {
        self.retried(|| list(self, user, from, limit, now)).await
    }
}

async fn revoke(
    database: &Database,
    id: AuthorizationId,
    now: DateTime<Utc>,
    forget_at: DateTime<Utc>,
) -> Result<(), Fault> {
    // On SQLite all writes wait for one connection. A replay that arrives a thousand times must not hold it.
    if database.batches.is_none() && is_recorded_and_revoked(database, id).await? {
        return Ok(());
    }
    let row = ActiveModel {
        id: Set(id.as_uuid()),
        recorded: Set(false),
        client_id: Set(None),
        user_id: Set(None),
        session_id: Set(None),
        offline: Set(false),
        resources: Set(None),
        detail: Set(None),
        expires_at: Set(micros(forget_at)),
        revoked_at: Set(Some(micros(now))),
    };
    let kept = |column| Expr::col((Entity, column));
    // What is recorded keeps its own end; of several revocations before that the last end counts.
    let keeps_its_end = Condition::any()
        .add(kept(Column::Recorded).eq(true))
        .add(kept(Column::ExpiresAt).gt(micros(forget_at)));
    let revoked = OnConflict::column(Column::Id)
        .value(
            Column::RevokedAt,
            Expr::case(kept(Column::RevokedAt).is_null(), micros(now)).finally(kept(Column::RevokedAt)),
        )
        .value(
            Column::ExpiresAt,
            Expr::case(keeps_its_end, kept(Column::ExpiresAt)).finally(micros(forget_at)),
        )
        .to_owned();
    Entity::insert(row).on_conflict(revoked).exec_without_returning(&database.writer).await?;
    Ok(())
}

/// Whether another revocation would change nothing.
async fn is_recorded_and_revoked(database: &Database, id: AuthorizationId) -> Result<bool, DbErr> {
    let found = Entity::find_by_id(id.as_uuid())
        .filter(Column::Recorded.eq(true))
        .filter(Column::RevokedAt.is_not_null())
        .select_only()
        .column(Column::Id)
        .into_tuple::<Uuid>()
        .one(&database.reader);
    Ok(found.await?.is_some())
}
