//! Removing rows in batches, each in one short statement.

use sea_orm::sea_query::{CommonTableExpression, LockBehavior, LockType, Query, SelectStatement, WithClause};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::Database;
use crate::fault::Fault;

/// Removes up to a batch of rows. They are locked when they are chosen, so that they are still expired when they are removed.
pub(crate) async fn remove<E: EntityTrait>(
    database: &Database,
    key: E::Column,
    expired: Condition,
    batch: u64,
) -> Result<u64, Fault> {
    // A row that another transaction is changing is left for the next run.
    let chosen = E::find()
        .select_only()
        .column(key)
        .filter(expired)
        .limit(batch)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let removed = E::delete_many().filter(key.in_subquery(from_chosen(key))).into_query();
    let removed = database.writer.execute(&once(chosen).query(removed)).await?;
    Ok(removed.rows_affected())
}

/// The name of a batch within its statement.
const CHOSEN: &str = "chosen";

/// Chooses a batch one time. As a plain subquery Postgres may choose again for every row that it looks at, and skip what
/// this statement itself has locked: a batch without a bound.
pub(crate) fn once(batch: SelectStatement) -> WithClause {
    let chosen = CommonTableExpression::new().query(batch).table_name(CHOSEN).materialized(true).to_owned();
    WithClause::new().cte(chosen).to_owned()
}

pub(crate) fn from_chosen(key: impl ColumnTrait) -> SelectStatement {
    Query::select().column(key.as_str()).from(CHOSEN).to_owned()
}
