//! Refresh tokens and their rotation (RFC 9700 §4.14.2).

use application::port::{PresentedToken, RefreshTokens, Rotation, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::refresh_token::Spent;
use domain::{AuthorizationId, Digest, RefreshToken};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::Database;
use crate::column::{bytes, digest, instant, micros, parse, parse_json};
use crate::entity::refresh_token::{ActiveModel, Column, Entity, Model};
use crate::entity::{authorization, refresh_token};
use crate::fault::Fault;
use crate::sql::{Change, LookUp, request, row};

request! {
    /// A refresh token to find.
    TokenKey {
        digest: Vec<u8>,
        now: i64,
    }
}

row! {
    /// A refresh token, its grant, the end of its session, and whether the grant is valid.
    Presented {
        detail: Option<String>,
        session_expires_at: Option<i64>,
        is_valid: bool,
        ;
        token: refresh_token of "refresh_tokens",
    }
}

request! {
    /// A token to spend, and its successor.
    Rotate {
        presented: Vec<u8>,
        family: Uuid,
        client_id: String,
        now: i64,
        successor: Vec<u8>,
        sealed_successor: Vec<u8>,
        sealed_until: i64,
        scope: String,
        issued_at: i64,
        expires_at: i64,
    }
}

static FIND: LookUp<TokenKey, Presented> = LookUp::new(include_str!("../sql/refresh_tokens/find.sql"));
static ROTATE_IN_BULK: Change<Rotate> =
    Change::in_bulk(include_str!("../sql/refresh_tokens/rotate_in_bulk.sql"));
static SPEND: Change<Rotate> = Change::new(include_str!("../sql/refresh_tokens/spend.sql"));

#[async_trait]
impl RefreshTokens for Database {
    #[tracing::instrument(name = "refresh_tokens.find", skip_all)]
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<PresentedToken>, Unavailable> {
        self.retried(|| async {
            let key = TokenKey { digest: bytes(&digest), now: micros(now) };
            self.look_up(&FIND, key).await?.map(Presented::read).transpose()
        })
        .await
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
        self.retried(|| async {
            let rotate = || Rotate {
                presented: bytes(&presented),
                family: successor.authorization.as_uuid(),
                client_id: successor.client.to_string(),
                now: micros(now),
                successor: bytes(&successor.digest),
                sealed_successor: sealed_successor.to_vec(),
                sealed_until: micros(now + window),
                scope: successor.scope.to_string(),
                issued_at: micros(successor.issued_at),
                expires_at: micros(successor.expires_at),
            };
            // On PostgreSQL one statement does it in one round trip. It skips a row that another transaction has locked,
            // and SQLite has no statement that changes two tables: then the transaction below does it step by step.
            if self.change_in_bulk(&ROTATE_IN_BULK, rotate()).await? {
                return Ok(Rotation::Rotated);
            }
            let transaction = self.begin().await?;
            let rotation = if spend(self, &transaction, rotate()).await? {
                keep(&transaction, successor).await?;
                Rotation::Rotated
            } else {
                present_again(self, &transaction, presented, window, now).await?
            };
            transaction.commit().await?;
            Ok(rotation)
        })
        .await
    }
}

impl Presented {
    fn read(self) -> Result<PresentedToken, Fault> {
        let detail = self.detail.ok_or(Fault::Corrupt("an authorization"))?;
        Ok(PresentedToken {
            token: from_row(self.token)?,
            authorization: parse_json(&detail, "an authorization")?,
            session_expires_at: self.session_expires_at.map(instant).transpose()?,
            is_valid: self.is_valid,
        })
    }
}

/// Spends the token if it is unspent and unexpired, and its grant is valid.
async fn spend(
    database: &Database,
    transaction: &DatabaseTransaction,
    rotation: Rotate,
) -> Result<bool, Fault> {
    // The family before its tokens, in the order in which a deletion locks them, so that there is no deadlock.
    authorization::Entity::find_by_id(rotation.family).lock(LockType::KeyShare).one(transaction).await?;
    Ok(database.change_in(transaction, &SPEND, rotation).await? == 1)
}

/// The outcome for a token that could not be spent.
async fn present_again(
    database: &Database,
    transaction: &DatabaseTransaction,
    presented: Digest,
    window: Duration,
    now: DateTime<Utc>,
) -> Result<Rotation, Fault> {
    let key = TokenKey { digest: bytes(&presented), now: micros(now) };
    let Some(found) = database.look_up_in(transaction, &FIND, key).await? else {
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
    if !found.is_valid {
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
