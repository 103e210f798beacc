//! `GET|POST /oauth/logout` (OpenID Connect RP-Initiated Logout 1.0 §2).

use application::browser::PostedTo;
use application::logout::end_session::{SignOut, SignedOut};
use application::{Error, Parameters};
use axum::extract::{Request, State};
use axum::response::Response;

use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{LoggedOutPage, LogoutPage};
use crate::security;

/// The parameter that has what [`post`] has sealed.
const POSTED: &str = "posted";

/// A request in the query.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = match parameters::query(request.uri()) {
        Ok(sent) => posted_or_sent(&app, sent),
        Err(error) => Err(error),
    };
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let client = sent.as_ref().ok().and_then(|sent| sent.get("client_id")).map(str::to_owned);
    let outcome = async { app.use_cases.end_session.end_session(&sent?, &browser).await };
    show(&app, outcome.await, client.as_deref(), language)
}

/// The confirmation, or a request that a client's site or a client's own server posted. A browser that comes from a client's
/// site sends none of this server's cookies: the browser repeats the request with GET.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let is_browser = security::is_from_a_browser(request.headers());
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let named = |name| sent.parameters.get(name);
    if let (Some(interaction), Some(token)) = (named("interaction"), named("form_token")) {
        let outcome = async {
            sent.from_our_page?;
            app.use_cases.end_session.confirm(interaction, token, &sent.browser).await
        };
        return show(&app, outcome.await, None, sent.language);
    }
    if !is_browser && named("id_token_hint").is_some() {
        let outcome = app.use_cases.end_session.end_session(&sent.parameters, &sent.browser).await;
        return show(&app, outcome, named("client_id"), sent.language);
    }
    match app.use_cases.end_session.seal_posted(sent.parameters) {
        Ok(sealed) => see_other(&format!("{}?{POSTED}={sealed}", app.path("/oauth/logout"))),
        Err(error) => app.error_page(&error, sent.language),
    }
}

fn posted_or_sent(app: &App, sent: Parameters) -> Result<Parameters, Error> {
    match sent.get(POSTED) {
        Some(sealed) => app.use_cases.posted.open(sealed, PostedTo::Logout),
        None => Ok(sent),
    }
}

fn show(app: &App, outcome: Result<SignOut, Error>, client: Option<&str>, language: Language) -> Response {
    match outcome {
        Ok(SignOut::AskConfirmation(view)) => {
            let page = LogoutPage {
                base: app.base.clone(),
                language,
                action: app.path("/oauth/logout"),
                interaction: Some(view.open.token.expose().to_owned()),
                form_token: view.form_token,
                account: Some(view.account),
                client_name: view.client.map(|client| client.display_name(language.tag()).to_owned()),
                host: view.host,
            };
            app.page(&page, language, true)
        }
        Ok(SignOut::SignedOut(signed_out)) => {
            let mut response = after_sign_out(app, signed_out, language);
            app.cookies.clear_session(response.headers_mut());
            response
        }
        Err(error) => app.error_page_of(&error, client, language),
    }
}

/// Without frames to load, the browser is redirected to the client at once.
fn after_sign_out(app: &App, signed_out: SignedOut, language: Language) -> Response {
    match signed_out {
        SignedOut { continue_to: Some(location), frames, asks_about: None, .. } if frames.is_empty() => {
            see_other(&location)
        }
        SignedOut { has_ended, continue_to, asks_about, client, frames } => {
            let (frontchannel, mut origins): (Vec<_>, Vec<_>) =
                frames.into_iter().map(|frame| (frame.uri, frame.origin)).unzip();
            origins.sort();
            origins.dedup();
            let page = LoggedOutPage {
                base: app.base.clone(),
                language,
                has_ended,
                continue_uri: continue_to,
                asks_about,
                client_name: client.map(|client| client.display_name(language.tag()).to_owned()),
                frontchannel,
            };
            app.page_with_frames(&page, language, &origins)
        }
    }
}
