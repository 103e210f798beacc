//! A user: a person who can sign in.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use precis_profiles::{UsernameCaseMapped, UsernameCasePreserved};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use crate::claims::{self, ProfileClaims};
use crate::{Scope, Secret, UserId};

const MAX_USERNAME_CHARACTERS: usize = 128;

/// A username, as PRECIS prepares it (RFC 8265 §3): the same name is the same text however a keyboard composes it. Usernames
/// are case-insensitive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

/// The text is not a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a user name has 1 to 128 characters: letters and digits of any script, printable ASCII, and single spaces between parts"
)]
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
    /// When an administrator last ended the lockouts of the account.
    pub unlocked_at: Option<DateTime<Utc>>,
    /// When the user was created.
    pub created_at: DateTime<Utc>,
    /// The claim `updated_at`.
    pub updated_at: DateTime<Utc>,
}

impl Username {
    /// The name with the case it was given in (`UsernameCasePreserved`, RFC 8265 §3.4).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for look-ups, in lower case (`UsernameCaseMapped`, RFC 8265 §3.3). A sigma at the end of a Greek word has two
    /// forms in lower case and one in upper case, so both are one.
    #[must_use]
    pub fn key(&self) -> String {
        case_mapped(&self.0).unwrap_or_else(|| self.0.to_lowercase()).replace('ς', "σ")
    }
}

impl FromStr for Username {
    type Err = InvalidUsername;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=MAX_USERNAME_CHARACTERS).contains(&text.chars().count()) {
            return Err(InvalidUsername);
        }
        let name = case_preserved(text).ok_or(InvalidUsername)?;
        let fits = name.chars().count() <= MAX_USERNAME_CHARACTERS;
        (fits && case_mapped(&name).is_some()).then_some(Self(name)).ok_or(InvalidUsername)
    }
}

/// Composed first: the profile allows Hangul syllables, and not the letters that a Mac decomposes them into.
fn case_preserved(name: &str) -> Option<String> {
    parts(&name.nfc().collect::<String>(), |part| UsernameCasePreserved::enforce(part).ok())
}

fn case_mapped(name: &str) -> Option<String> {
    parts(name, |part| UsernameCaseMapped::enforce(part).ok())
}

/// Prepares each part of a name by itself: the profiles are for parts, which spaces separate (RFC 8265 §3.1).
fn parts<'a>(name: &'a str, enforce: impl Fn(&'a str) -> Option<Cow<'a, str>>) -> Option<String> {
    let parts: Option<Vec<_>> = name.split(' ').map(enforce).collect();
    parts.map(|parts| parts.join(" "))
}

