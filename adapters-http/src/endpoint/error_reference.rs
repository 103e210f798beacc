//! `GET /errors/{reference}`: where `error_uri` leads.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::UiLocales;
use http::HeaderMap;

use crate::app::Shared;
use crate::page::ErrorReferencePage;

/// Explains error references. The page is the same for every reference and contains nothing private.
pub(crate) async fn get(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Response {
    let language = app.language(&UiLocales::default(), &headers);
    let ours = reference.len() <= 16
        && reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if ours {
        app.page(&ErrorReferencePage { base: app.base.clone(), language, reference }, language, false)
    } else {
        app.not_found("/errors", &headers)
    }
}
