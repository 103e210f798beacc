//! `/setup`: the first administrator, by the one-time link that the first start prints.

use application::browser::form_token;
use application::set_up::SetUpOutcome;
use application::{Error, Refusal};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::Secret;
use http::StatusCode;

use crate::app::{App, Shared};
use crate::extract::parameters;
use crate::page::{SetupDonePage, SetupPage};
use crate::security;

/// The page.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let token = async {
        let parameters = sent?;
        let token = Secret::from(parameters.get("token").unwrap_or_default());
        app.use_cases.set_up.open(&token).await?;
        Ok::<_, Error>(token)
    };
    let token = match token.await {
        Ok(token) => token,
        Err(error) => return app.error_page(&error),
    };
    let binding =
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(app.use_cases.entropy.bytes()));
    let mut response = show(&app, &binding, &token, String::new(), None);
    app.cookies.set_binding(response.headers_mut(), &binding, &browser);
    response
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let same_origin = security::same_origin(request.headers(), &app.use_cases.settings.issuer);
    let parameters = match parameters::form(request).await {
        Ok(parameters) => parameters,
        Err(unreadable) => return app.unreadable_page(unreadable),
    };
    let field = |name| parameters.get(name).unwrap_or_default();
    let (token, username, password) = (Secret::from(field("token")), field("username"), field("password"));
    let outcome = async {
        same_origin?;
        let binding =
            browser.binding.clone().filter(|_| browser.sent_form(token.expose(), field("form_token")));
        let binding = binding
            .ok_or_else(|| Refusal::invalid_request("this page has expired; open the set-up link again"))?;
        if password != field("password_again") {
            return Ok((binding, SetUpOutcome::Problem("The two passwords differ.")));
        }
        let created = app.use_cases.set_up.create(&token, username, &Secret::from(password)).await?;
        Ok::<_, Error>((binding, created))
    };
    match outcome.await {
        Ok((_, SetUpOutcome::Done)) => {
            app.page(&SetupDonePage { base: app.base.clone(), username: username.trim().to_owned() }, false)
        }
        Ok((binding, SetUpOutcome::Problem(problem))) => {
            let mut response = show(&app, &binding, &token, username.to_owned(), Some(problem));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(error) => app.error_page(&error),
    }
}

fn show(app: &App, binding: &Secret, token: &Secret, username: String, problem: Option<&str>) -> Response {
    let page = SetupPage {
        base: app.base.clone(),
        action: app.path("/setup"),
        form_token: form_token(binding, token.expose()),
        token: token.expose().to_owned(),
        username,
        problem: problem.map(str::to_owned),
    };
    app.page(&page, true)
}
