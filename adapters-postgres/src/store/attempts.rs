//! Counters against guessing.

use application::port::{Attempt, AttemptKey, Attempts, Limit, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::column::{bytes, instant, micros};
use crate::entity::attempt::{ActiveModel, Column, Entity};
use crate::fault::Fault;

#[async_trait]
impl Attempts for Database {
    #[tracing::instrument(name = "attempts.count", skip_all)]
    async fn count(&self, key: AttemptKey, limit: Limit, now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        self.answered(count(self, key, limit, now).await)
    }

    #[tracing::instrument(name = "attempts.forgive", skip_all)]
    async fn forgive(&self, key: AttemptKey) -> Result<(), Unavailable> {
        self.answered(
            async {
                Entity::update_many()
                    .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
                    .filter(Column::Digest.eq(bytes(&key.digest())))
                    .filter(Column::Attempts.gt(0))
                    .exec(&self.writer)
                    .await?;
                Ok(())
            }
            .await,
        )
    }
}

async fn count(
    database: &Database,
    key: AttemptKey,
    limit: Limit,
    now: DateTime<Utc>,
) -> Result<Attempt, Fault> {
    let key = bytes(&key.digest());
    let first = ActiveModel {
        digest: Set(key.clone()),
        attempts: Set(1),
        restarts_at: Set(micros(now + limit.window)),
    };
    let kept = |column| Expr::col((Entity, column));
    let window_is_over = || kept(Column::RestartsAt).lte(micros(now));
    let count = Expr::case(window_is_over(), 1_i64).finally(kept(Column::Attempts).add(1_i64));
    let restarts_at =
        Expr::case(window_is_over(), micros(now + limit.window)).finally(kept(Column::RestartsAt));
    // One over the limit is not counted: the guard leaves the row as it is, but locked.
    let may_count =
        Condition::any().add(window_is_over()).add(kept(Column::Attempts).lt(i64::from(limit.attempts)));
    let counted = OnConflict::column(Column::Digest)
        .value(Column::Attempts, count)
        .value(Column::RestartsAt, restarts_at)
        .action_cond_where(may_count)
        .to_owned();
    let transaction = database.begin().await?;
    let rows = Entity::insert(first).on_conflict(counted).exec_without_returning(&transaction).await?;
    let attempt = if rows == 1 {
        Attempt::Allowed
    } else {
        let row = Entity::find_by_id(key).one(&transaction).await?;
        let row = row.ok_or(Fault::Corrupt("a counter"))?;
        Attempt::Limited(instant(row.restarts_at)?)
    };
    transaction.commit().await?;
    Ok(attempt)
}
