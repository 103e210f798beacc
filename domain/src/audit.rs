//! Audit events: every administrative write records one event, in the same transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{ClientId, Digest, InitialAccessTokenId, QueuedMail, UserId};

/// The author of an administrative change: a person, a client or the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An operator at the command line of the server's machine.
    CommandLine,
    /// The holder of the one-time set-up link.
    SetUp,
    /// A signed-in administrator.
    Administrator(UserId),
    /// A user who changed their own account by a one-time link.
    Person(UserId),
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

impl Actor {
    /// What kind of actor it is, as the administrative API names it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CommandLine => "command_line",
            Self::SetUp => "set_up",
            Self::Administrator(_) => "administrator",
            Self::Person(_) => "person",
            Self::SelfRegistered => "self_registered",
            Self::InitialAccessToken(_) => "initial_access_token",
            Self::Client(_) => "client",
            Self::AdministrativeClient(_) => "administrative_client",
            Self::Server => "server",
        }
    }

    /// The id of the user, client or token; none for an actor without an id, such as the command line.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        match self {
            Self::Administrator(id) | Self::Person(id) => Some(id.to_string()),
            Self::InitialAccessToken(id) => Some(id.to_string()),
            Self::Client(id) | Self::AdministrativeClient(id) => Some(id.to_string()),
            Self::CommandLine | Self::SetUp | Self::SelfRegistered | Self::Server => None,
        }
    }

    /// Whether strangers can become such an actor.
    const fn is_a_stranger(&self) -> bool {
        matches!(self, Self::SelfRegistered | Self::Client(_))
    }

    /// The name that events are searched by: the id, or else the kind.
    #[must_use]
    pub fn name(&self) -> String {
        self.id().unwrap_or_else(|| self.kind().to_owned())
    }
}

/// Who makes a change, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The actor that makes the change.
    pub actor: Actor,
    /// The IP address of the request; none for a change that did not come over HTTP.
    pub address: Option<String>,
}

impl Author {
    /// An actor whose request came from this address.
    #[must_use]
    pub fn at(actor: Actor, address: &str) -> Self {
        Self { actor, address: Some(address.to_owned()) }
    }
}

impl From<Actor> for Author {
    fn from(actor: Actor) -> Self {
        Self { actor, address: None }
    }
}

/// The members of an object that a change has changed, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Changes(BTreeMap<String, ChangedMember>);

/// The value of a member before and after a change. A missing member has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedMember {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

/// A longer value is kept as its length and its digest, which still tell two values apart.
const MAX_VALUE_BYTES: usize = 512;
/// The same for a change by a client that registered itself: strangers can make such changes without limit.
const MAX_STRANGERS_VALUE_BYTES: usize = 128;
/// More members than any administrator changes at once. Of the others only the number is kept.
const MAX_MEMBERS: usize = 64;

impl Changes {
    /// The members that differ between two documents, which must not contain secrets.
    #[must_use]
    pub fn between(before: &Map<String, Value>, after: &Map<String, Value>) -> Self {
        // A null is no value.
        let value = |document: &'_ Map<String, Value>, name: &String| {
            document.get(name).filter(|value| !value.is_null()).cloned()
        };
        let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        let mut differing: Vec<_> = names.filter(|name| value(before, name) != value(after, name)).collect();
        differing.sort_unstable();
        let left_out = differing.len().saturating_sub(MAX_MEMBERS);
        differing.truncate(MAX_MEMBERS);
        let member = |name: &String| {
            let kept = |document| value(document, name).map(|value| bounded(value, MAX_VALUE_BYTES));
            (bounded_name(name), ChangedMember { before: kept(before), after: kept(after) })
        };
        let mut changes: BTreeMap<_, _> = differing.into_iter().map(member).collect();
        if left_out > 0 {
            let after = Some(Value::from(left_out));
            changes.insert("further members".to_owned(), ChangedMember { before: None, after });
        }
        Self(changes)
    }

    /// Everything that a new object has.
    #[must_use]
    pub fn new_object(document: &Map<String, Value>) -> Self {
        Self::between(&Map::new(), document)
    }

    /// The same changes, with less of long values.
    fn shortened(self) -> Self {
        let shorten = |value: Option<Value>| value.map(|value| bounded(value, MAX_STRANGERS_VALUE_BYTES));
        let member = |(name, ChangedMember { before, after })| {
            (name, ChangedMember { before: shorten(before), after: shorten(after) })
        };
        Self(self.0.into_iter().map(member).collect())
    }
}

