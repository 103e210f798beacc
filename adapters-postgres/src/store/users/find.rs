//! A user by id, alone or with the groups that they are in.

use domain::{Person, User, UserId};
use sea_orm::prelude::Uuid;

use super::row::from_row;
use crate::Database;
use crate::column::parse_json;
use crate::entity::user;
use crate::fault::Fault;
use crate::sql::{LookUp, request, row};

request! { UserKey { id: Uuid, } }
row! { FoundUser { ; user: user of "users", } }
row! { FoundPerson { memberships: Option<String>, ; user: user of "users", } }

static FIND: LookUp<UserKey, FoundUser> = LookUp::new(include_str!("../../sql/users/find.sql"));
static FIND_WITH_GROUPS: LookUp<UserKey, FoundPerson> =
    LookUp::new(include_str!("../../sql/users/find_with_groups.sql"));

pub(super) async fn find(database: &Database, id: UserId) -> Result<Option<User>, Fault> {
    let found = database.look_up(&FIND, UserKey { id: id.as_uuid() }).await?;
    found.map(|FoundUser { user }| from_row(user)).transpose()
}

pub(super) async fn find_with_groups(database: &Database, id: UserId) -> Result<Option<Person>, Fault> {
    let found = database.look_up(&FIND_WITH_GROUPS, UserKey { id: id.as_uuid() }).await?;
    found.map(person).transpose()
}

fn person(FoundPerson { memberships, user }: FoundPerson) -> Result<Person, Fault> {
    let memberships = format!("[{}]", memberships.unwrap_or_default());
    Ok(Person { user: from_row(user)?, memberships: parse_json(&memberships, "the groups of a user")? })
}
