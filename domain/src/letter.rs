//! The content of a mail before translation: recipient, languages and message. The sender chooses the words.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::User;

/// A mail before it has words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The languages to try, the best first, as tags of RFC 5646.
    pub languages: Vec<String>,
    /// The account that it is about: its user name, or its e-mail address before it has one; empty for a test.
    pub username: String,
    /// What it says.
    pub message: Message,
}

/// The kinds of mails.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// An invitation to set the first password.
    Invitation {
        /// The link.
        link: String,
        /// When it stops working.
        expires_at: DateTime<Utc>,
    },
    /// Set a new password.
    PasswordReset {
        /// The link.
        link: String,
        /// When it stops working.
        expires_at: DateTime<Utc>,
    },
    /// Confirm your address.
    ConfirmEmail {
        /// The link.
        link: String,
        /// When it stops working.
        expires_at: DateTime<Utc>,
    },
    /// Finish creating your account.
    SignUp {
        /// The link.
        link: String,
        /// When it stops working.
        expires_at: DateTime<Utc>,
    },
    /// Somebody asked for an account with an address that has one.
    AccountExists {
        /// The login page.
        link: String,
    },
    /// Your password was changed.
    PasswordChanged {
        /// When.
        at: DateTime<Utc>,
        /// From which address, if it was not the command line.
        address: Option<String>,
    },
    /// Your e-mail address was changed: to the old one.
    EmailChanged {
        /// When.
        at: DateTime<Utc>,
        /// From which address, if it was not the command line.
        address: Option<String>,
    },
    /// A second step was added to your account.
    FactorAdded {
        /// When.
        at: DateTime<Utc>,
        /// From which address, if it was not the command line.
        address: Option<String>,
    },
    /// The second step of your account was removed.
    FactorRemoved {
        /// When.
        at: DateTime<Utc>,
        /// From which address, if it was not the command line.
        address: Option<String>,
    },
    /// A passkey was added to your account.
    PasskeyAdded {
        /// When.
        at: DateTime<Utc>,
        /// From which address, if it was not the command line.
        address: Option<String>,
    },
    /// A passkey of your account was removed.
    PasskeyRemoved {
        /// When.
        at: DateTime<Utc>,
        /// From which address, if it was not the command line.
        address: Option<String>,
    },
    /// It works.
    Test,
}

impl Letter {
    /// A letter to this user at the address `to`. The reader's own language comes before those of the request.
    #[must_use]
    pub fn new(user: &User, to: &str, requested: &[String], message: Message) -> Self {
        let own = user.claims.get("locale").and_then(|locale| locale.as_str()).map(str::to_owned);
        Self {
            to: to.to_owned(),
            languages: own.into_iter().chain(requested.iter().cloned()).collect(),
            username: user.username.as_str().to_owned(),
            message,
        }
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter([redacted])")
    }
}