fn bounded(value: Value, most: usize) -> Value {
    let text = value.to_string();
    if text.len() <= most {
        return value;
    }
    format!("{} bytes, SHA-256 {}", text.len(), Digest::of(text.as_bytes()).to_base64url()).into()
}

fn bounded_name(name: &str) -> String {
    name.chars().take(MAX_VALUE_BYTES / 4).collect()
}

/// One administrative change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When the change was made.
    pub at: DateTime<Utc>,
    /// The actor that made the change.
    pub actor: Actor,
    /// The IP address that the request came from; none for a change that did not come over HTTP.
    pub address: Option<String>,
    /// The action, as `object.verb`: `client.create`, `user.disable`.
    pub action: String,
    /// The target: the id of a client, a user, a key, an initial access token or a resource.
    pub target: String,
    /// What it changed, without secrets. Empty where the action says it all.
    pub changes: Changes,
    /// The mails that the change causes. They are queued in the same transaction, and are no part of the trail.
    #[serde(skip)]
    pub mails: Vec<QueuedMail>,
}

impl AuditEvent {
    /// An event at `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>, author: impl Into<Author>, action: &str, target: &impl ToString) -> Self {
        let Author { actor, address } = author.into();
        let (action, target) = (action.to_owned(), target.to_string());
        Self { at: now, actor, address, action, target, changes: Changes::default(), mails: Vec::new() }
    }

    /// The same event, with what it changed. Long values are shortened more if strangers can cause such events.
    #[must_use]
    pub fn with_changes(self, changes: Changes) -> Self {
        let changes = if self.actor.is_a_stranger() { changes.shortened() } else { changes };
        Self { changes, ..self }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changes(before: &Value, after: &Value) -> Value {
        let map = |value: &Value| value.as_object().unwrap().clone();
        serde_json::to_value(Changes::between(&map(before), &map(after))).unwrap()
    }

    #[test]
    fn changes_are_the_members_that_differ_before_and_after() {
        let before = json!({"same": [1], "changed": "a", "removed": true, "null": null});
        let after = json!({"same": [1], "changed": "b", "added": 1});
        assert_eq!(
            changes(&before, &after),
            json!({
                "added": {"after": 1}, "changed": {"before": "a", "after": "b"}, "removed": {"before": true},
            })
        );
        assert_eq!(changes(&before, &before), json!({}));
    }

    #[test]
    fn the_size_of_changes_is_bounded_and_long_values_are_still_told_apart() {
        let long = |letter: &str| json!({"jwks": letter.repeat(10_000)});
        let kept = changes(&long("a"), &long("b"));
        let (before, after) = (&kept["jwks"]["before"], &kept["jwks"]["after"]);
        assert!(before.as_str().unwrap().starts_with("10002 bytes, SHA-256 ") && before != after, "{kept}");
        let many: Map<_, _> =
            (0..3_000).map(|n| (format!("client_name#{n}{}", "x".repeat(400)), json!(n))).collect();
        let kept = changes(&json!({}), &many.into());
        assert_eq!(kept["further members"]["after"], 3_000 - MAX_MEMBERS);
        assert!(kept.to_string().len() < 32_768, "{}", kept.to_string().len());
    }

    #[test]
    fn less_is_kept_of_what_a_client_changes_itself() {
        let kept = |actor: Actor, length: usize| {
            let document = json!({"name": "x".repeat(length)});
            let event = AuditEvent::new(DateTime::UNIX_EPOCH, actor, "client.update", &"web");
            let event = event.with_changes(Changes::new_object(document.as_object().unwrap()));
            let changes = serde_json::to_value(event.changes).unwrap();
            changes["name"]["after"].as_str().unwrap().to_owned()
        };
        let client = || Actor::Client("web".parse().unwrap());
        assert_eq!(kept(client(), MAX_STRANGERS_VALUE_BYTES - 2).len(), MAX_STRANGERS_VALUE_BYTES - 2);
        for actor in [client(), Actor::SelfRegistered] {
            assert!(kept(actor, MAX_STRANGERS_VALUE_BYTES - 1).starts_with("129 bytes, SHA-256 "));
        }
        assert!(kept(client(), 10_000).starts_with("10002 bytes, SHA-256 "), "not the digest of a digest");
        assert_eq!(kept(Actor::CommandLine, MAX_VALUE_BYTES - 2).len(), MAX_VALUE_BYTES - 2);
    }

    #[test]
    fn an_actor_is_found_by_its_id_or_its_kind() {
        let client = Actor::Client("web".parse().unwrap());
        assert_eq!((client.name(), client.kind()), ("web".to_owned(), "client"));
        assert_eq!(Actor::CommandLine.name(), "command_line");
    }
}
