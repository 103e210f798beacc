//! What an access token is still worth.

use application::port::{Grantee, Standing, TokenReference};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QuerySelect, QueryTrait, Select,
};
use serde::Deserialize;

use crate::column::{agrees, bytes, micros, parse_json, same};
use crate::entity::authorization::{Column, Entity};
use crate::entity::{client, deleted_client, revoked_token, user};
use crate::fault::Fault;
use crate::standing::{stands, with_parties};
use crate::together::{Form, KeyType, Matter, Text, asked};
use crate::{Database, users};

/// A grant that stands: all three that it is between.
#[derive(FromQueryResult, Deserialize)]
struct GrantedRow {
    detail: Option<String>,
    registration: String,
    #[sea_orm(nested)]
    user: user::Model,
}

pub(crate) async fn of_user(
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

pub(crate) async fn of_client(database: &Database, token: &TokenReference) -> Result<Standing, Fault> {
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
        .filter(agrees(Column::ClientId, client))
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
