//! Device codes, each decided once and redeemed once (RFC 8628).

use application::port::{DeviceCodes, IssuedDeviceCode, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision, Poll, Redemption};
use domain::{DeviceCode, Digest, Incarnation};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl DeviceCodes for MemoryStore {
    async fn issue(
        &self,
        key: Digest,
        code: &DeviceCode,
        now: DateTime<Utc>,
    ) -> Result<IssuedDeviceCode, Unavailable> {
        let mut state = self.state();
        if state.device_codes.contains_key(&key) {
            return Err(key_taken());
        }
        if state.device_codes.values().any(|kept| kept.user_code == code.user_code && kept.is_live(now)) {
            return Ok(IssuedDeviceCode::UserCodeTaken);
        }
        state.device_codes.insert(key, code.clone());
        Ok(IssuedDeviceCode::Done)
    }

    async fn find(&self, user_code: Digest, now: DateTime<Utc>) -> Result<Option<DeviceCode>, Unavailable> {
        let state = self.state();
        let mut codes = state.device_codes.values();
        Ok(codes.find(|kept| kept.user_code == user_code && kept.is_undecided(now)).cloned())
    }

    async fn decide(
        &self,
        user_code: Digest,
        decision: &Decision,
        now: DateTime<Utc>,
    ) -> Result<Decided, Unavailable> {
        let mut state = self.state();
        let mut codes = state.device_codes.values_mut();
        let live = codes.find(|kept| kept.user_code == user_code && kept.is_live(now));
        let decided = live.map(|kept| change(kept, |code| code.decide(decision.clone(), now)));
        Ok(decided.unwrap_or(Decided::TooLate))
    }

    async fn look_at(&self, key: Digest) -> Result<Option<DeviceCode>, Unavailable> {
        Ok(self.state().device_codes.get(&key).cloned())
    }

    async fn poll(
        &self,
        key: Digest,
        _seen: Option<&DeviceCode>,
        client: Incarnation,
        now: DateTime<Utc>,
    ) -> Result<Option<Poll>, Unavailable> {
        let mut state = self.state();
        let kept = state.device_codes.get_mut(&key);
        Ok(kept.map(|kept| change(kept, |code| code.poll(client, now))))
    }

    async fn redeem(&self, key: Digest) -> Result<Option<Redemption>, Unavailable> {
        let mut state = self.state();
        let kept = state.device_codes.get_mut(&key);
        Ok(kept.map(|kept| change(kept, DeviceCode::redeem)))
    }
}

/// Replaces a code by the result of a transition.
fn change<Outcome>(
    kept: &mut DeviceCode,
    transition: impl FnOnce(DeviceCode) -> (DeviceCode, Outcome),
) -> Outcome {
    let (changed, outcome) = transition(kept.clone());
    *kept = changed;
    outcome
}
