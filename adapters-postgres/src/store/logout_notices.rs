//! Notices of ended sessions that are still to be sent to clients: the end of a session adds them, and they are taken one by
//! one.

use std::collections::{BTreeMap, BTreeSet};

use application::port::{LogoutNotices, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::subject::Naming;
use domain::{Authorization, Client, ClientId, LogoutNotice};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::Database;
use crate::column::{instant, json, micros, parse, parse_json};
use crate::entity::logout_notice::{ActiveModel, Column, Entity, Model};
use crate::entity::{authorization, client, session};
use crate::fault::Fault;

#[async_trait]
impl LogoutNotices for Database {
    #[tracing::instrument(name = "logout_notices.take_due", skip_all)]
    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
        busy: &BTreeSet<ClientId>,
    ) -> Result<Vec<LogoutNotice>, Unavailable> {
        let database = self.protecting();
        database.retried(|| take_due(&database, now, until, limit as usize, busy.clone())).await
    }

    #[tracing::instrument(name = "logout_notices.settle", skip_all)]
    async fn settle(&self, notice: &LogoutNotice) -> Result<(), Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                Entity::delete_many().filter(matching(notice)?).exec(&database.writer).await?;
                Ok(())
            })
            .await
    }

    #[tracing::instrument(name = "logout_notices.postpone", skip_all)]
    async fn postpone(&self, notice: &LogoutNotice, due_at: DateTime<Utc>) -> Result<(), Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                Entity::update_many()
                    .col_expr(Column::DueAt, Expr::val(micros(due_at)))
                    .filter(matching(notice)?)
                    .filter(Column::Attempts.eq(attempts(notice.attempts)?))
                    .exec(&database.writer)
                    .await?;
                Ok(())
            })
            .await
    }
}

/// Looks first, without a lock: most of the time nothing is due. The condition of each update then lets one of any number of
/// callers through. One look may find many notices of few clients, so it looks again without these clients.
async fn take_due(
    database: &Database,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: usize,
    mut busy: BTreeSet<ClientId>,
) -> Result<Vec<LogoutNotice>, Fault> {
    let mut taken = Vec::new();
    while taken.len() < limit {
        let due = Entity::find()
            .filter(Column::DueAt.lte(micros(now)))
            .filter(Column::ClientId.is_not_in(busy.iter().map(ClientId::as_str)))
            .order_by_asc(Column::DueAt)
            .limit((limit - taken.len()) as u64)
            .all(&database.reader)
            .await?;
        if due.is_empty() {
            break;
        }
        for row in due {
            let seen = from_row(row)?;
            if busy.insert(seen.client.clone()) {
                taken.extend(take(database, seen, now, until).await?);
            }
        }
    }
    Ok(taken)
}

/// Takes this notice, unless another caller has taken it.
async fn take(
    database: &Database,
    seen: LogoutNotice,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<LogoutNotice>, Fault> {
    let notice = LogoutNotice { attempts: seen.attempts + 1, ..seen.clone() };
    let update = Entity::update_many()
        .col_expr(Column::Attempts, Expr::val(attempts(notice.attempts)?))
        .col_expr(Column::DueAt, Expr::val(micros(until)))
        .filter(matching(&seen)?)
        .filter(Column::DueAt.lte(micros(now)))
        .exec(&database.writer)
        .await?;
    Ok((update.rows_affected == 1).then_some(notice))
}

/// What ended.
pub(crate) struct EndedSessions {
    /// How many.
    pub(crate) sessions: u64,
    /// Which clients were granted something in them.
    pub(crate) clients: Vec<(ClientId, Naming)>,
}

/// Ends the sessions that `which` names and have not ended, and leaves their notices.
pub(crate) async fn end_sessions(
    transaction: &DatabaseTransaction,
    which: Condition,
    now: DateTime<Utc>,
) -> Result<EndedSessions, Fault> {
    // From here on no grant can be recorded in them: a recording locks the session's row.
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::val(micros(now)))
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .exec_with_returning(transaction)
        .await?;
    let mut clients = BTreeSet::new();
    let sessions = ended.len() as u64;
    for session in ended {
        let granted = granted_in(transaction, &session).await?;
        let told = granted.iter().filter(|(client, _)| client.logout.back.uri.is_some());
        let notices: Vec<_> = told.map(|granted| notice(&session, granted, now)).collect::<Result<_, _>>()?;
        if !notices.is_empty() {
            keep(transaction, notices).await?;
        }
        clients.extend(granted.into_iter().map(|(client, naming)| (client.id, naming)));
    }
    Ok(EndedSessions { sessions, clients: clients.into_iter().collect() })
}

