//! `/login`: user name and password.

use application::login::{LoggedIn, LoginForm, LoginView};
use axum::extract::{Request, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::{Client, Secret};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::{address, parameters};
use crate::language::Language;
use crate::page::{ClientCard, LoginPage};
use crate::security;

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
            show(&app, view, None, &Problem::Nothing, language)
        }
        Err(error) => app.error_page(&error, language),
    }
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let address = address::client_address(&request, &app.trusted_proxies);
    let same_origin = security::same_origin(request.headers(), &app.use_cases.settings.issuer);
    let headers = request.headers().clone();
    let sent = parameters::form(request).await;
    let language = app.language(&parameters::ui_locales(&sent), &headers);
    let parameters = match sent {
        Ok(parameters) => parameters,
        Err(unreadable) => return app.unreadable_page(unreadable, language),
    };
    let field = |name| parameters.get(name).unwrap_or_default().to_owned();
    let form = LoginForm {
        interaction: field("interaction"),
        form_token: field("form_token"),
        username: field("username"),
        password: Secret::new(field("password")),
    };
    let outcome = async {
        same_origin?;
        app.use_cases.login.submit(&form, &browser, &address).await
    };
    let problem = match outcome.await {
        Ok(LoggedIn::Done { cookie, reply }) => {
            let mut response = app.reply(&reply, &browser, language);
            let lifetime = app.use_cases.settings.lifetimes.session;
            app.cookies.set_session(response.headers_mut(), &cookie, lifetime);
            return response;
        }
        Ok(LoggedIn::Wrong) => Problem::Wrong,
        Ok(LoggedIn::Limited(until)) => Problem::Limited(until),
        Err(error) => return app.error_page(&error, language),
    };
    match app.use_cases.login.page(&form.interaction, &browser).await {
        Ok(view) => show(&app, view, Some(form.username), &problem, language),
        Err(error) => app.error_page(&error, language),
    }
}

enum Problem {
    Nothing,
    Wrong,
    Limited(DateTime<Utc>),
}

fn show(
    app: &App,
    view: LoginView,
    typed: Option<String>,
    problem: &Problem,
    language: Language,
) -> Response {
    let seconds = |until: DateTime<Utc>| (until - app.use_cases.clock.now()).num_seconds().max(1);
    let sentence = match problem {
        Problem::Nothing => None,
        Problem::Wrong => Some(language.text("login-wrong")),
        Problem::Limited(until) => {
            Some(language.count("too-many-attempts", "minutes", (seconds(*until) + 59) / 60))
        }
    };
    let page = LoginPage {
        base: app.base.clone(),
        language,
        action: app.path("/login"),
        interaction: Some(view.open.id.expose().to_owned()),
        form_token: view.open.form_token(),
        username: typed.or(view.username).unwrap_or_default(),
        problem: sentence,
        client: view.client.map(|client| card(&client, None)),
    };
    let mut response = app.page(&page, language, true);
    match problem {
        Problem::Nothing => {}
        Problem::Wrong => *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Limited(until) => {
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds(*until)));
        }
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
