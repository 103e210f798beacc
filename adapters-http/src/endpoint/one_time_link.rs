//! `/invite`, `/reset` and `/verify`: the pages of one-time links. GET does not redeem the link, because
//! mail scanners open links too. Only the form of the page redeems it.

use application::browser::{form_token, no_cookies};
use application::error::Advice;
use application::users::links::Redeemed;
use application::{Error, Refusal};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::MethodRouter;
use domain::{LinkKind, LinkPurpose, Secret, User};
use http::StatusCode;

use super::weak_password::weak_password;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{ConfirmEmailPage, LinkDonePage, LinkOverPage, NewPasswordPage};

/// The pages of all kinds of links.
pub(crate) fn routes(pages: impl Fn() -> MethodRouter<Shared>) -> Router<Shared> {
    LinkKind::ALL.into_iter().fold(Router::new(), |router, kind| {
        let page = pages()
            .get(move |app: State<Shared>, request: Request| get(kind, app, request))
            .post(move |app: State<Shared>, request: Request| post(kind, app, request));
        router.route(kind.path(), page)
    })
}

async fn get(kind: LinkKind, State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let opened = async {
        let token = Secret::from(sent?.get("token").unwrap_or_default());
        let opened = app.use_cases.links.open(kind, &token).await?;
        Ok::<_, Error>(opened.map(|(purpose, user)| (token, purpose, user)))
    };
    let (token, purpose, user) = match opened.await {
        Ok(Some(opened)) => opened,
        Ok(None) => return over(&app, kind, language),
        Err(error) => return app.error_page(&error, language),
    };
    let binding =
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(app.use_cases.entropy.bytes()));
    let form = Form { kind, form_token: form_token(&binding, token.expose()), token };
    let mut response = match purpose {
        LinkPurpose::Invitation | LinkPurpose::PasswordReset => {
            show_password(&app, form, &user, None, language)
        }
        LinkPurpose::EmailChange(email) => show_email(&app, form, &user, email, language),
    };
    app.cookies.set_binding(response.headers_mut(), &binding, &browser);
    response
}

async fn post(kind: LinkKind, State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let language = sent.language;
    match redeem(&app, kind, &sent).await {
        Ok(Posted::Done(user)) => {
            // A new password ends the sessions of the user.
            app.use_cases.backchannel_logout.signal.send();
            done(&app, kind, &user, language)
        }
        Ok(Posted::Problem(form, user, problem)) => {
            let mut response = show_password(&app, form, &user, Some(problem), language);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            let wrong =
                Refusal::invalid_request("the form of a one-time link has a password that cannot be taken");
            app.refused_on_page(&wrong.into(), &mut response);
            response
        }
        Ok(Posted::Over) => over(&app, kind, language),
        Err(error) => app.error_page(&error, language),
    }
}

/// What became of a form.
enum Posted {
    Done(Box<User>),
    /// The form again, with the sentence that says what to change.
    Problem(Form, Box<User>, String),
    Over,
}

async fn redeem(app: &App, kind: LinkKind, sent: &PageForm) -> Result<Posted, Error> {
    sent.from_our_page.clone()?;
    let token = Secret::from(sent.field("token"));
    match &sent.browser.binding {
        None => return Err(no_cookies()),
        Some(_) if sent.browser.has_form_token(token.expose(), sent.field("form_token")) => {}
        Some(_) => {
            let expired = Refusal::invalid_request("this page has expired; open the link again");
            return Err(expired.advising(Advice::OpenLinkAgain).into());
        }
    }
    let links = &app.use_cases.links;
    if kind == LinkKind::EmailChange {
        return Ok(match links.change_email(&token, &sent.caller.address).await? {
            Redeemed::Done(user) => Posted::Done(user),
            // An address is never a weak password.
            Redeemed::Weak(..) | Redeemed::Ended => Posted::Over,
        });
    }
    let form = Form { kind, token: token.clone(), form_token: sent.field("form_token").to_owned() };
    let password = sent.field("password");
    if password != sent.field("password_again") {
        let opened = links.open(kind, &token).await?;
        return Ok(opened.map_or(Posted::Over, |(_, user)| {
            Posted::Problem(form, Box::new(user), sent.language.text("setup-passwords-differ"))
        }));
    }
    Ok(match links.set_password(kind, &token, &Secret::from(password), &sent.caller.address).await? {
        Redeemed::Done(user) => Posted::Done(user),
        Redeemed::Weak(user, weak) => Posted::Problem(form, user, weak_password(weak, sent.language)),
        Redeemed::Ended => Posted::Over,
    })
}

/// The hidden fields of a form.
struct Form {
    kind: LinkKind,
    token: Secret,
    form_token: String,
}

fn show_password(
    app: &App,
    form: Form,
    user: &User,
    problem: Option<String>,
    language: Language,
) -> Response {
    let page = NewPasswordPage {
        base: app.base.clone(),
        language,
        is_invitation: form.kind == LinkKind::Invitation,
        action: app.path(form.kind.path()),
        form_token: form.form_token,
        token: form.token.expose().to_owned(),
        username: user.username.as_str().to_owned(),
        server: app.use_cases.settings.issuer.host(),
        problem,
    };
    app.page(&page, language, true)
}

fn show_email(app: &App, form: Form, user: &User, email: String, language: Language) -> Response {
    let page = ConfirmEmailPage {
        base: app.base.clone(),
        language,
        action: app.path(form.kind.path()),
        form_token: form.form_token,
        token: form.token.expose().to_owned(),
        username: user.username.as_str().to_owned(),
        email,
        server: app.use_cases.settings.issuer.host(),
    };
    app.page(&page, language, true)
}

fn done(app: &App, kind: LinkKind, user: &User, language: Language) -> Response {
    let page =
        LinkDonePage { base: app.base.clone(), language, kind, username: user.username.as_str().to_owned() };
    app.page(&page, language, false)
}

/// The page for a link that is invalid, used or expired.
fn over(app: &App, kind: LinkKind, language: Language) -> Response {
    let page = LinkOverPage { base: app.base.clone(), language, kind };
    let mut response = app.page(&page, language, false);
    *response.status_mut() = StatusCode::GONE;
    response
}
