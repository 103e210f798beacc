//! How a user was authenticated: `acr` and `amr` (OpenID Connect Core §2, RFC 8176).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The authentication context of a password login, unless the operator configures others.
pub const PASSWORD: &str = "urn:oauth2-server:acr:password";

/// The authentication method reference of a password (RFC 8176 §2).
pub const AMR_PASSWORD: &str = "pwd";

/// The authentication method reference of a code that works once (RFC 8176 §2).
pub const AMR_ONE_TIME_PASSWORD: &str = "otp";

/// The authentication method reference of a key that is on one device only (RFC 8176 §2).
const AMR_HARDWARE_KEY: &str = "hwk";

/// The authentication method reference of a key that may be copied to other devices (RFC 8176 §2).
const AMR_SOFTWARE_KEY: &str = "swk";

/// The authentication method reference of a user who was there and confirmed the sign-in (RFC 8176 §2).
const AMR_USER_PRESENCE: &str = "user";

/// The authentication method reference of several factors (RFC 8176 §2).
pub const AMR_MULTI_FACTOR: &str = "mfa";

/// The longest name of an authentication context, in bytes.
const MAX_CONTEXT_LENGTH: usize = 256;

/// The most authentication contexts that an operator can configure.
pub const MAX_CONTEXTS: usize = 20;

/// What a user has authenticated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// A password.
    Password,
    /// A password, and a code that works once: of an authenticator app, or a recovery code.
    PasswordAndCode,
    /// A passkey that has verified its user, for example by a fingerprint.
    Passkey(KeyKind),
    /// A password, and such a passkey.
    PasswordAndPasskey(KeyKind),
}

/// Where the key of a passkey is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// On one device.
    Hardware,
    /// It may be copied to other devices of its user.
    Software,
}

impl KeyKind {
    const fn amr(self) -> &'static str {
        match self {
            Self::Hardware => AMR_HARDWARE_KEY,
            Self::Software => AMR_SOFTWARE_KEY,
        }
    }
}

impl Methods {
    /// The authentication method references (`amr`).
    #[must_use]
    pub fn amr(self) -> Vec<String> {
        let names: &[&str] = match self {
            Self::Password => &[AMR_PASSWORD],
            Self::PasswordAndCode => &[AMR_PASSWORD, AMR_ONE_TIME_PASSWORD, AMR_MULTI_FACTOR],
            Self::Passkey(kind) => &[kind.amr(), AMR_USER_PRESENCE, AMR_MULTI_FACTOR],
            Self::PasswordAndPasskey(kind) => {
                &[AMR_PASSWORD, kind.amr(), AMR_USER_PRESENCE, AMR_MULTI_FACTOR]
            }
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Whether they are several factors.
    #[must_use]
    pub const fn are_several_factors(self) -> bool {
        match self {
            Self::Password => false,
            Self::PasswordAndCode | Self::Passkey(_) | Self::PasswordAndPasskey(_) => true,
        }
    }
}

/// The name of an authentication context: an Authentication Context Class Reference, to be compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthenticationContext(String);

/// Why a text is not the name of an authentication context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {MAX_CONTEXT_LENGTH} printable ASCII characters without spaces, quotation marks and backslashes"
)]
pub struct InvalidAuthenticationContext;

