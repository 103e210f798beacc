//! How a client authenticates, and the public keys of its signatures: `token_endpoint_auth_method`, `jwks` and
//! `jwks_uri` (RFC 7591 §2). The three are read together, because some authentication methods require keys.

use serde_json::{Value, json};

use super::input::Input;
use super::policy::Policy;
use super::problem::Problem;
use super::{Client, ClientAuthentication, SecretMethod, StoredSecret};
use crate::{ClientKeys, KeySource, OutboundUri};

/// If one of these members is set, all of them are read.
pub(super) const AUTHENTICATION_MEMBERS: [&str; 3] = ["token_endpoint_auth_method", "jwks", "jwks_uri"];

/// The problem of keys that can verify no signature.
pub(super) const NO_KEY: &str =
    "has no key for signatures: RSA of 2048 to 4096 bits, P-256, P-384 or Ed25519";

/// Public keys as the client sent them.
enum SentKeys<'a> {
    ByValue(&'a Value),
    ByReference(OutboundUri),
}

/// `token_endpoint_auth_method`. A client keeps the secret that it has.
pub(super) fn read_method(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    client.authentication = match input.text()? {
        None | Some("client_secret_basic") => by_secret(input, client, SecretMethod::ClientSecretBasic),
        Some("client_secret_post") => by_secret(input, client, SecretMethod::ClientSecretPost),
        Some("private_key_jwt") => {
            ClientAuthentication::PrivateKeyJwt { keys: needed_keys(input, "private_key_jwt")? }
        }
        Some("none") => ClientAuthentication::None,
        Some(_) => {
            let text = "must be client_secret_basic, client_secret_post, private_key_jwt or none";
            return Err(input.problem(text));
        }
    };
    Ok(())
}

/// `jwks` and `jwks_uri`. Keys that nothing needs yet are kept too.
pub(super) fn read_keys(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    client.request_objects.keys = match &client.authentication {
        ClientAuthentication::PrivateKeyJwt { .. } => None,
        ClientAuthentication::None | ClientAuthentication::Secret { .. } => {
            sent_keys(input)?.map(|keys| public_keys(input, keys)).transpose()?
        }
    };
    Ok(())
}

fn by_secret(input: &Input<'_>, client: &Client, method: SecretMethod) -> ClientAuthentication {
    let secret = match &client.authentication {
        ClientAuthentication::Secret { secret, .. } => secret.clone(),
        ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt { .. } => {
            StoredSecret::Generated(input.new_secret)
        }
    };
    ClientAuthentication::Secret { method, secret }
}

fn needed_keys(input: &Input<'_>, needs: &str) -> Result<KeySource, Problem> {
    let keys = sent_keys(input)?.ok_or_else(|| {
        input.member("jwks").problem(format!("{needs} needs the client's public keys: jwks or jwks_uri"))
    })?;
    let keys = public_keys(input, keys)?;
    if can_verify(&keys, input.policy) { Ok(keys) } else { Err(input.member("jwks").problem(NO_KEY)) }
}

/// Keys by value and by reference exclude each other.
fn sent_keys<'a>(input: &Input<'a>) -> Result<Option<SentKeys<'a>>, Problem> {
    let (by_value, by_reference) = (input.member("jwks"), input.member("jwks_uri"));
    match (by_value.object()?, by_reference.outbound_uri()?) {
        (Some(_), Some(_)) => Err(by_value.problem("jwks and jwks_uri exclude each other")),
        // A set without a key is no set.
        (Some(set), None) if set.get("keys").is_some_and(|keys| *keys == json!([])) => Ok(None),
        (Some(_), None) => Ok(input.document.get("jwks").map(SentKeys::ByValue)),
        (None, Some(uri)) => Ok(Some(SentKeys::ByReference(uri))),
        (None, None) => Ok(None),
    }
}

/// A set with a private or symmetric key is always refused, because the key is no longer secret.
/// Published keys are read when the first signature is verified.
fn public_keys(input: &Input<'_>, keys: SentKeys<'_>) -> Result<KeySource, Problem> {
    let input = input.member("jwks");
    let set = match keys {
        SentKeys::ByReference(uri) => return Ok(KeySource::JwksUri(uri)),
        SentKeys::ByValue(set) => ClientKeys::try_from(set.clone()),
    };
    let set = set.map_err(|reason| input.problem(reason.to_string()))?;
    if set.has_repeated_kid() {
        return Err(input.problem("has two keys with one kid (RFC 7517 section 4.5)"));
    }
    Ok(KeySource::Jwks(set))
}

/// Whether one of the keys can verify a signature, as far as that is known.
pub(super) fn can_verify(keys: &KeySource, policy: &Policy<'_>) -> bool {
    keys.jwks().is_none_or(policy.can_verify)
}
