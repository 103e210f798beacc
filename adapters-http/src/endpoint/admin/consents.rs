//! `/admin/api/users/{id}/consents`: a user's consents.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::{Actor, ClientId, Consent, Scope};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::list::items;
use super::users::{PathId, named, user_id};
use crate::app::Shared;
use crate::error::Problem;
use crate::extract::page::Page;

#[derive(Serialize)]
struct Document<'a> {
    client_id: &'a ClientId,
    scope: &'a Scope,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    claims: &'a BTreeSet<String>,
    granted_at: DateTime<Utc>,
}

/// Lists the consents of a user, ordered by client.
pub(crate) async fn list(State(app): State<Shared>, id: PathId, uri: Uri) -> Response {
    let listed = async {
        let (id, page) = (named(id)?, Page::read(&uri)?);
        let after = page.after::<ClientId>()?;
        let mut consents = app.use_cases.users.list_consents(id, after.as_ref(), page.wanted()).await?;
        let next = page.cut(&mut consents, |consent| consent.client.to_string());
        Ok(items(consents.iter().map(document).collect(), next))
    };
    app.administered(listed.await)
}

/// Withdraws a user's consent to a client and revokes the user's grants to it. The client must ask for consent again.
pub(crate) async fn withdraw(
    State(app): State<Shared>,
    Extension(actor): Extension<Actor>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let withdrawn = async {
        let ids = ids.ok().map(|Path(ids)| ids);
        let user = user_id(ids.as_ref().map(|(user, _)| user.as_str()))?;
        let client = ids.and_then(|(_, client)| client.parse::<ClientId>().ok());
        let client = client.ok_or(Problem::unknown("the user has granted nothing to this client"))?;
        app.use_cases.users.withdraw_consent(user, &client, actor).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(withdrawn.await)
}

fn document(consent: &Consent) -> Document<'_> {
    let Consent { client, scope, claims, granted_at, .. } = consent;
    Document { client_id: client, scope, claims, granted_at: *granted_at }
}
