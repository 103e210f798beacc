//! `/admin/api/users/{id}/invite`, `…/reset-link` and `…/email-link`: one-time links for a user. The answer shows the link once.

use application::error::Refusal;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::{Author, LinkPurpose};
use serde_json::Value;

use super::users::{PathId, named};
use crate::app::{App, Shared};
use crate::error::Problem;
use crate::extract::object;

/// An invitation for a user who has no password.
pub(crate) async fn invite(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    app.administered(issue(&app, id, LinkPurpose::Invitation, author).await)
}

/// A link to set a new password.
pub(crate) async fn reset(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    app.administered(issue(&app, id, LinkPurpose::PasswordReset, author).await)
}

/// A link to confirm another e-mail address.
pub(crate) async fn change_email(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    request: Request,
) -> Response {
    let issued = async {
        let mut members = object::object(request).await?;
        match members.remove("email") {
            Some(Value::String(email)) if !email.is_empty() => {
                issue(&app, id, LinkPurpose::EmailChange(email), author).await
            }
            Some(_) | None => Err(Refusal::invalid_request("email is missing or not a string").into()),
        }
    };
    app.administered(issued.await)
}

async fn issue(app: &App, id: PathId, purpose: LinkPurpose, author: Author) -> Result<Response, Problem> {
    let user = app.use_cases.users.find(named(id)?).await?;
    let link = app.use_cases.links.issue(&user, purpose, author).await?;
    Ok(Json(link).into_response())
}
