//! What the tokens of a client look like.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The choices of a registration about tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientTokens {
    /// `access_token_format`.
    pub access_token_format: AccessTokenFormat,
    /// `id_token_claims`: the claims that the granted scopes open are in the ID token too. Without it, they are only at
    /// UserInfo (OpenID Connect Core §5.4).
    pub id_token_claims: bool,
}

/// What a client's access tokens look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTokenFormat {
    /// JWTs (RFC 9068), unless the server makes all of them opaque.
    #[default]
    Jwt,
    /// Opaque: an API that gets one has to introspect it (RFC 7662).
    Opaque,
}

/// The text names no format of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be jwt or opaque")]
pub struct UnknownAccessTokenFormat;

impl FromStr for AccessTokenFormat {
    type Err = UnknownAccessTokenFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "jwt" => Ok(Self::Jwt),
            "opaque" => Ok(Self::Opaque),
            _ => Err(UnknownAccessTokenFormat),
        }
    }
}
