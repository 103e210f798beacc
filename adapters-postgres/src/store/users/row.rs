//! The row of a user.

use domain::User;
use domain::user::PasswordHash;

use crate::column::{instant, optional_instant, parse, parse_json};
use crate::entity::user::Model;
use crate::fault::Fault;

pub(crate) fn from_row(row: Model) -> Result<User, Fault> {
    Ok(User {
        id: row.id.into(),
        username: parse(&row.username, "a user name")?,
        password: row.password_hash.map(PasswordHash::new),
        claims: parse_json(&row.claims, "claims")?,
        administrator: row.administrator,
        disabled_at: optional_instant(row.disabled_at)?,
        unlocked_at: optional_instant(row.unlocked_at)?,
        created_at: instant(row.created_at)?,
        updated_at: instant(row.updated_at)?,
    })
}
