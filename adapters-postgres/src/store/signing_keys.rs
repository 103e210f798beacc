//! Signing keys at rest, shared by all nodes.

use application::port::{KeyRotation, SigningKeys, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, KeyId, SigningAlgorithm, SigningKey};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::Database;
use crate::column::{instant, micros, optional_instant, parse};
use crate::entity::signing_algorithm;
use crate::entity::signing_key::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::store::audit_trail;

#[async_trait]
impl SigningKeys for Database {
    #[tracing::instrument(name = "signing_keys.all", skip_all)]
    async fn all(&self) -> Result<Vec<SigningKey>, Unavailable> {
        self.retried(|| async {
            let rows = Entity::find()
                .order_by_asc(Column::CreatedAt)
                .order_by_asc(Column::Id)
                .all(&self.reader)
                .await?;
            rows.into_iter().map(from_row).collect()
        })
        .await
    }

    #[tracing::instrument(name = "signing_keys.install", skip_all)]
    async fn install(&self, algorithm: SigningAlgorithm, keys: &[SigningKey]) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database.retried(|| install(&database, algorithm, keys)).await
    }

    #[tracing::instrument(name = "signing_keys.rotate", skip_all)]
    async fn rotate(
        &self,
        current: &KeyId,
        next: &KeyId,
        new: &SigningKey,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<KeyRotation, Unavailable> {
        let database = self.protecting();
        database.retried(|| rotate(&database, (current, next), new, now, event)).await
    }

    #[tracing::instrument(name = "signing_keys.retire", skip_all)]
    async fn retire(
        &self,
        current: &KeyId,
        next: &KeyId,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let database = self.protecting();
        database.retried(|| retire(&database, (current, next), now, event)).await
    }

    #[tracing::instrument(name = "signing_keys.delete", skip_all)]
    async fn delete(&self, id: &KeyId) -> Result<(), Unavailable> {
        let database = self.protecting();
        database
            .retried(|| async {
                Entity::delete_by_id(id.as_str()).exec(&database.writer).await?;
                Ok(())
            })
            .await
    }
}

async fn install(
    database: &Database,
    algorithm: SigningAlgorithm,
    keys: &[SigningKey],
) -> Result<bool, Fault> {
    let lock = signing_algorithm::ActiveModel { algorithm: Set(algorithm.to_string()) };
    // Touching the row locks it, new or old: a second installation looks for keys after the first is done.
    let taken = OnConflict::column(signing_algorithm::Column::Algorithm)
        .update_column(signing_algorithm::Column::Algorithm)
        .to_owned();
    let transaction = database.begin().await?;
    signing_algorithm::Entity::insert(lock).on_conflict(taken).exec_without_returning(&transaction).await?;
    let live = Entity::find()
        .filter(Column::Algorithm.eq(algorithm.as_str()))
        .filter(Column::SupersededAt.is_null());
    if live.one(&transaction).await?.is_some() {
        transaction.rollback().await?;
        return Ok(false);
    }
    for key in keys {
        Entity::insert(to_row(key)).exec_without_returning(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// False if `current` does not sign, or `next` does not wait.
async fn rotate(
    database: &Database,
    keys: (&KeyId, &KeyId),
    new: &SigningKey,
    now: DateTime<Utc>,
    event: &AuditEvent,
) -> Result<KeyRotation, Fault> {
    let transaction = database.begin().await?;
    let superseded = supersede(&transaction, keys, new, now).await?;
    let rotated = audit_trail::finish(transaction, superseded, event).await?;
    Ok(if rotated { KeyRotation::Rotated } else { KeyRotation::Lost })
}

/// False if `current` does not sign, or `next` does not wait.
async fn retire(
    database: &Database,
    (current, next): (&KeyId, &KeyId),
    now: DateTime<Utc>,
    event: &AuditEvent,
) -> Result<bool, Fault> {
    let transaction = database.begin().await?;
    let mut retired = true;
    for (key, is_in_its_state) in
        [(current, Column::ActivatedAt.is_not_null()), (next, Column::ActivatedAt.is_null())]
    {
        let superseded = Entity::update_many()
            .col_expr(Column::SupersededAt, Expr::val(micros(now)))
            .filter(Column::Id.eq(key.as_str()))
            .filter(Column::SupersededAt.is_null())
            .filter(is_in_its_state)
            .exec(&transaction)
            .await?;
        retired &= superseded.rows_affected == 1;
    }
    audit_trail::finish(transaction, retired, event).await
}

/// False if another call was first.
async fn supersede(
    transaction: &DatabaseTransaction,
    (current, next): (&KeyId, &KeyId),
    new: &SigningKey,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let superseded = Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::val(micros(now)))
        .filter(Column::Id.eq(current.as_str()))
        .filter(Column::SupersededAt.is_null())
        .exec(transaction)
        .await?;
    if superseded.rows_affected == 0 {
        return Ok(false);
    }
    let activated = Entity::update_many()
        .col_expr(Column::ActivatedAt, Expr::val(micros(now)))
        .filter(Column::Id.eq(next.as_str()))
        .filter(Column::ActivatedAt.is_null())
        .exec(transaction)
        .await?;
    if activated.rows_affected == 0 {
        return Ok(false);
    }
    Entity::insert(to_row(new)).exec_without_returning(transaction).await?;
    Ok(true)
}

fn to_row(key: &SigningKey) -> ActiveModel {
    ActiveModel {
        id: Set(key.id.to_string()),
        algorithm: Set(key.algorithm.to_string()),
        sealed: Set(key.sealed.clone()),
        created_at: Set(micros(key.created_at)),
        activated_at: Set(key.activated_at.map(micros)),
        superseded_at: Set(key.superseded_at.map(micros)),
    }
}

pub(crate) fn from_row(row: Model) -> Result<SigningKey, Fault> {
    Ok(SigningKey {
        id: KeyId::new(row.id),
        algorithm: parse(&row.algorithm, "a signing algorithm")?,
        sealed: row.sealed,
        created_at: instant(row.created_at)?,
        activated_at: optional_instant(row.activated_at)?,
        superseded_at: optional_instant(row.superseded_at)?,
    })
}
