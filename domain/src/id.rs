//! Typed identifiers, so that the compiler rejects one kind of id in place of another.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A version 4 (random) id from 16 random bytes.
            #[must_use]
            pub const fn from_random(bytes: [u8; 16]) -> Self {
                Self(Builder::from_random_bytes(bytes).into_uuid())
            }

            /// A version 7 id: ordered by `now`, so that an index on it grows at its end (RFC 9562 §5.7).
            #[must_use]
            pub fn ordered(now: DateTime<Utc>, random: [u8; 10]) -> Self {
                let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or(0);
                Self(Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
            }

            /// The id as a UUID, for stores.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    };
}

uuid_id!(
    /// A user: the public subject identifier `sub` (OpenID Connect Core §8).
    UserId
);
uuid_id!(
    /// A session of one user in one browser. It stays the same while the cookie's value rotates.
    SessionId
);
uuid_id!(
    /// One completed authorization; every token a user grants descends from one.
    AuthorizationId
);
uuid_id!(
    /// One client or resource from its creation to its deletion. What it was given, or what was given for it, names its
    /// incarnation, and is useless to another one that is later made under the same identifier.
    Incarnation
);
uuid_id!(
    /// One group from its creation to its deletion. Another group that later gets the name has another one.
    GroupId
);
uuid_id!(
    /// A mail in the queue.
    MailId
);
uuid_id!(
    /// An initial access token, without the token itself (RFC 7591 §3).
    InitialAccessTokenId
);
uuid_id!(
    /// One event of a user's sign-in history, ordered by its time.
    SignInEventId
);

uuid_id!(
    /// What is kept of one refused request, ordered by its time.
    RefusalId
);

impl SignInEventId {
    /// The least id of an event at this time.
    #[must_use]
    pub fn first_at(time: DateTime<Utc>) -> Self {
        Self::ordered(time, [0; 10])
    }

    /// The time that the id was made with, to the millisecond; 1970 for an id that is not ordered.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        time_of(self.0)
    }
}

impl RefusalId {
    /// The time that the id was made with, to the millisecond; 1970 for an id that is not ordered.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        time_of(self.0)
    }
}

fn time_of(id: Uuid) -> DateTime<Utc> {
    let (seconds, nanoseconds) = id.get_timestamp().map_or((0, 0), |time| time.to_unix());
    let seconds = i64::try_from(seconds).unwrap_or(0);
    DateTime::from_timestamp(seconds, nanoseconds).unwrap_or_default()
}

/// A client identifier (RFC 6749 §2.2): 1 to 128 characters of `[A-Za-z0-9._~-]`.
///
/// It never has the form of a UUID, so that the `sub` of a client-credentials token cannot be the id of a user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// Why a text is not a [`ClientId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClientId {
    /// Empty, longer than 128 characters, or with a character outside `[A-Za-z0-9._~-]`.
    #[error("a client id has 1 to 128 characters of A-Z a-z 0-9 . _ ~ -")]
    Characters,
    /// Shaped like a user's id.
    #[error("a client id must not be shaped like a UUID")]
    UuidShaped,
}

impl ClientId {
    /// The id as sent on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A generated id: `c` and 22 base64url characters of 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        Self(format!("c{}", URL_SAFE_NO_PAD.encode(bytes)))
    }
}

impl FromStr for ClientId {
    type Err = InvalidClientId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
        if text.is_empty() || text.len() > 128 || !text.bytes().all(allowed) {
            return Err(InvalidClientId::Characters);
        }
        if Uuid::parse_str(text).is_ok() {
            return Err(InvalidClientId::UuidShaped);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ClientId {
    type Error = InvalidClientId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The `kid` of a signing key: its RFC 7638 thumbprint.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Wraps a thumbprint.
    #[must_use]
    pub const fn new(thumbprint: String) -> Self {
        Self(thumbprint)
    }

    /// The `kid` as written in a JOSE header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_never_shaped_like_a_user_id() {
        let user = UserId::from_random([7; 16]);
        assert_eq!(user.to_string().parse::<ClientId>(), Err(InvalidClientId::UuidShaped));
        let simple = user.as_uuid().simple().to_string();
        assert_eq!(simple.parse::<ClientId>(), Err(InvalidClientId::UuidShaped));
    }

    #[test]
    fn a_client_id_refuses_what_would_need_escaping() {
        for text in ["", "a b", "a:b", "a%", "ä", "a\n", &"x".repeat(129)] {
            assert_eq!(text.parse::<ClientId>(), Err(InvalidClientId::Characters), "{text:?}");
        }
        for text in ["my-app_1.2~x", "a", &"x".repeat(128)] {
            let id: ClientId = text.parse().unwrap();
            assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
            assert_eq!(serde_json::to_value(&id).unwrap(), text);
            assert_eq!(serde_json::from_value::<ClientId>(text.into()).unwrap(), id);
        }
        assert!(serde_json::from_value::<ClientId>("a b".into()).is_err());
    }

    #[test]
    fn ordered_ids_sort_by_their_time() {
        let earlier = DateTime::from_timestamp(1_000, 0).unwrap();
        let later = DateTime::from_timestamp(1_001, 0).unwrap();
        assert!(AuthorizationId::ordered(earlier, [255; 10]) < AuthorizationId::ordered(later, [0; 10]));
    }

    #[test]
    fn a_generated_client_id_is_a_valid_one_and_differs_with_its_bytes() {
        let drawn = ClientId::from_random([0; 16]);
        assert_eq!(drawn.as_str(), format!("c{}", "A".repeat(22)));
        assert_eq!(drawn.as_str().parse(), Ok(drawn.clone()));
        assert_ne!(drawn, ClientId::from_random([1; 16]));
    }

    #[test]
    fn a_kid_is_written_as_the_thumbprint_that_it_is() {
        // RFC 7638 §3.1.
        let thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        let id = KeyId::new(thumbprint.to_owned());
        assert_eq!((id.as_str(), id.to_string().as_str()), (thumbprint, thumbprint));
    }
}
