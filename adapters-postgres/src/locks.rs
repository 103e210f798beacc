//! Reads a user, client or session and locks it until the transaction ends.
//!
//! What the transaction then writes about it cannot miss that another transaction disables, ends or deletes it at the same
//! time: one of the two waits for the other. SQLite has one writer, and needs no lock. Locks are taken in one order: group,
//! client, user, session, authorization, refresh token.

use domain::{Authorization, ClientId, SessionId, UserId};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QuerySelect};

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

async fn session(transaction: &DatabaseTransaction, id: SessionId) -> Result<Option<session::Model>, Fault> {
    let found = session::Entity::find_by_id(id.as_uuid()).lock_shared();
    Ok(found.one(transaction).await?)
}

/// Locks all that a new authorization depends on, as far as it exists.
pub(crate) async fn parties(
    transaction: &DatabaseTransaction,
    authorization: &Authorization,
) -> Result<(), Fault> {
    if transaction.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    client(transaction, &authorization.client).await?;
    user(transaction, authorization.user).await?;
    if let Some(id) = authorization.session {
        session(transaction, id).await?;
    }
    Ok(())
}
