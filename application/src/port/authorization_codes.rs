//! Authorization codes, each redeemed once (RFC 6749 §4.1.2, §10.5).

use async_trait::async_trait;
use domain::{AuthorizationCode, Digest};

use super::Unavailable;

/// A code in the store, redeemed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCode {
    /// The code with its authorization.
    pub code: AuthorizationCode,
    /// Whether the code was redeemed.
    pub redeemed: bool,
}

/// The outcome of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// This call redeemed the code.
    First,
    /// An earlier call redeemed the code: this is a replay.
    Again,
    /// The code is not in the store.
    Unknown,
}

/// Keeps authorization codes under their digests. A redeemed code is kept until everything that was issued from it has
/// expired (`code.authorization.expires_at`), so that a replay is detected and revokes what was issued.
#[async_trait]
pub trait AuthorizationCodes: Send + Sync {
    /// Keeps a new code. A key that is taken is an error, also if its code was redeemed.
    async fn issue(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Unavailable>;

    /// Finds a code without redeeming it. The caller checks whether it has expired.
    async fn find(&self, key: Digest) -> Result<Option<KeptCode>, Unavailable>;

    /// Redeems a code, atomically: of any number of concurrent calls for one key, exactly one is
    /// [`Redeemed::First`].
    async fn redeem(&self, key: Digest) -> Result<Redeemed, Unavailable>;
}
