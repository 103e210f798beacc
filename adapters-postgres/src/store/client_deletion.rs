//! The deletion of clients, also of those that registered themselves and are not used, because strangers may register them.

use chrono::{DateTime, Duration, Utc};
use domain::{Actor, AuditEvent, ClientId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};

use crate::Database;
use crate::column::micros;
use crate::entity::client::{Column, Entity};
use crate::entity::{authorization, consent, resource, withdrawal};
use crate::fault::Fault;
use crate::store::{allowed_groups, audit_trail};

/// A use is not written again so soon: a client that is used every second would be written every second.
const MARK_INTERVAL: Duration = Duration::days(1);

pub(super) async fn delete(database: &Database, id: &ClientId, event: &AuditEvent) -> Result<bool, Fault> {
    let transaction = database.begin().await?;
    // The client first: from here on no grant can be recorded for it.
    let deleted = Entity::delete_by_id(id.as_str()).exec(&transaction).await?;
    if deleted.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(false);
    }
    delete_what_it_was_given(&transaction, id).await?;
    audit_trail::finish(transaction, true, event).await
}

/// Deletes the grants, consents and groups of a deleted client.
async fn delete_what_it_was_given(transaction: &DatabaseTransaction, id: &ClientId) -> Result<(), Fault> {
    // Refresh tokens go with their authorizations.
    authorization::Entity::delete_many()
        .filter(authorization::Column::ClientId.eq(id.as_str()))
        .exec(transaction)
        .await?;
    consent::Entity::delete_many()
        .filter(consent::Column::ClientId.eq(id.as_str()))
        .exec(transaction)
        .await?;
    allowed_groups::forget_client(transaction, id).await?;
    // The next client with this id is not the resource server that this one was.
    resource::Entity::update_many()
        .col_expr(resource::Column::ClientId, Expr::val(None::<String>))
        .filter(resource::Column::ClientId.eq(id.as_str()))
        .exec(transaction)
        .await?;
    withdrawal::Entity::delete_many()
        .filter(withdrawal::Column::ClientId.eq(id.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

pub(super) async fn mark_used(database: &Database, id: &ClientId, now: DateTime<Utc>) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(micros(now)))
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::UsedAt.lte(micros(now - MARK_INTERVAL)))
        .exec(&database.writer)
        .await?;
    Ok(())
}

pub(super) async fn delete_unused(
    database: &Database,
    since: DateTime<Utc>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    let mut deleted = 0;
    for id in find(database, since, limit).await? {
        let id: ClientId = id.parse().map_err(|_invalid| Fault::Corrupt("the id of a client"))?;
        let transaction = database.begin().await?;
        // A client that was used in the meantime stays.
        let gone = Entity::delete_many()
            .filter(Column::Id.eq(id.as_str()))
            .filter(is_unused(since))
            .exec(&transaction);
        if gone.await?.rows_affected == 0 {
            transaction.rollback().await?;
            continue;
        }
        delete_what_it_was_given(&transaction, &id).await?;
        let event = AuditEvent::new(now, Actor::Server, "client.expire", &id);
        audit_trail::finish(transaction, true, &event).await?;
        deleted += 1;
    }
    Ok(deleted)
}

async fn find(database: &Database, since: DateTime<Utc>, limit: u32) -> Result<Vec<String>, DbErr> {
    let unused = Entity::find().select_only().column(Column::Id).filter(is_unused(since));
    unused.limit(u64::from(limit)).into_tuple().all(&database.reader).await
}

fn is_unused(since: DateTime<Utc>) -> Condition {
    let consents = consent::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((consent::Entity, consent::Column::ClientId)).equals((Entity, Column::Id)))
        .into_query();
    let authorizations = authorization::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(
            Expr::col((authorization::Entity, authorization::Column::ClientId)).equals((Entity, Column::Id)),
        )
        .into_query();
    Condition::all()
        .add(Column::Unattended.eq(true))
        .add(Column::UsedAt.lte(micros(since)))
        .add(Expr::not_exists(consents))
        .add(Expr::not_exists(authorizations))
}
