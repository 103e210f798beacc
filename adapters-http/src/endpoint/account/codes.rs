//! `/account/security/codes`: the recovery codes.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::AccountPage;

use super::Visit;
use crate::app::{App, Shared};
use crate::page::account::{CodesPage, CodesView};

/// The page: how many codes are left.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::open(&app, AccountPage::Codes, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    match app.use_cases.account.factors(&visit.signed_in).await {
        Ok(factors) if factors.ask_for_second_step() => {
            let left = visit.language.count("codes-left", "codes", i64::from(factors.recovery_codes));
            show(&app, &visit, CodesView::Left { left })
        }
        Ok(_) => show(&app, &visit, CodesView::NoApp { app: visit.address(&app, AccountPage::App) }),
        Err(error) => visit.error(&app, &error),
    }
}

/// Makes new codes.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Codes, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    match app.use_cases.account.new_recovery_codes(&visit.signed_in, &visit.caller.address).await {
        Ok(Some(codes)) => show(&app, &visit, CodesView::New { codes }),
        Ok(None) => show(&app, &visit, CodesView::NoApp { app: visit.address(&app, AccountPage::App) }),
        Err(error) => visit.error(&app, &error),
    }
}

/// The page with what there is to see of the codes.
pub(super) fn show(app: &App, visit: &Visit, view: CodesView) -> Response {
    let page = CodesPage {
        base: app.base.clone(),
        language: visit.language,
        desk: visit.desk(app),
        action: app.path(AccountPage::Codes.path()),
        back: visit.address(app, AccountPage::Security),
        view,
    };
    visit.show(app, &page)
}
