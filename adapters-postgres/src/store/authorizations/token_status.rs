//! Whether an access token is still valid.

use std::collections::BTreeSet;

use application::port::{Grantee, TokenReference, TokenStatus};
use chrono::{DateTime, Utc};
use domain::{AuthorizationId, Incarnation};
use sea_orm::prelude::Uuid;

use crate::Database;
use crate::column::{bytes, incarnations, micros, parse_json};
use crate::entity::user;
use crate::fault::Fault;
use crate::sql::{Exists, LookUp, request, row};
use crate::store::users;

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
        incarnation: Uuid,
        resources: Option<String>,
        token: Vec<u8>,
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

static USER_TOKEN_STATUS: LookUp<UserTokenKey, Granted> =
    LookUp::new(include_str!("../../sql/authorizations/user_token_status.sql"));
static CLIENT_TOKEN_STATUS: LookUp<ClientTokenKey, Exists> =
    LookUp::new(include_str!("../../sql/authorizations/client_token_status.sql"));

pub(super) async fn user_token_status(
    database: &Database,
    token: &TokenReference,
    id: AuthorizationId,
    now: DateTime<Utc>,
) -> Result<TokenStatus, Fault> {
    let key = UserTokenKey {
        id: id.as_uuid(),
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

pub(super) async fn client_token_status(
    database: &Database,
    token: &TokenReference,
    (client, resources): (Incarnation, &BTreeSet<Incarnation>),
) -> Result<TokenStatus, Fault> {
    let key = ClientTokenKey {
        client_id: token.client.to_string(),
        incarnation: client.as_uuid(),
        resources: incarnations(resources),
        token: bytes(&token.token),
    };
    let valid = database.look_up(&CLIENT_TOKEN_STATUS, key).await?;
    Ok(valid.map_or(TokenStatus::Revoked, |Exists| TokenStatus::Client))
}
