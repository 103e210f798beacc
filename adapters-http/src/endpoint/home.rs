//! `GET /`: leads to the account, or to the login page.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, UiLocales};

use crate::answer::see_other;
use crate::app::Shared;
use crate::extract::parameters;

/// The redirect.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let ui_locales = parameters::ui_locales(&parameters::query(request.uri()));
    match app.use_cases.account.visitor(&browser).await {
        Ok(Some(_)) => see_other(&app.desk_address(&AccountPage::Applications.into(), &ui_locales)),
        Ok(None) => see_other(&app.path("/login")),
        Err(error) => app.error_page(&error, app.language(&UiLocales::default(), request.headers())),
    }
}
