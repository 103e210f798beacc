//! Authorization codes, each redeemed once (RFC 6749 §4.1.2, §10.5).

use application::port::{AuthorizationCodes, KeptCode, Redeemed, Unavailable};
use async_trait::async_trait;
use domain::{AuthorizationCode, Digest};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::Deserialize;

use crate::column::{bytes, json, micros, parse_json, same};
use crate::entity::authorization_code::{ActiveModel, Column, Entity, Model};
use crate::together::{Form, KeyType, Matter, Text, asked};
use crate::{Database, at_once};

#[async_trait]
impl AuthorizationCodes for Database {
    #[tracing::instrument(name = "authorization_codes.issue", skip_all)]
    async fn issue(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Unavailable> {
        self.answered(
            async {
                if self.speaks_postgres() && at_once::issue(self, key, code).await? {
                    return Ok(());
                }
                let row = ActiveModel {
                    digest: Set(bytes(&key)),
                    detail: Set(json(code)?),
                    redeemed: Set(false),
                    expires_at: Set(micros(code.expires_at)),
                    forget_at: Set(micros(code.authorization.expires_at)),
                };
                Entity::insert(row).exec_without_returning(&self.writer).await?;
                Ok(())
            }
            .await,
        )
    }

    #[tracing::instrument(name = "authorization_codes.find", skip_all)]
    async fn find(&self, key: Digest) -> Result<Option<KeptCode>, Unavailable> {
        self.answered(
            async {
                let found = if self.speaks_postgres() {
                    let found = self.together.ask(Matter::CodeFound, [bytes(&key).into()]).await?;
                    found.map(|found| parse_json(&found, "an authorization code")).transpose()?
                } else {
                    let found = Entity::find_by_id(bytes(&key)).one(&self.reader).await?;
                    found.map(|Model { detail, redeemed, .. }| FoundRow { detail, redeemed })
                };
                found
                    .map(|FoundRow { detail, redeemed }| {
                        Ok(KeptCode { code: parse_json(&detail, "an authorization code")?, redeemed })
                    })
                    .transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "authorization_codes.redeem", skip_all)]
    async fn redeem(&self, key: Digest) -> Result<Redeemed, Unavailable> {
        self.answered(
            async {
                if self.speaks_postgres() && at_once::redeem(self, key).await? {
                    return Ok(Redeemed::First);
                }
                // The guard decides: of any number of concurrent updates one finds the code unspent.
                let spent = Entity::update_many()
                    .col_expr(Column::Redeemed, Expr::val(true))
                    .filter(Column::Digest.eq(bytes(&key)))
                    .filter(Column::Redeemed.eq(false))
                    .exec(&self.writer)
                    .await?;
                if spent.rows_affected == 1 {
                    return Ok(Redeemed::First);
                }
                let kept = Entity::find_by_id(bytes(&key)).one(&self.reader).await?;
                Ok(kept.map_or(Redeemed::Unknown, |_| Redeemed::Again))
            }
            .await,
        )
    }
}

#[derive(Deserialize)]
struct FoundRow {
    detail: String,
    redeemed: bool,
}

pub(crate) fn question() -> Form {
    let found = Expr::cust("json_build_object('detail', detail, 'redeemed', redeemed)::text");
    Form {
        keys: &[("digest", KeyType::Bytes)],
        text: Text::look(
            Entity::find()
                .select_only()
                .expr_as(found, "found")
                .filter(same(Column::Digest, asked("digest"))),
        ),
    }
}
