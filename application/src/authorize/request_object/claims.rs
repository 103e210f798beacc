//! The claims of a request object (RFC 9101 §4, §6.3): about itself, and authorization request parameters.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{Client, Issuer};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use crate::authorize::parameters::PARAMETERS;
use crate::error::Refusal;
use crate::parameters::Parameters;

/// How many seconds a client's clock may differ from the server's.
const MAX_CLOCK_SKEW_SECONDS: f64 = 60.0;

/// The members of a request object, each once. Otherwise a reader of the first and a reader of the last of two members
/// with one name would see two requests (RFC 7519 §4).
pub(super) struct Claims(Vec<(String, Value)>);

/// Why a genuine request object is refused, for the log only.
pub(super) enum InvalidClaims {
    /// One of its claims is wrong or has the wrong type.
    Claim(&'static str),
    /// Its parameters are not valid: one is repeated, or there are too many.
    Parameters(Refusal),
}

impl From<&'static str> for InvalidClaims {
    fn from(reason: &'static str) -> Self {
        Self::Claim(reason)
    }
}

impl Claims {
    /// The parameters in it, if it is this client's, for `issuer`, at `now`.
    pub(super) fn parameters(
        self,
        client: &Client,
        issuer: &Issuer,
        now: DateTime<Utc>,
    ) -> Result<Parameters, InvalidClaims> {
        self.check(client, issuer, now)?;
        let mut pairs = Vec::new();
        for (name, value) in self.0 {
            // Other members are ignored, even if their type is wrong.
            if PARAMETERS.contains(&name.as_str()) {
                take(&mut pairs, name, value)?;
            }
        }
        Parameters::new(pairs).map_err(InvalidClaims::Parameters)
    }

    fn check(&self, client: &Client, issuer: &Issuer, now: DateTime<Utc>) -> Result<(), &'static str> {
        let now = (now - DateTime::UNIX_EPOCH).as_seconds_f64();
        let is_client = |name| self.get(name).and_then(Value::as_str) == Some(client.id.as_str());
        let for_us = |audience: &Value| audience.as_str() == Some(issuer.as_str());
        let is_for_us = match self.get("aud") {
            Some(Value::Array(several)) => several.iter().any(for_us),
            Some(one) => for_us(one),
            None => false,
        };
        let instant = |name| match self.get(name).map(Value::as_f64) {
            None => Ok(None),
            Some(Some(instant)) => Ok(Some(instant)),
            Some(None) => Err("one of its exp, nbf and iat is no number"),
        };
        let (expires, begins, issued) = (instant("exp")?, instant("nbf")?, instant("iat")?);
        let wrong = if !is_client("iss") {
            "its iss is not the client"
        } else if !is_for_us {
            "its aud is not the issuer"
        } else if !is_client("client_id") {
            "its client_id is not the client that is named outside"
        } else if is_client("sub") {
            // So a client assertion can never be used as a request (RFC 9101 §10.8).
            "its sub is the client, as in a client assertion"
        } else if self.get("request").is_some() || self.get("request_uri").is_some() {
            "it holds or names another request object"
        } else if expires.is_some_and(|expires| expires <= now - MAX_CLOCK_SKEW_SECONDS) {
            "it has expired"
        } else if begins.is_some_and(|begins| begins > now + MAX_CLOCK_SKEW_SECONDS) {
            "it is not valid yet"
        } else if issued.is_some_and(|issued| issued > now + MAX_CLOCK_SKEW_SECONDS) {
            "it was issued in the future"
        } else {
            return Ok(());
        };
        Err(wrong)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// A parameter as it would be outside: JSON where a parameter is JSON, text everywhere else (RFC 9101 §4).
fn take(pairs: &mut Vec<(String, String)>, name: String, value: Value) -> Result<(), InvalidClaims> {
    match (name.as_str(), value) {
        (_, Value::String(text)) => pairs.push((name, text)),
        ("max_age", Value::Number(number)) => pairs.push((name, number.to_string())),
        ("claims" | "registration", object @ Value::Object(_)) => pairs.push((name, object.to_string())),
        ("resource", Value::Array(several)) => {
            for resource in several {
                take(pairs, name.clone(), resource)?;
            }
        }
        (_, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err("one of its parameters has the wrong type".into());
        }
    }
    Ok(())
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Claims;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object whose members have different names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.iter().any(|(earlier, _)| *earlier == name) {
                return Err(A::Error::custom("a member is repeated"));
            }
            members.push((name, value));
        }
        Ok(Claims(members))
    }
}
