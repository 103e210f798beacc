//! How a client proves who it is (RFC 6749 §2.3).

use serde::{Deserialize, Serialize};

use crate::user::PasswordHash;
use crate::{Digest, KeySource};

/// How a client authenticates (RFC 6749 §2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// `none`: a public client.
    None,
    /// `client_secret_basic` or `client_secret_post`; the server accepts both, regardless of the registered one.
    Secret {
        /// The registered method.
        method: SecretMethod,
        /// What is kept of the secret.
        secret: StoredSecret,
    },
    /// `private_key_jwt`: it signs an assertion (OpenID Connect Core §9).
    PrivateKeyJwt {
        /// The keys that verify it.
        #[serde(flatten)]
        keys: KeySource,
    },
}

/// The way a secret is sent (RFC 7591 §2: `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretMethod {
    /// In the `Authorization` header.
    ClientSecretBasic,
    /// In the form.
    ClientSecretPost,
}

/// The stored form of a client secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredSecret {
    /// The server generated 256 random bits, so a digest is enough.
    Generated(Digest),
    /// An operator chose it: it could be guessed, so it is hashed like a password.
    Chosen(PasswordHash),
}

impl ClientAuthentication {
    /// The value of `token_endpoint_auth_method`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Secret { method, .. } => method.as_str(),
            Self::PrivateKeyJwt { .. } => "private_key_jwt",
        }
    }

    /// Whether it has a secret.
    #[must_use]
    pub const fn is_by_secret(&self) -> bool {
        matches!(self, Self::Secret { .. })
    }
}

impl SecretMethod {
    /// The value of `token_endpoint_auth_method`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }
}
