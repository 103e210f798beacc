//! `/login`: user name and password.

use application::Error;
use application::browser::Browser;
use application::login::{LoggedIn, LoginForm, LoginView};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Client, Secret, UiLocales};

use super::guess::Guess;
use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{ClientCard, LoginPage};

/// Says on a fresh login page that an earlier one is over.
const OVER: &str = "over";

/// The page; without an interaction, one that leads to our home page begins.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let parameters = match sent {
        Ok(parameters) => parameters,
        Err(error) => return app.error_page(&error, language),
    };
    let Some(interaction) = parameters.get("interaction") else {
        return begin(&app, &browser, "", language).await;
    };
    match app.use_cases.login.page(interaction, &browser).await {
        Ok(view) => {
            let asked = view.open.ui_locales != UiLocales::default();
            let language =
                if asked { app.language(&view.open.ui_locales, request.headers()) } else { language };
            let notice = parameters.get(OVER).map(|_| language.text("login-expired"));
            show(&app, view, Said { problem: notice, ..Said::default() }, language)
        }
        Err(error) => app.login_again(&error, &browser, language).await,
    }
}

/// An interaction that leads to our home page, and its page, with `more` in its query.
async fn begin(app: &App, browser: &Browser, more: &str, language: Language) -> Response {
    match app.use_cases.login.begin(browser).await {
        Ok(open) => {
            let mut response =
                see_other(&format!("{}?interaction={}{more}", app.path("/login"), open.id.expose()));
            app.cookies.set_binding(response.headers_mut(), &open.binding, browser);
            response
        }
        Err(error) => app.error_page(&error, language),
    }
}

impl App {
    /// For a page that belongs to an interaction: where nothing is kept of it any more (it was finished, it took too long,
    /// or its store has lost it) a fresh login page, which says so; else the error.
    pub(crate) async fn login_again(&self, error: &Error, browser: &Browser, language: Language) -> Response {
        match error {
            Error::Refused(refusal) if refusal.is_over() => {
                tracing::info!(reason = %refusal.detail, "the interaction has ended; showing a new login page");
                let more = format!("&{OVER}=true&ui_locales={}", language.tag());
                begin(self, browser, &more, language).await
            }
            Error::Refused(_) | Error::Limited(_) | Error::Unavailable(_) => self.error_page(error, language),
        }
    }
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let form = LoginForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        username: sent.field("username").to_owned(),
        password: Secret::from(sent.field("password")),
    };
    let (browser, language) = (sent.browser, sent.language);
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.login.submit(&form, &browser, &sent.address).await
    };
    let guess = match outcome.await {
        Ok(LoggedIn::Done { cookie, reply }) => {
            let mut response = app.reply(&reply, &browser, language);
            let lifetime = app.use_cases.settings.lifetimes.session;
            app.cookies.set_session(response.headers_mut(), &cookie, lifetime);
            return response;
        }
        Ok(LoggedIn::Wrong) => Guess::Wrong,
        Ok(LoggedIn::Limited(until)) => Guess::Limited(until),
        Err(error) => return app.login_again(&error, &browser, language).await,
    };
    let problem = guess.sentence(&app, language, "login-wrong");
    let mut response = match app.use_cases.login.page(&form.interaction, &browser).await {
        Ok(view) => show(&app, view, Said { typed: Some(form.username), problem: Some(problem) }, language),
        Err(error) => return app.login_again(&error, &browser, language).await,
    };
    guess.mark(&app, &mut response);
    response
}

/// What happened before the page.
#[derive(Default)]
struct Said {
    /// The name that was typed.
    typed: Option<String>,
    /// What went wrong.
    problem: Option<String>,
}

fn show(app: &App, view: LoginView, said: Said, language: Language) -> Response {
    let page = LoginPage {
        base: app.base.clone(),
        language,
        action: app.path("/login"),
        interaction: Some(view.open.id.expose().to_owned()),
        form_token: view.open.form_token(),
        username: said.typed.or(view.username).unwrap_or_default(),
        problem: said.problem,
        client: view.client.map(|client| card(&client, None)),
    };
    app.page(&page, language, true)
}

/// How a client is shown.
pub(super) fn card(client: &Client, host: Option<String>) -> ClientCard {
    ClientCard {
        name: client.display_name().to_owned(),
        host,
        logo_uri: client.logo_uri.clone(),
        policy_uri: client.policy_uri.clone(),
        tos_uri: client.tos_uri.clone(),
    }
}
