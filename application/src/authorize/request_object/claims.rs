//! The claims of a request object (RFC 9101 §4, §6.3): about itself, and authorization request parameters.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{Client, Issuer};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use crate::authorize::parameters::PARAMETERS;
use crate::error::excerpt;
use crate::parameters::Parameters;

/// How many seconds a client's clock may differ from the server's.
const MAX_CLOCK_SKEW_SECONDS: f64 = 60.0;

/// The members of a request object, each once. Otherwise a reader of the first and a reader of the last of two members
/// with one name would see two requests (RFC 7519 §4).
pub(super) struct Claims(Vec<(String, Value)>);

impl Claims {
    /// The parameters in it, and why some of its members are none, if there are such members.
    pub(super) fn parameters(&self) -> (Parameters, Option<String>) {
        let (mut pairs, mut fault) = (Vec::new(), None);
        for (name, value) in &self.0 {
            // Other members are ignored, even if their type is wrong.
            if PARAMETERS.contains(&name.as_str()) && !take(&mut pairs, name, value) {
                fault = Some(format!("its parameter {name} has the wrong type"));
            }
        }
        (Parameters::new(pairs), fault)
    }

    /// Whether the client that is named outside made it, and made it as a request. Otherwise the redirect URI in it may be
    /// another client's.
    pub(super) fn check_signer(&self, client: &Client) -> Result<(), &'static str> {
        let is_client = |name| self.get(name).and_then(Value::as_str) == Some(client.id.as_str());
        if !is_client("iss") {
            Err("its iss is not the client")
        } else if !is_client("client_id") {
            Err("its client_id is not the client that is named outside")
        } else if is_client("sub") {
            // So a client assertion can never be used as a request (RFC 9101 §10.8).
            Err("its sub is the client, as in a client assertion")
        } else {
            Ok(())
        }
    }

    /// Why a request of this client is refused: it is for another server or another time, or it holds another one.
    pub(super) fn fault(&self, issuer: &Issuer, now: DateTime<Utc>) -> Option<String> {
        let for_us = |audience: &Value| audience.as_str() == Some(issuer.as_str());
        let is_for_us = match self.get("aud") {
            Some(Value::Array(several)) => several.iter().any(for_us),
            Some(one) => for_us(one),
            None => false,
        };
        if !is_for_us {
            let audience = self.get("aud").map_or_else(|| "missing".to_owned(), ToString::to_string);
            return Some(format!("its aud is {}, not the issuer {issuer}", excerpt(&audience)));
        }
        if let Some(name) = ["request", "request_uri"].into_iter().find(|name| self.get(name).is_some()) {
            return Some(format!("it has the member {name}, which is another request object"));
        }
        let now = (now - DateTime::UNIX_EPOCH).as_seconds_f64();
        let is_wrong = |name: &str, value: f64| match name {
            "exp" => value <= now - MAX_CLOCK_SKEW_SECONDS,
            _ => value > now + MAX_CLOCK_SKEW_SECONDS,
        };
        for (name, wrong) in [
            ("exp", "it has expired"),
            ("nbf", "it is not valid yet"),
            ("iat", "it was issued in the future"),
        ] {
            match self.get(name).map(Value::as_f64) {
                Some(None) => return Some(format!("its {name} is no number")),
                Some(Some(value)) if is_wrong(name, value) => {
                    return Some(format!("{wrong}: its {name} is {value}, now is {now}"));
                }
                Some(Some(_)) | None => {}
            }
        }
        None
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// A parameter as it would be outside: JSON where a parameter is JSON, text everywhere else (RFC 9101 §4). Whether it has
/// the type of its parameter.
fn take(pairs: &mut Vec<(String, String)>, name: &str, value: &Value) -> bool {
    let mut push = |text: String| pairs.push((name.to_owned(), text));
    match (name, value) {
        (_, Value::String(text)) => push(text.clone()),
        ("max_age", Value::Number(number)) => push(number.to_string()),
        ("claims" | "registration", object @ Value::Object(_)) => push(object.to_string()),
        ("resource", Value::Array(several)) => {
            return several.iter().all(|resource| take(pairs, name, resource));
        }
        (_, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return false;
        }
    }
    true
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
