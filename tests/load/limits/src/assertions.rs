//! The assertions of a `private_key_jwt` client (RFC 7523 §2.2). Each can be used once, so they are
//! signed in advance.

use std::io::{BufWriter, Write, stdout};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::Failure;

/// Just below the maximum of one hour that the server accepts.
const LIFETIME_SECONDS: u64 = 3_500;

/// Prints the client's `jwks`, then one assertion per line.
#[allow(
    clippy::disallowed_methods,
    reason = "no part of the server: nothing of it is moved by a test's clock"
)]
pub(crate) fn sign(count: &str, issuer: &str, client: &str) -> Result<(), Failure> {
    let key = Ed25519KeyPair::generate()?;
    let x = URL_SAFE_NO_PAD.encode(key.public_key());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "load", "x": x });
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{}", json!({ "keys": [jwk] }))?;
    let header = URL_SAFE_NO_PAD.encode(json!({ "alg": "EdDSA", "kid": "load" }).to_string());
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    for number in 0..count.parse::<u64>()? {
        let claims = json!({
            "iss": client, "sub": client, "aud": issuer, "exp": now + LIFETIME_SECONDS, "iat": now,
            "jti": format!("{now}-{number}"),
        });
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()));
        writeln!(out, "{message}.{signature}")?;
    }
    Ok(out.flush()?)
}
