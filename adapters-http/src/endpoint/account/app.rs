//! `/account/security/app`: the authenticator app.

use application::Error;
use application::users::factors::{Confirmed, Enrolment};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::AccountPage;
use http::StatusCode;

use super::{Visit, codes};
use crate::app::{App, Shared};
use crate::endpoint::second_step::wrong_code;
use crate::page::AppPicture;
use crate::page::account::{AppPage, AppView, CodesView};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::App, request).await {
        Ok(visit) => shown(&app, &visit, view(&app, &visit, None).await),
        Err(response) => response,
    }
}

/// Turns the app on or off.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::App, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let (account, address) = (&app.use_cases.account, &visit.caller.address);
    if visit.field("decision") == "turn_off" {
        return match account.turn_app_off(&visit.signed_in, address).await {
            Ok(()) => visit.done(&app, AccountPage::Security, None),
            Err(error) => visit.error(&app, &error),
        };
    }
    let (waiting, code) = (visit.field("app"), visit.field("code"));
    let wrong = match account.turn_app_on(&visit.signed_in, waiting, code, address).await {
        Ok(Confirmed::Done(codes)) => return codes::show(&app, &visit, CodesView::New { codes }),
        Ok(Confirmed::Wrong) => wrong_code(visit.language, None),
        Ok(Confirmed::WrongClock(minutes)) => wrong_code(visit.language, Some(minutes)),
        Ok(Confirmed::Expired | Confirmed::HasApp) => {
            return shown(&app, &visit, view(&app, &visit, None).await);
        }
        Err(error) => return visit.error(&app, &error),
    };
    let mut response = shown(&app, &visit, view(&app, &visit, Some((waiting, wrong))).await);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// What the page shows: the app that is on, or one to turn on; after a wrong code the one of the form.
async fn view(app: &App, visit: &Visit, wrong: Option<(&str, String)>) -> Result<AppView, Error> {
    let account = &app.use_cases.account;
    let factors = account.factors(&visit.signed_in).await?;
    if factors.app.is_some() {
        let codes = visit.address(app, AccountPage::Codes);
        return Ok(AppView::On { codes, has_passkeys: factors.passkeys > 0 });
    }
    let (waiting, problem) = wrong.unzip();
    let Enrolment { token, key, address } = account.app_to_turn_on(&visit.signed_in, waiting)?;
    Ok(AppView::Off { app: token, picture: AppPicture::new(&address), key, address, problem })
}

fn shown(app: &App, visit: &Visit, view: Result<AppView, Error>) -> Response {
    let view = match view {
        Ok(view) => view,
        Err(error) => return visit.error(app, &error),
    };
    let page = AppPage {
        base: app.base.clone(),
        language: visit.language,
        desk: visit.desk(app),
        back: visit.address(app, AccountPage::Security),
        view,
    };
    visit.show(app, &page)
}
