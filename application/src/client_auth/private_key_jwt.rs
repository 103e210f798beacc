//! `private_key_jwt`: a client signs who it is (RFC 7523 §2.2, §3; OpenID Connect Core §9).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::{Client, ClientId, Digest, Secret};
use serde::Deserialize;

use super::ClientAuthenticator;
use crate::error::{Error, Refusal};
use crate::keys::jose::{ClientKey, MAX_JWS_LENGTH};
use crate::metadata::path;
use crate::port::Marked;

/// The only kind of assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far a client's clock may be off.
const SKEW: Duration = Duration::seconds(60);
/// How far ahead an assertion may expire: its `jti` is remembered that long.
const LONGEST_LIFE: Duration = Duration::hours(1);

/// The claims of an assertion (RFC 7523 §3). Instants are seconds since 1970, perhaps with a fraction (RFC 7519 §2).
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: String,
}

/// One or several (RFC 7519 §4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Whom an assertion says it is from. It is only good for finding the keys that will prove or disprove it.
///
/// # Errors
/// `invalid_client` if it does not say so readably.
pub(super) fn claimed_client(assertion: &Secret) -> Result<ClientId, Refusal> {
    #[derive(Deserialize)]
    struct Subject {
        sub: ClientId,
    }
    let text = assertion.expose();
    let payload = (text.len() <= MAX_JWS_LENGTH).then(|| text.split('.').nth(1)).flatten();
    let payload = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let subject = payload.and_then(|payload| serde_json::from_slice::<Subject>(&payload).ok());
    subject
        .map(|subject| subject.sub)
        .ok_or_else(|| Refusal::invalid_client("the assertion is too long or names no client"))
}

/// Verifies an assertion that was sent to the endpoint at the path `at`, then marks its `jti`: it works once.
pub(super) async fn prove(
    authenticator: &ClientAuthenticator,
    client: &Client,
    assertion: &Secret,
    at: &str,
) -> Result<(), Error> {
    let now = authenticator.context.now();
    let verify = |key: &ClientKey| key.verify_assertion::<Claims>(assertion.expose());
    let claims = authenticator.key_sets.verify(client, verify).await;
    let claims = claims.map_err(|reason| Refusal::invalid_client(reason.to_string()))?;
    let issuer = &authenticator.context.settings.issuer;
    let audiences = [issuer.to_string(), issuer.endpoint(path::TOKEN), issuer.endpoint(at)];
    claims.judge(&client.id, &audiences, now)?;
    // After everything else: nobody can spend a client's `jti` without the client's key.
    let digest =
        Digest::of_parts(&[b"client assertion", client.id.as_str().as_bytes(), claims.jti.as_bytes()]);
    match authenticator.replay_marks.mark(digest, claims.worthless_at(now)).await? {
        Marked::First => Ok(()),
        Marked::Seen => Err(Refusal::invalid_client("the assertion was used before").into()),
    }
}

impl Claims {
    /// Whether they are this client's, for us, at `now`.
    fn judge(&self, client: &ClientId, audiences: &[String], now: DateTime<Utc>) -> Result<(), Refusal> {
        let (now, skew) = (seconds(now), SKEW.as_seconds_f64());
        let for_us = match &self.aud {
            Audience::One(one) => audiences.contains(one),
            Audience::Several(several) => several.iter().any(|one| audiences.contains(one)),
        };
        let wrong = if self.iss != client.as_str() || self.sub != client.as_str() {
            "its iss and sub are not both the client"
        } else if !for_us {
            "its aud is neither the issuer nor the token endpoint nor the endpoint that was called"
        } else if self.exp <= now - skew {
            "it has expired"
        } else if self.exp > now + LONGEST_LIFE.as_seconds_f64() + skew {
            "its exp is more than an hour ahead"
        } else if self.nbf.is_some_and(|nbf| nbf > now + skew) {
            "it is not valid yet"
        } else if self.iat.is_some_and(|iat| iat > now + skew) {
            "it was issued in the future"
        } else if self.jti.is_empty() {
            "its jti is empty"
        } else {
            return Ok(());
        };
        Err(Refusal::invalid_client(format!("the assertion of {client} is not good: {wrong}")))
    }

    /// When nobody would take it any more, whatever its `jti`. It was good at `now`, so that is not far off.
    fn worthless_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let milliseconds = ((self.exp - seconds(now)) * 1_000.0).ceil();
        now + Duration::milliseconds(milliseconds as i64) + SKEW
    }
}

fn seconds(instant: DateTime<Utc>) -> f64 {
    (instant - DateTime::UNIX_EPOCH).as_seconds_f64()
}
