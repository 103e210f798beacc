//! Completed authorizations, and whether the tokens issued from them are still valid.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    Authorization, AuthorizationId, Client, ClientId, Digest, Incarnation, RefreshToken, User, UserId,
};

use super::Unavailable;

/// The outcome of recording an authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is recorded. If it was revoked before, it and its refresh token are recorded as revoked.
    First,
    /// It was recorded before: its code, device code or other credential was used twice.
    Again,
    /// Nothing was recorded: its session has ended or expired, its user or client is disabled or gone (also if another
    /// client was added under the same id), a resource that it is for was deleted, or since it was created its user has
    /// withdrawn consent, was disabled or got a new password, or the client does not let its user enter.
    Ended,
}

/// Identifies an access token without the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenReference {
    /// The digest of its whole `jti`.
    pub token: Digest,
    /// The client it was issued to.
    pub client: ClientId,
    /// What it ends with, from its `jti`.
    pub origin: TokenOrigin,
}

/// What an access token ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenOrigin {
    /// The authorization that a user granted.
    User(AuthorizationId),
    /// The client that got it for itself (client credentials). No authorization is recorded. A client that is added under
    /// the id of a deleted client has another incarnation, and does not inherit the tokens of the deleted client.
    Client {
        /// The incarnation of the client.
        client: Incarnation,
        /// The resources that the token is for.
        resources: BTreeSet<Incarnation>,
    },
}

/// The authorization behind a user's token, with its user and its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grantee {
    /// What the user granted.
    pub authorization: Authorization,
    /// The user.
    pub user: User,
    /// The client, as it is registered now.
    pub client: Client,
}

/// The status of a token that is well formed and has not expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenStatus {
    /// A user's token: nothing revoked it.
    User(Box<Grantee>),
    /// A client's own token: nothing revoked it.
    Client,
    /// The token, its authorization, its session, its user, its client or one of its resources is revoked, ended, disabled or
    /// gone.
    Revoked,
}

/// A valid authorization in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveAuthorization {
    /// What the user granted.
    pub authorization: Authorization,
    /// When a refresh token of it was last used; none if none was.
    pub refreshed_at: Option<DateTime<Utc>>,
}

/// Where a list begins that is in the order of clients and, for each client, of authorizations.
#[derive(Debug, Clone, Copy)]
pub enum ListFrom<'a> {
    /// With the first client.
    Start,
    /// With the first authorization of this client.
    Client(&'a ClientId),
    /// After all authorizations of this client.
    AfterClient(&'a ClientId),
    /// After this authorization.
    After(&'a Authorization),
}

/// Keeps authorizations and revocations. Issuing an access token writes nothing here.
#[async_trait]
pub trait Authorizations: Send + Sync {
    /// Records a completed authorization with its first refresh token, in one transaction: of any number of concurrent
    /// calls for one id, at most one is [`Recorded::First`]. This is the second check behind every single-use code: if
    /// the store of the code loses its redemption, the code is still used only once. A second recording is
    /// [`Recorded::Again`], also when the session has ended since.
    async fn record(
        &self,
        authorization: &Authorization,
        refresh_token: Option<&RefreshToken>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, Unavailable>;

    /// Revokes an authorization and everything issued from it. If it is not recorded yet, the revocation is remembered
    /// until `forget_at`.
    async fn revoke(
        &self,
        id: AuthorizationId,
        now: DateTime<Utc>,
        forget_at: DateTime<Utc>,
    ) -> Result<(), Unavailable>;

    /// Revokes one access token by the digest of its `jti`. The revocation is remembered until the token expires at
    /// `expires_at`. The authorization stays valid.
    async fn revoke_token(&self, token: Digest, expires_at: DateTime<Utc>) -> Result<(), Unavailable>;

    /// The status of a token at `now`, with one look-up. A revocation is seen by the next call after its answer. An
    /// ended or expired session revokes what is not offline. An authorization is invalid from its `expires_at` on.
    async fn token_status(
        &self,
        token: &TokenReference,
        now: DateTime<Utc>,
    ) -> Result<TokenStatus, Unavailable>;

    /// Up to `limit` authorizations of a user whose tokens are valid at `now`, beginning with `from`, in the order of
    /// their clients and, for each client, of their ids. Each has the time when a refresh token of it was last used.
    async fn list(
        &self,
        user: UserId,
        from: ListFrom<'_>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<LiveAuthorization>, Unavailable>;
}
