//! How a client of the command line authenticates (RFC 7591 §2).

use anyhow::bail;
use application::client::administration::Credential;
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
    /// The credential, which for private_key_jwt is made of the client's keys; else they are left for its requests.
    pub(super) fn credential(
        self,
        keys: Option<KeySource>,
    ) -> anyhow::Result<(Option<Credential>, Option<KeySource>)> {
        Ok(match (self, keys) {
            (Self::ClientSecretBasic, keys) => {
                (Some(Credential::Secret(SecretMethod::ClientSecretBasic)), keys)
            }
            (Self::ClientSecretPost, keys) => {
                (Some(Credential::Secret(SecretMethod::ClientSecretPost)), keys)
            }
            (Self::None, keys) => (None, keys),
            (Self::PrivateKeyJwt, Some(keys)) => (Some(Credential::Keys(keys)), None),
            (Self::PrivateKeyJwt, None) => {
                bail!("--auth-method private_key_jwt needs the client's keys: --jwks or --jwks-uri")
            }
        })
    }
}
