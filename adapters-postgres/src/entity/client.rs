//! A registered client (RFC 7591 §2); `registration` is all of it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub incarnation: Uuid,
    pub registration: String,
    pub name_key: String,
    pub disabled_at: Option<i64>,
    pub created_at: i64,
    pub unattended: bool,
    pub members_only: bool,
    pub used_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
