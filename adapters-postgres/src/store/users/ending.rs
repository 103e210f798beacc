//! What ends when a user is disabled or gets a new password.

use chrono::{DateTime, Utc};
use domain::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::column::micros;
use crate::entity::{authorization, session};
use crate::fault::Fault;
use crate::store::logout_notices;

pub(super) async fn end_everything_of(
    transaction: &DatabaseTransaction,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    logout_notices::end_sessions(transaction, sessions_of(id), now).await?;
    authorization::Entity::update_many()
        .col_expr(authorization::Column::RevokedAt, Expr::val(micros(now)))
        .filter(authorization::Column::UserId.eq(id.as_uuid()))
        .exec(transaction)
        .await?;
    Ok(())
}

pub(super) fn sessions_of(id: UserId) -> Condition {
    Condition::all().add(session::Column::UserId.eq(id.as_uuid()))
}
