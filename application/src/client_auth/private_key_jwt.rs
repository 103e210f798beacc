//! `private_key_jwt`: a client signs an assertion with its own key (RFC 7523 §2.2, §3; OpenID Connect Core §9).

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::refusal::{AssertionInstant, AuthenticationCause};
use domain::{Client, ClientId, Digest, Quoted, Secret};
use serde::Deserialize;

use super::key_sets::ClientKeySets;
use crate::context::Context;
use crate::error::{Error, Limited, Refusal};
use crate::keys::jose::{ClientKey, MAX_JWS_LENGTH};
use crate::metadata::path;
use crate::port::{Attempt, AttemptKey, Attempts, Counter, Limit, Marked, ReplayMarks};

/// The only kind of assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far the clocks of client and server may differ.
const MAX_CLOCK_SKEW: Duration = Duration::seconds(60);
/// How far ahead an assertion may expire: its `jti` is remembered that long.
const MAX_LIFETIME: Duration = Duration::hours(1);

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

/// The client that an assertion names. Nothing is verified: it only selects the keys that verify the assertion.
///
/// # Errors
/// `invalid_client` if the assertion names no client.
pub fn claimed_client(assertion: &Secret) -> Result<ClientId, Refusal> {
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

/// By how much the clocks of two nodes may differ without an assertion working twice: the mark of a node that is ahead must be
/// there until the node that is behind refuses the assertion as expired.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::hours(1);

/// How often a client that registered itself may send an assertion, each of which leaves a mark.
const SELF_REGISTERED_LIMIT: Limit = Limit { attempts: 1_000, window: Duration::hours(1) };

/// Verifies assertions.
pub struct AssertionVerifier {
    /// The keys of clients.
    pub key_sets: Arc<ClientKeySets>,
    /// Remembers the assertions that were used.
    pub replay_marks: Arc<dyn ReplayMarks>,
    /// Counts the assertions of clients that registered themselves.
    pub attempts: Arc<dyn Attempts>,
    /// The issuer, which assertions name as their audience, and the clock.
    pub context: Context,
}

impl AssertionVerifier {
    /// Verifies an assertion that was sent to the endpoint at the path `at`, then marks its `jti`: it works once.
    pub(super) async fn verify(&self, client: &Client, assertion: &Secret, at: &str) -> Result<(), Error> {
        let now = self.context.now();
        let only = client.assertion_algorithm;
        let assertion = assertion.clone();
        let verify = move |key: &ClientKey| key.verify_assertion::<Claims>(assertion.expose(), only);
        let claims = self.key_sets.verify(client, verify).await;
        let claims = claims.map_err(|reason| {
            Refusal::invalid_client(AuthenticationCause::AssertionSignature(Quoted::new(&reason.to_string())))
        })?;
        let issuer = &self.context.settings.issuer;
        let audiences = [issuer.to_string(), issuer.endpoint(path::TOKEN), issuer.endpoint(at)];
        claims.check(&client.id, &audiences, now)?;
        // Last, so that a `jti` can only be used up with the client's key.
        let digest =
            Digest::of_parts(&[b"client assertion", client.id.as_str().as_bytes(), claims.jti.as_bytes()]);
        let forget_at = claims.refused_from(now) + MAX_CLOCK_DIFFERENCE;
        self.count(client, now).await?;
        match self.replay_marks.mark(digest, forget_at).await? {
            Marked::First => Ok(()),
            Marked::Seen => Err(Refusal::invalid_client(AuthenticationCause::AssertionUsed).into()),
        }
    }

    /// A self-registered client belongs to a stranger, so the number of replay marks that it creates is limited.
    async fn count(&self, client: &Client, now: DateTime<Utc>) -> Result<(), Error> {
        if client.registration.is_none() {
            return Ok(());
        }
        let counter = AttemptKey::new("client.assertion", &[client.id.as_str()]);
        match self.attempts.count(&[Counter::new(counter, SELF_REGISTERED_LIMIT)], now).await? {
            Attempt::Allowed => Ok(()),
            Attempt::Limited(until) => {
                let what = format!("assertions of the client {}", client.id);
                Err(Limited::new(until, &what, SELF_REGISTERED_LIMIT).into())
            }
        }
    }
}

impl Claims {
    /// Checks that they are those of `client`, for one of `audiences`, and valid at `now`.
    fn check(&self, client: &ClientId, audiences: &[String], now: DateTime<Utc>) -> Result<(), Refusal> {
        let (now, skew) = (seconds(now), MAX_CLOCK_SKEW.as_seconds_f64());
        let for_us = match &self.aud {
            Audience::One(one) => audiences.contains(one),
            // A stranger in the list could use the assertion here before the client does (RFC 7523 §3, OAuth 2.1 §2.4.2).
            Audience::Several(several) => {
                !several.is_empty() && several.iter().all(|one| audiences.contains(one))
            }
        };
        let wrong_time = |instant, at| AuthenticationCause::AssertionTime {
            instant,
            at: DateTime::from_timestamp(at as i64, 0).unwrap_or_default(),
            now: DateTime::from_timestamp(now as i64, 0).unwrap_or_default(),
        };
        let ahead = |instant: Option<f64>| instant.filter(|instant| *instant > now + skew);
        let cause = if self.iss != client.as_str() || self.sub != client.as_str() {
            AuthenticationCause::AssertionParty {
                issuer: Quoted::new(&self.iss),
                subject: Quoted::new(&self.sub),
            }
        } else if !for_us {
            let sent = match &self.aud {
                Audience::One(one) => vec![Quoted::new(one)],
                Audience::Several(several) => several.iter().take(5).map(|one| Quoted::new(one)).collect(),
            };
            AuthenticationCause::AssertionAudience { sent, accepted: audiences.to_vec() }
        } else if self.exp <= now - skew {
            wrong_time(AssertionInstant::Expired, self.exp)
        } else if self.exp > now + MAX_LIFETIME.as_seconds_f64() + skew {
            wrong_time(AssertionInstant::TooLong, self.exp)
        } else if let Some(not_before) = ahead(self.nbf) {
            wrong_time(AssertionInstant::NotYet, not_before)
        } else if let Some(issued_at) = ahead(self.iat) {
            wrong_time(AssertionInstant::Future, issued_at)
        } else if self.jti.is_empty() {
            return Err(Refusal::invalid_client("the jti of the assertion is empty"));
        } else {
            return Ok(());
        };
        Err(Refusal::invalid_client(cause))
    }

    /// When the assertion is refused because it has expired. It is valid at `now`, so that is at most an hour ahead.
    fn refused_from(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let milliseconds = ((self.exp - seconds(now)) * 1_000.0).ceil();
        now + Duration::milliseconds(milliseconds as i64) + MAX_CLOCK_SKEW
    }
}

fn seconds(instant: DateTime<Utc>) -> f64 {
    (instant - DateTime::UNIX_EPOCH).as_seconds_f64()
}