/// Leaves a notice for each of these clients about every live session in which one of the authorizations that `which` names was
/// granted. The sessions go on.
pub(crate) async fn leave_for(
    transaction: &DatabaseTransaction,
    clients: &[String],
    which: Condition,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let found = client::Entity::find().filter(client::Column::Id.is_in(clients)).all(transaction).await?;
    let found: Vec<Client> = found.iter().map(client_of).collect::<Result<_, _>>()?;
    for client in found.iter().filter(|client| client.logout.back.uri.is_some()) {
        let granted: Vec<(Option<Uuid>, Option<String>)> = authorization::Entity::find()
            .select_only()
            .column(authorization::Column::SessionId)
            .column(authorization::Column::Detail)
            .filter(authorization::Column::ClientId.eq(client.id.as_str()))
            .filter(which.clone())
            .into_tuple()
            .all(transaction)
            .await?;
        for (session, detail) in granted {
            let (Some(session), Some(detail)) = (session, detail) else { continue };
            let live = session::Entity::find_by_id(session).filter(session::Column::EndedAt.is_null());
            let Some(session) = live.one(transaction).await? else { continue };
            let grant: Authorization = parse_json(&detail, "an authorization")?;
            keep(transaction, vec![notice(&session, &(client.clone(), grant.naming), now)?]).await?;
        }
    }
    Ok(())
}

/// Keeps notices. One that is there already stays.
async fn keep(transaction: &DatabaseTransaction, notices: Vec<ActiveModel>) -> Result<(), Fault> {
    let key = [Column::SessionId, Column::ClientId, Column::Naming];
    let again = OnConflict::columns(key).do_nothing().to_owned();
    Entity::insert_many(notices).on_conflict(again).exec_without_returning(transaction).await?;
    Ok(())
}

/// The clients that were granted something in the session, with each naming of what they were granted.
async fn granted_in(
    transaction: &DatabaseTransaction,
    session: &session::Model,
) -> Result<Vec<(Client, Naming)>, Fault> {
    let details: Vec<Option<String>> = authorization::Entity::find()
        .select_only()
        .column(authorization::Column::Detail)
        .filter(authorization::Column::SessionId.eq(session.id))
        .into_tuple()
        .all(transaction)
        .await?;
    let mut named: BTreeMap<String, BTreeSet<Naming>> = BTreeMap::new();
    for detail in details.into_iter().flatten() {
        let grant: Authorization = parse_json(&detail, "an authorization")?;
        named.entry(grant.client.to_string()).or_default().insert(grant.naming);
    }
    let found = client::Entity::find().filter(client::Column::Id.is_in(named.keys()));
    let mut granted = Vec::new();
    for row in found.all(transaction).await? {
        let client = client_of(&row)?;
        let namings = named.remove(&row.id).unwrap_or_default();
        granted.extend(namings.into_iter().map(|naming| (client.clone(), naming)));
    }
    Ok(granted)
}

fn notice(
    session: &session::Model,
    (client, naming): &(Client, Naming),
    now: DateTime<Utc>,
) -> Result<ActiveModel, Fault> {
    Ok(ActiveModel {
        session_id: Set(session.id),
        client_id: Set(client.id.to_string()),
        naming: Set(json(naming)?),
        user_id: Set(session.user_id),
        sid: Set(session.sid.clone()),
        ended_at: Set(micros(now)),
        attempts: Set(0),
        due_at: Set(micros(now)),
    })
}

fn matching(notice: &LogoutNotice) -> Result<Condition, Fault> {
    Ok(Condition::all()
        .add(Column::SessionId.eq(notice.session.as_uuid()))
        .add(Column::ClientId.eq(notice.client.as_str()))
        .add(Column::Naming.eq(json(&notice.naming)?)))
}

fn client_of(row: &client::Model) -> Result<Client, Fault> {
    parse_json(&row.registration, "a client")
}

fn attempts(count: u32) -> Result<i32, Fault> {
    i32::try_from(count).map_err(|_| Fault::Corrupt("a number of attempts"))
}

fn from_row(row: Model) -> Result<LogoutNotice, Fault> {
    Ok(LogoutNotice {
        session: row.session_id.into(),
        client: parse(&row.client_id, "a client's id")?,
        naming: parse_json(&row.naming, "a naming")?,
        user: row.user_id.into(),
        sid: row.sid,
        ended_at: instant(row.ended_at)?,
        attempts: u32::try_from(row.attempts).map_err(|_| Fault::Corrupt("a number of attempts"))?,
    })
}
