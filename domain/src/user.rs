//! A user: a person who can sign in.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use precis_profiles::precis_core::Error as PrecisError;
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use precis_profiles::{UsernameCaseMapped, UsernameCasePreserved};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::claims::{self, ProfileClaims};
use crate::{Digest, EmailAddress, Secret, UserId};

const MAX_USERNAME_CHARACTERS: usize = 128;

/// A username, as PRECIS prepares it (RFC 8265 §3): the same name is the same text however a keyboard composes it. Usernames
/// are case-insensitive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

/// Why a text is not a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUsername {
    /// Nothing is in it.
    #[error("a user name has at least one character")]
    Empty,
    /// More than 128 characters.
    #[error("a user name has at most {MAX_USERNAME_CHARACTERS} characters")]
    TooLong,
    /// A space at the beginning, at the end, or beside another.
    #[error("a user name has single spaces, and only between other characters")]
    Spaces,
    /// A character that cannot be typed reliably or looks like another one.
    #[error(
        "a user name cannot have the character U+{0:04X}; it has letters and digits of any script, and ASCII signs such as . _ - @"
    )]
    Character(u32),
    /// Letters that are written from right to left beside others in a way that looks like another name (RFC 5893 §2).
    #[error("a user name cannot mix letters that are written from right to left with others")]
    Direction,
}

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

    /// The form for comparisons, in lower case (`UsernameCaseMapped`, RFC 8265 §3.3). A sigma at the end of a Greek word has two
    /// forms in lower case and one in upper case, so both are one. A look-up is by [`SignInName`](crate::SignInName).
    #[must_use]
    pub fn key(&self) -> String {
        case_mapped(&self.0).unwrap_or_else(|_| self.0.to_lowercase()).replace('ς', "σ")
    }
}

impl FromStr for Username {
    type Err = InvalidUsername;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(InvalidUsername::Empty);
        }
        // Counted before anything is done with it, and again in its composed form.
        if text.chars().nth(MAX_USERNAME_CHARACTERS).is_some() {
            return Err(InvalidUsername::TooLong);
        }
        let name = case_preserved(text)?;
        if name.chars().nth(MAX_USERNAME_CHARACTERS).is_some() {
            return Err(InvalidUsername::TooLong);
        }
        case_mapped(&name)?;
        Ok(Self(name))
    }
}

/// Composed first: the profile allows Hangul syllables, and not the letters that a Mac decomposes them into.
fn case_preserved(name: &str) -> Result<String, InvalidUsername> {
    parts(&name.nfc().collect::<String>(), UsernameCasePreserved::enforce)
}

fn case_mapped(name: &str) -> Result<String, InvalidUsername> {
    parts(name, UsernameCaseMapped::enforce)
}

/// Prepares each part of a name by itself: the profiles are for parts, which spaces separate (RFC 8265 §3.1).
fn parts<'a>(
    name: &'a str,
    enforce: impl Fn(&'a str) -> Result<Cow<'a, str>, PrecisError>,
) -> Result<String, InvalidUsername> {
    let prepared = |part: &'a str| match enforce(part) {
        _ if part.is_empty() => Err(InvalidUsername::Spaces),
        Ok(prepared) => Ok(prepared),
        Err(PrecisError::BadCodepoint(character)) => Err(InvalidUsername::Character(character.cp)),
        Err(PrecisError::Invalid | PrecisError::Unexpected(_)) => Err(InvalidUsername::Direction),
    };
    let parts: Result<Vec<_>, _> = name.split(' ').map(prepared).collect();
    Ok(parts?.join(" "))
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
    /// The value of the claim `name`, stored or derived; none if it is unknown. An e-mail address or phone number
    /// is not verified unless it is known to be.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value> {
        match name {
            "preferred_username" => Some(self.username.as_str().into()),
            "updated_at" => Some(self.updated_at.timestamp().into()),
            kept => self.claims.get(kept).cloned().or_else(|| self.not_verified(kept)),
        }
    }

    /// False for the claim `name`, if it says whether another claim of this user is verified. A client that found it
    /// missing could take the other claim for verified.
    fn not_verified(&self, name: &str) -> Option<Value> {
        let (claim, _) = claims::VERIFIABLE.into_iter().find(|(_, verified)| *verified == name)?;
        self.claims.get(claim).map(|_| Value::Bool(false))
    }

    /// The username for applications that accept only `a-z`, `0-9`, `.`, `_` and `-`, at most 64 of them, and a letter or digit
    /// first. A name that has more, or that looks as if it was made here, gets an ending that is made from the id of the user: no
    /// two users can have the same narrow name.
    #[must_use]
    pub fn narrow_username(&self) -> String {
        let key = self.username.key();
        if is_narrow(&key) && !has_ending(&key) {
            return key;
        }
        let plain = key.nfkd().filter(|character| !is_combining_mark(*character));
        let plain: String =
            plain.map(|it| if it.is_ascii() && is_narrow_byte(it as u8) { it } else { '-' }).collect();
        let stem: String =
            plain.trim_matches(['-', '.', '_']).chars().take(MAX_NARROW_BYTES - ENDING_BYTES).collect();
        let stem = if stem.is_empty() { "user" } else { &stem };
        let digest = Digest::of(self.id.to_string().as_bytes());
        let ending: String =
            digest.as_bytes().iter().take(ENDING_BYTES / 2).map(|byte| format!("{byte:02x}")).collect();
        format!("{stem}-{ending}")
    }

    /// This user with the e-mail address `email`, which they have proven to be theirs.
    ///
    /// # Errors
    /// [`InvalidClaim`](claims::InvalidClaim) for a text that no profile can store.
    pub fn with_verified_email(&self, email: &str) -> Result<Self, claims::InvalidClaim> {
        let changes = [("email", email.into()), ("email_verified", true.into())];
        let changes = changes.map(|(name, value): (&str, Value)| (name.to_owned(), value));
        Ok(Self { claims: self.claims.amended(changes.into_iter().collect())?, ..self.clone() })
    }

    /// Their e-mail address, if the profile has one.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.claims.get("email").and_then(Value::as_str)
    }

    /// The e-mail address, if the profile has a valid one.
    #[must_use]
    pub fn email_address(&self) -> Option<EmailAddress> {
        self.claims.get("email")?.as_str()?.parse().ok()
    }

    /// Whether the user may sign in and their grants are valid.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }
}

