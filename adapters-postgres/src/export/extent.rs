//! The rows of a backup file that a restore leaves out.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::Extent;
use crate::column::micros;
use crate::entity::{
    authorization, authorization_code, client, device_code, mail, one_time_link, opaque_access_token,
    pushed_request, refresh_token, session, set_up_link,
};
use crate::fault::Fault;

impl Extent {
    /// Removes the rows that are outside this extent, at `now`.
    pub(super) async fn trim(
        self,
        transaction: &DatabaseTransaction,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        match self {
            Self::Everything => Ok(()),
            Self::Lasting => {
                forget_what_works_once(transaction).await?;
                take_clients_as_used(transaction, now).await
            }
            Self::SignedOut => {
                forget_what_works_once(transaction).await?;
                take_clients_as_used(transaction, now).await?;
                forget_logins(transaction).await
            }
        }
    }
}

/// The backup does not know which clients were used after it, so all clients count as used now.
async fn take_clients_as_used(transaction: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), Fault> {
    client::Entity::update_many()
        .col_expr(client::Column::UsedAt, Expr::val(micros(now)))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn forget_what_works_once(transaction: &DatabaseTransaction) -> Result<(), Fault> {
    let unspent = authorization_code::Column::Redeemed.eq(false);
    authorization_code::Entity::delete_many().filter(unspent).exec(transaction).await?;
    device_code::Entity::delete_many().exec(transaction).await?;
    pushed_request::Entity::delete_many().exec(transaction).await?;
    set_up_link::Entity::delete_many().exec(transaction).await?;
    mail::Entity::delete_many().exec(transaction).await?;
    one_time_link::Entity::delete_many().exec(transaction).await?;
    Ok(())
}

async fn forget_logins(transaction: &DatabaseTransaction) -> Result<(), Fault> {
    refresh_token::Entity::delete_many().exec(transaction).await?;
    opaque_access_token::Entity::delete_many().exec(transaction).await?;
    authorization::Entity::delete_many().exec(transaction).await?;
    session::Entity::delete_many().exec(transaction).await?;
    Ok(())
}
