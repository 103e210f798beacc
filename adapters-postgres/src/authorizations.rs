//! Completed authorizations and what is still worth of the tokens issued from them.

use application::port::{Authorizations, Recorded, Standing, TokenReference, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Digest, RefreshToken};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{Condition, DatabaseTransaction, EntityTrait, Set};

use crate::column::{bytes, json, micros};
use crate::entity::authorization::{ActiveModel, Column, Entity};
use crate::entity::{revoked_token, withdrawal};
use crate::fault::Fault;
use crate::{Database, at_once, presence, refresh_tokens, token_standing};

#[async_trait]
impl Authorizations for Database {
    #[tracing::instrument(name = "authorizations.record", skip_all)]
    async fn record(
        &self,
        authorization: &Authorization,
        refresh_token: Option<&RefreshToken>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, Unavailable> {
        self.repeated(|| record(self, authorization, refresh_token, now)).await
    }

    #[tracing::instrument(name = "authorizations.revoke", skip_all)]
    async fn revoke(
        &self,
        id: AuthorizationId,
        now: DateTime<Utc>,
        forget_at: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        self.answered(revoke(self, id, now, forget_at).await)
    }

    #[tracing::instrument(name = "authorizations.revoke_token", skip_all)]
    async fn revoke_token(&self, token: Digest, expires_at: DateTime<Utc>) -> Result<(), Unavailable> {
        self.answered(
            async {
                let row = revoked_token::ActiveModel {
                    digest: Set(bytes(&token)),
                    expires_at: Set(micros(expires_at)),
                };
                let again = OnConflict::column(revoked_token::Column::Digest)
                    .update_column(revoked_token::Column::ExpiresAt)
                    .to_owned();
                revoked_token::Entity::insert(row)
                    .on_conflict(again)
                    .exec_without_returning(&self.writer)
                    .await?;
                Ok(())
            }
            .await,
        )
    }

    #[tracing::instrument(name = "authorizations.standing", skip_all)]
    async fn standing(&self, token: &TokenReference, now: DateTime<Utc>) -> Result<Standing, Unavailable> {
        self.answered(if token.user_present {
            token_standing::of_user(self, token, now).await
        } else {
            token_standing::of_client(self, token).await
        })
    }
}

/// First in one statement, which does all or nothing; where it did nothing, step by step, which also tells why.
async fn record(
    database: &Database,
    authorization: &Authorization,
    refresh_token: Option<&RefreshToken>,
    now: DateTime<Utc>,
) -> Result<Recorded, Fault> {
    if database.speaks_postgres() && at_once::record(database, authorization, refresh_token, now).await? {
        return Ok(Recorded::First);
    }
    step_by_step(database, authorization, refresh_token, now).await
}

async fn step_by_step(
    database: &Database,
    authorization: &Authorization,
    refresh_token: Option<&RefreshToken>,
    now: DateTime<Utc>,
) -> Result<Recorded, Fault> {
    let row = ActiveModel {
        id: Set(authorization.id.as_uuid()),
        recorded: Set(true),
        client_id: Set(Some(authorization.client.to_string())),
        user_id: Set(Some(authorization.user.as_uuid())),
        session_id: Set(authorization.session.map(|session| session.as_uuid())),
        offline: Set(authorization.is_offline()),
        detail: Set(Some(json(authorization)?)),
        expires_at: Set(micros(authorization.expires_at)),
        revoked_at: Set(None),
    };
    // The primary key is the gate. Where only the revocation is known, the row is filled in and stays revoked.
    let was_only_revoked = OnConflict::column(Column::Id)
        .update_columns([
            Column::Recorded,
            Column::ClientId,
            Column::UserId,
            Column::SessionId,
            Column::Offline,
            Column::Detail,
            Column::ExpiresAt,
        ])
        .action_and_where(Expr::col((Entity, Column::Recorded)).eq(false))
        .to_owned();
    let transaction = database.begin().await?;
    let may_be_recorded = may_be_recorded(&transaction, authorization, now).await?;
    let rows = Entity::insert(row).on_conflict(was_only_revoked).exec_without_returning(&transaction).await?;
    if rows == 0 || !may_be_recorded {
        transaction.rollback().await?;
        // A second use is worse news than an ended session.
        return Ok(if rows == 0 { Recorded::Again } else { Recorded::Ended });
    }
    if let Some(token) = refresh_token {
        refresh_tokens::keep(&transaction, token).await?;
    }
    transaction.commit().await?;
    Ok(Recorded::First)
}

/// Whether client and user are enabled, the user has not withdrawn it and it is not older than their password, and the session, if there is one, is live.
async fn may_be_recorded(
    transaction: &DatabaseTransaction,
    authorization: &Authorization,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let client = presence::client(transaction, &authorization.client).await?;
    let user = presence::user(transaction, authorization.user).await?;
    let enabled = client.is_some_and(|client| client.disabled_at.is_none())
        && user.is_some_and(|user| {
            user.disabled_at.is_none() && !user.was_ended_after(authorization.created_at)
        });
    if !enabled || is_withdrawn(transaction, authorization).await? {
        return Ok(false);
    }
    let Some(session) = authorization.session else {
        return Ok(true);
    };
    let session = presence::session(transaction, session).await?;
    Ok(session.is_some_and(|session| session.ended_at.is_none() && session.expires_at > micros(now)))
}

async fn is_withdrawn(
    transaction: &DatabaseTransaction,
    authorization: &Authorization,
) -> Result<bool, Fault> {
    let agreement = (authorization.user.as_uuid(), authorization.client.to_string());
    let withdrawal = withdrawal::Entity::find_by_id(agreement).one(transaction).await?;
    Ok(withdrawal.is_some_and(|withdrawal| micros(authorization.created_at) <= withdrawal.withdrawn_at))
}

async fn revoke(
    database: &Database,
    id: AuthorizationId,
    now: DateTime<Utc>,
    forget_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(id.as_uuid()),
        recorded: Set(false),
        client_id: Set(None),
        user_id: Set(None),
        session_id: Set(None),
        offline: Set(false),
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
