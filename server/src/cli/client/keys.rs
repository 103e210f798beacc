//! Where a client's public keys are (RFC 7591 §2: `jwks`, `jwks_uri`).

use clap::Args;
use domain::{ClientKeys, KeySource, OutboundUri};

#[derive(Debug, Clone, Args)]
pub(super) struct Keys {
    /// A file with its public keys, a JWK set, for private_key_jwt; an update replaces the keys, or the secret
    #[arg(long, value_name = "FILE", value_parser = client_keys)]
    jwks: Option<ClientKeys>,
    /// Where it publishes its public keys itself, instead of --jwks: they are fetched when needed
    #[arg(long, value_name = "URI", conflicts_with = "jwks")]
    jwks_uri: Option<OutboundUri>,
}

impl Keys {
    /// The two exclude each other.
    pub(super) fn source(self) -> Option<KeySource> {
        self.jwks.map(KeySource::Jwks).or(self.jwks_uri.map(KeySource::JwksUri))
    }
}

/// The keys in the file of this name.
fn client_keys(file: &str) -> anyhow::Result<ClientKeys> {
    Ok(std::fs::read_to_string(file)?.parse()?)
}
