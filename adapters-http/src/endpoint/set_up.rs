//! `/setup`: the first administrator, by the one-time link that the first start prints.

use application::browser::{form_token, no_cookies};
use application::error::Advice;
use application::refusals::{FailedGuess, GuessedSecret};
use application::users::set_up::{SetUpOutcome, SetUpProblem};
use application::{Error, Refusal};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Caller, Secret};
use http::StatusCode;

use crate::app::{App, Shared};
use crate::endpoint::weak_password::weak_password;
use crate::extract::page_form::PageForm;
use crate::extract::{address, parameters};
use crate::language::Language;
use crate::page::{SetupDonePage, SetupOverPage, SetupPage};

/// The page.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let caller = address::caller(&request, &app.trusted_proxies);
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let has_token = sent.as_ref().is_ok_and(|sent| sent.get("token").is_some());
    let token = async {
        let parameters = sent?;
        let token = Secret::from(parameters.get("token").unwrap_or_default());
        Ok::<_, Error>(app.use_cases.set_up.open(&token).await?.then_some(token))
    };
    let token = match token.await {
        Ok(Some(token)) => token,
        Ok(None) => return already_set_up(&app, language),
        Err(error) => return refused(&app, &error, has_token.then_some(&caller), language),
    };
    let binding =
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(app.use_cases.entropy.bytes()));
    let mut response = show(&app, &binding, &token, Entered::default(), language);
    app.cookies.set_binding(response.headers_mut(), &binding, &browser);
    response
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let (browser, language) = (&sent.browser, sent.language);
    let field = |name| sent.field(name);
    let (token, username, password) = (Secret::from(field("token")), field("username"), field("password"));
    let outcome = async {
        sent.from_our_page.clone()?;
        let binding =
            browser.binding.clone().filter(|_| browser.has_form_token(token.expose(), field("form_token")));
        let binding = match binding {
            Some(binding) => binding,
            None if browser.binding.is_none() => return Err(no_cookies()),
            None => {
                let expired = Refusal::invalid_request("this page has expired; open the set-up link again");
                return Err(expired.advising(Advice::OpenLinkAgain).into());
            }
        };
        if password != field("password_again") {
            return Ok((binding, Posted::Problem(language.text("setup-passwords-differ"))));
        }
        let password = Secret::from(password);
        let created = app.use_cases.set_up.create(&token, username, &password, &sent.caller.address).await?;
        Ok::<_, Error>((binding, Posted::new(created, language)))
    };
    match outcome.await {
        Ok((_, Posted::Done)) => {
            let username = username.trim().to_owned();
            app.page(&SetupDonePage { base: app.base.clone(), language, username }, language, false)
        }
        Ok((_, Posted::AlreadySetUp)) => already_set_up(&app, language),
        Ok((binding, Posted::Problem(problem))) => {
            let entered = Entered { username: username.to_owned(), problem: Some(problem) };
            let mut response = show(&app, &binding, &token, entered, language);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            let wrong = Refusal::invalid_request("the set-up form has a value that cannot be taken");
            app.refused_on_page(&wrong.into(), &mut response);
            response
        }
        Err(error) => refused(&app, &error, Some(&sent.caller), language),
    }
}

/// The error page; the address of a caller who has sent a token of no link is logged.
fn refused(app: &App, error: &Error, caller: Option<&Caller>, language: Language) -> Response {
    let is_guess = matches!(error, Error::Refused(refusal) if refusal.advice == Some(Advice::RestartServer));
    match caller.filter(|_| is_guess) {
        Some(Caller { address, .. }) => {
            let guess = FailedGuess { secret: GuessedSecret::SetUpLink, address, client: None, user: None };
            app.guess_page(&guess, error, language)
        }
        None => app.error_page(error, language),
    }
}

/// What became of the form.
enum Posted {
    Done,
    AlreadySetUp,
    /// The sentence that says what to change.
    Problem(String),
}

impl Posted {
    fn new(outcome: SetUpOutcome, language: Language) -> Self {
        match outcome {
            SetUpOutcome::Done => Self::Done,
            SetUpOutcome::AlreadySetUp => Self::AlreadySetUp,
            SetUpOutcome::Problem(problem) => Self::Problem(match problem {
                SetUpProblem::InvalidUsername => language.text("setup-username-invalid"),
                SetUpProblem::UsernameTaken => language.text("setup-username-taken"),
                SetUpProblem::Password(problem) => weak_password(problem, language),
            }),
        }
    }
}

/// The page of a link that was used: the way on is to sign in.
fn already_set_up(app: &App, language: Language) -> Response {
    let mut response = app.page(&SetupOverPage { base: app.base.clone(), language }, language, false);
    *response.status_mut() = StatusCode::GONE;
    response
}

/// The typed values and the error.
#[derive(Default)]
struct Entered {
    username: String,
    problem: Option<String>,
}

fn show(app: &App, binding: &Secret, token: &Secret, entered: Entered, language: Language) -> Response {
    let page = SetupPage {
        base: app.base.clone(),
        language,
        action: app.path("/setup"),
        form_token: form_token(binding, token.expose()),
        token: token.expose().to_owned(),
        username: entered.username,
        problem: entered.problem,
    };
    app.page(&page, language, true)
}
