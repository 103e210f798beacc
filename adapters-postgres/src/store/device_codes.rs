//! Device codes, each decided once and redeemed once (RFC 8628).
//!
//! A code is locked, then changed as the domain says: a second call waits and sees the change of the first.

use application::port::{DeviceCodes, IssuedDeviceCode, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision, Poll, Redemption};
use domain::{DeviceCode, Digest, Incarnation};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::device_code::{ActiveModel, Column, Entity};
use crate::fault::Fault;
use crate::sql::{Change, LookUp, request, row};

request! {
    /// A device code to look at.
    DeviceCodeKey {
        digest: Vec<u8>,
    }
}

row! {
    FoundDeviceCode {
        detail: String,
    }
}

request! {
    /// A change of a device code that is as it was seen.
    DeviceCodeChange {
        digest: Vec<u8>,
        before: String,
        after: String,
    }
}

static LOOK_AT: LookUp<DeviceCodeKey, FoundDeviceCode> =
    LookUp::new(include_str!("../sql/device_codes/look_at.sql"));
static REPLACE_IN_BULK: Change<DeviceCodeChange> =
    Change::in_bulk(include_str!("../sql/device_codes/replace_in_bulk.sql"));

#[async_trait]
impl DeviceCodes for Database {
    #[tracing::instrument(name = "device_codes.issue", skip_all)]
    async fn issue(
        &self,
        key: Digest,
        code: &DeviceCode,
        now: DateTime<Utc>,
    ) -> Result<IssuedDeviceCode, Unavailable> {
        self.retried(|| issue(self, key, code, now)).await
    }

    #[tracing::instrument(name = "device_codes.find", skip_all)]
    async fn find(&self, user_code: Digest, now: DateTime<Utc>) -> Result<Option<DeviceCode>, Unavailable> {
        self.retried(|| async {
            let row = Entity::find().filter(with_user_code(user_code)).one(&self.reader).await?;
            let code = row.map(|row| parse(&row.detail)).transpose()?;
            Ok(code.filter(|code| code.is_undecided(now)))
        })
        .await
    }

    #[tracing::instrument(name = "device_codes.decide", skip_all)]
    async fn decide(
        &self,
        user_code: Digest,
        decision: &Decision,
        now: DateTime<Utc>,
    ) -> Result<Decided, Unavailable> {
        let decided =
            change(self, with_user_code(user_code), |code| code.decide(decision.clone(), now)).await;
        Ok(self.answered(decided)?.unwrap_or(Decided::TooLate))
    }

    #[tracing::instrument(name = "device_codes.look_at", skip_all)]
    async fn look_at(&self, key: Digest) -> Result<Option<DeviceCode>, Unavailable> {
        self.retried(|| async {
            let found = self.look_up(&LOOK_AT, DeviceCodeKey { digest: bytes(&key) }).await?;
            found.map(|FoundDeviceCode { detail }| parse(&detail)).transpose()
        })
        .await
    }

    #[tracing::instrument(name = "device_codes.poll", skip_all)]
    async fn poll(
        &self,
        key: Digest,
        seen: Option<&DeviceCode>,
        client: Incarnation,
        now: DateTime<Utc>,
    ) -> Result<Option<Poll>, Unavailable> {
        self.retried(|| async {
            let poll = |code: DeviceCode| code.poll(client, now);
            if let Some(seen) = seen
                && let Some(answer) = change_unchanged(self, key, seen, poll).await?
            {
                return Ok(Some(answer));
            }
            change(self, with_key(key), poll).await
        })
        .await
    }

    #[tracing::instrument(name = "device_codes.redeem", skip_all)]
    async fn redeem(&self, key: Digest) -> Result<Option<Redemption>, Unavailable> {
        self.retried(|| change(self, with_key(key), DeviceCode::redeem)).await
    }
}

async fn issue(
    database: &Database,
    key: Digest,
    code: &DeviceCode,
    now: DateTime<Utc>,
) -> Result<IssuedDeviceCode, Fault> {
    let row = ActiveModel {
        digest: Set(bytes(&key)),
        user_code: Set(Some(bytes(&code.user_code))),
        detail: Set(json(code)?),
        expires_at: Set(micros(code.expires_at)),
        forget_at: Set(micros(code.forget_at())),
    };
    let transaction = database.begin().await?;
    // The user code of an expired one is free again; its row stays for the device that still polls.
    Entity::update_many()
        .col_expr(Column::UserCode, Expr::value(None::<Vec<u8>>))
        .filter(Column::UserCode.eq(bytes(&code.user_code)))
        .filter(Column::ExpiresAt.lte(micros(now)))
        .exec(&transaction)
        .await?;
    let taken = OnConflict::column(Column::UserCode).do_nothing().to_owned();
    let rows = Entity::insert(row).on_conflict(taken).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    Ok(if rows == 1 { IssuedDeviceCode::Done } else { IssuedDeviceCode::UserCodeTaken })
}

/// Replaces a code by what the transition makes of it, if it is still as it was seen; none if it is not.
async fn change_unchanged<Outcome>(
    database: &Database,
    key: Digest,
    seen: &DeviceCode,
    transition: impl FnOnce(DeviceCode) -> (DeviceCode, Outcome),
) -> Result<Option<Outcome>, Fault> {
    let before = json(seen)?;
    let (changed, outcome) = transition(seen.clone());
    let after = json(&changed)?;
    let change = DeviceCodeChange { digest: bytes(&key), before, after };
    Ok(database.change_in_bulk(&REPLACE_IN_BULK, change).await?.then_some(outcome))
}

/// Locks the one code that `which` names and replaces it by what the transition makes of it. None if there is none.
async fn change<Outcome>(
    database: &Database,
    which: Condition,
    transition: impl FnOnce(DeviceCode) -> (DeviceCode, Outcome),
) -> Result<Option<Outcome>, Fault> {
    let transaction = database.begin().await?;
    let Some(row) = Entity::find().filter(which).lock_exclusive().one(&transaction).await? else {
        return Ok(None);
    };
    let (changed, outcome) = transition(parse(&row.detail)?);
    let detail = json(&changed)?;
    if detail != row.detail {
        Entity::update_many()
            .col_expr(Column::Detail, Expr::value(detail))
            .filter(Column::Digest.eq(row.digest))
            .exec(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(Some(outcome))
}

fn with_key(key: Digest) -> Condition {
    Condition::all().add(Column::Digest.eq(bytes(&key)))
}

/// Expired or not: the code itself says what that means.
fn with_user_code(user_code: Digest) -> Condition {
    Condition::all().add(Column::UserCode.eq(bytes(&user_code)))
}

fn parse(detail: &str) -> Result<DeviceCode, Fault> {
    parse_json(detail, "a device code")
}
