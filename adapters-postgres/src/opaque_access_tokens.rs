//! Access tokens that are kept rather than signed.

use application::port::{
    AccessTokenClaims, Grantee, JudgedToken, OpaqueAccessTokens, Standing, TokenReference, Unavailable,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter, QuerySelect,
    QueryTrait, RelationDef, Select, Set,
};
use serde::Deserialize;

use crate::column::{bytes, json, micros, parse_json, same};
use crate::entity::opaque_access_token::{ActiveModel, Column, Entity};
use crate::entity::{authorization, client, deleted_client, revoked_token, user};
use crate::fault::Fault;
use crate::standing::{stands, with_parties};
use crate::together::{Form, KeyType, Matter, Text, asked};
use crate::{Database, users};

#[async_trait]
impl OpaqueAccessTokens for Database {
    #[tracing::instrument(name = "opaque_access_tokens.keep", skip_all)]
    async fn keep(
        &self,
        digest: Digest,
        claims: &AccessTokenClaims,
        reference: &TokenReference,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        self.answered(
            async {
                let row = ActiveModel {
                    digest: Set(bytes(&digest)),
                    token: Set(bytes(&reference.token)),
                    authorization_id: Set(reference.authorization.as_uuid()),
                    client_id: Set(reference.client.to_string()),
                    user_present: Set(reference.user_present),
                    detail: Set(json(claims)?),
                    issued_at: Set(micros(reference.issued_at)),
                    expires_at: Set(micros(expires_at)),
                };
                Entity::insert(row).exec_without_returning(&self.writer).await?;
                Ok(())
            }
            .await,
        )
    }

    #[tracing::instrument(name = "opaque_access_tokens.find", skip_all)]
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Unavailable> {
        self.answered(find(self, digest, now).await)
    }
}

/// What one look-up gives: the token, whether it stands, and who granted what, if somebody did.
#[derive(FromQueryResult, Deserialize)]
struct Row {
    detail: String,
    stands: bool,
    granted: Option<String>,
    registration: Option<String>,
    #[sea_orm(nested)]
    user: Option<user::Model>,
}

async fn find(database: &Database, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Fault> {
    let (digest, now) = (bytes(&digest), micros(now));
    let found: Option<Row> = if database.speaks_postgres() {
        let keys = [digest.into(), now.into()];
        let found = database.together.ask(Matter::OpaqueAccessToken, keys).await?;
        found.map(|found| parse_json(&found, "an access token")).transpose()?
    } else {
        with_its_grant(digest.into())
            .column(Column::Detail)
            .column_as(authorization::Column::Detail, "granted")
            .column(client::Column::Registration)
            .expr_as(is_worth_something(now.into()), "stands")
            .columns(user::Column::iter())
            .into_model::<Row>()
            .one(&database.reader)
            .await?
    };
    let Some(row) = found else {
        return Ok(None);
    };
    let granted = row.granted.zip(row.registration);
    let standing = match (row.stands, granted, row.user) {
        (false, _, _) => Standing::Revoked,
        (true, Some((granted, registration)), Some(user)) => Standing::User(Box::new(Grantee {
            authorization: parse_json(&granted, "an authorization")?,
            user: users::from_row(user)?,
            client: parse_json(&registration, "a client")?,
        })),
        (true, None, None) => Standing::Client,
        (true, Some(_), None) | (true, None, Some(_)) => return Err(Fault::Corrupt("an authorization")),
    };
    Ok(Some(JudgedToken { claims: parse_json(&row.detail, "an access token")?, standing }))
}

pub(crate) fn question() -> Form {
    let found = "json_build_object('detail', opaque_access_tokens.detail, 'granted', authorizations.detail, \
        'registration', clients.registration, 'stands', $1, \
        'user', CASE WHEN users.id IS NOT NULL THEN row_to_json(users) END)::text";
    let found = Expr::cust_with_exprs(found, [is_worth_something(asked("now"))]);
    Form {
        keys: &[("digest", KeyType::Bytes), ("now", KeyType::Micros)],
        text: Text::look(with_its_grant(asked("digest")).expr_as(found, "found")),
    }
}

/// The token with a digest, and all that its worth depends on.
fn with_its_grant(digest: Expr) -> Select<Entity> {
    let token = Entity::find().filter(same(Column::Digest, digest));
    with_parties(token.join(JoinType::LeftJoin, its_authorization())).select_only()
}

/// The rule of `Authorizations::standing`, for a token whose reference is in a row.
fn is_worth_something(now: Expr) -> Expr {
    let own = |column| Expr::col((Entity, column));
    let of_a_user = Condition::all()
        .add(Column::UserPresent.eq(true))
        .add(own(Column::ClientId).equals((authorization::Entity, authorization::Column::ClientId)))
        .add(stands(now));
    let of_the_client = Condition::all()
        .add(Column::UserPresent.eq(false))
        .add(Expr::exists(enabled_client()))
        .add(Expr::not_exists(deletion()));
    let worth = Condition::all()
        .add(Condition::any().add(of_a_user).add(of_the_client))
        .add(Expr::not_exists(revocation()));
    Expr::case(worth, true).finally(false).into()
}

fn its_authorization() -> RelationDef {
    Entity::belongs_to(authorization::Entity)
        .from(Column::AuthorizationId)
        .to(authorization::Column::Id)
        .into()
}

fn enabled_client() -> SelectStatement {
    let own = Expr::col((client::Entity, client::Column::Id)).equals((Entity, Column::ClientId));
    let enabled = client::Entity::find().select_only().expr(Expr::val(1)).filter(own);
    enabled.filter(client::Column::DisabledAt.is_null()).into_query()
}

/// Selects something if whoever had the client's id when the token was issued is gone.
fn deletion() -> SelectStatement {
    let deleted = |column| Expr::col((deleted_client::Entity, column));
    deleted_client::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(deleted(deleted_client::Column::Id).equals((Entity, Column::ClientId)))
        .filter(deleted(deleted_client::Column::DeletedAt).gte(Expr::col((Entity, Column::IssuedAt))))
        .into_query()
}

/// Selects something if this one token is revoked (RFC 7009).
fn revocation() -> SelectStatement {
    revoked_token::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(
            Expr::col((revoked_token::Entity, revoked_token::Column::Digest)).equals((Entity, Column::Token)),
        )
        .into_query()
}
