//! `/account`: the applications that the person may enter.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::AccountPage;

use super::Visit;
use crate::app::Shared;
use crate::endpoint::login_page::card;
use crate::page::account::{ApplicationTile, ApplicationsPage};

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::open(&app, AccountPage::Applications, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let clients = match app.use_cases.account.applications(&visit.signed_in).await {
        Ok(clients) => clients,
        Err(error) => return visit.error(&app, &error),
    };
    let language = visit.language;
    let tile = |client: &domain::Client| {
        let address = client.start_page(language.tag())?.to_owned();
        Some(ApplicationTile { client: card(&app, client, None, language), address })
    };
    let page = ApplicationsPage {
        base: app.base.clone(),
        language,
        desk: visit.desk(&app),
        applications: clients.iter().filter_map(tile).collect(),
    };
    visit.show(&app, &page)
}
