//! Request objects (RFC 9101 §4), as a client signs them.

use serde_json::{Map, Value, json};
use url::Url;

/// The parameters of this authorization request as the claims of a request object for `issuer`.
#[must_use]
pub fn request_claims(issuer: &str, url: &str) -> Value {
    let url = Url::parse(url).expect("a URL");
    let mut claims: Map<_, _> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
    claims.insert("iss".to_owned(), claims["client_id"].clone());
    claims.insert("aud".to_owned(), json!(issuer));
    Value::Object(claims)
}
