//! A user: a person who can sign in.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::claims::{self, ProfileClaims};
use crate::{Scope, UserId};

/// A username, as typed on the login page. Usernames are case-insensitive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

/// The text is not a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a user name has 1 to 128 characters, no white space around it and no control characters")]
pub struct InvalidUsername;

/// A password as a PHC string (Argon2id); never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

/// A user account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The public `sub`.
    pub id: UserId,
    /// The username; also the claim `preferred_username`.
    pub username: Username,
    /// The password hash; none for a user who cannot sign in with a password.
    pub password: Option<PasswordHash>,
    /// The claims of the profile.
    pub claims: ProfileClaims,
    /// Whether the user is an administrator.
    pub administrator: bool,
    /// When the user was disabled: they cannot sign in, and everything they granted is invalid.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the user was created.
    pub created_at: DateTime<Utc>,
    /// The claim `updated_at`.
    pub updated_at: DateTime<Utc>,
}

impl Username {
    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normalised form for look-ups: lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for Username {
    type Err = InvalidUsername;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let length = text.chars().count();
        let clean = text.trim() == text && !text.chars().any(char::is_control);
        if (1..=128).contains(&length) && clean { Ok(Self(text.to_owned())) } else { Err(InvalidUsername) }
    }
}

impl TryFrom<String> for Username {
    type Error = InvalidUsername;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Username> for String {
    fn from(name: Username) -> Self {
        name.0
    }
}

impl PasswordHash {
    /// Wraps a PHC string.
    #[must_use]
    pub const fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string, to verify against.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl User {
    /// The value of the standard claim `name`, stored or derived; none if it is unknown. An e-mail address or phone number
    /// is not verified unless it is known to be.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value> {
        match name {
            "preferred_username" => Some(self.username.as_str().into()),
            "updated_at" => Some(self.updated_at.timestamp().into()),
            kept => self.claims.get(kept).cloned().or_else(|| self.not_verified(kept)),
        }
    }

    /// The claims that `scope` opens and that this user has (OpenID Connect Core §5.4).
    #[must_use]
    pub fn claims_in(&self, scope: &Scope) -> Map<String, Value> {
        let named = claims::named_by(scope);
        named.filter_map(|name| Some((name.to_owned(), self.claim(name)?))).collect()
    }

    /// False for the claim `name`, if it says whether another claim of this user is verified. A client that found it
    /// missing could take the other claim for verified.
    fn not_verified(&self, name: &str) -> Option<Value> {
        let (claim, _) = claims::VERIFIABLE.into_iter().find(|(_, verified)| *verified == name)?;
        self.claims.get(claim).map(|_| Value::Bool(false))
    }

    /// Whether the user may sign in and their grants are valid.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }
}
