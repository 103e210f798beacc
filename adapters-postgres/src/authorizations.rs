//! Completed authorizations and what is still worth of the tokens issued from them.

use application::port::{Authorizations, Grantee, Recorded, Standing, TokenReference, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Digest, RefreshToken};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult, Iterable, QueryFilter,
    QuerySelect, QueryTrait, Select, Set,
};
use serde::Deserialize;

use crate::column::{bytes, json, micros, parse_json, same};
use crate::entity::authorization::{ActiveModel, Column, Entity};
use crate::entity::{client, deleted_client, revoked_token, user, withdrawal};
use crate::fault::Fault;
use crate::standing::{stands, with_parties};
use crate::together::{Form, KeyType, Matter, Text, asked};
use crate::{Database, at_once, presence, refresh_tokens, users};

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
            user_standing(self, token, now).await
        } else {
            client_standing(self, token).await
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

/// A grant that stands: all three that it is between.
#[derive(FromQueryResult, Deserialize)]
struct GrantedRow {
    detail: Option<String>,
    registration: String,
    #[sea_orm(nested)]
    user: user::Model,
}

async fn user_standing(
    database: &Database,
    token: &TokenReference,
    now: DateTime<Utc>,
) -> Result<Standing, Fault> {
    let (authorization, client) = (token.authorization.as_uuid(), token.client.as_str());
    let (digest, now) = (bytes(&token.token), micros(now));
    let found = if database.speaks_postgres() {
        let keys = [authorization.into(), client.into(), digest.into(), now.into()];
        let found = database.together.ask(Matter::UserStanding, keys).await?;
        found.map(|found| parse_json(&found, "an authorization")).transpose()?
    } else {
        standing_of_user(authorization.into(), client.into(), digest.into(), now.into())
            .column(Column::Detail)
            .column(client::Column::Registration)
            .columns(user::Column::iter())
            .into_model::<GrantedRow>()
            .one(&database.reader)
            .await?
    };
    let Some(row) = found else {
        return Ok(Standing::Revoked);
    };
    let detail = row.detail.ok_or(Fault::Corrupt("an authorization"))?;
    Ok(Standing::User(Box::new(Grantee {
        authorization: parse_json(&detail, "an authorization")?,
        user: users::from_row(row.user)?,
        client: database.read_clients.read(client, &row.registration)?,
    })))
}

async fn client_standing(database: &Database, token: &TokenReference) -> Result<Standing, Fault> {
    let (client, digest, issued_at) = (token.client.as_str(), bytes(&token.token), micros(token.issued_at));
    let stands = if database.speaks_postgres() {
        let keys = [client.into(), digest.into(), issued_at.into()];
        database.together.ask(Matter::ClientStanding, keys).await?.is_some()
    } else {
        let found = standing_of_client(client.into(), digest.into(), issued_at.into());
        found.one(&database.reader).await?.is_some()
    };
    Ok(if stands { Standing::Client } else { Standing::Revoked })
}

pub(crate) fn user_question() -> Form {
    let standing = standing_of_user(asked("id"), asked("client_id"), asked("token"), asked("now"));
    let found = "json_build_object('detail', authorizations.detail, 'registration', clients.registration, \
        'user', row_to_json(users))::text";
    Form {
        keys: &[
            ("id", KeyType::Uuid),
            ("client_id", KeyType::Text),
            ("token", KeyType::Bytes),
            ("now", KeyType::Micros),
        ],
        text: Text::look(standing.expr_as(Expr::cust(found), "found")),
    }
}

pub(crate) fn client_question() -> Form {
    let standing = standing_of_client(asked("client_id"), asked("token"), asked("issued_at"));
    Form {
        keys: &[("client_id", KeyType::Text), ("token", KeyType::Bytes), ("issued_at", KeyType::Micros)],
        text: Text::look(standing.select_only().expr_as(Expr::val(""), "found")),
    }
}

/// The authorization of a user's token, if all that the token depends on stands.
fn standing_of_user(id: Expr, client: Expr, token: Expr, now: Expr) -> Select<Entity> {
    with_parties(Entity::find().filter(same(Column::Id, id)))
        .select_only()
        .filter(same(Column::ClientId, client))
        .filter(stands(now))
        .filter(Expr::not_exists(revocation(token)))
}

/// The client of a token of its own, if it may still be used.
fn standing_of_client(id: Expr, token: Expr, issued_at: Expr) -> Select<client::Entity> {
    // Whoever had this id until now took their tokens with them.
    let deleted_at = Expr::col((deleted_client::Entity, deleted_client::Column::DeletedAt));
    let deletion = deleted_client::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(same(deleted_client::Column::Id, id.clone()))
        .filter(deleted_at.gte(issued_at))
        .into_query();
    client::Entity::find()
        .filter(same(client::Column::Id, id))
        .filter(client::Column::DisabledAt.is_null())
        .filter(Expr::not_exists(deletion))
        .filter(Expr::not_exists(revocation(token)))
}

/// Selects something if this one token is revoked (RFC 7009).
fn revocation(token: Expr) -> SelectStatement {
    revoked_token::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(same(revoked_token::Column::Digest, token))
        .into_query()
}
