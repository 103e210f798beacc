//! The sign-in history of users.

use application::port::{HistoryBounds, SignInEvents, SignInFilter, Unavailable, UserChange};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, ClientId, SignInEvent, SignInEventId, SignInKind, UserAgent, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::column::{micros, optional_instant, parse};
use crate::entity::sign_in_event::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::removal::remove;
use crate::sql::{Change, request};
use crate::{Database, locks};

request! {
    /// An event to record.
    NewEvent {
        id: Uuid,
        user_id: Uuid,
        kind: String,
        client_id: Option<String>,
        address: Option<String>,
        user_agent: Option<String>,
        until: Option<i64>,
    }
}

/// How many events of a user one statement removes.
const MAX_TRIMMED_AT_ONCE: u64 = 500;

static RECORD_IN_BULK: Change<NewEvent> =
    Change::in_bulk(include_str!("../sql/sign_in_events/record_in_bulk.sql"));

#[async_trait]
impl SignInEvents for Database {
    #[tracing::instrument(name = "sign_in_events.record", skip_all)]
    async fn record(&self, event: &SignInEvent) -> Result<(), Unavailable> {
        self.retried(|| record(self, event)).await
    }

    #[tracing::instrument(name = "sign_in_events.latest", skip_all)]
    async fn latest(
        &self,
        filter: &SignInFilter,
        before: Option<SignInEventId>,
        limit: u32,
    ) -> Result<Vec<SignInEvent>, Unavailable> {
        self.retried(|| async {
            let latest = Entity::find().order_by_desc(Column::Id).limit(u64::from(limit));
            let rows = latest.filter(condition(filter, before)).all(&self.reader).await?;
            rows.into_iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "sign_in_events.trim", skip_all)]
    async fn trim(&self, user: UserId, bounds: HistoryBounds) -> Result<u64, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let kinds = SignInKind::FAILURES.map(SignInKind::as_str);
                let theirs = || Condition::all().add(Column::UserId.eq(user.as_uuid()));
                let (failures, others) = (Column::Kind.is_in(kinds), Column::Kind.is_not_in(kinds));
                let failures = trim(&database, theirs().add(failures), bounds.failures).await?;
                Ok(failures + trim(&database, theirs().add(others), bounds.others).await?)
            })
            .await
    }

    #[tracing::instrument(name = "sign_in_events.forget", skip_all)]
    async fn forget(&self, time: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let is_old = Condition::all().add(Column::Id.lt(SignInEventId::first_at(time).as_uuid()));
                let gone = remove::<Entity>(&database, Column::Id, is_old, u64::from(batch)).await?;
                database.shrink_after(gone, batch).await?;
                Ok(gone)
            })
            .await
    }
}

async fn record(database: &Database, event: &SignInEvent) -> Result<(), Fault> {
    let new = NewEvent {
        id: event.id.as_uuid(),
        user_id: event.user.as_uuid(),
        kind: event.kind.as_str().to_owned(),
        client_id: event.client.as_ref().map(ToString::to_string),
        address: event.address.clone(),
        user_agent: event.user_agent.as_ref().map(|agent| agent.as_str().to_owned()),
        until: event.until.map(micros),
    };
    if database.change_in_bulk(&RECORD_IN_BULK, new).await? {
        return Ok(());
    }
    let transaction = database.begin().await?;
    if locks::user(&transaction, event.user).await?.is_some() {
        keep(&transaction, event).await?;
    }
    Ok(transaction.commit().await?)
}

/// Removes the oldest of these events, until `most` are left.
async fn trim(database: &Database, these: Condition, most: u32) -> Result<u64, Fault> {
    let mut removed = 0;
    loop {
        let beyond: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(these.clone())
            .order_by_desc(Column::Id)
            .offset(u64::from(most))
            // SQLite has no offset without a limit.
            .limit(MAX_TRIMMED_AT_ONCE)
            .into_tuple()
            .all(&database.reader)
            .await?;
        let found = beyond.len() as u64;
        if found > 0 {
            let beyond = Entity::delete_many().filter(Column::Id.is_in(beyond));
            removed += beyond.exec(&database.writer).await?.rows_affected;
        }
        if found < MAX_TRIMMED_AT_ONCE {
            return Ok(removed);
        }
    }
}

/// Adds an event, unless it is there, or is one more of its lockout. The transaction has locked the row of its user.
pub(crate) async fn keep(transaction: &DatabaseTransaction, event: &SignInEvent) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(event.id.as_uuid()),
        user_id: Set(event.user.as_uuid()),
        kind: Set(event.kind.as_str().to_owned()),
        client_id: Set(event.client.as_ref().map(ToString::to_string)),
        address: Set(event.address.clone()),
        user_agent: Set(event.user_agent.as_ref().map(|agent| agent.as_str().to_owned())),
        until: Set(event.until.map(micros)),
    };
    let once = OnConflict::new().do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(transaction).await?;
    Ok(())
}

/// Adds the event of a change of a user to their sign-in history. The transaction has locked their row.
pub(crate) async fn keep_change(
    transaction: &DatabaseTransaction,
    user: UserId,
    change: &UserChange,
    event: &AuditEvent,
) -> Result<(), Fault> {
    let (kind, salt) = match change {
        UserChange::Password(hash) | UserChange::OwnPassword { hash, .. } => {
            (SignInKind::PasswordChanged, hash.expose())
        }
        UserChange::Unlock => (SignInKind::Unlocked, ""),
        UserChange::Disable | UserChange::Enable => return Ok(()),
    };
    keep(transaction, &SignInEvent::caused_by(event, user, kind, salt)).await
}

/// Removes the history of a user. The transaction has deleted their row.
pub(crate) async fn delete(transaction: &DatabaseTransaction, user: UserId) -> Result<(), Fault> {
    Entity::delete_many().filter(Column::UserId.eq(user.as_uuid())).exec(transaction).await?;
    Ok(())
}

/// The user is signed in without an event.
pub(crate) fn warn_of(fault: &Fault, event: &SignInEvent) {
    tracing::warn!(%fault, user = %event.user, "cannot record the sign-in in the history; the user is signed in without");
}

fn condition(filter: &SignInFilter, before: Option<SignInEventId>) -> Condition {
    let SignInFilter { user, kinds, since, until } = filter;
    let first_at = |time: DateTime<Utc>| SignInEventId::first_at(time).as_uuid();
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    Condition::all()
        .add_option(user.map(|user| Column::UserId.eq(user.as_uuid())))
        .add_option((!kinds.is_empty()).then(|| Column::Kind.is_in(kinds)))
        .add_option(since.map(|since| Column::Id.gte(first_at(since))))
        .add_option(until.map(|until| Column::Id.lt(first_at(until))))
        .add_option(before.map(|before| Column::Id.lt(before.as_uuid())))
}

fn from_row(row: Model) -> Result<SignInEvent, Fault> {
    let client = row.client_id.as_deref().map(|id| parse::<ClientId>(id, "a client id"));
    Ok(SignInEvent {
        id: row.id.into(),
        user: row.user_id.into(),
        kind: parse(&row.kind, "a kind of event")?,
        client: client.transpose()?,
        address: row.address,
        user_agent: row.user_agent.as_deref().and_then(UserAgent::new),
        until: optional_instant(row.until)?,
    })
}
