//! The options about a client's public keys (RFC 7591 §2) and what it signs with them besides assertions: its requests
//! (RFC 9101).

use clap::Args;
use domain::client::ClientAuthentication;
use domain::request_object::RequestObjects;
use domain::{Client, ClientKeys, KeySource, OutboundUri, RequestObjectAlgorithm, RequestObjectUri};

#[derive(Debug, Clone, Args)]
pub(super) struct Keys {
    /// A file with its public keys, a JWK set, for private_key_jwt and signed requests; an update replaces the keys, or
    /// the secret of a client that signs no requests
    #[arg(long, value_name = "FILE", value_parser = client_keys)]
    jwks: Option<ClientKeys>,
    /// Where it publishes its public keys itself, instead of --jwks: they are fetched when needed
    #[arg(long, value_name = "URI", conflicts_with = "jwks")]
    jwks_uri: Option<OutboundUri>,
    /// Where it publishes signed requests (request_uri); repeat for several
    #[arg(long = "request-uri", value_name = "URI")]
    request_uris: Vec<RequestObjectUri>,
    /// It publishes no signed requests
    #[arg(long, conflicts_with = "request_uris")]
    no_request_uris: bool,
    /// The only algorithm its requests are signed with: RS256, PS256, ES256 or EdDSA; any of them if not given
    #[arg(long, value_name = "ALG")]
    request_object_alg: Option<RequestObjectAlgorithm>,
    /// It has to sign its requests (RFC 9101)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    require_signed_request: Option<bool>,
}

/// The keys in the file of this name.
fn client_keys(file: &str) -> anyhow::Result<ClientKeys> {
    Ok(std::fs::read_to_string(file)?.parse()?)
}

impl Keys {
    /// The two exclude each other.
    pub(super) fn source(&self) -> Option<KeySource> {
        let by_reference = || self.jwks_uri.clone().map(KeySource::JwksUri);
        self.jwks.clone().map(KeySource::Jwks).or_else(by_reference)
    }

    /// What was said of signed requests over what was there.
    pub(super) fn onto(self, kept: RequestObjects) -> RequestObjects {
        RequestObjects {
            keys: kept.keys,
            algorithm: self.request_object_alg.or(kept.algorithm),
            required: self.require_signed_request.unwrap_or(kept.required),
            uris: match self.request_uris.as_slice() {
                [] if self.no_request_uris => Vec::new(),
                [] => kept.uris,
                [..] => self.request_uris,
            },
        }
    }

    /// What is not given stays as it is.
    pub(super) fn apply(self, client: &mut Client) {
        let keys = self.source();
        let objects = self.onto(client.request_objects.clone());
        let by_assertion = matches!(client.authentication, ClientAuthentication::PrivateKeyJwt { .. });
        match keys {
            Some(keys) if objects.are_announced() && !by_assertion => {
                client.request_objects = RequestObjects { keys: Some(keys), ..objects };
            }
            Some(keys) => {
                client.authentication = ClientAuthentication::PrivateKeyJwt { keys };
                client.request_objects = RequestObjects { keys: None, ..objects };
            }
            None => client.request_objects = objects,
        }
    }
}
