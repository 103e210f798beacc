//! Beginning a session, and ending those that are too many.

use application::port::Begun;
use chrono::{DateTime, Utc};
use domain::{Digest, Session, SessionId, SignInEvent, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::column::{bytes, json, micros};
use crate::entity::session::{ActiveModel, Column, Entity};
use crate::fault::Fault;
use crate::sql::{Change, request};
use crate::store::{logout_notices, sign_in_events};
use crate::{Database, locks};

request! {
    /// A session to begin.
    NewSession {
        id: Uuid,
        cookie: Vec<u8>,
        user_id: Uuid,
        sid: String,
        auth_time: i64,
        acr: Option<String>,
        amr: String,
        expires_at: i64,
        most: i64,
        event_id: Uuid,
        event_kind: String,
        event_client: Option<String>,
        event_address: Option<String>,
        event_user_agent: Option<String>,
    }
}

/// How many sessions of a user end at once when there are too many: after an operator has lowered the setting, the next logins end
/// the others.
const MAX_ENDED_AT_ONCE: u64 = 100;

static BEGIN_IN_BULK: Change<NewSession> =
    Change::in_bulk(include_str!("../../sql/sessions/begin_in_bulk.sql"));

pub(super) async fn begin(
    database: &Database,
    session: &Session,
    cookie: Digest,
    most: u32,
    event: &SignInEvent,
) -> Result<Begun, Fault> {
    let new = NewSession {
        id: session.id.as_uuid(),
        cookie: bytes(&cookie),
        user_id: session.user.as_uuid(),
        sid: session.sid.clone(),
        auth_time: micros(session.auth_time),
        acr: session.acr.clone(),
        amr: json(&session.amr)?,
        expires_at: micros(session.expires_at),
        most: most.into(),
        event_id: event.id.as_uuid(),
        event_kind: event.kind.as_str().to_owned(),
        event_client: event.client.as_ref().map(ToString::to_string),
        event_address: event.address.clone(),
        event_user_agent: event.user_agent.as_ref().map(|agent| agent.as_str().to_owned()),
    };
    let recorded = async {
        if database.change_in_bulk(&BEGIN_IN_BULK, new).await? {
            return Ok(Begun::Within);
        }
        step_by_step(database, (session, cookie), most, event, InHistory::Recorded).await
    };
    match recorded.await {
        Err(fault) if fault.refuses_a_statement() => {
            sign_in_events::warn_of(&fault, event);
            step_by_step(database, (session, cookie), most, event, InHistory::LeftOut).await
        }
        begun => begun,
    }
}

/// Whether a sign-in is recorded in the history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum InHistory {
    Recorded,
    /// The history refused it.
    LeftOut,
}

async fn step_by_step(
    database: &Database,
    (session, cookie): (&Session, Digest),
    most: u32,
    event: &SignInEvent,
    history: InHistory,
) -> Result<Begun, Fault> {
    let row = ActiveModel {
        id: Set(session.id.as_uuid()),
        cookie: Set(bytes(&cookie)),
        user_id: Set(session.user.as_uuid()),
        sid: Set(session.sid.clone()),
        auth_time: Set(micros(session.auth_time)),
        acr: Set(session.acr.clone()),
        amr: Set(json(&session.amr)?),
        expires_at: Set(micros(session.expires_at)),
        ended_at: Set(None),
        address: Set(event.address.clone()),
        user_agent: Set(event.user_agent.as_ref().map(|agent| agent.as_str().to_owned())),
    };
    let transaction = database.begin().await?;
    let user = locks::user(&transaction, session.user).await?;
    if user.is_some_and(|user| user.disabled_at.is_none() && !user.was_ended_after(session.auth_time)) {
        Entity::insert(row).exec_without_returning(&transaction).await?;
        if history == InHistory::Recorded {
            sign_in_events::keep(&transaction, event).await?;
        }
    }
    let live = Entity::find().filter(live(session.user, session.auth_time)).count(&transaction).await?;
    transaction.commit().await?;
    Ok(if live > most.into() { Begun::TooMany } else { Begun::Within })
}

/// Found by the user, not by another index (`IS TRUE`).
fn live(user: UserId, now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(user.as_uuid()))
        .add(Column::EndedAt.is_null().is(Expr::Constant(true.into())))
        .add(Column::ExpiresAt.gt(micros(now)).is(Expr::Constant(true.into())))
}

pub(super) async fn end_beyond(
    database: &Database,
    (user, kept): (UserId, SessionId),
    most: u32,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    let beyond: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(live(user, now))
        .filter(Column::Id.ne(kept.as_uuid()))
        .order_by_desc(Column::ExpiresAt)
        .order_by_desc(Column::Id)
        .offset(u64::from(most.saturating_sub(1)))
        // SQLite has no offset without a limit.
        .limit(MAX_ENDED_AT_ONCE)
        .into_tuple()
        .all(&database.reader)
        .await?;
    if beyond.is_empty() {
        return Ok(0);
    }
    let transaction = database.begin().await?;
    let these = Condition::all().add(Column::Id.is_in(beyond));
    let ended = logout_notices::end_sessions(&transaction, these, now).await?.sessions;
    transaction.commit().await?;
    Ok(ended)
}
