//! The `prompt` parameter (OpenID Connect Core §3.1.2.1).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The pages that the client wants the user to see. `none` excludes all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prompt {
    /// Show nothing; fail instead.
    pub none: bool,
    /// Authenticate again, even if the browser has a session.
    pub login: bool,
    /// Ask for consent again.
    pub consent: bool,
    /// Let the user choose an account.
    pub select_account: bool,
}

/// Why a `prompt` is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrompt {
    /// An undefined value.
    #[error("prompt must be none, or some of login, consent and select_account")]
    Unknown,
    /// `none` beside another value.
    #[error("prompt none cannot be combined with another value")]
    NoneWithOthers,
}

impl Prompt {
    /// Every defined value.
    pub const VALUES: [&'static str; 4] = ["none", "login", "consent", "select_account"];

    /// Whether the login page is shown even if the browser has a session.
    #[must_use]
    pub const fn asks_for_login(&self) -> bool {
        self.login || self.select_account
    }
}

impl FromStr for Prompt {
    type Err = InvalidPrompt;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut prompt = Self::default();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            match value {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => return Err(InvalidPrompt::Unknown),
            }
        }
        if prompt.none && (prompt.login || prompt.consent || prompt.select_account) {
            return Err(InvalidPrompt::NoneWithOthers);
        }
        Ok(prompt)
    }
}
