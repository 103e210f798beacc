//! `/oauth/device/verify`: a user enters the code of a device and decides about it (RFC 8628 §3.3).

use application::Error;
use application::browser::Browser;
use application::device::{Answer, ApprovalView, DeviceForm, EntryProblem, EntryView, Verdict, Verification};
use application::metadata::path;
use application::refusals::{FailedGuess, GuessedSecret};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::Caller;
use domain::scope::OFFLINE_ACCESS;

use super::consent::{lifetime, resource_lines, scope_lines};
use super::guess::Guess;
use super::login_page::card;
use super::no_access::no_access;
use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::{address, parameters};
use crate::language::Language;
use crate::page::{DeviceApprovalPage, DeviceCodePage, DeviceDonePage};

/// The page; without an interaction, one begins.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let caller = address::caller(&request, &app.trusted_proxies);
    let sent = parameters::query(request.uri());
    let ui_locales = parameters::ui_locales(&sent);
    let outcome = async {
        let parameters = sent?;
        let verification = &app.use_cases.device_verification;
        match parameters.get("interaction") {
            Some(interaction) => verification.page(interaction, &browser, &caller.network).await,
            None => {
                let user_code = parameters.get("user_code");
                verification.begin(user_code, ui_locales.clone(), &browser).await.map(Verification::Redirect)
            }
        }
    };
    let outcome = outcome.await;
    let ui_locales = match &outcome {
        Ok(Verification::EnterCode(view)) => &view.open.ui_locales,
        Ok(Verification::AskApproval(view)) => &view.open.ui_locales,
        Ok(Verification::NoAccess(view)) => &view.open.ui_locales,
        Ok(Verification::Redirect(_) | Verification::Decided(_)) | Err(_) => &ui_locales,
    };
    let language = app.language(ui_locales, request.headers());
    show(&app, outcome, (&browser, &caller), language)
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let form = DeviceForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        answer: answer(&sent),
    };
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.device_verification.submit(&form, &sent.browser, &sent.caller.network).await
    };
    show(&app, outcome.await, (&sent.browser, &sent.caller), sent.language)
}

fn answer(sent: &PageForm) -> Answer {
    match sent.parameters.get("decision") {
        Some("allow") => Answer::Allow,
        // Any other answer counts as a denial.
        Some(_) => Answer::Deny,
        None => Answer::Code(sent.field("user_code").to_owned()),
    }
}

fn show(
    app: &App,
    outcome: Result<Verification, Error>,
    (browser, caller): (&Browser, &Caller),
    language: Language,
) -> Response {
    match outcome {
        Ok(Verification::EnterCode(view)) => entry(app, &view, caller, language),
        Ok(Verification::AskApproval(view)) => approval(app, *view, language),
        Ok(Verification::NoAccess(view)) => {
            no_access(app, *view, (app.path(path::DEVICE_VERIFICATION), true), language)
        }
        Ok(Verification::Redirect(redirect)) => app.redirect_to_page(&redirect, browser),
        Ok(Verification::Decided(verdict)) => {
            let (client, allowed) = match &*verdict {
                Verdict::Allowed(client) => (client, true),
                Verdict::Denied(client) => (client, false),
            };
            let page = DeviceDonePage {
                base: app.base.clone(),
                language,
                client_name: client.display_name(language.tag()).to_owned(),
                allowed,
            };
            app.page(&page, language, false)
        }
        // The interaction of the page is finished, expired or unknown: a fresh page asks for the code.
        Err(Error::Refused(refusal)) if refusal.wants_fresh_page() => {
            tracing::info!(reason = %refusal.detail, "the interaction has ended; showing a new device code page");
            see_other(&format!("{}?ui_locales={}", app.path(path::DEVICE_VERIFICATION), language.tag()))
        }
        Err(error) => app.error_page(&error, language),
    }
}

fn entry(app: &App, view: &EntryView, caller: &Caller, language: Language) -> Response {
    let guess = view.problem.and_then(|problem| match problem {
        EntryProblem::WrongCode => Some(Guess::Wrong),
        EntryProblem::Limited(until) => Some(Guess::Limited(until)),
        EntryProblem::OnlyLinked => None,
    });
    let page = DeviceCodePage {
        base: app.base.clone(),
        language,
        action: app.path(path::DEVICE_VERIFICATION),
        interaction: view.open.token.expose().to_owned(),
        form_token: view.form_token.clone(),
        must_type: matches!(view.problem, Some(EntryProblem::OnlyLinked)),
        problem: guess.map(|guess| guess.sentence(app, language, "device-wrong")),
    };
    let mut response = app.page(&page, language, true);
    if let Some(guess) = guess {
        guess.mark(app, &mut response);
        let user = Some(view.user);
        let failed =
            FailedGuess { secret: GuessedSecret::UserCode, address: &caller.address, client: None, user };
        app.guessed_on_page(&failed, &guess.error_of_user_code(), &mut response);
    }
    response
}

fn approval(app: &App, view: ApprovalView, language: Language) -> Response {
    let page = DeviceApprovalPage {
        base: app.base.clone(),
        language,
        action: app.path(path::DEVICE_VERIFICATION),
        interaction: view.open.token.expose().to_owned(),
        form_token: view.form_token,
        user_code: view.user_code.to_string(),
        is_claimable: view.client.is_public(),
        switch: app.address_to_switch(&view.open),
        client: card(app, &view.client, view.client.vouched_host(), language),
        account: view.account,
        scopes: scope_lines(app, &view.scope, language),
        resources: resource_lines(view.resources),
        offline: view.scope.contains(OFFLINE_ACCESS),
        // No session limits what a device is given.
        lasts: lifetime(app, &view.client, true),
    };
    app.page(&page, language, true)
}
