//! `/login/second-step` and `/login/enrol`: what follows a right password, where a second factor is needed.

use application::Error;
use application::browser::Browser;
use application::login::{
    EnrolmentForm, EnrolmentOutcome, EnrolmentStep, EnrolmentView, NewSession, PasskeyForm, SecondStepForm,
    SecondStepOutcome, SecondStepView,
};
use application::users::factors::Enrolment;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{FactorKind, PasskeyName, Secret};
use http::StatusCode;

use super::guess::Guess;
use super::{after_login, login};
use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::{AppPicture, EnrolledPage, EnrolmentPage, PasskeyRequest, SecondStepPage, device_name};

/// The path of the second step.
pub(crate) const SECOND_STEP: &str = "/login/second-step";
/// The path where a user turns on a second factor in order to sign in.
pub(crate) const ENROL: &str = "/login/enrol";
/// The parameter that names the factor of the page.
const FACTOR: &str = "factor";

/// The page of the second step.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let parameters = match sent {
        Ok(parameters) => parameters,
        Err(error) => return app.error_page(&error, language),
    };
    let interaction = parameters.get("interaction").unwrap_or_default();
    match app.use_cases.login.second_step_page(interaction, &browser).await {
        Ok(Some(view)) => {
            let language = app.language_of(&view.open, request.headers(), language);
            let kind = kind(parameters.get(FACTOR).unwrap_or_default(), &view);
            show(&app, view, kind, None, language)
        }
        Ok(None) => begin_again(&app, interaction),
        Err(error) => app.page_has_ended(&error, interaction, &browser, language).await,
    }
}

/// The form of the second step, and that of the recovery codes of a factor that was just turned on.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let mut others = [FactorKind::Passkey, FactorKind::RecoveryCode].into_iter();
    let named = others.find(|kind| kind.as_str() == sent.field(FACTOR));
    let kind = named.unwrap_or(FactorKind::AuthenticatorApp);
    let proof = if kind == FactorKind::Passkey { "passkey" } else { "code" };
    let form = SecondStepForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        kind,
        code: Secret::from(sent.field(proof)),
        challenge: sent.field("challenge").to_owned(),
    };
    let (browser, language) = (sent.browser, sent.language);
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.login.submit_second_step(&form, &browser, &sent.caller).await
    };
    let guess = match outcome.await {
        Ok(SecondStepOutcome::SignedIn(NewSession { session, device, interaction })) => {
            let interaction = (form.interaction.as_str(), interaction);
            let resumed = after_login::resume(&app, interaction, &session, &browser, language).await;
            return after_login::with_cookies(&app, resumed, &session, &device);
        }
        Ok(SecondStepOutcome::BeginAgain) => return begin_again(&app, &form.interaction),
        Ok(SecondStepOutcome::Wrong) => Guess::Wrong,
        Ok(SecondStepOutcome::Limited(until)) => Guess::Limited(until),
        Err(error) => return app.page_has_ended(&error, &form.interaction, &browser, language).await,
    };
    let wrong = match kind {
        FactorKind::Passkey => "second-step-passkey-wrong",
        FactorKind::AuthenticatorApp => "second-step-app-wrong",
        FactorKind::RecoveryCode => "second-step-recovery-wrong",
    };
    let problem = guess.sentence(&app, language, wrong);
    let mut response = match app.use_cases.login.second_step_page(&form.interaction, &browser).await {
        Ok(Some(view)) => show(&app, view, kind, Some(problem), language),
        Ok(None) => return begin_again(&app, &form.interaction),
        Err(error) => return app.page_has_ended(&error, &form.interaction, &browser, language).await,
    };
    guess.mark(&app, &mut response);
    response
}

/// The page where a user turns on an app.
pub(crate) async fn get_enrolment(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let parameters = match sent {
        Ok(parameters) => parameters,
        Err(error) => return app.error_page(&error, language),
    };
    let interaction = parameters.get("interaction").unwrap_or_default();
    match app.use_cases.login.enrolment_page(interaction, &browser).await {
        Ok(EnrolmentStep::Show(view)) => {
            let language = app.language_of(&view.open, request.headers(), language);
            show_enrolment(&app, *view, None, language)
        }
        Ok(EnrolmentStep::SecondStep(redirect)) => app.redirect_to_page(&redirect, &browser),
        Ok(EnrolmentStep::BeginAgain) => begin_again(&app, interaction),
        Err(error) => app.page_has_ended(&error, interaction, &browser, language).await,
    }
}

/// The form that turns on an app.
pub(crate) async fn post_enrolment(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    if !sent.field("passkey").is_empty() {
        return enrol_passkey(&app, sent).await;
    }
    let form = EnrolmentForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        app: Secret::from(sent.field("app")),
        code: Secret::from(sent.field("code")),
    };
    let (browser, language) = (sent.browser, sent.language);
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.login.submit_enrolment(&form, &browser, &sent.caller).await
    };
    let outcome = outcome.await;
    answer_enrolment(&app, outcome, &form.interaction, &browser, language).await
}

