//! Device codes, each decided once and redeemed once (RFC 8628).
//!
//! A code is read, changed by the domain, and written only if it is still what was read. Otherwise it is read again. So
//! the rules stay in the domain, and of concurrent callers exactly one is first.

use std::sync::LazyLock;

use application::port::{DeviceCodes, IssuedDeviceCode, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision, Poll, Redemption};
use domain::{DeviceCode, Digest, Incarnation};
use redis::Script;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::value::{json, parse_json};
use crate::{Redis, answered};

const WHAT: &str = "a device code";

/// How often a change is tried. In each round one of the concurrent callers succeeds.
const MAX_ROUNDS: usize = 64;

/// Replaces the value of the key if it is still the first argument, and answers 1 if it was. The third argument is the
/// new lifetime. Without it the key keeps its lifetime.
static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
         if ARGV[3] then
             redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
         else
             redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
         end
         return 1",
    )
});

/// The device code that a user code belongs to.
#[derive(Serialize, Deserialize)]
struct UserCode {
    device: Digest,
    expires_at: DateTime<Utc>,
}

#[async_trait]
impl DeviceCodes for Redis {
    #[tracing::instrument(name = "device_codes.issue", skip_all)]
    async fn issue(
        &self,
        key: Digest,
        code: &DeviceCode,
        now: DateTime<Utc>,
    ) -> Result<IssuedDeviceCode, Unavailable> {
        answered(self.issue_device(key, code, now).await)
    }

    #[tracing::instrument(name = "device_codes.find", skip_all)]
    async fn find(&self, user_code: Digest, now: DateTime<Utc>) -> Result<Option<DeviceCode>, Unavailable> {
        let found = async {
            let Some(device) = self.find_device(user_code).await? else { return Ok(None) };
            let kept: Option<DeviceCode> = self.kept(&self.keys.device_code(device), WHAT).await?;
            Ok(kept.filter(|code| code.user_code == user_code && code.is_undecided(now)))
        };
        answered(found.await)
    }

    #[tracing::instrument(name = "device_codes.decide", skip_all)]
    async fn decide(
        &self,
        user_code: Digest,
        decision: &Decision,
        now: DateTime<Utc>,
    ) -> Result<Decided, Unavailable> {
        let decided = async {
            let Some(device) = self.find_device(user_code).await? else { return Ok(None) };
            self.change(device, None, |code| {
                if code.user_code == user_code {
                    code.decide(decision.clone(), now)
                } else {
                    (code, Decided::TooLate)
                }
            })
            .await
        };
        Ok(answered(decided.await)?.unwrap_or(Decided::TooLate))
    }

    #[tracing::instrument(name = "device_codes.look_at", skip_all)]
    async fn look_at(&self, key: Digest) -> Result<Option<DeviceCode>, Unavailable> {
        answered(self.kept(&self.keys.device_code(key), WHAT).await)
    }

    #[tracing::instrument(name = "device_codes.poll", skip_all)]
    async fn poll(
        &self,
        key: Digest,
        seen: Option<&DeviceCode>,
        client: Incarnation,
        now: DateTime<Utc>,
    ) -> Result<Option<Poll>, Unavailable> {
        let polled = self.change(key, seen, |code| {
            if now < code.forget_at() {
                let (code, poll) = code.poll(client, now);
                (code, Some(poll))
            } else {
                // It has expired, but Redis has not removed it yet.
                (code, None)
            }
        });
        Ok(answered(polled.await)?.flatten())
    }

    #[tracing::instrument(name = "device_codes.redeem", skip_all)]
    async fn redeem(&self, key: Digest) -> Result<Option<Redemption>, Unavailable> {
        answered(self.change(key, None, DeviceCode::redeem).await)
    }
}

impl Redis {
    /// Writes the user code first, to reserve it, then the device code. If the server crashes between the two, the user
    /// code leads to no device code.
    async fn issue_device(
        &self,
        key: Digest,
        code: &DeviceCode,
        now: DateTime<Utc>,
    ) -> Result<IssuedDeviceCode, Fault> {
        if !self.reserve(key, code, now).await? {
            return Ok(IssuedDeviceCode::UserCodeTaken);
        }
        self.keep(&self.keys.device_code(key), code, code.forget_at()).await?;
        Ok(IssuedDeviceCode::Done)
    }

    /// Reserves the user code for this device code, unless another device code that is live at `now` has it.
    async fn reserve(&self, device: Digest, code: &DeviceCode, now: DateTime<Utc>) -> Result<bool, Fault> {
        let key = self.keys.user_code(code.user_code);
        let reservation = json(&UserCode { device, expires_at: code.expires_at })?;
        if self.set_new(&key, &reservation, code.expires_at).await? {
            return Ok(true);
        }
        let kept: Option<String> = self.connection.query(redis::cmd("GET").arg(&key)).await?;
        let Some(kept) = kept else { return self.set_new(&key, &reservation, code.expires_at).await };
        if now < parse_json::<UserCode>(&kept, "a user code")?.expires_at {
            return Ok(false);
        }
        let mut replace = REPLACE.key(&key);
        replace.arg(kept).arg(reservation).arg(self.lifetime(code.expires_at));
        self.connection.run(&replace).await
    }

    async fn find_device(&self, user_code: Digest) -> Result<Option<Digest>, Fault> {
        let kept: Option<UserCode> = self.kept(&self.keys.user_code(user_code), "a user code").await?;
        Ok(kept.map(|kept| kept.device))
    }

    /// Replaces a code by the result of the transition. None if there is no such code. It is `seen` the first time, if it was
    /// read before.
    async fn change<Outcome>(
        &self,
        device: Digest,
        seen: Option<&DeviceCode>,
        transition: impl Fn(DeviceCode) -> (DeviceCode, Outcome),
    ) -> Result<Option<Outcome>, Fault> {
        let key = self.keys.device_code(device);
        let mut seen = seen.map(json).transpose()?;
        for _round in 0..MAX_ROUNDS {
            let kept: Option<String> = match seen.take() {
                Some(seen) => Some(seen),
                None => self.connection.query(redis::cmd("GET").arg(&key)).await?,
            };
            let Some(kept) = kept else { return Ok(None) };
            let (changed, outcome) = transition(parse_json(&kept, WHAT)?);
            let changed = json(&changed)?;
            if changed == kept {
                return Ok(Some(outcome));
            }
            let mut replace = REPLACE.key(&key);
            replace.arg(kept).arg(changed);
            if self.connection.run(&replace).await? {
                return Ok(Some(outcome));
            }
        }
        Err(Fault::Contended)
    }
}
