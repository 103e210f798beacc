//! The names by which users sign in, user names and e-mail addresses: each belongs to one user. The database decides who is first.

use application::port::InsertedUser;
use domain::{SignInName, User, UserId};
use sea_orm::sea_query::{OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use crate::column::{json, micros};
use crate::entity::sign_in_name::{ActiveModel, Column, Entity};
use crate::entity::user;
use crate::fault::Fault;

/// Which name of a user another user has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakenName {
    Username,
    Email,
}

/// The id of the user who has this name.
pub(super) fn user_with(name: &SignInName) -> SelectStatement {
    Query::select().column(Column::UserId).from(Entity).and_where(Column::Name.eq(name.key())).to_owned()
}

/// Adds a user with their names. Unless it is done, the transaction has to be rolled back.
pub(crate) async fn keep(transaction: &DatabaseTransaction, user: &User) -> Result<InsertedUser, Fault> {
    let row = user::ActiveModel {
        id: Set(user.id.as_uuid()),
        username: Set(user.username.as_str().to_owned()),
        password_hash: Set(user.password.as_ref().map(|hash| hash.expose().to_owned())),
        claims: Set(json(&user.claims)?),
        administrator: Set(user.administrator),
        disabled_at: Set(user.disabled_at.map(micros)),
        unlocked_at: Set(user.unlocked_at.map(micros)),
        created_at: Set(micros(user.created_at)),
        updated_at: Set(micros(user.updated_at)),
        ended_before: Set(None),
        withdrew_at: Set(None),
    };
    let rows = user::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    if rows == 0 {
        return Ok(InsertedUser::UsernameTaken);
    }
    Ok(match give(transaction, user.id, user).await? {
        None => InsertedUser::Done,
        Some(TakenName::Username) => InsertedUser::UsernameTaken,
        Some(TakenName::Email) => InsertedUser::EmailTaken,
    })
}

/// Gives the user with this id, whose row the transaction has locked, the names of `after` in place of those of `before`.
pub(crate) async fn replace(
    transaction: &DatabaseTransaction,
    id: UserId,
    before: &User,
    after: &User,
) -> Result<Option<TakenName>, Fault> {
    if before.sign_in_names() == after.sign_in_names() {
        return Ok(None);
    }
    remove_all(transaction, id).await?;
    give(transaction, id, after).await
}

/// Removes the names of a user.
pub(super) async fn remove_all(transaction: &DatabaseTransaction, id: UserId) -> Result<(), Fault> {
    Entity::delete_many().filter(Column::UserId.eq(id.as_uuid())).exec(transaction).await?;
    Ok(())
}

/// A name that another transaction is giving away is waited for.
async fn give(
    transaction: &DatabaseTransaction,
    id: UserId,
    user: &User,
) -> Result<Option<TakenName>, Fault> {
    let names = user.sign_in_names();
    if !give_one(transaction, id, &names.username, true).await? {
        return Ok(Some(TakenName::Username));
    }
    match &names.email {
        Some(email) if !give_one(transaction, id, email, false).await? => Ok(Some(TakenName::Email)),
        Some(_) | None => Ok(None),
    }
}

async fn give_one(
    transaction: &DatabaseTransaction,
    id: UserId,
    name: &SignInName,
    is_username: bool,
) -> Result<bool, Fault> {
    let row = ActiveModel {
        name: Set(name.key().to_owned()),
        user_id: Set(id.as_uuid()),
        is_username: Set(is_username),
    };
    let rows = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(rows == 1)
}
