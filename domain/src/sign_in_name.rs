//! A name that a person types to sign in: a user name or an e-mail address.
//!
//! See docs/decisions/people-and-passwords.md.

use std::str::FromStr;

use crate::email_address::EmailAddress;
use crate::user::{InvalidUsername, Username};
use crate::{Digest, User};

/// A user name or an e-mail address, in the one form that belongs to at most one user. A user name that looks like an e-mail
/// address is compared like one, so no user name can look like the address of another user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SignInName(String);

/// The names by which one user can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInNames {
    /// Of the user name.
    pub username: SignInName,
    /// Of the e-mail address; none if the user has no valid one, or if it is the user name too.
    pub email: Option<SignInName>,
}

impl User {
    /// The names by which this user can sign in. Each belongs to no other user.
    #[must_use]
    pub fn sign_in_names(&self) -> SignInNames {
        let username = SignInName::from(&self.username);
        let email = self.email_address().map(|address| SignInName::from(&address));
        SignInNames { email: email.filter(|email| *email != username), username }
    }
}

impl SignInNames {
    /// All of them: one or two.
    pub fn iter(&self) -> impl Iterator<Item = &SignInName> {
        std::iter::once(&self.username).chain(&self.email)
    }
}

impl SignInName {
    /// What was typed into a login form. An invalid text becomes a name that no user
    /// can have, so that its login fails after the same steps.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        let text = text.trim();
        // No user name begins with a space.
        let nobody = || format!(" {}", Digest::of(text.as_bytes()).to_base64url());
        text.parse().unwrap_or_else(|_invalid| Self(nobody()))
    }

    /// The text that a store compares.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0
    }
}

impl FromStr for SignInName {
    type Err = InvalidUsername;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<EmailAddress>() {
            Ok(address) => Ok(Self::from(&address)),
            Err(_) => Ok(Self::from(&text.parse::<Username>()?)),
        }
    }
}

impl From<&Username> for SignInName {
    fn from(name: &Username) -> Self {
        match name.as_str().parse::<EmailAddress>() {
            Ok(address) => Self::from(&address),
            Err(_) => Self(name.key()),
        }
    }
}

impl From<&EmailAddress> for SignInName {
    fn from(address: &EmailAddress) -> Self {
        Self(address.key())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::UserId;

    fn user(username: &str, email: &str) -> User {
        User {
            id: UserId::from_random([1; 16]),
            username: username.parse().unwrap(),
            password: None,
            claims: serde_json::from_value(json!({"email": email})).unwrap(),
            administrator: false,
            disabled_at: None,
            unlocked_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_a_user_types_is_one_of_their_names_however_it_is_typed() {
        let ada = user("Jos\u{e9}", "Ada@B\u{fc}cher.example");
        let names = ada.sign_in_names();
        for typed in ["jose\u{301}", " JOS\u{c9} ", "\u{ff4a}os\u{e9}"] {
            assert_eq!(SignInName::typed(typed), names.username, "{typed:?}");
        }
        for typed in
            ["ADA@xn--bcher-kva.example", " ada@bu\u{308}cher.example", "\u{ff41}da@b\u{fc}cher.example"]
        {
            assert_eq!(Some(SignInName::typed(typed)), names.email, "{typed:?}");
        }
        assert_eq!(names.iter().count(), 2);
    }

    #[test]
    fn a_user_name_that_looks_like_an_address_is_compared_like_one() {
        let of_name = user("ada@b\u{fc}cher.example", "nonsense").sign_in_names();
        let of_address = user("ada", "ADA@xn--bcher-kva.example").sign_in_names();
        assert_eq!(Some(of_name.username), of_address.email);
        assert_eq!(of_name.email, None);
        let both = user("ada@example.com", "Ada@example.com").sign_in_names();
        assert_eq!((both.username.key(), both.email), ("ada@example.com", None), "it is one name");
        // A stored text that is not an address is not a sign-in name.
        assert_eq!(user("ada", "nonsense").sign_in_names().email, None);
    }

    #[test]
    fn what_is_no_name_is_a_name_that_nobody_has() {
        for text in ["", "a\u{0}b", "a\u{200b}b", "\u{1f600}", "a@b@c d\te", &"x".repeat(200)] {
            assert!(text.parse::<SignInName>().is_err(), "{text:?}");
            let typed = SignInName::typed(text);
            assert!(typed.key().starts_with(' ') && !typed.key().contains(char::is_control), "{text:?}");
            assert!(typed.key().parse::<Username>().is_err());
            assert_ne!(typed, SignInName::typed("another\u{0}"), "each has its own");
        }
        assert!(format!("{}@example.com", "a".repeat(64)).parse::<SignInName>().is_ok());
        let long = format!("a@{}.example.com", ["b"; 60].join("."));
        assert!(long.parse::<Username>().is_err() && long.parse::<SignInName>().is_ok());
    }
}
