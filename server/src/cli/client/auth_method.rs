//! How a client of the command line authenticates (RFC 7591 §2).

use anyhow::bail;
use application::registry::Credential;
use clap::ValueEnum;
use domain::KeySource;
use domain::client::SecretMethod;

/// `token_endpoint_auth_method` (RFC 7591 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum AuthMethod {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    None,
}

impl AuthMethod {
    /// The credential, which for private_key_jwt is made of the client's keys.
    pub(super) fn credential(self, keys: Option<KeySource>) -> anyhow::Result<Option<Credential>> {
        Ok(match (self, keys) {
            (Self::ClientSecretBasic, None) => Some(Credential::Secret(SecretMethod::ClientSecretBasic)),
            (Self::ClientSecretPost, None) => Some(Credential::Secret(SecretMethod::ClientSecretPost)),
            (Self::None, None) => None,
            (Self::PrivateKeyJwt, Some(keys)) => Some(Credential::Keys(keys)),
            (Self::PrivateKeyJwt, None) => {
                bail!("--auth-method private_key_jwt needs the client's keys: --jwks or --jwks-uri")
            }
            (Self::ClientSecretBasic | Self::ClientSecretPost | Self::None, Some(_)) => {
                bail!("--jwks and --jwks-uri are for --auth-method private_key_jwt")
            }
        })
    }
}
