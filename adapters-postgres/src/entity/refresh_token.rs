//! A refresh token, spent or not (RFC 9700 §4.14.2).

use sea_orm::entity::prelude::*;
use serde::Deserialize;

use crate::column::{from_hex, from_optional_hex};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(deserialize_with = "from_hex")]
    pub digest: Vec<u8>,
    pub authorization_id: Uuid,
    pub client_id: String,
    pub scope: String,
    pub issued_at: i64,
    pub expires_at: i64,
    pub spent_at: Option<i64>,
    #[serde(deserialize_with = "from_optional_hex")]
    pub successor: Option<Vec<u8>>,
    #[serde(deserialize_with = "from_optional_hex")]
    pub sealed_successor: Option<Vec<u8>>,
    pub sealed_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
