//! The public keys that a client registered (RFC 7591 §2: `jwks`; RFC 7517 §5).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::unique_json::UniqueJson;

/// More keys than a client rotates through. Each may have to be tried.
const MAX_KEYS: usize = 5;

/// The members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 8037 §2; `AKP` of post-quantum signatures).
const SECRET_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// A JWK set of public keys, as the client wrote it. Whether a key can verify a signature is not checked here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct ClientKeys(Vec<Map<String, Value>>);

/// Why a text is not a set of public keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClientKeys {
    /// It is not JSON, or not an object whose `keys` are objects.
    #[error("a JWK set is a JSON object with an array \"keys\" of objects")]
    Shape,
    /// None, or more than 5.
    #[error("a JWK set must have 1 to {MAX_KEYS} keys")]
    Count,
    /// A key has a private or symmetric member.
    #[error(
        "a JWK set must hold public keys only; one has a private or symmetric member, and is no secret any more"
    )]
    Secret,
}

impl ClientKeys {
    /// Whether two keys have one `kid`: it could not say which of them signed (RFC 7517 §4.5).
    #[must_use]
    pub fn has_repeated_kid(&self) -> bool {
        let kids: Vec<_> = self.0.iter().filter_map(|key| key.get("kid")).collect();
        kids.iter().enumerate().any(|(index, kid)| kids[..index].contains(kid))
    }

    /// Each key, as a JSON object.
    pub fn iter(&self) -> impl Iterator<Item = Value> {
        self.0.iter().cloned().map(Value::Object)
    }
}

impl TryFrom<Value> for ClientKeys {
    type Error = InvalidClientKeys;

    fn try_from(set: Value) -> Result<Self, Self::Error> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(InvalidClientKeys::Shape)?;
        let keys: Option<Vec<_>> = keys.iter().map(|key| key.as_object().cloned()).collect();
        let keys = keys.ok_or(InvalidClientKeys::Shape)?;
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return Err(InvalidClientKeys::Count);
        }
        let is_secret = |key: &Map<String, Value>| {
            SECRET_MEMBERS.iter().any(|member| key.contains_key(*member))
                || key.get("kty").is_some_and(|kind| kind == "oct")
        };
        if keys.iter().any(is_secret) {
            return Err(InvalidClientKeys::Secret);
        }
        Ok(Self(keys))
    }
}

impl From<ClientKeys> for Value {
    fn from(keys: ClientKeys) -> Self {
        Self::Object(Map::from_iter([("keys".to_owned(), keys.iter().collect())]))
    }
}

impl FromStr for ClientKeys {
    type Err = InvalidClientKeys;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let UniqueJson(set) = serde_json::from_str(text).map_err(|_| InvalidClientKeys::Shape)?;
        set.try_into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_set_is_kept_as_it_was_written() {
        let set =
            json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "use": "sig"}, {"kty": "new"}]});
        let keys: ClientKeys = set.to_string().parse().unwrap();
        assert_eq!(serde_json::to_value(&keys).unwrap(), set);
        assert_eq!(serde_json::from_value::<ClientKeys>(set).unwrap(), keys);
    }

    #[test]
    fn what_is_no_set_of_public_keys_is_refused() {
        let of = |count: usize| json!({"keys": vec![json!({"kty": "EC"}); count]}).to_string();
        assert_eq!(of(5).parse::<ClientKeys>().unwrap().iter().count(), 5);
        let many = of(6);
        for (text, reason) in [
            ("", InvalidClientKeys::Shape),
            ("[]", InvalidClientKeys::Shape),
            (r#"{"kty":"EC"}"#, InvalidClientKeys::Shape),
            (r#"{"keys":["a"]}"#, InvalidClientKeys::Shape),
            (r#"{"keys":[]}"#, InvalidClientKeys::Count),
            (many.as_str(), InvalidClientKeys::Count),
            (r#"{"keys":[{"kty":"EC"},{"kty":"EC","d":"AA"}]}"#, InvalidClientKeys::Secret),
            (r#"{"keys":[{"kty":"oct","k":"AA"}]}"#, InvalidClientKeys::Secret),
            (r#"{"keys":[{"kty":"EC"},{"kty":"oct"}]}"#, InvalidClientKeys::Secret),
            (
                r#"{"keys":[{"kty":"AKP","alg":"ML-DSA-44","pub":"AA","priv":"AA"}]}"#,
                InvalidClientKeys::Secret,
            ),
            (r#"{"keys":[{"kty":"EC","kty":"RSA"}]}"#, InvalidClientKeys::Shape),
        ] {
            assert_eq!(text.parse::<ClientKeys>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_kid_says_which_key_signed_only_if_no_other_key_has_it() {
        for (keys, is_repeated) in [
            (json!([{"kid": "a"}]), false),
            (json!([{"kid": "a"}, {"kid": "b"}, {}, {}]), false),
            (json!([{"kid": "a"}, {"kid": "b"}, {"kid": "a"}]), true),
        ] {
            let set = ClientKeys::try_from(json!({"keys": keys})).unwrap();
            assert_eq!(set.has_repeated_kid(), is_repeated, "{keys}");
            assert_eq!(set.iter().collect::<Value>(), keys);
        }
    }
}
