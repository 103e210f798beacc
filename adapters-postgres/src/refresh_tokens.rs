//! Refresh tokens and their rotation (RFC 9700 §4.14.2).

use application::port::{PresentedToken, RefreshTokens, Rotation, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::refresh_token::Spent;
use domain::{AuthorizationId, Digest, RefreshToken};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationDef, Select, Set,
};
use serde::Deserialize;

use crate::column::{bytes, digest, instant, micros, parse, parse_json, same};
use crate::entity::authorization;
use crate::entity::refresh_token::{ActiveModel, Column, Entity, Model};
use crate::fault::Fault;
use crate::standing::{standing_authorization, stands, with_parties};
use crate::together::{Form, KeyType, Matter, Text, asked};
use crate::{Database, at_once};

#[async_trait]
impl RefreshTokens for Database {
    #[tracing::instrument(name = "refresh_tokens.find", skip_all)]
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<PresentedToken>, Unavailable> {
        self.answered(
            async {
                let found = if self.speaks_postgres() {
                    let keys = [bytes(&digest).into(), micros(now).into()];
                    let found = self.together.ask(Matter::RefreshToken, keys).await?;
                    found.map(|found| parse_json(&found, "a refresh token")).transpose()?
                } else {
                    find(&self.reader, digest, now).await?
                };
                found.map(Presented::read).transpose()
            }
            .await,
        )
    }

    #[tracing::instrument(name = "refresh_tokens.rotate", skip_all)]
    async fn rotate(
        &self,
        presented: Digest,
        successor: &RefreshToken,
        sealed_successor: &[u8],
        window: Duration,
        now: DateTime<Utc>,
    ) -> Result<Rotation, Unavailable> {
        self.answered(
            async {
                let spent = Spent {
                    at: now,
                    successor: successor.digest,
                    sealed_successor: sealed_successor.to_vec(),
                };
                // In one statement, which does all or nothing; where it did nothing, step by step, which also tells why.
                if self.speaks_postgres()
                    && at_once::rotate(self, presented, successor, &spent, now + window).await?
                {
                    return Ok(Rotation::Rotated);
                }
                let transaction = self.begin().await?;
                let rotation = if spend(&transaction, presented, successor, &spent, window).await? {
                    keep(&transaction, successor).await?;
                    Rotation::Rotated
                } else {
                    present_again(&transaction, presented, window, now).await?
                };
                transaction.commit().await?;
                Ok(rotation)
            }
            .await,
        )
    }
}

/// A refresh token, its grant, and whether that stands.
#[derive(FromQueryResult, Deserialize)]
struct Presented {
    #[sea_orm(nested)]
    token: Model,
    detail: Option<String>,
    stands: i64,
}

impl Presented {
    fn read(self) -> Result<PresentedToken, Fault> {
        let detail = self.detail.ok_or(Fault::Corrupt("an authorization"))?;
        Ok(PresentedToken {
            token: from_row(self.token)?,
            authorization: parse_json(&detail, "an authorization")?,
            stands: self.stands == 1,
        })
    }
}

pub(crate) fn question() -> Form {
    let found = "json_build_object('token', row_to_json(refresh_tokens), 'detail', authorizations.detail, 'stands', $1)::text";
    let found = Expr::cust_with_exprs(found, [is_standing(asked("now"))]);
    Form {
        keys: &[("digest", KeyType::Bytes), ("now", KeyType::Micros)],
        text: Text::look(with_its_grant(asked("digest")).select_only().expr_as(found, "found")),
    }
}

async fn find(
    connection: &impl ConnectionTrait,
    digest: Digest,
    now: DateTime<Utc>,
) -> Result<Option<Presented>, Fault> {
    let found = with_its_grant(bytes(&digest).into())
        .column(authorization::Column::Detail)
        .expr_as(is_standing(micros(now).into()), "stands");
    Ok(found.into_model::<Presented>().one(connection).await?)
}

/// The token with a digest, and all that its grant depends on.
fn with_its_grant(digest: Expr) -> Select<Entity> {
    let token = Entity::find().filter(same(Column::Digest, digest));
    with_parties(token.join(JoinType::InnerJoin, its_authorization()))
        .filter(authorization::Column::Recorded.eq(true))
}

