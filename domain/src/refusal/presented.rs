//! What a client presents for a grant: codes and refresh tokens.

use serde::{Deserialize, Serialize};

/// What was presented for a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presented {
    /// An authorization code.
    AuthorizationCode,
    /// A device code.
    DeviceCode,
    /// A refresh token.
    RefreshToken,
}

impl Presented {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization code",
            Self::DeviceCode => "device code",
            Self::RefreshToken => "refresh token",
        }
    }

    pub(super) const fn section(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "RFC 6749 §4.1.3",
            Self::DeviceCode => "RFC 8628 §3.5",
            Self::RefreshToken => "RFC 6749 §6, RFC 9700 §4.14.2",
        }
    }

    /// The rules about it: unknown, of another client, expired, used, ended.
    pub(super) const fn rules(self) -> [&'static str; 5] {
        match self {
            Self::AuthorizationCode => {
                ["code_unknown", "code_of_other_client", "code_expired", "code_used", "code_ended"]
            }
            Self::DeviceCode => [
                "device_code_unknown",
                "device_code_of_other_client",
                "device_code_expired",
                "device_code_used",
                "device_code_ended",
            ],
            Self::RefreshToken => [
                "refresh_token_unknown",
                "refresh_token_of_other_client",
                "refresh_token_expired",
                "refresh_token_used",
                "refresh_token_ended",
            ],
        }
    }

    pub(super) const fn begin_again(self) -> &'static str {
        match self {
            Self::AuthorizationCode | Self::RefreshToken => "let the user sign in again",
            Self::DeviceCode => "let the device begin again",
        }
    }

    pub(super) const fn in_time(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "let the application redeem the code at once",
            Self::DeviceCode => "let the device begin again, and the user approve in time",
            Self::RefreshToken => "let the user sign in again, or use the token more often",
        }
    }

    pub(super) const fn lifetime(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "make OAUTH2_AUTHORIZATION_CODE_TTL_SECS longer",
            Self::DeviceCode => "make OAUTH2_DEVICE_CODE_TTL_SECS longer",
            Self::RefreshToken => "make OAUTH2_REFRESH_TOKEN_IDLE_SECS longer",
        }
    }

    pub(super) const fn once(self) -> &'static str {
        match self {
            Self::AuthorizationCode => {
                "let the application redeem each code once, also if the user reloads the page or goes back"
            }
            Self::DeviceCode => "let the device stop to poll when it has its tokens",
            Self::RefreshToken => {
                "let the application keep the new refresh token of each answer, and refresh in one place at a time"
            }
        }
    }
}