/// The form that adds a passkey.
async fn enrol_passkey(app: &App, sent: PageForm) -> Response {
    let form = PasskeyForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        challenge: sent.field("challenge").to_owned(),
        answer: sent.field("passkey").to_owned(),
    };
    let (browser, language) = (sent.browser, sent.language);
    let name: PasskeyName =
        device_name(sent.caller.user_agent.as_ref(), language).parse().unwrap_or_default();
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.login.submit_passkey_enrolment(&form, &name, &browser, &sent.caller).await
    };
    let outcome = outcome.await;
    answer_enrolment(app, outcome, &form.interaction, &browser, language).await
}

async fn answer_enrolment(
    app: &App,
    outcome: Result<EnrolmentOutcome, Error>,
    interaction: &str,
    browser: &Browser,
    language: Language,
) -> Response {
    match outcome {
        Ok(EnrolmentOutcome::SignedIn(NewSession { session, device, interaction: waiting })) => {
            let resumed = after_login::resume(app, (interaction, waiting), &session, browser, language).await;
            after_login::with_cookies(app, resumed, &session, &device)
        }
        Ok(EnrolmentOutcome::NoPasskey(view)) => {
            let problem = Some(language.text("passkeys-not-made"));
            let mut response = show_enrolment(app, *view, problem, language);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Ok(EnrolmentOutcome::Done(codes, open)) => {
            let page = EnrolledPage {
                base: app.base.clone(),
                language,
                action: app.path(SECOND_STEP),
                interaction: open.token.expose().to_owned(),
                form_token: open.form_token(),
                codes,
            };
            app.page(&page, language, true)
        }
        Ok(EnrolmentOutcome::Wrong(view, minutes)) => {
            let problem = wrong_code(language, minutes);
            let mut response = show_enrolment(app, *view, Some(problem), language);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Ok(EnrolmentOutcome::Other(EnrolmentStep::Show(view))) => {
            let problem = Some(language.text("second-step-expired"));
            show_enrolment(app, *view, problem, language)
        }
        Ok(EnrolmentOutcome::Other(EnrolmentStep::SecondStep(redirect))) => {
            app.redirect_to_page(&redirect, browser)
        }
        Ok(EnrolmentOutcome::Other(EnrolmentStep::BeginAgain)) => begin_again(app, interaction),
        Err(error) => app.page_has_ended(&error, interaction, browser, language).await,
    }
}

/// What is wrong with a code of an app that is to be turned on, in words.
pub(super) fn wrong_code(language: Language, minutes: Option<i64>) -> String {
    match minutes {
        Some(minutes) if minutes > 0 => language.count("app-clock-fast", "minutes", minutes),
        Some(minutes) => language.count("app-clock-slow", "minutes", -minutes),
        None => language.text("app-wrong"),
    }
}

/// The login page of the same interaction, which says that the page has expired.
fn begin_again(app: &App, interaction: &str) -> Response {
    see_other(&format!("{}?interaction={interaction}&{}=true", app.path("/login"), login::OVER))
}

/// The factor that the page is for: the named one, if the user has it.
fn kind(name: &str, view: &SecondStepView) -> FactorKind {
    let named = view.kinds.iter().find(|kind| kind.as_str() == name);
    *named.or_else(|| view.kinds.first()).unwrap_or(&FactorKind::AuthenticatorApp)
}

fn show(
    app: &App,
    view: SecondStepView,
    kind: FactorKind,
    problem: Option<String>,
    language: Language,
) -> Response {
    let interaction = view.open.token.expose();
    let address = app.path(SECOND_STEP);
    let others = view.kinds.iter().filter(|other| **other != kind).map(|other| {
        let (tag, name) = (language.tag(), other.as_str());
        (*other, format!("{address}?interaction={interaction}&{FACTOR}={name}&ui_locales={tag}"))
    });
    let page = SecondStepPage {
        base: app.base.clone(),
        language,
        form_token: view.open.form_token(),
        account: view.account,
        factor: kind,
        others: others.collect(),
        passkey: view.passkey.filter(|_| kind == FactorKind::Passkey).map(PasskeyRequest::from),
        interaction: interaction.to_owned(),
        action: address,
        problem,
        can_cancel: view.can_cancel,
    };
    match page.passkey {
        Some(_) => app.page_with_passkeys(&page, language),
        None => app.page(&page, language, true),
    }
}

fn show_enrolment(app: &App, view: EnrolmentView, problem: Option<String>, language: Language) -> Response {
    let Enrolment { token, key, address } = view.app;
    let page = EnrolmentPage {
        base: app.base.clone(),
        language,
        action: app.path(ENROL),
        interaction: view.open.token.expose().to_owned(),
        form_token: view.open.form_token(),
        account: view.account,
        app: token,
        picture: AppPicture::new(&address),
        key,
        address,
        passkey: view.passkey.map(PasskeyRequest::from),
        problem,
        can_cancel: view.can_cancel,
    };
    match page.passkey {
        Some(_) => app.page_with_passkeys(&page, language),
        None => app.page(&page, language, true),
    }
}
