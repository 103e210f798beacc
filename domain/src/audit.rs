//! Who changed what: every administrative write leaves one event, in the same transaction.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ClientId, InitialAccessTokenId, UserId};

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Somebody at the command line of the server's machine.
    CommandLine,
    /// The holder of the one-time set-up link.
    SetUp,
    /// A signed-in administrator.
    Administrator(UserId),
    /// Anybody, where registration is open to everybody.
    SelfRegistered,
    /// The holder of an initial access token.
    InitialAccessToken(InitialAccessTokenId),
    /// A client, with its registration access token.
    Client(ClientId),
    /// A client that an operator marked as administrative, with a token of its own.
    AdministrativeClient(ClientId),
    /// The server itself, on schedule.
    Server,
}

/// One administrative act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What, as `noun.verb`: `client.create`, `user.disable`.
    pub action: String,
    /// On what: the id of a client, a user, a key, an initial access token or a resource.
    pub target: String,
}

impl AuditEvent {
    /// An event at `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>, actor: Actor, action: &str, target: &impl ToString) -> Self {
        Self { at: now, actor, action: action.to_owned(), target: target.to_string() }
    }
}
