//! `GET /admin/api/events` and `/admin/api/users/{id}/events`: the sign-in history.

use std::collections::BTreeSet;

use application::error::Refusal;
use application::port::SignInFilter;
use application::users::SignInDocument;
use axum::extract::State;
use axum::response::Response;
use domain::{SignInKind, UserId};
use http::Uri;

use super::audit::time;
use super::list::items;
use super::users::{PathId, named};
use crate::app::{App, Shared};
use crate::error::Problem;
use crate::extract::page::Page;
use crate::extract::parameters;

/// Lists the events of all users, the latest first: all, or those of a `kind`, `since` and `until` a time.
pub(crate) async fn list(State(app): State<Shared>, uri: Uri) -> Response {
    app.administered(listed(&app, None, &uri).await)
}

/// Lists the events of a user in the same way.
pub(crate) async fn list_of_user(State(app): State<Shared>, id: PathId, uri: Uri) -> Response {
    let listed = async { listed(&app, Some(named(id)?), &uri).await };
    app.administered(listed.await)
}

async fn listed(app: &App, user: Option<UserId>, uri: &Uri) -> Result<Response, Problem> {
    let page = Page::read(uri)?;
    let parameters = parameters::query(uri)?;
    let filter = SignInFilter {
        user,
        kinds: kinds(parameters.get("kind"))?,
        since: time(&parameters, "since")?,
        until: time(&parameters, "until")?,
    };
    let mut events = app.use_cases.users.list_events(&filter, page.after()?, page.wanted()).await?;
    let next = page.cut(&mut events, |event| event.id.to_string());
    Ok(items(events.iter().map(SignInDocument::from).collect(), next))
}

/// One kind, or several with spaces between them.
fn kinds(text: Option<&str>) -> Result<BTreeSet<SignInKind>, Refusal> {
    let named = text.unwrap_or_default().split_whitespace().map(str::parse);
    named.collect::<Result<_, _>>().map_err(|_| {
        Refusal::invalid_request(
            "kind is one or more of signed_in, wrong_password, disabled, wrong_code, locked_out, password_changed, \
             link_used, unlocked, factor_added, factor_removed, recovery_code_used, signed_in_with_passkey, \
             passkey_refused, passkey_added and passkey_removed, separated by spaces",
        )
    })
}
