//! `jwks` and `jwks_uri` (RFC 7591 §2): the public keys of whoever signs anything.

use domain::outbound_uri::InvalidOutboundUri;
use domain::{ClientKeys, KeySource, OutboundUri};
use serde_json::{Map, Value};

use super::document::Document;
use crate::client_auth::key_sets::can_verify;
use crate::error::Refusal;

/// The keys as they were sent. A set is only judged where it is used: who does not sign may send any.
pub(super) enum Keys<'a> {
    ByValue(&'a Map<String, Value>),
    ByReference(OutboundUri),
}

/// Keys by value and by reference exclude each other.
pub(super) fn read(document: &Document) -> Result<Option<Keys<'_>>, Refusal> {
    let by_reference = document.text("jwks_uri")?.map(str::parse).transpose();
    let by_reference =
        by_reference.map_err(|reason: InvalidOutboundUri| wrong(format!("jwks_uri {reason}")))?;
    match (document.object("jwks")?, by_reference) {
        (Some(_), Some(_)) => Err(wrong("jwks and jwks_uri exclude each other")),
        (Some(set), None) => Ok(Some(Keys::ByValue(set))),
        (None, Some(uri)) => Ok(Some(Keys::ByReference(uri))),
        (None, None) => Ok(None),
    }
}

/// Keys that verify something, of a client that `needs` them to.
pub(super) fn needed(keys: Option<Keys<'_>>, needs: &str) -> Result<KeySource, Refusal> {
    keys.ok_or_else(|| wrong(format!("{needs} needs the client's public keys: jwks or jwks_uri")))?.source()
}

impl Keys<'_> {
    pub(super) fn source(self) -> Result<KeySource, Refusal> {
        let set = match self {
            Self::ByReference(uri) => return Ok(KeySource::JwksUri(uri)),
            Self::ByValue(set) => ClientKeys::try_from(Value::Object(set.clone())),
        };
        let set = set.map_err(|reason| wrong(format!("jwks: {reason}")))?;
        if can_verify(&set) {
            Ok(KeySource::Jwks(set))
        } else {
            Err(wrong("jwks has no key for signatures: RSA of 2048 to 8192 bits, P-256, P-384 or Ed25519"))
        }
    }
}

fn wrong(description: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::invalid_client_metadata(description)
}
