//! `/admin/api/users/{id}/consents`: what a user allows to clients, with or without a remembered consent.

use std::collections::BTreeSet;

use application::users::{ClientAccess, LiveGrants};
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::{Author, ClientId, ResourceIdentifier, Scope, UserId};
use http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use super::list::items;
use super::users::{PathId, named, user_id};
use crate::answer::{entity_tag_of, shown, tagged_json};
use crate::app::Shared;
use crate::error::Problem;
use crate::extract::conditions::Conditions;
use crate::extract::page::Page;

/// What a user allows to one client.
#[derive(Serialize)]
struct Document<'a> {
    client_id: &'a ClientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<&'a str>,
    /// Whether a consent is remembered, so that the client need not ask for it again.
    remembered: bool,
    scope: Scope,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    resources: BTreeSet<&'a ResourceIdentifier>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    claims: BTreeSet<&'a str>,
    /// When the user last consented, if a consent is remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_at: Option<DateTime<Utc>>,
    live: Live,
}

/// The grants that are valid now.
#[derive(Serialize, Default)]
struct Live {
    grants: u64,
    /// How many of them survive the end of their session, and how many end with it.
    offline: u64,
    until_session_ends: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<DateTime<Utc>>,
    /// When a refresh token was last used. The use of an access token is not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_refreshed_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
}

type PathIds = Result<Path<(String, String)>, PathRejection>;

/// Lists the clients to which a user allows something.
pub(crate) async fn list(State(app): State<Shared>, id: PathId, uri: Uri) -> Response {
    let listed = async {
        let (id, page) = (named(id)?, Page::read(&uri)?);
        let after = page.after::<ClientId>()?;
        let mut found = app.use_cases.users.list_consents(id, after.as_ref(), page.wanted()).await?;
        let next = page.cut(&mut found, |access| access.client.to_string());
        Ok(items(found.iter().map(document).collect(), next))
    };
    app.administered(listed.await)
}

/// Shows what a user allows to one client.
pub(crate) async fn show(State(app): State<Shared>, ids: PathIds, headers: HeaderMap) -> Response {
    let answer = async {
        let (user, client) = both(ids)?;
        let access = app.use_cases.users.find_consent(user, &client).await?;
        let document = document(&access);
        Ok(shown(&entity_tag_of(&document), &headers, || tagged_json(&document)))
    };
    app.administered(answer.await)
}

/// Withdraws a user's consent to a client and revokes the user's grants to it. The client must ask for consent again.
pub(crate) async fn withdraw(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    ids: PathIds,
    headers: HeaderMap,
) -> Response {
    let withdrawn = async {
        let ((user, client), conditions) = (both(ids)?, Conditions::read(&headers));
        if !conditions.are_none() {
            let access = app.use_cases.users.find_consent(user, &client).await?;
            Problem::unless(&conditions, || entity_tag_of(&document(&access)))?;
        }
        app.use_cases.users.withdraw_consent(user, &client, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(withdrawn.await)
}

fn both(ids: PathIds) -> Result<(UserId, ClientId), Problem> {
    let ids = ids.ok().map(|Path(ids)| ids);
    let user = user_id(ids.as_ref().map(|(user, _)| user.as_str()))?;
    let client = ids.and_then(|(_, client)| client.parse::<ClientId>().ok());
    Ok((user, client.ok_or(Problem::unknown("the user has granted nothing to this client"))?))
}

fn document(access: &ClientAccess) -> Document<'_> {
    Document {
        client_id: &access.client,
        client_name: access.registered.as_ref().and_then(|client| client.name.as_deref()),
        remembered: access.consent.is_some(),
        scope: access.scope(),
        resources: access.resources(),
        claims: access.claims(),
        granted_at: access.consent.as_ref().map(|consent| consent.granted_at),
        live: access.live.as_ref().map(live).unwrap_or_default(),
    }
}

const fn live(live: &LiveGrants) -> Live {
    Live {
        grants: live.count,
        offline: live.offline,
        until_session_ends: live.with_session,
        since: Some(live.since),
        last_refreshed_at: live.refreshed_at,
        expires_at: Some(live.expires_at),
    }
}
