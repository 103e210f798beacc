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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_prompt_are_read_in_any_order_and_number() {
        let nothing = Prompt::default();
        for (text, prompt, asks_for_login) in [
            ("", nothing, false),
            ("  ", nothing, false),
            ("none", Prompt { none: true, ..nothing }, false),
            ("none none", Prompt { none: true, ..nothing }, false),
            ("login", Prompt { login: true, ..nothing }, true),
            ("consent", Prompt { consent: true, ..nothing }, false),
            ("select_account", Prompt { select_account: true, ..nothing }, true),
            ("consent  login ", Prompt { login: true, consent: true, ..nothing }, true),
        ] {
            let read: Prompt = text.parse().unwrap();
            assert_eq!((read, read.asks_for_login()), (prompt, asks_for_login), "{text:?}");
        }
        for value in Prompt::VALUES {
            assert_ne!(value.parse(), Ok(nothing), "{value}");
        }
    }

    #[test]
    fn none_excludes_every_other_value_and_an_undefined_value_is_refused() {
        for other in ["login", "consent", "select_account"] {
            for text in [format!("none {other}"), format!("{other} none")] {
                assert_eq!(text.parse::<Prompt>(), Err(InvalidPrompt::NoneWithOthers), "{text}");
            }
        }
        for text in ["create", "None", "login,consent", "login\tconsent"] {
            assert_eq!(text.parse::<Prompt>(), Err(InvalidPrompt::Unknown), "{text}");
        }
    }
}
