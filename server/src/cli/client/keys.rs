//! A client's public keys, by value or by reference (RFC 7591 §2).

use clap::Args;
use domain::{ClientKeys, KeySource, OutboundUri};

/// What is not given stays as it is.
#[derive(Debug, Clone, Args)]
pub(super) struct Keys {
    /// A file with its public keys, a JWK set, for private_key_jwt; an update replaces the keys, or the secret
    #[arg(long, value_name = "FILE", value_parser = client_keys)]
    jwks: Option<ClientKeys>,
    /// Where it publishes its public keys itself, instead of --jwks: they are fetched when needed
    #[arg(long, value_name = "URI", conflicts_with = "jwks")]
    jwks_uri: Option<OutboundUri>,
}

/// The keys in the file of this name.
fn client_keys(file: &str) -> anyhow::Result<ClientKeys> {
    Ok(std::fs::read_to_string(file)?.parse()?)
}

impl Keys {
    /// The keys, if any were given; the two ways exclude each other.
    pub(super) fn source(self) -> Option<KeySource> {
        self.jwks.map(KeySource::Jwks).or(self.jwks_uri.map(KeySource::JwksUri))
    }
}
