//! How a client is told that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.2, Front-Channel Logout
//! 1.0 §2).

use clap::Args;
use domain::logout::{InvalidLogoutUri, LogoutChannel, LogoutChannels, LogoutUri};

/// What is not given stays as it is.
#[derive(Debug, Clone, Args)]
pub(super) struct Logout {
    /// Where the server tells it that a session has ended; https, or empty for nowhere
    #[arg(long, value_name = "URL", value_parser = address)]
    backchannel_logout_uri: Option<Address>,
    /// Its logout tokens have to name the session (they always do)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    backchannel_logout_session_required: Option<bool>,
    /// What the browser loads in a hidden frame when a session ends, beside a redirect URI; https, or empty for nothing
    #[arg(long, value_name = "URL", value_parser = address)]
    frontchannel_logout_uri: Option<Address>,
    /// Its frame has to be told the issuer and the session (it always is)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    frontchannel_logout_session_required: Option<bool>,
}

/// An address, or that there is none from now on.
#[derive(Debug, Clone)]
enum Address {
    At(LogoutUri),
    Nowhere,
}

fn address(text: &str) -> Result<Address, InvalidLogoutUri> {
    if text.is_empty() { Ok(Address::Nowhere) } else { text.parse().map(Address::At) }
}

impl Logout {
    /// What was said over what was there.
    pub(super) fn onto(self, kept: LogoutChannels) -> LogoutChannels {
        LogoutChannels {
            back: onto(kept.back, self.backchannel_logout_uri, self.backchannel_logout_session_required),
            front: onto(kept.front, self.frontchannel_logout_uri, self.frontchannel_logout_session_required),
        }
    }
}

fn onto(kept: LogoutChannel, address: Option<Address>, session_required: Option<bool>) -> LogoutChannel {
    LogoutChannel {
        uri: match address {
            None => kept.uri,
            Some(Address::Nowhere) => None,
            Some(Address::At(uri)) => Some(uri),
        },
        session_required: session_required.unwrap_or(kept.session_required),
    }
}
