//! Audit events, each written in the transaction of the change that it records.

use application::port::{AuditTrail, EventFilter, KeptEvent, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::AuditEvent;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect,
    Set,
};

use crate::Database;
use crate::column::{instant, json, micros, parse_json};
use crate::entity::audit_event::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::removal::remove;
use crate::store::mail_queue;

#[async_trait]
impl AuditTrail for Database {
    #[tracing::instrument(name = "audit_trail.latest", skip_all)]
    async fn latest(
        &self,
        filter: &EventFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<KeptEvent>, Unavailable> {
        self.retried(|| async {
            let latest = Entity::find().order_by_desc(Column::Id).limit(u64::from(limit));
            let latest = latest.filter(condition(filter, before));
            let rows = latest.all(&self.reader).await?;
            rows.into_iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "audit_trail.forget", skip_all)]
    async fn forget(&self, time: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                let is_old = Condition::all().add(Column::At.lt(micros(time)));
                let gone = remove::<Entity>(&database, Column::Id, is_old, u64::from(batch)).await?;
                database.shrink_after(gone, batch).await?;
                Ok(gone)
            })
            .await
    }
}

fn condition(filter: &EventFilter, before: Option<i64>) -> Condition {
    let EventFilter { actor, action, target, since, until } = filter;
    Condition::all()
        .add_option(actor.as_ref().map(|actor| Column::ActorName.eq(actor)))
        .add_option(action.as_ref().map(|action| Column::Action.eq(action)))
        .add_option(target.as_ref().map(|target| Column::Target.eq(target)))
        .add_option(since.map(|since| Column::At.gte(micros(since))))
        .add_option(until.map(|until| Column::At.lt(micros(until))))
        .add_option(before.map(|before| Column::Id.lt(before)))
}

/// Adds the event, and the mails that it causes.
pub(crate) async fn keep(transaction: &DatabaseTransaction, event: &AuditEvent) -> Result<(), Fault> {
    mail_queue::add(transaction, &event.mails).await?;
    let row = ActiveModel {
        id: NotSet,
        at: Set(micros(event.at)),
        actor: Set(json(&event.actor)?),
        actor_name: Set(event.actor.name()),
        address: Set(event.address.clone()),
        action: Set(event.action.clone()),
        target: Set(event.target.clone()),
        changes: Set(json(&event.changes)?),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Ends a transaction: commits what it changed together with the event, or rolls it back if it changed nothing.
pub(crate) async fn finish(
    transaction: DatabaseTransaction,
    changed: bool,
    event: &AuditEvent,
) -> Result<bool, Fault> {
    if !changed {
        transaction.rollback().await?;
        return Ok(false);
    }
    keep(&transaction, event).await?;
    transaction.commit().await?;
    Ok(true)
}

fn from_row(row: Model) -> Result<KeptEvent, Fault> {
    let event = AuditEvent {
        at: instant(row.at)?,
        actor: parse_json(&row.actor, "an actor")?,
        address: row.address,
        action: row.action,
        target: row.target,
        changes: parse_json(&row.changes, "the changes of an audit event")?,
        mails: Vec::new(),
    };
    Ok(KeptEvent { number: row.id, event })
}
