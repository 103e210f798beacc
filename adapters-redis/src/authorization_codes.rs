//! Authorization codes, each redeemed once (RFC 6749 §4.1.2, §10.5).
//!
//! A code and the mark that it was redeemed are under one key, so that neither is lost without the other.

use std::sync::LazyLock;

use application::port::{AuthorizationCodes, KeptCode, Redeemed, Unavailable};
use async_trait::async_trait;
use domain::{AuthorizationCode, Digest};
use redis::Script;

use crate::fault::Fault;
use crate::value::{json, parse_json};
use crate::{Redis, answered};

/// Keeps a code. Answers 1, or 0 if the key was taken.
static ISSUE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
         redis.call('HSET', KEYS[1], 'detail', ARGV[1], 'keep', ARGV[2])
         redis.call('EXPIRE', KEYS[1], ARGV[3])
         return 1",
    )
});

/// Redeems a code. Answers nothing for an unknown code, 1 to the first caller, and 0 to every other. The first call
/// extends the lifetime to that of a redeemed code.
static REDEEM: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local keep = redis.call('HGET', KEYS[1], 'keep')
         if not keep then return false end
         local first = redis.call('HSETNX', KEYS[1], 'redeemed', '1')
         if first == 1 then redis.call('EXPIRE', KEYS[1], keep) end
         return first",
    )
});

#[async_trait]
impl AuthorizationCodes for Redis {
    #[tracing::instrument(name = "authorization_codes.issue", skip_all)]
    async fn issue(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Unavailable> {
        answered(self.issue_code(key, code).await)
    }

    #[tracing::instrument(name = "authorization_codes.find", skip_all)]
    async fn find(&self, key: Digest) -> Result<Option<KeptCode>, Unavailable> {
        answered(self.find_code(key).await)
    }

    #[tracing::instrument(name = "authorization_codes.redeem", skip_all)]
    async fn redeem(&self, key: Digest) -> Result<Redeemed, Unavailable> {
        let mut redeem = REDEEM.prepare_invoke();
        redeem.key(self.keys.authorization_code(key));
        let first: Option<bool> = answered(self.connection.run(&redeem).await)?;
        Ok(match first {
            Some(true) => Redeemed::First,
            Some(false) => Redeemed::Again,
            None => Redeemed::Unknown,
        })
    }
}

impl Redis {
    pub(crate) async fn issue_code(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Fault> {
        let mut issue = ISSUE.prepare_invoke();
        issue
            .key(self.keys.authorization_code(key))
            .arg(json(code)?)
            .arg(self.lifetime(code.authorization.expires_at))
            .arg(self.lifetime(code.expires_at));
        if self.connection.run(&issue).await? { Ok(()) } else { Err(Fault::Taken) }
    }

    async fn find_code(&self, key: Digest) -> Result<Option<KeptCode>, Fault> {
        let mut find = redis::cmd("HMGET");
        find.arg(self.keys.authorization_code(key)).arg("detail").arg("redeemed");
        let (detail, redeemed): (Option<String>, Option<String>) = self.connection.query(&find).await?;
        let Some(detail) = detail else { return Ok(None) };
        let code = parse_json(&detail, "an authorization code")?;
        Ok(Some(KeptCode { code, redeemed: redeemed.is_some() }))
    }
}
