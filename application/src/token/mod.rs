//! The token endpoint (RFC 6749 §3.2). Grants prove what may be issued; the endpoint does everything that grants share:
//! it authenticates the client, records the authorization with its first refresh token, and mints.
//!
//! See docs/decisions/tokens-and-keys.md.

pub mod access_token;
mod claimed;
mod endpoint;
mod grant;
pub mod id_token;
mod long_id_tokens;
mod mint;
mod record;

pub use endpoint::{TokenEndpoint, TokenResponse};
pub use grant::{
    AuthorizationCodeGrant, ClientCredentialsGrant, DeviceCodeGrant, Grant, IfRecordedBefore,
    NewAuthorization, PasswordGrant, Presented, Proven, RefreshTokenGrant, Refreshed, TokenRequest,
};
pub use long_id_tokens::LongIdTokens;
