//! The form of `/login`, filled in by a passkey.

use application::login::{NewSession, PasskeyForm, PasskeyOutcome, PasskeyProblem};
use axum::response::Response;

use super::after_login::{resume, with_cookies};
use super::guess::Guess;
use super::login_page::{Entered, show};
use crate::app::App;
use crate::extract::page_form::PageForm;

/// Signs in with the passkey, or shows the page again.
pub(super) async fn post(app: &App, sent: PageForm) -> Response {
    let form = PasskeyForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        challenge: sent.field("challenge").to_owned(),
        answer: sent.field("passkey").to_owned(),
    };
    let (browser, language) = (sent.browser, sent.language);
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.login.submit_passkey(&form, &browser, &sent.caller).await
    };
    let (problem, unknown, guess, reference) = match outcome.await {
        Ok(PasskeyOutcome::SignedIn(NewSession { session, device, interaction })) => {
            let resumed = resume(app, (&form.interaction, interaction), &session, &browser, language).await;
            return with_cookies(app, resumed, &session, &device);
        }
        Ok(PasskeyOutcome::Refused(PasskeyProblem::Unknown(id), reference)) => {
            (language.text("passkey-unknown"), id.map(|id| id.to_string()), Guess::Wrong, Some(reference))
        }
        Ok(PasskeyOutcome::Refused(PasskeyProblem::NotAccepted, reference)) => {
            (language.text("passkey-refused"), None, Guess::Wrong, Some(reference))
        }
        Ok(PasskeyOutcome::Expired) => (language.text("login-expired"), None, Guess::Wrong, None),
        Ok(PasskeyOutcome::Limited(until, reference)) => {
            let guess = Guess::Limited(until);
            (guess.sentence(app, language, "passkey-refused"), None, guess, Some(reference))
        }
        Err(error) => return app.page_has_ended(&error, &form.interaction, &browser, language).await,
    };
    let mut response = match app.use_cases.login.page(&form.interaction, &browser).await {
        Ok(view) => show(app, view, Entered { problem: Some(problem), unknown, username: None }, language),
        Err(error) => return app.page_has_ended(&error, &form.interaction, &browser, language).await,
    };
    guess.mark(app, &mut response);
    if let Some(reference) = reference {
        app.refer(&reference, &mut response);
    }
    response
}
