//! `GET /docs`: for developers of applications.

use axum::extract::State;
use axum::response::Response;

use crate::app::Shared;
use crate::language::Language;
use crate::page::DocsPage;

/// The page.
pub(crate) async fn get(State(app): State<Shared>) -> Response {
    let page = DocsPage {
        base: app.base.clone(),
        language: Language::english(),
        issuer: app.use_cases.settings.issuer.to_string(),
        grant_types: app.use_cases.token.grants.keys().map(|grant| grant.as_str()).collect(),
    };
    app.page(&page, Language::english(), false)
}
