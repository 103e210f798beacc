//! A pushed authorization request; `expires_at` is until when it opens, `forget_at` until when it completes, `completed_by` the
//! interaction that completed it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pushed_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    pub detail: String,
    pub completed_by: Option<Vec<u8>>,
    pub expires_at: i64,
    pub forget_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
