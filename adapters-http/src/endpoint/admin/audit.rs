//! `GET /admin/api/audit`: the audit trail.

use application::error::Refusal;
use application::port::{EventFilter, KeptEvent};
use application::{Error, Parameters};
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::{Actor, Changes};
use http::Uri;
use serde::Serialize;

use super::list::items;
use crate::app::Shared;
use crate::extract::page::Page;
use crate::extract::parameters;

#[derive(Serialize)]
struct Document<'a> {
    number: i64,
    at: DateTime<Utc>,
    actor: Who,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    action: &'a str,
    target: &'a str,
    changes: &'a Changes,
}

#[derive(Serialize)]
struct Who {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

/// Lists the audit events, the latest first: all, or those of an `actor`, an `action`, a `target`, `since` and `until` a time.
pub(crate) async fn list(State(app): State<Shared>, uri: Uri) -> Response {
    let listed = async {
        let page = Page::read(&uri)?;
        let filter = filter(&parameters::query(&uri)?)?;
        let events = app.use_cases.audit_trail.latest(&filter, page.after()?, page.wanted()).await;
        let mut events = events.map_err(Error::from)?;
        let next = page.cut(&mut events, |kept| kept.number.to_string());
        Ok(items(events.iter().map(document).collect(), next))
    };
    app.administered(listed.await)
}

fn filter(parameters: &Parameters) -> Result<EventFilter, Refusal> {
    let text = |name| parameters.get(name).map(str::to_owned);
    Ok(EventFilter {
        actor: text("actor"),
        action: text("action"),
        target: text("target"),
        since: time(parameters, "since")?,
        until: time(parameters, "until")?,
    })
}

pub(super) fn time(parameters: &Parameters, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let time = parameters.get(name).map(str::parse).transpose();
    time.map_err(|_| {
        let description = "since and until are times such as 2030-01-31T12:00:00Z (RFC 3339)";
        Refusal::invalid_request(description)
    })
}

fn document(kept: &KeptEvent) -> Document<'_> {
    let event = &kept.event;
    Document {
        number: kept.number,
        at: event.at,
        actor: who(&event.actor),
        address: event.address.as_deref(),
        action: &event.action,
        target: &event.target,
        changes: &event.changes,
    }
}

fn who(actor: &Actor) -> Who {
    Who { kind: actor.kind(), id: actor.id() }
}
