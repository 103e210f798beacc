//! The groups that clients allow, and the revocation of grants of users who lose their access.
//!
//! A transaction that removes access locks the client, and then revokes what is recorded. A transaction that records a grant
//! has locked the client too: one of the two waits for the other. Locks are taken in this order: groups, clients, users.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{Client, ClientId, GroupName, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    Set,
};

use crate::column::{json, micros, parse_json};
use crate::entity::allowed_group::{ActiveModel, Column, Entity};
use crate::entity::{authorization, client, group, group_member};
use crate::fault::Fault;
use crate::store::logout_notices;

/// The ids of the groups with these names, which stay until the transaction ends; none if one does not exist.
pub(crate) async fn locked(
    transaction: &DatabaseTransaction,
    names: &BTreeSet<GroupName>,
) -> Result<Option<Vec<Uuid>>, Fault> {
    if names.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let keys: BTreeSet<_> = names.iter().map(GroupName::key).collect();
    let wanted = keys.len();
    let found: Vec<Uuid> = group::Entity::find()
        .select_only()
        .column(group::Column::Id)
        .filter(group::Column::NameKey.is_in(keys))
        .order_by_asc(group::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(transaction)
        .await?;
    Ok((found.len() == wanted).then_some(found))
}

/// Lets the members of these groups enter a client, and of no others.
pub(crate) async fn replace(
    transaction: &DatabaseTransaction,
    client: &ClientId,
    groups: Vec<Uuid>,
) -> Result<(), Fault> {
    forget_client(transaction, client).await?;
    if groups.is_empty() {
        return Ok(());
    }
    let row = |group_id| ActiveModel { client_id: Set(client.to_string()), group_id: Set(group_id) };
    Entity::insert_many(groups.into_iter().map(row)).exec_without_returning(transaction).await?;
    Ok(())
}

/// Forgets the groups of a client.
pub(crate) async fn forget_client(transaction: &DatabaseTransaction, client: &ClientId) -> Result<(), Fault> {
    let its = Column::ClientId.eq(client.as_str());
    Entity::delete_many().filter(its).exec(transaction).await?;
    Ok(())
}

/// The clients that allow a group. They are locked: no grant to one of them is recorded until the transaction ends.
pub(crate) async fn locked_clients(
    transaction: &DatabaseTransaction,
    group: Uuid,
) -> Result<Vec<client::Model>, Fault> {
    let allowing: Vec<String> = Entity::find()
        .select_only()
        .column(Column::ClientId)
        .filter(Column::GroupId.eq(group))
        .into_tuple()
        .all(transaction)
        .await?;
    let clients = client::Entity::find()
        .filter(client::Column::Id.is_in(allowing))
        .order_by_asc(client::Column::Id)
        .lock(LockType::Update);
    Ok(clients.all(transaction).await?)
}

/// Takes a group that is deleted out of the registrations of the clients that allow it. They still let only members enter.
pub(crate) async fn forget_group(
    transaction: &DatabaseTransaction,
    (id, name): (Uuid, &GroupName),
    clients: &[client::Model],
) -> Result<(), Fault> {
    for row in clients {
        let mut client: Client = parse_json(&row.registration, "a client")?;
        client.allowed_groups.iter_mut().for_each(|groups| {
            groups.retain(|allowed| allowed.key() != name.key());
        });
        client::Entity::update_many()
            .col_expr(client::Column::Registration, Expr::val(json(&client)?))
            .filter(client::Column::Id.eq(row.id.as_str()))
            .exec(transaction)
            .await?;
    }
    Entity::delete_many().filter(Column::GroupId.eq(id)).exec(transaction).await?;
    Ok(())
}

/// Revokes what users, or only these users, granted to these clients that do not let them enter any more, and leaves notices for
/// the clients that want to hear of logouts: the sessions go on, and the clients end their own.
pub(crate) async fn end_entry(
    transaction: &DatabaseTransaction,
    clients: impl IntoIterator<Item = String>,
    users: Option<&[UserId]>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let clients: Vec<String> = clients.into_iter().collect();
    let lost = lost(&clients, users);
    logout_notices::leave_for(transaction, &clients, lost.clone(), now).await?;
    authorization::Entity::update_many()
        .col_expr(authorization::Column::RevokedAt, Expr::val(micros(now)))
        .filter(lost)
        .exec(transaction)
        .await?;
    Ok(())
}

/// The authorizations that are not revoked, of users, or only of these users, whom these clients do not let enter.
fn lost(clients: &[String], users: Option<&[UserId]>) -> Condition {
    let granted = |column| Expr::col((authorization::Entity, column));
    let still_admitted = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .join(
            JoinType::InnerJoin,
            group_member::Entity,
            Expr::col((group_member::Entity, group_member::Column::GroupId))
                .equals((Entity, Column::GroupId)),
        )
        .and_where(Expr::col((Entity, Column::ClientId)).eq(granted(authorization::Column::ClientId)))
        .and_where(
            Expr::col((group_member::Entity, group_member::Column::UserId))
                .eq(granted(authorization::Column::UserId)),
        )
        .to_owned();
    let lost = Condition::all()
        .add(authorization::Column::ClientId.is_in(clients))
        .add(authorization::Column::RevokedAt.is_null())
        .add(Expr::not_exists(still_admitted));
    match users {
        Some(users) => lost.add(authorization::Column::UserId.is_in(users.iter().map(UserId::as_uuid))),
        None => lost,
    }
}
