//! `/login`: user name and password.

use application::login::{LoggedIn, LoginForm, LoginView};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Client, Secret};

use super::guess::Guess;
use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{ClientCard, LoginPage};

/// The page; without an interaction, one that leads to our home page begins.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let interaction = match sent {
        Ok(parameters) => parameters.get("interaction").map(str::to_owned),
        Err(error) => return app.error_page(&error, language),
    };
    let Some(interaction) = interaction else {
        return match app.use_cases.login.begin(&browser).await {
            Ok(open) => {
                let mut response =
                    see_other(&format!("{}?interaction={}", app.path("/login"), open.id.expose()));
                app.cookies.set_binding(response.headers_mut(), &open.binding, &browser);
                response
            }
            Err(error) => app.error_page(&error, language),
        };
    };
    match app.use_cases.login.page(&interaction, &browser).await {
        Ok(view) => {
            let language = app.language(&view.open.ui_locales, request.headers());
            show(&app, view, None, language)
        }
        Err(error) => app.error_page(&error, language),
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
        Err(error) => return app.error_page(&error, language),
    };
    match app.use_cases.login.page(&form.interaction, &browser).await {
        Ok(view) => show(&app, view, Some((form.username, guess)), language),
        Err(error) => app.error_page(&error, language),
    }
}

/// The page, after a guess with the name that was typed.
fn show(app: &App, view: LoginView, guess: Option<(String, Guess)>, language: Language) -> Response {
    let (typed, guess) = guess.unzip();
    let page = LoginPage {
        base: app.base.clone(),
        language,
        action: app.path("/login"),
        interaction: Some(view.open.id.expose().to_owned()),
        form_token: view.open.form_token(),
        username: typed.or(view.username).unwrap_or_default(),
        problem: guess.map(|guess| guess.sentence(app, language, "login-wrong")),
        client: view.client.map(|client| card(&client, None)),
    };
    let mut response = app.page(&page, language, true);
    if let Some(guess) = guess {
        guess.mark(app, &mut response);
    }
    response
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