/// The most bytes of a narrow name: more than any application takes.
const MAX_NARROW_BYTES: usize = 64;
/// A hyphen and ten hexadecimal digits.
const ENDING_BYTES: usize = 11;

const fn is_narrow_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
}

fn is_narrow(name: &str) -> bool {
    let begins_well = name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit());
    begins_well && name.len() <= MAX_NARROW_BYTES && name.bytes().all(is_narrow_byte)
}

fn has_ending(name: &str) -> bool {
    let ending = name.rsplit_once('-').map(|(_, ending)| ending);
    let is_hexadecimal = |ending: &str| ending.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    ending.is_some_and(|ending| ending.len() == ENDING_BYTES - 1 && is_hexadecimal(ending))
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
        assert_eq!("\u{958}".repeat(65).parse::<Username>(), Err(InvalidUsername::TooLong));
    }

    #[test]
    fn the_reason_why_a_name_is_refused_is_named() {
        for (name, reason) in [
            ("", InvalidUsername::Empty),
            (" ada", InvalidUsername::Spaces),
            ("ada  b", InvalidUsername::Spaces),
            ("a\u{200b}b", InvalidUsername::Character(0x200b)),
            ("a\tb", InvalidUsername::Character(9)),
            ("\u{1f600}", InvalidUsername::Character(0x1f600)),
            ("a\u{627}", InvalidUsername::Direction),
            (&"a".repeat(129), InvalidUsername::TooLong),
        ] {
            assert_eq!(name.parse::<Username>(), Err(reason), "{name:?}");
        }
        let reason = InvalidUsername::Character(0x200b).to_string();
        assert!(reason.contains("U+200B"), "{reason}");
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
    fn a_claim_is_stored_or_derived() {
        let user = ada(json!({"name": "Ada Lovelace", "email": "ada@example.com", "team": ["a"]}));
        for (name, value) in [
            ("name", json!("Ada Lovelace")),
            ("preferred_username", json!("Ada")),
            ("updated_at", json!(1_800_000_000)),
            // An address that is not known to be verified is said not to be.
            ("email_verified", json!(false)),
            ("team", json!(["a"])),
        ] {
            assert_eq!(user.claim(name), Some(value), "{name}");
        }
        assert_eq!(user.claim("nickname"), None);
        assert_eq!(ada(json!({})).claim("email_verified"), None, "there is no address");
    }

    #[test]
    fn a_narrow_name_has_few_characters_and_no_two_users_share_one() {
        let named = |name: &str, id: u8| {
            let user =
                User { username: name.parse().unwrap(), id: UserId::from_random([id; 16]), ..ada(json!({})) };
            user.narrow_username()
        };
        let (long, longer, cut) = ("a".repeat(64), "a".repeat(65), "a".repeat(53));
        for name in ["ada", "ada.l_1-2", "0x", long.as_str()] {
            assert_eq!(named(name, 1), name);
        }
        assert_eq!(named("Ada", 1), "ada");
        let ending = named("田中", 1)["user".len()..].to_owned();
        assert_eq!((ending.len(), &ending[..1]), (11, "-"));
        for (name, stem) in [
            ("Jürgen Müller", "jurgen-muller"),
            ("ada@example.com", "ada-example.com"),
            ("-ada", "ada"),
            ("田中", "user"),
            (longer.as_str(), cut.as_str()),
        ] {
            assert_eq!(named(name, 1), format!("{stem}{ending}"), "{name}");
            assert_ne!(named(name, 1), named(name, 2), "another user");
        }
        // A name that imitates the narrow name of another user.
        let chosen = named(&named("Jürgen Müller", 1), 2);
        assert_ne!(chosen, named("Jürgen Müller", 1));
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
