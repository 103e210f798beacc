//! `/account/security/password`: a new password.

use application::account::{Notice, OtherDevices};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, Secret};
use http::StatusCode;

use super::Visit;
use crate::app::{App, Shared};
use crate::endpoint::weak_password::weak_password;
use crate::page::account::PasswordPage;

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Password, request).await {
        Ok(visit) => show(&app, &visit, OtherDevices::SignOut, None),
        Err(response) => response,
    }
}

/// Sets the password.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Password, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let others = match visit.field("others") {
        "sign_out" => OtherDevices::SignOut,
        _ => OtherDevices::Keep,
    };
    let password = visit.field("password");
    if password != visit.field("password_again") {
        return refused(&app, &visit, others, visit.language.text("setup-passwords-differ"));
    }
    let (account, address) = (&app.use_cases.account, &visit.caller.address);
    match account.change_password(&visit.signed_in, &Secret::from(password), others, address).await {
        Ok(Ok(())) => visit.done(&app, AccountPage::Security, Some(Notice::PasswordChanged)),
        Ok(Err(weak)) => refused(&app, &visit, others, weak_password(weak, visit.language)),
        Err(error) => visit.error(&app, &error),
    }
}

fn refused(app: &App, visit: &Visit, others: OtherDevices, problem: String) -> Response {
    let mut response = show(app, visit, others, Some(problem));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

fn show(app: &App, visit: &Visit, others: OtherDevices, problem: Option<String>) -> Response {
    let page = PasswordPage {
        base: app.base.clone(),
        language: visit.language,
        desk: visit.desk(app),
        username: visit.signed_in.user.username.as_str().to_owned(),
        signs_out_others: others == OtherDevices::SignOut,
        back: visit.address(app, AccountPage::Security),
        problem,
    };
    visit.show(app, &page)
}
