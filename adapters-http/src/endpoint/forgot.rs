//! `/forgot`: a person who forgot the password asks for a link. The answer is the same for every address.

use std::sync::Arc;

use application::browser::form_token;
use application::error::Limited;
use application::users::mail::{Asked, ForgottenPasswords};
use application::{Error, Refusal};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Secret, UiLocales};
use http::{HeaderMap, StatusCode};

use super::guess::Guess;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{ForgotPage, ForgotSentPage};

/// What the token of the form belongs to.
const FORM: &str = "forgot";

/// The page.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    if app.use_cases.forgotten.is_none() {
        return nothing_here(&app, request.headers());
    }
    let binding =
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(app.use_cases.entropy.bytes()));
    let mut response = show(&app, form_token(&binding, FORM), String::new(), None, language);
    app.cookies.set_binding(response.headers_mut(), &binding, &browser);
    response
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let Some(forgotten) = app.use_cases.forgotten.clone() else {
        return nothing_here(&app, request.headers());
    };
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let language = sent.language;
    let until = match ask(&forgotten, &sent).await {
        Ok(Asked::Done) => {
            return app.page(&ForgotSentPage { base: app.base.clone(), language }, language, false);
        }
        Ok(Asked::Limited(until)) => until,
        Err(error) => return app.error_page(&error, language),
    };
    let guess = Guess::Limited(until);
    let problem = guess.sentence(&app, language, "too-many-attempts");
    let (name, form_token) = (sent.field("username").to_owned(), sent.field("form_token").to_owned());
    let mut response = show(&app, form_token, name, Some(problem), language);
    guess.mark(&app, &mut response);
    let detail = format!("links for forgotten passwords, the last from {}", sent.caller.network);
    let too_many = Limited { until, detail, is_shared: false, is_guessing: false };
    app.refused_on_page(&too_many.into(), &mut response);
    response
}

async fn ask(forgotten: &Arc<ForgottenPasswords>, sent: &PageForm) -> Result<Asked, Error> {
    sent.from_our_page.clone()?;
    sent.browser.require_form_token(FORM, sent.field("form_token"))?;
    let languages = vec![sent.language.tag().to_owned()];
    forgotten.ask(sent.field("username"), languages, &sent.caller.network).await
}

/// Without mail there is no such page.
fn nothing_here(app: &App, headers: &HeaderMap) -> Response {
    let nothing = Refusal::invalid_request("mail is not set up, so no link can be sent");
    let mut response = app.error_page(&nothing.into(), app.language(&UiLocales::default(), headers));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn show(
    app: &App,
    form_token: String,
    username: String,
    problem: Option<String>,
    language: Language,
) -> Response {
    let page = ForgotPage {
        base: app.base.clone(),
        language,
        action: app.path("/forgot"),
        form_token,
        username,
        problem,
    };
    app.page(&page, language, true)
}
