//! Device codes, each decided once and redeemed once (RFC 8628).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision, Poll, Redemption};
use domain::{DeviceCode, Digest, Incarnation};

use super::Unavailable;

/// The outcome of issuing a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedDeviceCode {
    /// The code is kept.
    Done,
    /// A live code has the same user code. Nothing was kept.
    UserCodeTaken,
}

/// Keeps device codes under their digests until [`DeviceCode::forget_at`].
/// [`DeviceCode`] has the rules of every change. The store makes each change atomic.
#[async_trait]
pub trait DeviceCodes: Send + Sync {
    /// Keeps a new code. A key that is taken is an error, also if its code was redeemed. Of any number of concurrent
    /// calls with one user code, exactly one is [`IssuedDeviceCode::Done`]. A user code is free again when its device
    /// code has expired by `now`.
    async fn issue(
        &self,
        key: Digest,
        code: &DeviceCode,
        now: DateTime<Utc>,
    ) -> Result<IssuedDeviceCode, Unavailable>;

    /// Finds the code with this user code that is undecided and has not expired at `now`.
    async fn find(&self, user_code: Digest, now: DateTime<Utc>) -> Result<Option<DeviceCode>, Unavailable>;

    /// Approves or denies the code with this user code: of any number of concurrent decisions,
    /// exactly one is [`Decided::First`].
    async fn decide(
        &self,
        user_code: Digest,
        decision: &Decision,
        now: DateTime<Utc>,
    ) -> Result<Decided, Unavailable>;

    /// Looks at a code, in whatever state it is, and changes nothing; none if there is no such code.
    async fn look_at(&self, key: Digest) -> Result<Option<DeviceCode>, Unavailable>;

    /// Answers a device that polls for `client`, with none if there is no such code. Every early poll is remembered: of
    /// any number of concurrent early polls, none is lost. Another client learns nothing and changes
    /// nothing, also one that was added under the id of the deleted client.
    ///
    /// `seen` is what [`look_at`](Self::look_at) has found, if it was asked: a store that finds the code unchanged need not
    /// read it again, and may answer from it where a poll changes nothing. However old it is, no poll is lost.
    async fn poll(
        &self,
        key: Digest,
        seen: Option<&DeviceCode>,
        client: Incarnation,
        now: DateTime<Utc>,
    ) -> Result<Option<Poll>, Unavailable>;

    /// Redeems an approved code: of any number of concurrent calls for one key, exactly one is
    /// [`Redemption::First`]. None if there is no such code.
    async fn redeem(&self, key: Digest) -> Result<Option<Redemption>, Unavailable>;
}
