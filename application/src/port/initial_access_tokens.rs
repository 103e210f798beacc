//! Initial access tokens (RFC 7591 §3), each good for a number of registrations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Client, Digest, InitialAccessToken, InitialAccessTokenId};

use super::Unavailable;

/// What became of a registration with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// It was counted and the client is there now.
    Done,
    /// The client's id is taken; nothing changed.
    IdTaken,
    /// The token is unknown, revoked, used up or expired; nothing changed.
    Invalid,
}

/// Keeps initial access tokens under their digests. Every write keeps its audit event in the same transaction.
#[async_trait]
pub trait InitialAccessTokens: Send + Sync {
    /// Keeps a new token.
    async fn create(&self, token: &InitialAccessToken, event: &AuditEvent) -> Result<(), Unavailable>;

    /// The token with this digest, unless it is used up, revoked or expired by `now`.
    async fn find(
        &self,
        token: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<InitialAccessToken>, Unavailable>;

    /// Counts one registration and adds its client with the event, in one transaction: of any number of concurrent
    /// calls for one token, exactly as many as it is good for are [`Admitted::Done`].
    async fn admit(
        &self,
        token: Digest,
        client: &Client,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<Admitted, Unavailable>;

    /// Revokes a token; false if there is none. The clients it registered stay.
    async fn revoke(&self, id: InitialAccessTokenId, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Up to `limit` tokens in the order of their ids, after the one named, used up ones included.
    async fn list(
        &self,
        after: Option<InitialAccessTokenId>,
        limit: u32,
    ) -> Result<Vec<InitialAccessToken>, Unavailable>;
}