fn is_standing(now: Expr) -> Expr {
    Expr::case(stands(now), 1_i64).finally(0_i64).into()
}

/// Spends the token if it is unspent, live and standing: the guard lets one of any number of callers through.
async fn spend(
    transaction: &DatabaseTransaction,
    presented: Digest,
    successor: &RefreshToken,
    spent: &Spent,
    window: Duration,
) -> Result<bool, Fault> {
    let now = spent.at;
    // The family before its tokens, in the order in which a deletion locks them: neither waits in a circle.
    authorization::Entity::find_by_id(successor.authorization.as_uuid())
        .lock(LockType::KeyShare)
        .one(transaction)
        .await?;
    let update = Entity::update_many()
        .set(ActiveModel {
            spent_at: Set(Some(micros(now))),
            successor: Set(Some(bytes(&spent.successor))),
            sealed_successor: Set(Some(spent.sealed_successor.clone())),
            sealed_until: Set(Some(micros(now + window))),
            ..ActiveModel::default()
        })
        .filter(Column::Digest.eq(bytes(&presented)))
        .filter(Column::SpentAt.is_null())
        .filter(Column::ExpiresAt.gt(micros(now)))
        .filter(Column::AuthorizationId.eq(successor.authorization.as_uuid()))
        .filter(Column::ClientId.eq(successor.client.as_str()))
        .filter(Expr::exists(standing_authorization(successor.authorization, now)))
        .exec(transaction)
        .await?;
    Ok(update.rows_affected == 1)
}

/// What a token gets that could not be spent.
async fn present_again(
    transaction: &DatabaseTransaction,
    presented: Digest,
    window: Duration,
    now: DateTime<Utc>,
) -> Result<Rotation, Fault> {
    let Some(found) = find(transaction, presented, now).await? else {
        return Ok(Rotation::Refused);
    };
    let found = found.read()?;
    let Some(spent) = found.token.spent else {
        return Ok(Rotation::Refused);
    };
    let unused = Entity::find_by_id(bytes(&spent.successor)).filter(Column::SpentAt.is_null());
    let honest = spent.may_be_retried(window, now)
        && !spent.sealed_successor.is_empty()
        && unused.one(transaction).await?.is_some();
    if !honest {
        revoke(transaction, found.authorization.id, now).await?;
        return Ok(Rotation::Reused);
    }
    if !found.stands {
        return Ok(Rotation::Refused);
    }
    Ok(Rotation::Retry { sealed_successor: spent.sealed_successor })
}

async fn revoke(
    transaction: &DatabaseTransaction,
    family: AuthorizationId,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    authorization::Entity::update_many()
        .col_expr(authorization::Column::RevokedAt, Expr::val(micros(now)))
        .filter(authorization::Column::Id.eq(family.as_uuid()))
        .filter(authorization::Column::RevokedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Keeps a token that was just issued.
pub(crate) async fn keep(transaction: &DatabaseTransaction, token: &RefreshToken) -> Result<(), Fault> {
    let row = ActiveModel {
        digest: Set(bytes(&token.digest)),
        authorization_id: Set(token.authorization.as_uuid()),
        client_id: Set(token.client.to_string()),
        scope: Set(token.scope.to_string()),
        issued_at: Set(micros(token.issued_at)),
        expires_at: Set(micros(token.expires_at)),
        spent_at: Set(None),
        successor: Set(None),
        sealed_successor: Set(None),
        sealed_until: Set(None),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

fn from_row(row: Model) -> Result<RefreshToken, Fault> {
    let spent = match (row.spent_at, row.successor) {
        (Some(at), Some(successor)) => Some(Spent {
            at: instant(at)?,
            successor: digest(&successor)?,
            sealed_successor: row.sealed_successor.unwrap_or_default(),
        }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(Fault::Corrupt("a refresh token")),
    };
    Ok(RefreshToken {
        digest: digest(&row.digest)?,
        authorization: row.authorization_id.into(),
        client: parse(&row.client_id, "a client id")?,
        scope: parse(&row.scope, "a scope")?,
        issued_at: instant(row.issued_at)?,
        expires_at: instant(row.expires_at)?,
        spent,
    })
}

fn its_authorization() -> RelationDef {
    Entity::belongs_to(authorization::Entity)
        .from(Column::AuthorizationId)
        .to(authorization::Column::Id)
        .into()
}
