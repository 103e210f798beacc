//! Audit events, each written in the transaction of what it tells of.

use application::port::{AuditTrail, KeptEvent, Unavailable};
use async_trait::async_trait;
use domain::AuditEvent;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::Database;
use crate::column::{instant, json, micros, parse_json};
use crate::entity::audit_event::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;

#[async_trait]
impl AuditTrail for Database {
    #[tracing::instrument(name = "audit_trail.latest", skip_all)]
    async fn latest(&self, before: Option<i64>, limit: u32) -> Result<Vec<KeptEvent>, Unavailable> {
        self.answered(
            async {
                let mut latest = Entity::find().order_by_desc(Column::Id).limit(u64::from(limit));
                if let Some(before) = before {
                    latest = latest.filter(Column::Id.lt(before));
                }
                let rows = latest.all(&self.reader).await?;
                rows.into_iter().map(from_row).collect()
            }
            .await,
        )
    }
}

pub(crate) async fn keep(transaction: &DatabaseTransaction, event: &AuditEvent) -> Result<(), Fault> {
    let row = ActiveModel {
        id: NotSet,
        at: Set(micros(event.at)),
        actor: Set(json(&event.actor)?),
        action: Set(event.action.clone()),
        target: Set(event.target.clone()),
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
        action: row.action,
        target: row.target,
    };
    Ok(KeptEvent { number: row.id, event })
}
