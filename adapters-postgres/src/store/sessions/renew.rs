//! Renewing a session.

use domain::{Digest, Session, SignInEvent};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::begin::InHistory;
use crate::Database;
use crate::column::{bytes, json, micros};
use crate::entity::session::{ActiveModel, Column, Entity};
use crate::fault::Fault;
use crate::sql::{Change, request};
use crate::store::sign_in_events;

request! {
    /// A session to renew.
    RenewedSession {
        id: Uuid,
        cookie: Vec<u8>,
        user_id: Uuid,
        auth_time: i64,
        acr: Option<String>,
        amr: String,
        expires_at: i64,
        event_id: Uuid,
        event_kind: String,
        event_client: Option<String>,
        event_address: Option<String>,
        event_user_agent: Option<String>,
    }
}

static RENEW_IN_BULK: Change<RenewedSession> =
    Change::in_bulk(include_str!("../../sql/sessions/renew_in_bulk.sql"));

pub(super) async fn renew(
    database: &Database,
    session: &Session,
    cookie: Digest,
    event: &SignInEvent,
) -> Result<bool, Fault> {
    let renewed = RenewedSession {
        id: session.id.as_uuid(),
        cookie: bytes(&cookie),
        user_id: session.user.as_uuid(),
        auth_time: micros(session.auth_time),
        acr: session.acr.clone(),
        amr: json(&session.amr)?,
        expires_at: micros(session.expires_at),
        event_id: event.id.as_uuid(),
        event_kind: event.kind.as_str().to_owned(),
        event_client: event.client.as_ref().map(ToString::to_string),
        event_address: event.address.clone(),
        event_user_agent: event.user_agent.as_ref().map(|agent| agent.as_str().to_owned()),
    };
    let recorded = async {
        let in_bulk = database.change_in_bulk(&RENEW_IN_BULK, renewed).await?;
        Ok::<_, Fault>(
            in_bulk || step_by_step(database, session, cookie, (event, InHistory::Recorded)).await?,
        )
    };
    match recorded.await {
        Err(fault) if fault.refuses_a_statement() => {
            sign_in_events::warn_of(&fault, event);
            step_by_step(database, session, cookie, (event, InHistory::LeftOut)).await
        }
        renewed => renewed,
    }
}

async fn step_by_step(
    database: &Database,
    session: &Session,
    cookie: Digest,
    (event, history): (&SignInEvent, InHistory),
) -> Result<bool, Fault> {
    let row = ActiveModel {
        cookie: Set(bytes(&cookie)),
        auth_time: Set(micros(session.auth_time)),
        acr: Set(session.acr.clone()),
        amr: Set(json(&session.amr)?),
        expires_at: Set(micros(session.expires_at)),
        address: Set(event.address.clone()),
        user_agent: Set(event.user_agent.as_ref().map(|agent| agent.as_str().to_owned())),
        ..ActiveModel::default()
    };
    let transaction = database.begin().await?;
    let renewed = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(session.id.as_uuid()))
        .filter(Column::UserId.eq(session.user.as_uuid()))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(micros(session.auth_time)))
        .exec(&transaction)
        .await?
        .rows_affected
        == 1;
    if renewed && history == InHistory::Recorded {
        sign_in_events::keep(&transaction, event).await?;
    }
    transaction.commit().await?;
    Ok(renewed)
}
