//! Passkeys: public key credentials of users (Web Authentication Level 3).

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use crate::display_text::is_visible;
use crate::{KeyKind, UserId};

/// The most passkeys of a user.
pub const MAX_PASSKEYS: u32 = 20;
/// The most bytes of a credential id (§5.8.3).
const MAX_ID_BYTES: usize = 1_023;
/// The most characters of a name.
pub const MAX_NAME_CHARACTERS: usize = 60;

/// The id of a credential: chosen by the authenticator, and different for all credentials of all users.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(Vec<u8>);

/// The bytes are no credential id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a credential id has 1 to {MAX_ID_BYTES} bytes")]
pub struct InvalidCredentialId;

impl CredentialId {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<Vec<u8>> for CredentialId {
    type Error = InvalidCredentialId;

    fn try_from(bytes: Vec<u8>) -> Result<Self, Self::Error> {
        if (1..=MAX_ID_BYTES).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(InvalidCredentialId) }
    }
}

/// In base64url.
impl FromStr for CredentialId {
    type Err = InvalidCredentialId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCredentialId)?.try_into()
    }
}

/// In base64url.
impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

/// What a person calls a passkey: one line, of which every character is visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyName(String);

/// The text is no name of a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a passkey's name has 1 to {MAX_NAME_CHARACTERS} visible characters")]
pub struct InvalidPasskeyName;

impl PasskeyName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// For a passkey of which nothing better is known.
impl Default for PasskeyName {
    fn default() -> Self {
        Self("Passkey".to_owned())
    }
}

impl FromStr for PasskeyName {
    type Err = InvalidPasskeyName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().count() <= MAX_NAME_CHARACTERS && is_visible(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPasskeyName)
        }
    }
}

/// A passkey of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The id of its credential.
    pub id: CredentialId,
    /// The user.
    pub user: UserId,
    /// What the user calls it.
    pub name: PasskeyName,
    /// The public key and what else verifies it, as the library serialised it when it was made. What changes is kept beside it.
    pub credential: String,
    /// How often it has signed, as it counts itself; 0 if it does not count (§6.1.1).
    pub sign_count: u32,
    /// Whether it may be copied to other devices of the user (backup eligibility, §6.1.3).
    pub is_syncable: bool,
    /// Whether it was backed up when it was last used (backup state, §6.1.3).
    pub is_backed_up: bool,
    /// Whether it is on a security key, and not on a phone, a computer or in a password manager.
    pub is_on_security_key: bool,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it last signed its user in.
    pub used_at: Option<DateTime<Utc>>,
}

/// What a passkey is after a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasskeyUse {
    /// The count that it has sent.
    pub sign_count: u32,
    /// Whether it is backed up.
    pub is_backed_up: bool,
    /// When it was used.
    pub at: DateTime<Utc>,
}

impl Passkey {
    /// Where its key is.
    #[must_use]
    pub const fn key_kind(&self) -> KeyKind {
        if self.is_syncable { KeyKind::Software } else { KeyKind::Hardware }
    }

    /// Whether it may have sent this count: a higher one than before, or never any. Otherwise there are two of it (§6.1.1).
    #[must_use]
    pub const fn may_have_counted(&self, sign_count: u32) -> bool {
        sign_count > self.sign_count || (sign_count == 0 && self.sign_count == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_id_is_read_back_and_has_at_most_1023_bytes() {
        let id = CredentialId::try_from(vec![0, 255, 7]).unwrap();
        assert_eq!(id.to_string().parse(), Ok(id.clone()));
        assert_eq!((id.to_string().as_str(), id.as_bytes()), ("AP8H", [0, 255, 7].as_slice()));
        assert!(CredentialId::try_from(vec![1; 1_023]).is_ok());
        assert_eq!(CredentialId::try_from(vec![1; 1_024]), Err(InvalidCredentialId));
        for text in ["", "AP8H=", "AP 8H", "+/8H"] {
            assert_eq!(text.parse::<CredentialId>(), Err(InvalidCredentialId), "{text}");
        }
    }

    #[test]
    fn a_name_is_one_visible_line() {
        for name in ["iPhone", "Adas Schlüssel 🔑", &"x".repeat(60)] {
            assert_eq!(name.parse::<PasskeyName>().unwrap().as_str(), name);
        }
        for name in ["", " ", "a\nb", "a\u{202e}b", &"x".repeat(61)] {
            assert_eq!(name.parse::<PasskeyName>(), Err(InvalidPasskeyName), "{name:?}");
        }
    }

    #[test]
    fn a_count_that_does_not_grow_is_that_of_a_copy() {
        let passkey = |sign_count| Passkey {
            id: vec![1].try_into().unwrap(),
            user: UserId::from_random([1; 16]),
            name: "key".parse().unwrap(),
            credential: String::new(),
            sign_count,
            is_syncable: false,
            is_backed_up: false,
            is_on_security_key: true,
            made_at: DateTime::UNIX_EPOCH,
            used_at: None,
        };
        for (before, count, is_right) in
            [(0, 0, true), (0, 1, true), (5, 6, true), (5, 5, false), (5, 4, false), (5, 0, false)]
        {
            assert_eq!(passkey(before).may_have_counted(count), is_right, "{before} {count}");
        }
    }
}
