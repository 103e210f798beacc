//! Whether a user, client or session is there, locked against change until the transaction ends.
//!
//! What is then written about them cannot miss a disabling or deletion that
//! happens at the same time: one of the two waits for the other. (On SQLite
//! there is only one writer, and no lock is needed.)

use domain::{ClientId, SessionId, UserId};
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};

use crate::entity::{client, session, user};
use crate::fault::Fault;

pub(crate) async fn client(
    transaction: &DatabaseTransaction,
    id: &ClientId,
) -> Result<Option<client::Model>, Fault> {
    let found = client::Entity::find_by_id(id.as_str()).lock_shared();
    Ok(found.one(transaction).await?)
}

pub(crate) async fn user(
    transaction: &DatabaseTransaction,
    id: UserId,
) -> Result<Option<user::Model>, Fault> {
    let found = user::Entity::find_by_id(id.as_uuid()).lock_shared();
    Ok(found.one(transaction).await?)
}

pub(crate) async fn session(
    transaction: &DatabaseTransaction,
    id: SessionId,
) -> Result<Option<session::Model>, Fault> {
    let found = session::Entity::find_by_id(id.as_uuid()).lock_shared();
    Ok(found.one(transaction).await?)
}
