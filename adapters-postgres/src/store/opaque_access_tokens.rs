//! Access tokens that are kept rather than signed.

use application::port::{
    AccessTokenClaims, Grantee, JudgedToken, OpaqueAccessTokens, TokenOrigin, TokenReference, TokenStatus,
    Unavailable,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use sea_orm::{DbErr, EntityTrait, FromQueryResult, QueryResult, Set};

use crate::Database;
use crate::column::{bytes, incarnations, json, micros, parse_json};
use crate::entity::opaque_access_token::{ActiveModel, Entity};
use crate::entity::user;
use crate::fault::Fault;
use crate::sql::{LookUp, Row, Table, columns, request};
use crate::store::users;

request! {
    /// An opaque access token to find.
    TokenKey {
        digest: Vec<u8>,
        now: i64,
    }
}

static FIND: LookUp<TokenKey, FoundToken> = LookUp::new(include_str!("../sql/opaque_access_tokens/find.sql"));

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
        self.retried(|| async {
            let (origin, resources, user_present) = match &reference.origin {
                TokenOrigin::User(authorization) => (authorization.as_uuid(), None, true),
                TokenOrigin::Client { client, resources } => {
                    (client.as_uuid(), incarnations(resources), false)
                }
            };
            let row = ActiveModel {
                digest: Set(bytes(&digest)),
                token: Set(bytes(&reference.token)),
                origin: Set(origin),
                client_id: Set(reference.client.to_string()),
                resources: Set(resources),
                user_present: Set(user_present),
                detail: Set(json(claims)?),
                expires_at: Set(micros(expires_at)),
            };
            Entity::insert(row).exec_without_returning(&self.writer).await?;
            Ok(())
        })
        .await
    }

    #[tracing::instrument(name = "opaque_access_tokens.find", skip_all)]
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Unavailable> {
        self.retried(|| find(self, digest, now)).await
    }
}

/// What one look-up gives: the token, whether it is valid, and the grant, if it is a user's token.
struct FoundToken {
    client_id: String,
    detail: String,
    is_valid: bool,
    granted: Option<String>,
    registration: Option<String>,
    user: Option<user::Model>,
}

impl FromQueryResult for FoundToken {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let granted = row.try_get(prefix, "granted")?;
        let user = match &granted {
            Some(String { .. }) => Some(user::Model::from_query_result(row, &format!("{prefix}users_"))?),
            None => None,
        };
        Ok(Self {
            client_id: row.try_get(prefix, "client_id")?,
            detail: row.try_get(prefix, "detail")?,
            is_valid: row.try_get(prefix, "is_valid")?,
            registration: row.try_get(prefix, "registration")?,
            granted,
            user,
        })
    }
}

impl Row for FoundToken {
    const COLUMNS: &'static [&'static str] = &["client_id", "detail", "is_valid", "granted", "registration"];
    const TABLES: &'static [Table] = &[Table { name: "users", columns: columns::<user::Entity> }];
}

async fn find(database: &Database, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Fault> {
    let key = TokenKey { digest: bytes(&digest), now: micros(now) };
    let Some(token) = database.look_up(&FIND, key).await? else {
        return Ok(None);
    };
    let claims = parse_json(&token.detail, "an access token")?;
    Ok(Some(JudgedToken { claims, status: status(database, token)? }))
}

fn status(database: &Database, token: FoundToken) -> Result<TokenStatus, Fault> {
    if !token.is_valid {
        return Ok(TokenStatus::Revoked);
    }
    match (token.granted, token.user) {
        (Some(granted), Some(user)) => {
            let registration = token.registration.ok_or(Fault::Corrupt("an authorization"))?;
            Ok(TokenStatus::User(Box::new(Grantee {
                authorization: parse_json(&granted, "an authorization")?,
                user: users::from_row(user)?,
                client: database.parsed_clients.parse(&token.client_id, &registration)?,
            })))
        }
        (None, None) => Ok(TokenStatus::Client),
        (Some(_), None) | (None, Some(_)) => Err(Fault::Corrupt("an authorization")),
    }
}