/// A password in the form that is hashed, as `OpaqueString` prepares it (RFC 8265 §4.2): every space is an ASCII space, and
/// composed and decomposed characters are the same (NFC). None if it has a control character or is empty.
///
/// The tables of PRECIS are those of Unicode 6.3 (RFC 8264 §11). They refuse what came later, and combined emoji. A password is only
/// compared, so every other character may be in it.
#[must_use]
pub fn prepared_password(password: &Secret) -> Option<Secret> {
    let text = password.expose();
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    let spaced = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    Some(Secret::new(spaced.nfc().collect()))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ada(claims: Value) -> User {
        User {
            id: UserId::from_random([1; 16]),
            username: "Ada".parse().unwrap(),
            password: None,
            claims: serde_json::from_value(claims).unwrap(),
            administrator: false,
            disabled_at: None,
            unlocked_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::from_timestamp(1_800_000_000, 5).unwrap(),
        }
    }

    #[test]
    fn the_same_name_typed_in_another_way_has_the_same_key() {
        for names in [
            ["Jos\u{e9}", "Jose\u{301}"],
            ["\u{e5}sa", "A\u{30a}SA"],
            ["\u{1e69}", "s\u{323}\u{307}"],
            ["\u{ff21}\u{ff44}\u{ff41}", "Ada"],
            ["\u{30ac}", "\u{ff76}\u{ff9e}"],
            ["\u{ac00}", "\u{1100}\u{1161}"],
            ["Ada Lovelace", "ada lovelace"],
            ["ada@example.com", "ADA@example.com"],
            ["νικος", "ΝΙΚΟΣ"],
        ] {
            let [one, other] = names.map(|name| name.parse::<Username>().unwrap().key());
            assert_eq!(one, other, "{names:?}");
        }
        let kept: Username = "Jose\u{301}".parse().unwrap();
        assert_eq!(kept.as_str(), "Jos\u{e9}", "the case is kept, the composition is not");
        assert_ne!("jos\u{e9}".parse::<Username>().unwrap().key(), "jose".parse::<Username>().unwrap().key());
    }

    #[test]
    fn a_name_that_nobody_could_type_again_or_tell_apart_is_refused() {
        let long = "a".repeat(129);
        for name in [
            "",
            " ",
            " ada",
            "ada ",
            "ada  b",
            "a\u{a0}b",
            "a\tb",
            "a\u{0}b",
            "a\u{200b}b",
            "a\u{202e}b",
            "\u{fb00}",
            "\u{b2}",
            "\u{1f600}",
            "a\u{627}",
            long.as_str(),
        ] {
            assert!(name.parse::<Username>().is_err(), "{name:?}");
        }
        for name in ["o'brien", "user.name+x_1-2", "\u{7530}\u{4e2d}", "\u{627}\u{644}", &"a".repeat(128)] {
            let username: Username = name.parse().unwrap();
            assert_eq!(username.as_str(), name);
            assert_eq!(serde_json::to_value(&username).unwrap(), name);
            assert_eq!(serde_json::from_value::<Username>(name.into()).unwrap(), username);
        }
        // What is composed in this letter is two characters in NFC.
        assert_eq!("\u{958}".repeat(64).parse::<Username>().unwrap().as_str().chars().count(), 128);
        assert_eq!("\u{958}".repeat(65).parse::<Username>(), Err(InvalidUsername));
    }

    #[test]
    fn the_same_password_typed_in_another_way_is_the_same_and_nothing_else_is() {
        let prepared =
            |text: &str| prepared_password(&Secret::from(text)).map(|secret| secret.expose().to_owned());
        assert_eq!(prepared("Jos\u{e9} 1"), prepared("Jose\u{301}\u{2003}1"));
        assert_eq!(
            prepared("\u{1f469}\u{200d}\u{1f680} \u{1fae9}").unwrap(),
            "\u{1f469}\u{200d}\u{1f680} \u{1fae9}"
        );
        for (one, other) in
            [("Secret", "secret"), ("\u{ff21}", "A"), ("\u{fb00}", "ff"), ("a b", "a  b"), ("a", "a ")]
        {
            assert_ne!(prepared(one), prepared(other), "{one:?} {other:?}");
        }
        for refused in ["", "a\tb", "a\u{0}b", "a\nb", "a\u{7f}b"] {
            assert_eq!(prepared(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn a_scope_opens_the_claims_that_the_user_has_and_the_derived_ones() {
        let user = ada(json!({
            "name": "Ada Lovelace", "email": "ada@example.com", "phone_number": "+44", "phone_number_verified": true,
        }));
        for (scope, opened) in [
            ("openid", json!({})),
            (
                "profile",
                json!({"name": "Ada Lovelace", "preferred_username": "Ada", "updated_at": 1_800_000_000}),
            ),
            // An address that is not known to be verified is said not to be.
            ("email", json!({"email": "ada@example.com", "email_verified": false})),
            ("phone address", json!({"phone_number": "+44", "phone_number_verified": true})),
        ] {
            assert_eq!(Value::from(user.claims_in(&scope.parse().unwrap())), opened, "{scope}");
            for (name, value) in opened.as_object().unwrap() {
                assert_eq!(user.claim(name).as_ref(), Some(value), "{name}");
            }
        }
        assert_eq!(user.claim("nickname"), None);
        assert_eq!(ada(json!({})).claim("email_verified"), None, "there is no address");
    }

    #[test]
    fn a_disabled_user_is_not_enabled() {
        let user = ada(json!({}));
        assert!(user.is_enabled());
        assert!(!User { disabled_at: Some(user.created_at), ..user }.is_enabled());
    }

    #[test]
    fn debug_does_not_show_the_hash_of_a_password() {
        let hash = PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned());
        assert_eq!(format!("{hash:?}"), "[redacted]");
        assert_eq!(hash.expose(), "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA");
    }
}
