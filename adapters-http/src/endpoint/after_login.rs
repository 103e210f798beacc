//! What a browser is answered that has just signed in.

use application::browser::{Browser, OpenInteraction};
use application::resume::Resumed;
use axum::response::Response;
use domain::Secret;
use domain::interaction::Purpose;

use crate::answer::see_other;
use crate::app::App;
use crate::language::Language;

/// Sends a browser with this new session to where it was going.
pub(super) async fn resume(
    app: &App,
    (token, interaction): (&str, Option<Box<(OpenInteraction, Purpose)>>),
    session: &Secret,
    browser: &Browser,
    language: Language,
) -> Response {
    let signed_in = Browser { session: Some(session.clone()), ..browser.clone() };
    match app.use_cases.resume.after_login(token, interaction, &signed_in).await {
        Ok(resumed) => answer(app, resumed, token, browser, language),
        Err(error) => app.page_has_ended(&error, token, &signed_in, language).await,
    }
}

/// The response, with the cookies of a browser that has just signed in.
pub(super) fn with_cookies(app: &App, mut response: Response, session: &Secret, device: &Secret) -> Response {
    let lifetime = app.use_cases.settings.lifetimes.session;
    app.cookies.set_session(response.headers_mut(), session, lifetime);
    app.cookies.set_device(response.headers_mut(), device);
    response
}

/// Sends a browser that has just signed in to where it was going.
fn answer(app: &App, resumed: Resumed, interaction: &str, browser: &Browser, language: Language) -> Response {
    match resumed {
        Resumed::Authorization(reply) => app.reply(&reply, browser, language),
        Resumed::Device(redirect) => app.redirect_to_page(&redirect, browser),
        Resumed::Account(page, ui_locales) => see_other(&app.desk_address(&page, &ui_locales)),
        Resumed::Ended => see_other(&format!("{}?interaction={interaction}", app.path("/login"))),
    }
}
