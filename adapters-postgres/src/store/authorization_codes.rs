//! Authorization codes, each redeemed once (RFC 6749 §4.1.2, §10.5).

use application::port::{AuthorizationCodes, IssuedCode, KeptCode, Redeemed, Unavailable};
use async_trait::async_trait;
use domain::{AuthorizationCode, Digest};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::Database;
use crate::column::{bytes, json, micros, parse_json};
use crate::entity::authorization_code::{Column, Entity};
use crate::fault::Fault;
use crate::sql::{Change, LookUp, request, row};

request! {
    /// A code to find or to redeem.
    CodeKey {
        digest: Vec<u8>,
    }
}

row! {
    FoundCode {
        detail: String,
        redeemed: bool,
    }
}

request! {
    /// A new code.
    NewCode {
        digest: Vec<u8>,
        detail: String,
        expires_at: i64,
        forget_at: i64,
    }
}

static FIND: LookUp<CodeKey, FoundCode> = LookUp::new(include_str!("../sql/authorization_codes/find.sql"));
static ISSUE: Change<NewCode> = Change::new(include_str!("../sql/authorization_codes/issue.sql"));
static REDEEM_IN_BULK: Change<CodeKey> =
    Change::in_bulk(include_str!("../sql/authorization_codes/redeem_in_bulk.sql"));

#[async_trait]
impl AuthorizationCodes for Database {
    #[tracing::instrument(name = "authorization_codes.issue", skip_all)]
    async fn issue(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Unavailable> {
        self.retried(|| async { self.change(&ISSUE, new_code(key, code)?).await }).await
    }

    #[tracing::instrument(name = "authorization_codes.find", skip_all)]
    async fn find(&self, key: Digest) -> Result<Option<KeptCode>, Unavailable> {
        self.retried(|| async {
            let found = self.look_up(&FIND, CodeKey { digest: bytes(&key) }).await?;
            found
                .map(|FoundCode { detail, redeemed }| {
                    Ok(KeptCode { code: parse_json(&detail, "an authorization code")?, redeemed })
                })
                .transpose()
        })
        .await
    }

    #[tracing::instrument(name = "authorization_codes.redeem", skip_all)]
    async fn redeem(&self, key: Digest) -> Result<Redeemed, Unavailable> {
        self.retried(|| async {
            if self.change_in_bulk(&REDEEM_IN_BULK, CodeKey { digest: bytes(&key) }).await? {
                return Ok(Redeemed::First);
            }
            // The condition decides: of any number of concurrent updates one finds the code unspent.
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
        })
        .await
    }
}

/// Issues a code in a transaction.
pub(super) async fn issue_in(
    database: &Database,
    transaction: &DatabaseTransaction,
    IssuedCode { digest, code }: &IssuedCode,
) -> Result<(), Fault> {
    database.change_in(transaction, &ISSUE, new_code(*digest, code)?).await?;
    Ok(())
}

fn new_code(key: Digest, code: &AuthorizationCode) -> Result<NewCode, Fault> {
    Ok(NewCode {
        digest: bytes(&key),
        detail: json(code)?,
        expires_at: micros(code.expires_at),
        forget_at: micros(code.authorization.expires_at),
    })
}
