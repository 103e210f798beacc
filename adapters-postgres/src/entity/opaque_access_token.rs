//! An access token that is kept rather than signed: `token` is the digest of its `jti`, `digest` that of itself.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opaque_access_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    pub token: Vec<u8>,
    pub origin: Uuid,
    pub client_id: String,
    pub resources: Option<String>,
    pub user_present: bool,
    pub detail: String,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
