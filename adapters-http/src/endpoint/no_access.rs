//! The page for a user who has no access to an application. It replaces the consent page.

use application::authorize::NoAccessView;
use axum::response::Response;
use http::StatusCode;

use super::login_page::card;
use crate::app::App;
use crate::language::Language;
use crate::page::NoAccessPage;

/// The page. Its form goes to `action`, and can only refuse the request.
pub(super) fn no_access(
    app: &App,
    view: NoAccessView,
    (action, is_device): (String, bool),
    language: Language,
) -> Response {
    let page = NoAccessPage {
        base: app.base.clone(),
        language,
        action,
        interaction: view.open.token.expose().to_owned(),
        form_token: view.form_token,
        client: card(app, &view.client, view.host, language),
        account: view.account,
        switch: app.address_to_switch(&view.open),
        is_device,
    };
    let mut response = app.page(&page, language, true);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}
