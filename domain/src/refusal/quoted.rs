//! A value from outside in a log line or in an explanation: escaped, not too long, and without what looks like a secret.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Scope;

/// The most characters that are kept of a value.
const MAX_CHARACTERS: usize = 400;
/// The fewest characters of what may be a secret: shorter ones are names.
const MIN_SECRET_CHARACTERS: usize = 20;
/// So long a run that changes its kind of characters often is no name, even if it has few digits.
const LONG_SECRET_CHARACTERS: usize = 40;
/// What stands for it.
pub(super) const HIDDEN: &str = "[hidden]";

/// A value from outside. Control characters and characters that show nothing have names (`\n`, `\u{202e}`), the end of a long value
/// is cut off, and a run of characters that looks like a token or a generated secret is `[hidden]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quoted(String);

impl Quoted {
    /// What may be kept of this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut kept = String::new();
        for run in runs(text) {
            if looks_secret(run) {
                kept.push_str(HIDDEN);
            } else {
                run.chars().for_each(|character| escape(character, &mut kept));
            }
        }
        if let Some((end, _)) = kept.char_indices().nth(MAX_CHARACTERS) {
            kept.truncate(end);
            kept.push_str(&format!("… ({} bytes in all)", text.len()));
        }
        Self(kept)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Scope> for Quoted {
    fn from(scope: &Scope) -> Self {
        Self::new(&scope.to_string())
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn escape(character: char, kept: &mut String) {
    match character {
        '"' | '\'' => kept.push(character),
        other => kept.extend(other.escape_debug()),
    }
}

/// The text, cut before and after each run of characters that tokens are made of.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let is_of_token = |character: char| character.is_ascii_alphanumeric() || "-_=+".contains(character);
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let kind = is_of_token(first);
        let end = rest.find(|character| is_of_token(character) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// Whether a run looks drawn at random: it is long, and its characters change between digits, small and capital letters all the time.
/// The UUID of a tenant in an address is none.
fn looks_secret(run: &str) -> bool {
    let is_uuid = run.len() == 36 && uuid::Uuid::parse_str(run).is_ok();
    let letters: Vec<u8> = run.bytes().filter(u8::is_ascii_alphanumeric).collect();
    if run.len() < MIN_SECRET_CHARACTERS || letters.is_empty() || is_uuid {
        return false;
    }
    let kind = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let changes = letters.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    let digits = letters.iter().filter(|byte| byte.is_ascii_digit()).count();
    (digits >= 2 || run.len() >= LONG_SECRET_CHARACTERS) && changes * 4 >= letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        Quoted::new(text).to_string()
    }

    #[test]
    fn what_looks_like_a_secret_is_hidden_and_addresses_and_names_are_not() {
        for secret in [
            "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=",
        ] {
            assert_eq!(quoted(secret), "[hidden]");
            assert_eq!(quoted(&format!("https://a.example/{secret}/x")), "https://a.example/[hidden]/x");
            assert_eq!(quoted(&format!("openid {secret}")), "openid [hidden]");
        }
        for name in [
            "https://grafana.example/login/generic_oauth",
            "https://a.example/oauth2-callback-for-tenant-1234567/end",
            "https://a.example/550e8400-e29b-41d4-a716-446655440000/cb",
            "https://a.example/handleOAuthCallbackFromProvider",
            "urn:ietf:params:oauth:grant-type:device_code",
            "com.example.app:/oauth2redirect/example-provider",
        ] {
            assert_eq!(quoted(name), name);
        }
    }

    #[test]
    fn a_jwt_keeps_nothing_but_its_dots() {
        let jwt = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.c2lnbmF0dXJlMTIzNDU2Nzg5MA";
        assert_eq!(quoted(jwt), "[hidden].[hidden].[hidden]");
    }

    #[test]
    fn characters_that_show_nothing_have_names() {
        assert_eq!(quoted("a\n\u{1b}[2J\u{202e}'b\""), r#"a\n\u{1b}[2J\u{202e}'b""#);
        assert_eq!(quoted("https://exаmple.com/ü"), "https://exаmple.com/ü");
    }

    #[test]
    fn a_long_value_is_cut() {
        let long = quoted(&"ä".repeat(1_000));
        assert!(long.starts_with(&"ä".repeat(MAX_CHARACTERS)) && long.ends_with("… (2000 bytes in all)"));
        assert_eq!(quoted(&"x".repeat(MAX_CHARACTERS)).len(), MAX_CHARACTERS);
    }
}
