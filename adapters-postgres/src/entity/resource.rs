//! A registered resource server (RFC 9728).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub identifier: String,
    pub incarnation: Uuid,
    pub name: String,
    pub scope: String,
    pub default_scope: String,
    pub for_registered_clients: bool,
    pub access_token_typ: String,
    pub documentation: Option<String>,
    pub client_id: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
