//! What a user has granted and is valid.

use application::port::{ListFrom, LiveAuthorization};
use chrono::{DateTime, Utc};
use domain::UserId;
use sea_orm::prelude::Uuid;

use crate::Database;
use crate::column::{instant, micros, parse_json};
use crate::fault::Fault;
use crate::sql::{List, request, row};

request! {
    /// A page of what a user granted.
    PageKey {
        user_id: Uuid,
        client_id: String,
        after: Option<Uuid>,
        rows: i64,
        now: i64,
    }
}

row! {
    Granted {
        detail: Option<String>,
        refreshed_at: Option<i64>,
    }
}

static LIST: List<PageKey, Granted> = List::new(include_str!("../../sql/authorizations/list.sql"));

pub(super) async fn list(
    database: &Database,
    user: UserId,
    from: ListFrom<'_>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<LiveAuthorization>, Fault> {
    // The empty text is before every client id, and the nil UUID before every id.
    let (client_id, after) = match from {
        ListFrom::Start => (String::new(), None),
        ListFrom::Client(client) => (client.to_string(), Some(Uuid::nil())),
        ListFrom::AfterClient(client) => (client.to_string(), None),
        ListFrom::After(last) => (last.client.to_string(), Some(last.id.as_uuid())),
    };
    let key = PageKey { user_id: user.as_uuid(), client_id, after, rows: limit.into(), now: micros(now) };
    database.list_page(&LIST, key).await?.iter().map(from_row).collect()
}

fn from_row(row: &Granted) -> Result<LiveAuthorization, Fault> {
    let detail = row.detail.as_deref().ok_or(Fault::Corrupt("an authorization"))?;
    Ok(LiveAuthorization {
        authorization: parse_json(detail, "an authorization")?,
        refreshed_at: row.refreshed_at.map(instant).transpose()?,
    })
}
