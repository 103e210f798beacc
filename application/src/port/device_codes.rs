//! Device codes, each decided once and redeemed once (RFC 8628).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision, Poll, Redemption};
use domain::{ClientId, DeviceCode, Digest};

use super::Unavailable;

/// What became of issuing a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedDevice {
    /// It is kept.
    Done,
    /// A live code has the same user code: nothing was kept.
    UserCodeTaken,
}

/// Keeps device codes under their digests until [`DeviceCode::forget_at`].
/// What each method does to a code is decided by [`DeviceCode`], atomically.
#[async_trait]
pub trait DeviceCodes: Send + Sync {
    /// Keeps a new code: of any number of concurrent calls with one user code, exactly one is
    /// [`IssuedDevice::Done`]. A user code is free again when its device code has expired by `now`.
    async fn issue(
        &self,
        key: Digest,
        code: &DeviceCode,
        now: DateTime<Utc>,
    ) -> Result<IssuedDevice, Unavailable>;

    /// The code with this user code that can still be decided about at `now`.
    async fn find(&self, user_code: Digest, now: DateTime<Utc>) -> Result<Option<DeviceCode>, Unavailable>;

    /// Decides about the code with this user code: of any number of concurrent decisions,
    /// exactly one is [`Decided::First`].
    async fn decide(
        &self,
        user_code: Digest,
        decision: &Decision,
        now: DateTime<Utc>,
    ) -> Result<Decided, Unavailable>;

    /// What the device is told that polls for `client`; none if no such code is kept. Every early poll is
    /// remembered: of any number of concurrent ones, none is lost.
    async fn poll(
        &self,
        key: Digest,
        client: &ClientId,
        now: DateTime<Utc>,
    ) -> Result<Option<Poll>, Unavailable>;

    /// Redeems an approved code: of any number of concurrent calls for one key, exactly one is
    /// [`Redemption::First`]. None if no such code is kept.
    async fn redeem(&self, key: Digest) -> Result<Option<Redemption>, Unavailable>;
}
