//! The options about the authentication of a client's users (OpenID Connect Dynamic Registration §2).

use clap::Args;
use domain::AuthenticationContext;
use domain::client::AuthenticationDefaults;

#[derive(Debug, Clone, Args)]
pub(super) struct Defaults {
    /// How many seconds ago a user may have authenticated, where a request does not say; empty for any time ago
    #[arg(long = "default-max-age", value_name = "SECONDS", value_parser = age)]
    max_age: Option<Age>,
    /// Its ID tokens have to tell when the user authenticated (they always do)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    require_auth_time: Option<bool>,
    /// An authentication context (acr) it wishes for, where a request does not say; repeat for several, the best first
    #[arg(long = "default-acr", value_name = "ACR")]
    acr_values: Vec<AuthenticationContext>,
    /// It wishes for none
    #[arg(long, conflicts_with = "acr_values")]
    no_default_acr: bool,
}

/// A bound, or that there is none from now on.
#[derive(Debug, Clone, Copy)]
enum Age {
    AtMost(u32),
    Any,
}

fn age(text: &str) -> Result<Age, &'static str> {
    match text {
        "" => Ok(Age::Any),
        text => text.parse().map(Age::AtMost).map_err(|_| "must be a number of seconds, at most 4294967295"),
    }
}

impl Defaults {
    /// What was said over what was there.
    pub(super) fn onto(self, kept: AuthenticationDefaults) -> AuthenticationDefaults {
        AuthenticationDefaults {
            max_age_seconds: match self.max_age {
                None => kept.max_age_seconds,
                Some(Age::Any) => None,
                Some(Age::AtMost(seconds)) => Some(seconds),
            },
            require_auth_time: self.require_auth_time.unwrap_or(kept.require_auth_time),
            acr_values: match self.acr_values.as_slice() {
                [] if self.no_default_acr => Vec::new(),
                [] => kept.acr_values,
                [..] => self.acr_values,
            },
        }
    }
}
