//! Users by the beginning of a name: the names are in an index, so a page is read from where it begins.

use std::collections::HashMap;

use application::port::UserFilter;
use domain::{SignInName, User};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::row::from_row;
use crate::Database;
use crate::entity::sign_in_name::{Column, Entity};
use crate::entity::{group, group_member, user};
use crate::fault::Fault;

/// The last character of Unicode: no name has it, so every text that begins with a name is before the name with it.
const LAST: char = char::MAX;

pub(super) async fn search(
    database: &Database,
    filter: &UserFilter,
    after: Option<&SignInName>,
    limit: u32,
) -> Result<Vec<User>, Fault> {
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(condition(filter))
        .filter(Condition::all().add_option(after.map(|after| Column::Name.gt(after.key()))))
        .order_by_asc(Column::Name)
        .limit(u64::from(limit))
        .into_tuple()
        .all(&database.reader)
        .await?;
    let rows = user::Entity::find().filter(user::Column::Id.is_in(found.iter().copied()));
    let rows = rows.all(&database.reader).await?.into_iter().map(|row| (row.id, row));
    let mut rows: HashMap<Uuid, user::Model> = rows.collect();
    // A user who was deleted meanwhile is not there.
    found.into_iter().filter_map(|id| rows.remove(&id)).map(from_row).collect()
}

fn condition(filter: &UserFilter) -> Condition {
    let UserFilter { begins_with, group, is_enabled } = filter;
    let named = match begins_with {
        None => Condition::all().add(Column::IsUsername.eq(true)),
        Some(name) => {
            let begins =
                |column: Expr| column.clone().gte(name.key()).and(column.lt(format!("{}{LAST}", name.key())));
            // The e-mail address counts where the user name does not begin so.
            let other = Alias::new("other");
            let of_other = |column: Column| Expr::col((other.clone(), column));
            let by_username = Query::select()
                .expr(Expr::val(1))
                .from_as(Entity, other.clone())
                .and_where(of_other(Column::UserId).equals((Entity, Column::UserId)))
                .and_where(of_other(Column::IsUsername).eq(true))
                .and_where(begins(of_other(Column::Name)))
                .to_owned();
            let counts = Column::IsUsername.eq(true).or(Expr::not_exists(by_username));
            Condition::all().add(begins(Expr::col((Entity, Column::Name)))).add(counts)
        }
    };
    let is_disabled = |is_enabled: &bool| {
        let disabled = user::Column::DisabledAt;
        let column = if *is_enabled { disabled.is_null() } else { disabled.is_not_null() };
        Column::UserId.in_subquery(users_where(column))
    };
    named
        .add_option(is_enabled.as_ref().map(is_disabled))
        .add_option(group.as_ref().map(|name| Column::UserId.in_subquery(members(&name.key()))))
}

fn users_where(condition: Expr) -> SelectStatement {
    Query::select().column(user::Column::Id).from(user::Entity).and_where(condition).to_owned()
}

fn members(name_key: &str) -> SelectStatement {
    let named = Query::select()
        .column(group::Column::Id)
        .from(group::Entity)
        .and_where(group::Column::NameKey.eq(name_key))
        .to_owned();
    Query::select()
        .column(group_member::Column::UserId)
        .from(group_member::Entity)
        .and_where(group_member::Column::GroupId.in_subquery(named))
        .to_owned()
}
