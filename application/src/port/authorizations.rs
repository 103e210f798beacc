//! Completed authorizations, and whether the tokens issued from them are still valid.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Client, ClientId, Digest, RefreshToken, User};

use super::Unavailable;

/// What became of recording an authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is recorded. If it was revoked before it came, it and its refresh token are recorded as revoked.
    First,
    /// It was recorded before: what led here was used twice.
    Again,
    /// Nothing was recorded: its session has ended or expired, its user or client is disabled or gone, or since it was
    /// created its user has withdrawn consent, was disabled or got a new password.
    Ended,
}

/// Names an access token, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenReference {
    /// The authorization in its `jti`.
    pub authorization: AuthorizationId,
    /// The digest of its whole `jti`.
    pub token: Digest,
    /// The client it was issued to.
    pub client: ClientId,
    /// Whether a user granted it; if not, no authorization is recorded (client credentials).
    pub user_present: bool,
    /// Its `iat`, in whole seconds: a client that is made again under the id of a deleted one
    /// does not inherit the tokens of the deleted one.
    pub issued_at: DateTime<Utc>,
}

/// The user behind a token, their grant, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grantee {
    /// What they granted.
    pub authorization: Authorization,
    /// Who they are.
    pub user: User,
    /// The client, as it is registered now.
    pub client: Client,
}

/// Whether a token is still valid, apart from its signature and expiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenStatus {
    /// A user's token: nothing revoked it.
    User(Box<Grantee>),
    /// A client's own token: nothing revoked it.
    Client,
    /// The token, its authorization, its session, its user or its client is revoked, ended, disabled or gone.
    Revoked,
}

/// Keeps authorizations and revocations. No access token is written down here when it is issued.
#[async_trait]
pub trait Authorizations: Send + Sync {
    /// Records a completed authorization with its first refresh token, in one transaction:
    /// of any number of concurrent calls for one id, at most one is [`Recorded::First`].
    /// This is the second gate behind every single-use code. A second use is
    /// [`Recorded::Again`] whatever became of the session since.
    async fn record(
        &self,
        authorization: &Authorization,
        refresh_token: Option<&RefreshToken>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, Unavailable>;

    /// Revokes an authorization and everything issued from it, also when it is not recorded yet;
    /// then `forget_at` says until when the revocation has to be remembered.
    async fn revoke(
        &self,
        id: AuthorizationId,
        now: DateTime<Utc>,
        forget_at: DateTime<Utc>,
    ) -> Result<(), Unavailable>;

    /// Revokes one access token by the digest of its `jti`; remembered until it expires at `expires_at`.
    async fn revoke_token(&self, token: Digest, expires_at: DateTime<Utc>) -> Result<(), Unavailable>;

    /// Whether a token is valid at `now`, in one look-up. A revocation is seen by the next call after it was answered.
    /// An ended or expired session revokes what is not offline, and an authorization is invalid from its `expires_at` on.
    async fn token_status(
        &self,
        token: &TokenReference,
        now: DateTime<Utc>,
    ) -> Result<TokenStatus, Unavailable>;
}
