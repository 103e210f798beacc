//! `GET /admin/api/audit`: the audit trail.

use application::Error;
use application::port::KeptEvent;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::Actor;
use http::Uri;
use serde::Serialize;

use super::list::items;
use crate::app::Shared;
use crate::extract::page::Page;

#[derive(Serialize)]
struct Document<'a> {
    number: i64,
    at: DateTime<Utc>,
    actor: Who,
    action: &'a str,
    target: &'a str,
}

#[derive(Serialize)]
struct Who {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

/// Lists the audit events, the latest first.
pub(crate) async fn list(State(app): State<Shared>, uri: Uri) -> Response {
    let listed = async {
        let page = Page::read(&uri)?;
        let events = app.use_cases.audit_trail.latest(page.after()?, page.wanted()).await;
        let mut events = events.map_err(Error::from)?;
        let next = page.cut(&mut events, |kept| kept.number.to_string());
        Ok(items(events.iter().map(document).collect(), next))
    };
    app.administered(listed.await)
}

fn document(kept: &KeptEvent) -> Document<'_> {
    let event = &kept.event;
    Document {
        number: kept.number,
        at: event.at,
        actor: who(&event.actor),
        action: &event.action,
        target: &event.target,
    }
}

fn who(actor: &Actor) -> Who {
    let (kind, id) = match actor {
        Actor::CommandLine => ("command_line", None),
        Actor::SetUp => ("set_up", None),
        Actor::Administrator(id) => ("administrator", Some(id.to_string())),
        Actor::SelfRegistered => ("self_registered", None),
        Actor::InitialAccessToken(id) => ("initial_access_token", Some(id.to_string())),
        Actor::Client(id) => ("client", Some(id.to_string())),
        Actor::AdministrativeClient(id) => ("administrative_client", Some(id.to_string())),
        Actor::Server => ("server", None),
    };
    Who { kind, id }
}
