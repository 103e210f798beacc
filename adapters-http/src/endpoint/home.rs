//! `GET /`: the home page, which shows who is signed in.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::UiLocales;

use crate::app::Shared;
use crate::page::HomePage;

/// The home page.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let language = app.language(&UiLocales::default(), request.headers());
    match app.use_cases.sessions.find(&browser, app.use_cases.clock.now()).await {
        Ok(signed_in) => {
            let page = HomePage {
                base: app.base.clone(),
                language,
                issuer: app.use_cases.settings.issuer.to_string(),
                version: signed_in
                    .as_ref()
                    .filter(|signed_in| signed_in.user.administrator)
                    .map(|_| env!("CARGO_PKG_VERSION").to_owned()),
                signed_in_as: signed_in.map(|signed_in| signed_in.user.username.as_str().to_owned()),
            };
            app.page(&page, language, false)
        }
        Err(error) => app.error_page(&error, language),
    }
}
