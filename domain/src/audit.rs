//! Audit events: every administrative write records one event, in the same transaction.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ClientId, InitialAccessTokenId, UserId};

/// The one who made an administrative change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An operator at the command line of the server's machine.
    CommandLine,
    /// The holder of the one-time set-up link.
    SetUp,
    /// A signed-in administrator.
    Administrator(UserId),
    /// A client that registers itself where open registration needs no token.
    SelfRegistered,
    /// The holder of an initial access token.
    InitialAccessToken(InitialAccessTokenId),
    /// A client, with its registration access token.
    Client(ClientId),
    /// An administrative client, with an access token from the client credentials grant.
    AdministrativeClient(ClientId),
    /// The server itself, on schedule.
    Server,
}

/// One administrative change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When the change was made.
    pub at: DateTime<Utc>,
    /// The one who made it.
    pub actor: Actor,
    /// The action, as `object.verb`: `client.create`, `user.disable`.
    pub action: String,
    /// The target: the id of a client, a user, a key, an initial access token or a resource.
    pub target: String,
}

impl AuditEvent {
    /// An event at `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>, actor: Actor, action: &str, target: &impl ToString) -> Self {
        Self { at: now, actor, action: action.to_owned(), target: target.to_string() }
    }
}