impl AuthenticationContext {
    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AuthenticationContext {
    type Err = InvalidAuthenticationContext;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if text.is_empty() || text.len() > MAX_CONTEXT_LENGTH || !text.bytes().all(plain) {
            return Err(InvalidAuthenticationContext);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for AuthenticationContext {
    type Error = InvalidAuthenticationContext;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AuthenticationContext> for String {
    fn from(context: AuthenticationContext) -> Self {
        context.0
    }
}

impl fmt::Display for AuthenticationContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The authentication contexts of a login, in the operator's words and ordered by strength. An authentication that reaches
/// one of them reaches the weaker ones too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationContexts {
    /// The weakest first.
    ladder: Vec<AuthenticationContext>,
    /// How many of them a password alone reaches.
    by_password: usize,
}

/// No context of the list has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is none of acr_values")]
pub struct UnknownAuthenticationContext;

/// Why a list of contexts cannot be used as the ordered list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {MAX_CONTEXTS} different authentication contexts")]
pub struct InvalidAuthenticationContexts;

impl AuthenticationContexts {
    /// All of them, the weakest first.
    pub fn iter(&self) -> impl Iterator<Item = &AuthenticationContext> {
        self.ladder.iter()
    }

    /// The same list, in which this context and every stronger one needs two factors.
    ///
    /// # Errors
    /// [`UnknownAuthenticationContext`] if it is not in the list.
    pub fn with_two_factors_from(
        self,
        context: &AuthenticationContext,
    ) -> Result<Self, UnknownAuthenticationContext> {
        match self.ladder.iter().position(|rung| rung == context) {
            Some(by_password) => Ok(Self { by_password, ..self }),
            None => Err(UnknownAuthenticationContext),
        }
    }

    /// The strongest context that these methods reach; none if every context needs more.
    #[must_use]
    pub fn strongest(&self, methods: Methods) -> Option<&AuthenticationContext> {
        self.reachable(methods).last()
    }

    /// The contexts that these methods reach, the strongest first.
    #[must_use]
    pub fn reached_by(&self, methods: Methods) -> Vec<&str> {
        self.reachable(methods).map(AuthenticationContext::as_str).rev().collect()
    }

    fn reachable(&self, methods: Methods) -> impl DoubleEndedIterator<Item = &AuthenticationContext> {
        let reached = if methods.are_several_factors() { self.ladder.len() } else { self.by_password };
        self.ladder.iter().take(reached)
    }

    /// The contexts that an authentication in `context` has reached, the strongest first. A context that the operator has
    /// removed since the authentication reaches only itself.
    #[must_use]
    pub fn reached<'a>(&'a self, context: Option<&'a str>) -> Vec<&'a str> {
        let ladder: Vec<_> = self.iter().map(AuthenticationContext::as_str).collect();
        match ladder.iter().position(|rung| Some(*rung) == context) {
            Some(highest) => ladder.into_iter().take(highest + 1).rev().collect(),
            None => context.into_iter().collect(),
        }
    }
}

impl TryFrom<Vec<AuthenticationContext>> for AuthenticationContexts {
    type Error = InvalidAuthenticationContexts;

    /// A password alone reaches all of them.
    fn try_from(ladder: Vec<AuthenticationContext>) -> Result<Self, Self::Error> {
        let different = ladder.iter().collect::<BTreeSet<_>>().len() == ladder.len();
        if !different || !(1..=MAX_CONTEXTS).contains(&ladder.len()) {
            return Err(InvalidAuthenticationContexts);
        }
        let by_password = ladder.len();
        Ok(Self { ladder, by_password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(contexts: &[&str]) -> Result<AuthenticationContexts, InvalidAuthenticationContexts> {
        contexts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>().try_into()
    }

    #[test]
    fn whoever_reached_a_context_has_reached_the_weaker_ones_too() {
        let three = ladder(&["bronze", "silver", "gold"]).unwrap();
        for methods in [Methods::Password, Methods::PasswordAndCode] {
            assert_eq!(three.strongest(methods).unwrap().as_str(), "gold");
        }
        assert_eq!(three.reached(Some("gold")), ["gold", "silver", "bronze"]);
        assert_eq!(three.reached(Some("bronze")), ["bronze"]);
        assert_eq!(three.reached(Some("platinum")), ["platinum"], "as it was called then");
        assert!(three.reached(None).is_empty());
    }

    #[test]
    fn a_password_alone_reaches_only_what_is_below_the_first_context_that_needs_two_factors() {
        let three = ladder(&["bronze", "silver", "gold"]).unwrap();
        let from = |name: &str| three.clone().with_two_factors_from(&name.parse().unwrap());
        let silver = from("silver").unwrap();
        assert_eq!(silver.reached_by(Methods::Password), ["bronze"]);
        assert_eq!(silver.reached_by(Methods::PasswordAndCode), ["gold", "silver", "bronze"]);
        assert_eq!(silver.strongest(Methods::Password).unwrap().as_str(), "bronze");
        let all = from("bronze").unwrap();
        assert_eq!(all.strongest(Methods::Password), None);
        assert_eq!(from("platinum"), Err(UnknownAuthenticationContext));
    }

    #[test]
    fn several_factors_are_called_mfa() {
        assert_eq!(Methods::Password.amr(), ["pwd"]);
        assert_eq!(Methods::PasswordAndCode.amr(), ["pwd", "otp", "mfa"]);
        let (hardware, software) = (KeyKind::Hardware, KeyKind::Software);
        assert_eq!(Methods::Passkey(hardware).amr(), ["hwk", "user", "mfa"]);
        assert_eq!(Methods::PasswordAndPasskey(software).amr(), ["pwd", "swk", "user", "mfa"]);
        for methods in
            [Methods::PasswordAndCode, Methods::Passkey(software), Methods::PasswordAndPasskey(hardware)]
        {
            assert!(methods.are_several_factors());
        }
        assert!(!Methods::Password.are_several_factors());
    }

    #[test]
    fn a_ladder_has_rungs_and_each_once() {
        assert!(ladder(&["1"]).is_ok());
        for contexts in [&[][..], &["1", "1"], &["1", "2", "1"]] {
            assert_eq!(ladder(contexts), Err(InvalidAuthenticationContexts), "{contexts:?}");
        }
        let names: Vec<_> = (0..=MAX_CONTEXTS).map(|number| number.to_string()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert!(ladder(&names[..MAX_CONTEXTS]).is_ok() && ladder(&names).is_err());
    }

    #[test]
    fn a_context_is_a_word_as_it_could_stand_in_acr_values() {
        let longest = "x".repeat(MAX_CONTEXT_LENGTH);
        for text in ["1", "urn:mace:incommon:iap:silver", "https://loa.example/2?x=~", &longest] {
            let context: AuthenticationContext = text.parse().unwrap();
            assert_eq!((context.as_str(), context.to_string().as_str()), (text, text));
        }
        let too_long = format!("{longest}x");
        for text in ["", " ", "a b", "a\"b", "a\\b", "ä", "a\n", &too_long] {
            assert_eq!(text.parse::<AuthenticationContext>(), Err(InvalidAuthenticationContext), "{text:?}");
        }
    }
}
