//! The members of groups.

use std::collections::BTreeSet;

use application::port::{ChangedMembers, MembershipChange};
use domain::{AuditEvent, GroupName, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Database;
use crate::entity::group_member::{ActiveModel, Column, Entity};
use crate::entity::{group, user};
use crate::fault::Fault;
use crate::store::{allowed_groups, audit_trail};

/// The most users that one statement names.
const MAX_BATCH: usize = 500;

pub(crate) async fn change(
    database: &Database,
    group: &GroupName,
    change: MembershipChange<'_>,
    event: &AuditEvent,
) -> Result<ChangedMembers, Fault> {
    let transaction = database.begin().await?;
    let Some(group) = locked_group(&transaction, group).await? else {
        transaction.rollback().await?;
        return Ok(ChangedMembers::NoSuchGroup);
    };
    let mut changed = 0;
    match change {
        MembershipChange::Add(users) => {
            for batch in users.chunks(MAX_BATCH) {
                if let Some(unknown) = unknown(&transaction, batch).await? {
                    transaction.rollback().await?;
                    return Ok(ChangedMembers::NoSuchUser(unknown));
                }
                changed += add(&transaction, group.id, batch).await?;
            }
        }
        MembershipChange::Remove(users) => {
            let clients = allowed_groups::locked_clients(&transaction, group.id).await?;
            for batch in users.chunks(MAX_BATCH) {
                changed += remove(&transaction, group.id, batch).await?;
                let clients = clients.iter().map(|client| client.id.clone());
                allowed_groups::end_entry(&transaction, clients, Some(batch), event.at).await?;
            }
        }
    }
    audit_trail::finish(transaction, changed > 0, event).await?;
    Ok(ChangedMembers::Done(changed))
}

/// The group with this name, locked until the transaction ends.
pub(crate) async fn locked_group(
    transaction: &DatabaseTransaction,
    name: &GroupName,
) -> Result<Option<group::Model>, Fault> {
    let named = group::Entity::find().filter(group::Column::NameKey.eq(name.key()));
    Ok(named.lock_exclusive().one(transaction).await?)
}

/// The first of these users who does not exist. The others are locked: their deletion waits, and then finds their membership.
async fn unknown(transaction: &DatabaseTransaction, users: &[UserId]) -> Result<Option<UserId>, Fault> {
    let known: Vec<Uuid> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Id.is_in(ids(users)))
        .order_by_asc(user::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(transaction)
        .await?;
    let known: BTreeSet<_> = known.into_iter().collect();
    Ok(users.iter().find(|user| !known.contains(&user.as_uuid())).copied())
}

async fn add(transaction: &DatabaseTransaction, group: Uuid, users: &[UserId]) -> Result<u64, Fault> {
    let rows = ids(users).map(|user_id| ActiveModel { user_id: Set(user_id), group_id: Set(group) });
    let is_member = OnConflict::columns([Column::UserId, Column::GroupId]).do_nothing().to_owned();
    Ok(Entity::insert_many(rows).on_conflict(is_member).exec_without_returning(transaction).await?)
}

async fn remove(transaction: &DatabaseTransaction, group: Uuid, users: &[UserId]) -> Result<u64, Fault> {
    let members =
        Entity::delete_many().filter(Column::GroupId.eq(group)).filter(Column::UserId.is_in(ids(users)));
    Ok(members.exec(transaction).await?.rows_affected)
}

/// Removes a user who is deleted from every group. Memberships go before authorizations, as where a membership is taken away,
/// so that there is no deadlock.
pub(crate) async fn forget_member(transaction: &DatabaseTransaction, user: UserId) -> Result<(), Fault> {
    let theirs = Column::UserId.eq(user.as_uuid());
    Entity::delete_many().filter(theirs).exec(transaction).await?;
    Ok(())
}

fn ids(users: &[UserId]) -> impl Iterator<Item = Uuid> {
    users.iter().map(UserId::as_uuid)
}
