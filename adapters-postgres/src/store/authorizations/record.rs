//! Recording an authorization with its first refresh token.

use application::port::Recorded;
use chrono::{DateTime, Utc};
use domain::{Authorization, RefreshToken};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{DatabaseTransaction, EntityTrait, Set};

use crate::column::{bytes, incarnations, json, micros};
use crate::entity::authorization::{ActiveModel, Column, Entity};
use crate::fault::Fault;
use crate::sql::{Change, Exists, LookUp, request};
use crate::store::refresh_tokens;
use crate::{Database, locks};

request! {
    /// An authorization to record, with its first refresh token.
    NewAuthorization {
        id: Uuid,
        client_id: String,
        incarnation: Uuid,
        user_id: Uuid,
        session_id: Uuid,
        offline: bool,
        resources: Option<String>,
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
        incarnation: Uuid,
        user_id: Uuid,
        session_id: Option<Uuid>,
        resources: Option<String>,
        created_at: i64,
        now: i64,
    }
}

static RECORD_IN_BULK: Change<NewAuthorization> =
    Change::in_bulk(include_str!("../../sql/authorizations/record_in_bulk.sql"));
static IS_RECORDABLE: LookUp<RecordableKey, Exists> =
    LookUp::new(include_str!("../../sql/authorizations/is_recordable.sql"));
/// One statement is one round trip, but SQLite has none that changes two tables, and it leaves out what is locked. What it did
/// not do is done step by step.
pub(super) async fn record(
    database: &Database,
    authorization: &Authorization,
    refresh_token: Option<&RefreshToken>,
    now: DateTime<Utc>,
) -> Result<Recorded, Fault> {
    if let Some(session) = authorization.session {
        let new = NewAuthorization {
            id: authorization.id.as_uuid(),
            client_id: authorization.client.to_string(),
            incarnation: authorization.incarnation.as_uuid(),
            user_id: authorization.user.as_uuid(),
            session_id: session.as_uuid(),
            offline: authorization.is_offline(),
            resources: incarnations(&authorization.incarnations.all()),
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
        resources: Set(incarnations(&authorization.incarnations.all())),
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
            Column::Resources,
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
        incarnation: authorization.incarnation.as_uuid(),
        user_id: authorization.user.as_uuid(),
        session_id: authorization.session.map(|session| session.as_uuid()),
        resources: incarnations(&authorization.incarnations.all()),
        created_at: micros(authorization.created_at),
        now: micros(now),
    };
    Ok(database.look_up_in(transaction, &IS_RECORDABLE, grant).await?.is_some())
}
