//! The introspection response (RFC 7662 §2.2).

use domain::{Audience, Scope};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The answer (RFC 7662 §2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Introspection {
    /// `{"active":false}` and nothing else: the token is unknown, expired, revoked, or not visible to the caller.
    Inactive,
    /// `{"active":true, …}`.
    Active(Box<ActiveToken>),
}

/// The members about an active token. A member that does not apply is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActiveToken {
    /// `scope`; left out if it is empty.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: Scope,
    /// `client_id`.
    pub client_id: String,
    /// `username`, if a user granted the token and the caller may see the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `token_type`: for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// `exp`, in seconds since 1970.
    pub exp: i64,
    /// `iat`.
    pub iat: i64,
    /// `sub`.
    pub sub: String,
    /// `aud`, for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// `iss`.
    pub iss: String,
    /// `jti`, for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// `auth_time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// `acr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The claims about the user that a scope of the operator opens.
    #[serde(flatten)]
    pub user: Map<String, Value>,
}

impl Serialize for Introspection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Members<'a> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a ActiveToken>,
        }
        let token = match self {
            Self::Inactive => None,
            Self::Active(token) => Some(&**token),
        };
        Members { active: token.is_some(), token }.serialize(serializer)
    }
}
