//! Completed authorizations, and whether the tokens issued from them are still valid.

use application::port::{Authorizations, Grantee, Recorded, TokenReference, TokenStatus, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Digest, RefreshToken};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{Condition, DatabaseTransaction, EntityTrait, Set};

use crate::column::{bytes, json, micros, parse_json};
use crate::entity::authorization::{ActiveModel, Column, Entity};
use crate::entity::{revoked_token, user};
use crate::fault::Fault;
use crate::sql::{Change, Exists, LookUp, request, row};
use crate::store::{refresh_tokens, users};
use crate::{Database, locks};

request! {
    /// An authorization to record, with its first refresh token.
    NewAuthorization {
        id: Uuid,
        client_id: String,
        user_id: Uuid,
        session_id: Uuid,
        offline: bool,
        detail: String,
        created_at: i64,
        now: i64,
        expires_at: i64,
        token: Option<Vec<u8>>,
        token_scope: Option<String>,
        token_issued_at: Option<i64>,
        token_expires_at: Option<i64>,
    }
}

request! {
    /// What decides whether an authorization may be recorded.
    RecordableKey {
        client_id: String,
        user_id: Uuid,
        session_id: Option<Uuid>,
        created_at: i64,
        now: i64,
    }
}

request! {
    /// A user's access token.
    UserTokenKey {
        id: Uuid,
        client_id: String,
        token: Vec<u8>,
        now: i64,
    }
}

request! {
    /// A client's own access token.
    ClientTokenKey {
        client_id: String,
        token: Vec<u8>,
        issued_at: i64,
    }
}

row! {
    /// The parties of a valid grant.
    Granted {
        detail: Option<String>,
        registration: String,
        ;
        user: user of "users",
    }
}

static RECORD_IN_BULK: Change<NewAuthorization> = Change::in_bulk(
    "authorizations.record_in_bulk",
    include_str!("../sql/authorizations/record_in_bulk.sql"),
);
static IS_RECORDABLE: LookUp<RecordableKey, Exists> =
    LookUp::new("authorizations.is_recordable", include_str!("../sql/authorizations/is_recordable.sql"));
static USER_TOKEN_STATUS: LookUp<UserTokenKey, Granted> = LookUp::new(
    "authorizations.user_token_status",
    include_str!("../sql/authorizations/user_token_status.sql"),
);
static CLIENT_TOKEN_STATUS: LookUp<ClientTokenKey, Exists> = LookUp::new(
    "authorizations.client_token_status",
    include_str!("../sql/authorizations/client_token_status.sql"),
);

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

    #[tracing::instrument(name = "authorizations.token_status", skip_all)]
    async fn token_status(
        &self,
        token: &TokenReference,
        now: DateTime<Utc>,
    ) -> Result<TokenStatus, Unavailable> {
        self.answered(if token.user_present {
            user_token_status(self, token, now).await
        } else {
            client_token_status(self, token).await
        })
    }
}

/// One statement is one round trip, but SQLite has none that changes two tables, and it leaves out what is locked. What it did
/// not do is done step by step.
async fn record(
    database: &Database,
    authorization: &Authorization,
    refresh_token: Option<&RefreshToken>,
    now: DateTime<Utc>,
) -> Result<Recorded, Fault> {
    if let Some(session) = authorization.session {
        let new = NewAuthorization {
            id: authorization.id.as_uuid(),
            client_id: authorization.client.to_string(),
            user_id: authorization.user.as_uuid(),
            session_id: session.as_uuid(),
            offline: authorization.is_offline(),
            detail: json(authorization)?,
            created_at: micros(authorization.created_at),
            now: micros(now),
            expires_at: micros(authorization.expires_at),
            token: refresh_token.map(|token| bytes(&token.digest)),
            token_scope: refresh_token.map(|token| token.scope.to_string()),
            token_issued_at: refresh_token.map(|token| micros(token.issued_at)),
            token_expires_at: refresh_token.map(|token| micros(token.expires_at)),
        };
        if database.change_in_bulk(&RECORD_IN_BULK, new).await? {
            return Ok(Recorded::First);
        }
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
    // The primary key decides. If only the revocation is known, the row is filled in and stays revoked.
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
    let is_recordable = is_recordable(database, &transaction, authorization, now).await?;
    let rows = Entity::insert(row).on_conflict(was_only_revoked).exec_without_returning(&transaction).await?;
    if rows == 0 || !is_recordable {
        transaction.rollback().await?;
        // A second use matters more than an ended session.
        return Ok(if rows == 0 { Recorded::Again } else { Recorded::Ended });
    }
    if let Some(token) = refresh_token {
        refresh_tokens::keep(&transaction, token).await?;
    }
    transaction.commit().await?;
    Ok(Recorded::First)
}

async fn is_recordable(
    database: &Database,
    transaction: &DatabaseTransaction,
    authorization: &Authorization,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    locks::parties(transaction, authorization).await?;
    let grant = RecordableKey {
        client_id: authorization.client.to_string(),
        user_id: authorization.user.as_uuid(),
        session_id: authorization.session.map(|session| session.as_uuid()),
        created_at: micros(authorization.created_at),
        now: micros(now),
    };
    Ok(database.look_up_in(transaction, &IS_RECORDABLE, grant).await?.is_some())
}

async fn user_token_status(
    database: &Database,
    token: &TokenReference,
    now: DateTime<Utc>,
) -> Result<TokenStatus, Fault> {
    let key = UserTokenKey {
        id: token.authorization.as_uuid(),
        client_id: token.client.to_string(),
        token: bytes(&token.token),
        now: micros(now),
    };
    let Some(granted) = database.look_up(&USER_TOKEN_STATUS, key).await? else {
        return Ok(TokenStatus::Revoked);
    };
    let detail = granted.detail.ok_or(Fault::Corrupt("an authorization"))?;
    Ok(TokenStatus::User(Box::new(Grantee {
        authorization: parse_json(&detail, "an authorization")?,
        user: users::from_row(granted.user)?,
        client: database.parsed_clients.parse(token.client.as_str(), &granted.registration)?,
    })))
}

async fn client_token_status(database: &Database, token: &TokenReference) -> Result<TokenStatus, Fault> {
    let key = ClientTokenKey {
        client_id: token.client.to_string(),
        token: bytes(&token.token),
        issued_at: micros(token.issued_at),
    };
    let valid = database.look_up(&CLIENT_TOKEN_STATUS, key).await?;
    Ok(valid.map_or(TokenStatus::Revoked, |Exists| TokenStatus::Client))
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
