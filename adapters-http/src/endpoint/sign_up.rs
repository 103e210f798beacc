//! `/register` and `/register/confirm`: a person makes an account of their own, where the operator lets people. The answer to the form is
//! the same for every address.

use std::sync::Arc;

use application::browser::{form_token, no_cookies};
use application::error::{Advice, Limited};
use application::users::mail::{NewAccount, OpenedDraft, Requested, SignUp, SignUpProblem, SignedUp};
use application::{Error, Refusal};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Secret, SignUpMode, UiLocales};
use http::{HeaderMap, StatusCode};

use super::guess::Guess;
use super::weak_password::weak_password;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{SignUpAnswer, SignUpAnswerPage, SignUpConfirmPage, SignUpPage};

/// What the token of the form belongs to.
const FORM: &str = "register";
/// The page of the link in the mail.
pub(crate) const CONFIRM: &str = "/register/confirm";

/// The form for a new account.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    if app.use_cases.sign_up.is_none() {
        return closed(&app, request.headers());
    }
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let binding =
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(app.use_cases.entropy.bytes()));
    let mut response = show(&app, form_token(&binding, FORM), &Typed::default(), None, language);
    app.cookies.set_binding(response.headers_mut(), &binding, &browser);
    response
}

/// Takes the form for a new account.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let Some(sign_up) = app.use_cases.sign_up.clone() else {
        return closed(&app, request.headers());
    };
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let language = sent.language;
    let (problem, guess, refusal): (_, _, Error) = match ask(&sign_up, &sent).await {
        Ok(Requested::Done) => return answer(&app, SignUpAnswer::Sent, language),
        Ok(Requested::Problem(problem)) => {
            let wrong =
                Refusal::invalid_request("the form for a new account has a value that cannot be taken");
            (sentence(problem, language), Guess::Wrong, wrong.into())
        }
        Ok(Requested::Limited(until)) => {
            let guess = Guess::Limited(until);
            let detail = format!("requests for accounts, the last from {}", sent.caller.network);
            let limited = Limited { until, detail, is_shared: false, is_guessing: false };
            (guess.sentence(&app, language, "too-many-attempts"), guess, limited.into())
        }
        Err(error) => return app.error_page(&error, language),
    };
    let typed = Typed { name: sent.field("name"), email: sent.field("email") };
    let mut response = show(&app, sent.field("form_token").to_owned(), &typed, Some(problem), language);
    guess.mark(&app, &mut response);
    app.refused_on_page(&refusal, &mut response);
    response
}

async fn ask(sign_up: &Arc<SignUp>, sent: &PageForm) -> Result<Requested, Error> {
    sent.from_our_page.clone()?;
    sent.browser.require_form_token(FORM, sent.field("form_token"))?;
    let Some(binding) = &sent.browser.binding else { return Err(no_cookies()) };
    let new = NewAccount {
        name: sent.field("name"),
        email: sent.field("email"),
        password: Secret::from(sent.field("password")),
        languages: vec![sent.language.tag().to_owned()],
        network: &sent.caller.network,
    };
    sign_up.ask(new, binding).await
}

/// The page of the link. It makes no account, because mail scanners open links too.
pub(crate) async fn get_confirmation(State(app): State<Shared>, request: Request) -> Response {
    let Some(sign_up) = app.use_cases.sign_up.clone() else {
        return closed(&app, request.headers());
    };
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let opened = async {
        let token = sent?.get("token").unwrap_or_default().to_owned();
        let opened = sign_up.open(&token, &browser).await?;
        Ok::<_, Error>(opened.map(|opened| (token, opened)))
    };
    let (token, opened) = match opened.await {
        Ok(Some(opened)) => opened,
        Ok(None) => return answer(&app, SignUpAnswer::Over, language),
        Err(error) => return app.error_page(&error, language),
    };
    let binding =
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(app.use_cases.entropy.bytes()));
    let mut response =
        show_confirmation(&app, (&token, form_token(&binding, &token)), opened, None, language);
    app.cookies.set_binding(response.headers_mut(), &binding, &browser);
    response
}

