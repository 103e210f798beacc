//! `/account/data`: everything that is kept of the person, and the deletion of the account.

use application::account::RefusedDeletion;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::AccountPage;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use super::Visit;
use crate::answer::private_json;
use crate::app::{App, Shared};
use crate::page::account::{DataPage, DeletePage};

/// The path of the file.
pub(super) const DOWNLOAD: &str = "/account/data/download";

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Data, request).await {
        Ok(visit) => {
            let delete = app.use_cases.account.may_be_deleted();
            let page = DataPage {
                base: app.base.clone(),
                language: visit.language,
                desk: visit.desk(&app),
                download: app.path(DOWNLOAD),
                delete: delete.then(|| visit.address(&app, AccountPage::Delete)),
            };
            visit.show(&app, &page)
        }
        Err(response) => response,
    }
}

/// The file. A person whose sign-in is not fresh is led to the page.
pub(super) async fn download(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::open(&app, AccountPage::Data, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    match app.use_cases.account.data(&visit.signed_in).await {
        Ok(document) => {
            let mut response = private_json(&document);
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let named = HeaderValue::from_static("attachment; filename=\"account.json\"");
            headers.insert(CONTENT_DISPOSITION, named);
            response
        }
        Err(error) => visit.error(&app, &error),
    }
}

/// The page that deletes the account.
pub(super) async fn ask(State(app): State<Shared>, request: Request) -> Response {
    match Visit::open(&app, AccountPage::Delete, request).await {
        Ok(visit) if !app.use_cases.account.may_be_deleted() => visit.done(&app, AccountPage::Data, None),
        Ok(visit) => show(&app, &visit, None),
        Err(response) => response,
    }
}

/// Deletes the account.
pub(super) async fn delete(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Delete, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let deleted =
        app.use_cases.account.delete(&visit.signed_in, visit.field("confirm"), &visit.caller.address);
    let problem = match deleted.await {
        Ok(Ok(())) => {
            let mut response = visit.gone(&app);
            app.cookies.clear_session(response.headers_mut());
            return response;
        }
        Ok(Err(RefusedDeletion::AnotherName)) => visit.language.text("data-delete-another-name"),
        Ok(Err(RefusedDeletion::LastAdministrator)) => visit.language.text("data-delete-last"),
        Err(error) => return visit.error(&app, &error),
    };
    let mut response = show(&app, &visit, Some(problem));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

fn show(app: &App, visit: &Visit, problem: Option<String>) -> Response {
    let page = DeletePage {
        base: app.base.clone(),
        language: visit.language,
        desk: visit.desk(app),
        username: visit.signed_in.user.username.as_str().to_owned(),
        back: visit.address(app, AccountPage::Data),
        problem,
    };
    visit.show(app, &page)
}
