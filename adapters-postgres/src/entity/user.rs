//! A user.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::column::micros;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub username: String,
    pub password_hash: Option<String>,
    pub claims: String,
    pub administrator: bool,
    pub disabled_at: Option<i64>,
    pub unlocked_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub ended_before: Option<i64>,
    pub withdrew_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether all that they had begun at this instant was ended since: they got a new password, or were disabled.
    pub fn was_ended_after(&self, begun_at: DateTime<Utc>) -> bool {
        self.ended_before.is_some_and(|ended| micros(begun_at) < ended)
    }
}
