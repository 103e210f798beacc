//! Initial access tokens (RFC 7591 §3). Each allows a number of registrations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Client, Digest, InitialAccessToken, InitialAccessTokenId};

use super::Unavailable;

/// The outcome of a registration with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// The registration is counted and the client is added.
    Done,
    /// Another client has the id. Nothing changed.
    IdTaken,
    /// The token is unknown, revoked, used up or expired. Nothing changed.
    Invalid,
}

/// Keeps initial access tokens under their digests. Every write records its audit event in the same transaction.
#[async_trait]
pub trait InitialAccessTokens: Send + Sync {
    /// Keeps a new token.
    async fn create(&self, token: &InitialAccessToken, event: &AuditEvent) -> Result<(), Unavailable>;

    /// Finds the token with this digest, unless it is used up, revoked or expired at `now`.
    async fn find(
        &self,
        token: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<InitialAccessToken>, Unavailable>;

    /// Counts one registration and adds its client and the event, in one transaction: of any number of concurrent calls
    /// for one token, exactly as many as it allows are [`Admitted::Done`].
    async fn admit(
        &self,
        token: Digest,
        client: &Client,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<Admitted, Unavailable>;

    /// Revokes a token. It is false if there is no such token. The clients that the token registered stay.
    async fn revoke(&self, id: InitialAccessTokenId, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Up to `limit` tokens in the order of their ids, after the id `after`, used up tokens included.
    async fn list(
        &self,
        after: Option<InitialAccessTokenId>,
        limit: u32,
    ) -> Result<Vec<InitialAccessToken>, Unavailable>;
}
