//! `/account/profile/email`: another e-mail address.

use application::account::{AskedEmail, Notice};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::AccountPage;
use http::StatusCode;

use super::Visit;
use crate::app::{App, Shared};
use crate::endpoint::guess::Guess;
use crate::page::account::EmailPage;

/// The page. Where people cannot change their address it leads back to the profile.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Email, request).await {
        Ok(visit) if !app.use_cases.account.can_change_email() => {
            visit.done(&app, AccountPage::Profile, None)
        }
        Ok(visit) => show(&app, &visit, String::new(), None),
        Err(response) => response,
    }
}

/// Sends the link.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Email, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let account = &app.use_cases.account;
    if !account.can_change_email() {
        return visit.done(&app, AccountPage::Profile, None);
    }
    let typed = visit.field("email").to_owned();
    let languages = [visit.language.tag().to_owned()];
    let asked = account.ask_for_email(&visit.signed_in, &typed, &languages, &visit.caller.address).await;
    let (problem, status) = match asked {
        Ok(AskedEmail::Sent(email)) => {
            return visit.done(&app, AccountPage::Profile, Some(Notice::LinkSent(email)));
        }
        Ok(AskedEmail::Invalid) => {
            (visit.language.text("profile-email-refused"), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Ok(AskedEmail::Limited(until)) => {
            let sentence = Guess::Limited(until).sentence(&app, visit.language, "too-many-attempts");
            (sentence, StatusCode::TOO_MANY_REQUESTS)
        }
        Err(error) => return visit.error(&app, &error),
    };
    let mut response = show(&app, &visit, typed, Some(problem));
    *response.status_mut() = status;
    response
}

fn show(app: &App, visit: &Visit, email: String, problem: Option<String>) -> Response {
    let page = EmailPage {
        base: app.base.clone(),
        language: visit.language,
        desk: visit.desk(app),
        email,
        back: visit.address(app, AccountPage::Profile),
        problem,
    };
    visit.show(app, &page)
}
