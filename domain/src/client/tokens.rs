//! What the tokens of a client look like.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ClaimMapping;

/// The choices of a registration about tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClientTokens {
    /// `access_token_format`.
    pub access_token_format: AccessTokenFormat,
    /// `access_token_typ`.
    pub access_token_typ: AccessTokenTyp,
    /// `id_token_claims`: the claims that the granted scopes open are in the ID token too. Without it, they are only at
    /// UserInfo (OpenID Connect Core §5.4).
    pub id_token_claims: bool,
    /// `id_token_ttl_secs`: how long its ID tokens are valid, in seconds, at least 1 and at most
    /// [`MAX_ID_TOKEN_TTL_SECONDS`]. None for the setting of that name.
    #[serde(deserialize_with = "Option::deserialize")]
    pub id_token_ttl_seconds: Option<u32>,
    /// `claim_mapping`: which groups it sees, and which claims it gets in another way.
    #[serde(deserialize_with = "Option::deserialize")]
    pub claim_mapping: Option<ClaimMapping>,
}

/// The longest lifetime of an ID token, in seconds.
pub const MAX_ID_TOKEN_TTL_SECONDS: u32 = 86_400;

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

/// The header `typ` of access tokens that are JWTs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AccessTokenTyp {
    /// As RFC 9068 §2.1 requires it.
    #[default]
    #[serde(rename = "at+jwt")]
    AtJwt,
    /// For resource servers that refuse the other.
    #[serde(rename = "JWT")]
    Jwt,
}

impl AccessTokenTyp {
    /// The header's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtJwt => "at+jwt",
            Self::Jwt => "JWT",
        }
    }
}

/// The text names no `typ` of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be at+jwt or JWT")]
pub struct UnknownAccessTokenTyp;

impl FromStr for AccessTokenTyp {
    type Err = UnknownAccessTokenTyp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "at+jwt" => Ok(Self::AtJwt),
            "JWT" => Ok(Self::Jwt),
            _ => Err(UnknownAccessTokenTyp),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_tokens_have_one_of_two_formats_and_one_of_two_headers() {
        for (format, name) in [(AccessTokenFormat::Jwt, "jwt"), (AccessTokenFormat::Opaque, "opaque")] {
            assert_eq!(name.parse(), Ok(format));
            assert_eq!(serde_json::to_value(format).unwrap(), name, "as it is written");
        }
        for (typ, name) in [(AccessTokenTyp::AtJwt, "at+jwt"), (AccessTokenTyp::Jwt, "JWT")] {
            assert_eq!(name.parse(), Ok(typ));
            assert_eq!(serde_json::to_value(typ).unwrap(), name, "as it is written");
        }
        for text in ["", "JWS", "Opaque"] {
            assert_eq!(text.parse::<AccessTokenFormat>(), Err(UnknownAccessTokenFormat), "{text}");
            assert_eq!(text.parse::<AccessTokenTyp>(), Err(UnknownAccessTokenTyp), "{text}");
        }
    }
}