/// Makes the account.
pub(crate) async fn post_confirmation(State(app): State<Shared>, request: Request) -> Response {
    let Some(sign_up) = app.use_cases.sign_up.clone() else {
        return closed(&app, request.headers());
    };
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let language = sent.language;
    let guess = match confirm(&sign_up, &sent).await {
        Ok(SignedUp::Done(user)) => {
            return answer(&app, SignUpAnswer::Done(user.username.as_str().to_owned()), language);
        }
        Ok(SignedUp::Waiting(_)) => return answer(&app, SignUpAnswer::Waiting, language),
        Ok(SignedUp::Over) => return answer(&app, SignUpAnswer::Over, language),
        Ok(SignedUp::WrongPassword) => Guess::Wrong,
        Ok(SignedUp::Limited(until)) => Guess::Limited(until),
        Err(error) => return app.error_page(&error, language),
    };
    let token = sent.field("token");
    match sign_up.open(token, &sent.browser).await {
        Ok(Some(opened)) => {
            let problem = guess.sentence(&app, language, "register-wrong-password");
            let form = (token, sent.field("form_token").to_owned());
            let mut response = show_confirmation(&app, form, opened, Some(problem), language);
            guess.mark(&app, &mut response);
            let wrong = Refusal::invalid_request("the password is not that of the request for an account");
            app.refused_on_page(&wrong.into(), &mut response);
            response
        }
        Ok(None) => answer(&app, SignUpAnswer::Over, language),
        Err(error) => app.error_page(&error, language),
    }
}

async fn confirm(sign_up: &Arc<SignUp>, sent: &PageForm) -> Result<SignedUp, Error> {
    sent.from_our_page.clone()?;
    let token = sent.field("token");
    if sent.browser.binding.is_none() {
        return Err(no_cookies());
    }
    if !sent.browser.has_form_token(token, sent.field("form_token")) {
        let expired = Refusal::invalid_request("this page has expired; open the link again");
        return Err(expired.advising(Advice::OpenLinkAgain).into());
    }
    let password = Secret::from(sent.field("password"));
    sign_up.confirm(token, &sent.browser, &password, &sent.caller.address).await
}

/// Where people make no accounts of their own.
fn closed(app: &App, headers: &HeaderMap) -> Response {
    let language = app.language(&UiLocales::default(), headers);
    if app.use_cases.settings.sign_up.mode == SignUpMode::ByInvitation {
        return answer(app, SignUpAnswer::ByInvitation, language);
    }
    let nothing = Refusal::invalid_request("sign_up is closed: people make no accounts of their own here");
    let mut response = app.error_page(&nothing.into(), language);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn sentence(problem: SignUpProblem, language: Language) -> String {
    match problem {
        SignUpProblem::Name => language.text("profile-name-refused"),
        SignUpProblem::Email => language.text("profile-email-refused"),
        SignUpProblem::Domain => language.text("register-domain"),
        SignUpProblem::Password(weak) => weak_password(weak, language),
    }
}

/// What was typed, but no password.
#[derive(Default)]
struct Typed<'a> {
    name: &'a str,
    email: &'a str,
}

fn show(
    app: &App,
    form_token: String,
    typed: &Typed<'_>,
    problem: Option<String>,
    language: Language,
) -> Response {
    let page = SignUpPage {
        base: app.base.clone(),
        language,
        action: app.path("/register"),
        form_token,
        name: typed.name.to_owned(),
        email: typed.email.to_owned(),
        problem,
    };
    app.page(&page, language, true)
}

fn show_confirmation(
    app: &App,
    (token, form_token): (&str, String),
    opened: OpenedDraft,
    problem: Option<String>,
    language: Language,
) -> Response {
    let page = SignUpConfirmPage {
        base: app.base.clone(),
        language,
        action: app.path(CONFIRM),
        form_token,
        token: token.to_owned(),
        name: opened.draft.name,
        email: opened.draft.email,
        server: app.use_cases.settings.issuer.host(),
        asks_password: !opened.is_same_browser,
        problem,
    };
    app.page(&page, language, true)
}

fn answer(app: &App, answer: SignUpAnswer, language: Language) -> Response {
    let status = if answer == SignUpAnswer::Over { StatusCode::GONE } else { StatusCode::OK };
    let page = SignUpAnswerPage { base: app.base.clone(), language, answer };
    let mut response = app.page(&page, language, false);
    *response.status_mut() = status;
    response
}
