//! Authorization codes, each redeemed once (RFC 6749 §4.1.2, §10.5).

use async_trait::async_trait;
use domain::{AuthorizationCode, Digest};

use super::Unavailable;

/// A code that is kept, spent or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCode {
    /// What it stands for.
    pub code: AuthorizationCode,
    /// Whether it was redeemed.
    pub redeemed: bool,
}

/// What became of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// This call redeemed the code.
    First,
    /// It was redeemed before: a replay.
    Again,
    /// No such code is kept.
    Unknown,
}

/// Keeps authorization codes under their digests, a redeemed one until what was issued from it
/// has expired (`code.authorization.expires_at`), so that a replay can be seen and punished.
#[async_trait]
pub trait AuthorizationCodes: Send + Sync {
    /// Keeps a new code.
    async fn issue(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Unavailable>;

    /// The code, without spending it. Whether it has expired is for the caller to judge.
    async fn find(&self, key: Digest) -> Result<Option<KeptCode>, Unavailable>;

    /// Takes the code, atomically: of any number of concurrent calls for one key,
    /// exactly one is [`Redeemed::First`].
    async fn redeem(&self, key: Digest) -> Result<Redeemed, Unavailable>;
}
