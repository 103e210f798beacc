//! What a token says about itself, for the explanation of its refusal. Nothing of it is verified, and nothing else may use it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use domain::Quoted;
use domain::refusal::ClaimedToken;
use serde::Deserialize;
use serde_json::Value;

use crate::keys::jose::MAX_JWS_LENGTH;

/// How many members of `aud` are kept.
const MAX_AUDIENCES: usize = 5;

#[derive(Deserialize)]
struct Header {
    typ: Option<String>,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    #[serde(default)]
    aud: Value,
    exp: Option<f64>,
    nonce: Option<Value>,
    at_hash: Option<Value>,
}

/// What this JWT says; none if it is no JWT.
pub(crate) fn claimed_token(token: &str) -> Option<ClaimedToken> {
    let mut parts = (token.len() <= MAX_JWS_LENGTH).then(|| token.split('.'))?;
    let mut part = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
    let (header, claims) = (part()?, part()?);
    let header: Header = serde_json::from_slice(&header).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    let quoted = |text: Option<String>| text.as_deref().map(Quoted::new);
    let audience = match &claims.aud {
        Value::String(one) => vec![Quoted::new(one)],
        Value::Array(several) => {
            several.iter().filter_map(Value::as_str).take(MAX_AUDIENCES).map(Quoted::new).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    Some(ClaimedToken {
        typ: quoted(header.typ),
        key: header.kid.map(|kid| kid.chars().take(8).collect::<String>()).as_deref().map(Quoted::new),
        issuer: quoted(claims.iss),
        audience,
        expires_at: claims.exp.and_then(|exp| DateTime::from_timestamp(exp as i64, 0)),
        is_id_token: claims.nonce.is_some() || claims.at_hash.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_jwt_says_nothing() {
        for text in ["", "a", "a.b.c", "e30", "e30.e30x!.x", &"a.".repeat(100_000)] {
            assert_eq!(claimed_token(text), None, "{text:.20}");
        }
        assert_eq!(claimed_token("e30.e30."), Some(ClaimedToken::default()));
    }
}
