//! `/account/connections`: what the person allowed to applications.

use application::account::Notice;
use application::users::ClientAccess;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, ClientId};

use super::Visit;
use crate::app::{App, Shared};
use crate::endpoint::consent::scope_lines;
use crate::page::account::{ConnectionCard, ConnectionsPage};
use crate::page::{ClaimLine, ClientCard, Moment};

/// How many applications one page shows.
const PAGE_SIZE: u32 = 50;

/// The page.
pub(super) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::open(&app, AccountPage::Connections, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let after = visit.parameters.get("after").and_then(|after| after.parse::<ClientId>().ok());
    let account = &app.use_cases.account;
    match account.connections(&visit.signed_in, after.as_ref(), PAGE_SIZE + 1).await {
        Ok(mut connections) => {
            let has_more = connections.len() > PAGE_SIZE as usize;
            connections.truncate(PAGE_SIZE as usize);
            let next = connections.last().filter(|_| has_more);
            let page = ConnectionsPage {
                base: app.base.clone(),
                language: visit.language,
                desk: visit.desk(&app),
                next: next.map(|last| visit.next_part(&app, "after", last.client.as_str())),
                connections: connections.iter().map(|it| card(&app, &visit, it)).collect(),
            };
            visit.show(&app, &page)
        }
        Err(error) => visit.error(&app, &error),
    }
}

/// Withdraws what one application may do.
pub(super) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let visit = match Visit::post(&app, AccountPage::Connections, request).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let Ok(client) = visit.field("client").parse::<ClientId>() else {
        return visit.done(&app, AccountPage::Connections, None);
    };
    match app.use_cases.account.withdraw(&visit.signed_in, &client, &visit.caller.address).await {
        Ok(withdrawn) => {
            let name = withdrawn.map(|client| client.display_name(visit.language.tag()).to_owned());
            visit.done(&app, AccountPage::Connections, name.map(Notice::Withdrawn))
        }
        Err(error) => visit.error(&app, &error),
    }
}

fn card(app: &App, visit: &Visit, access: &ClientAccess) -> ConnectionCard {
    let (now, language) = (app.use_cases.clock.now(), visit.language);
    let scopes = scope_lines(app, &access.scope(), language);
    let claims = access.claims().into_iter().map(|name| ClaimLine { name: name.to_owned() }).collect();
    let consented_at = access.consent.as_ref().map(|consent| consent.granted_at);
    let granted_at = access.live.as_ref().map(|live| live.since);
    let since = [consented_at, granted_at].into_iter().flatten().min();
    let used_at = access.live.as_ref().and_then(|live| live.refreshed_at);
    let client = match &access.registered {
        Some(client) => super::super::login_page::card(app, client, None, language),
        None => ClientCard::unknown(&access.client),
    };
    ConnectionCard {
        id: access.client.to_string(),
        client,
        scopes,
        claims,
        is_offline: access.live.as_ref().is_some_and(|live| live.offline > 0),
        since: since.map(|at| Moment::new(at, now, language)),
        used: used_at.map(|at| Moment::new(at, now, language)),
    }
}
