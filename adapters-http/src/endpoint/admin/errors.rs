//! `GET /admin/api/errors/{reference}` and `/admin/api/clients/{id}/errors`: why requests were refused.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Uri;

use super::clients::{PathId, named};
use super::list::items;
use crate::answer::private_json;
use crate::app::Shared;
use crate::error::Problem;
use crate::extract::page::Page;

const UNKNOWN: &str = "no refused request has this reference, or its explanation is no longer kept";

/// Explains the refusal with this reference.
pub(crate) async fn show(
    State(app): State<Shared>,
    reference: Result<Path<String>, PathRejection>,
) -> Response {
    let explained = async {
        let reference = reference.ok().and_then(|Path(reference)| reference.parse().ok());
        let reference = reference.ok_or(Problem::unknown(UNKNOWN))?;
        let explained = app.use_cases.explanations.explain(&reference).await?;
        Ok(private_json(&explained.ok_or(Problem::unknown(UNKNOWN))?))
    };
    app.administered(explained.await)
}

/// Lists the refusals of requests that named this client, the latest first.
pub(crate) async fn list_of_client(State(app): State<Shared>, id: PathId, uri: Uri) -> Response {
    let listed = async {
        let (client, page) = (named(id)?, Page::read(&uri)?);
        let before = page.after()?;
        let mut found = app.use_cases.explanations.of_client(&client, before, page.wanted()).await?;
        let next = page.cut(&mut found, |(id, _)| id.to_string());
        Ok(items(found.into_iter().map(|(_, explained)| explained).collect(), next))
    };
    app.administered(listed.await)
}
