//! `/admin/api/users/{id}/factors`: the second factors of a user, for example after the loss of a phone.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::Author;
use http::StatusCode;

use super::users::{PathId, named};
use crate::app::Shared;

/// Which factors the user has.
pub(crate) async fn show(State(app): State<Shared>, id: PathId) -> Response {
    let shown = async {
        let user = app.use_cases.users.find(named(id)?).await?;
        Ok(Json(app.use_cases.factors.show(user.id).await?).into_response())
    };
    app.administered(shown.await)
}

/// Removes every factor of the user. A user without factors is as the caller wants them.
pub(crate) async fn reset(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    let reset = async {
        let user = app.use_cases.users.find(named(id)?).await?;
        app.use_cases.factors.reset(&user, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(reset.await)
}
