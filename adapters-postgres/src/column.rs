//! How values are kept in columns: instants as microseconds, digests as bytes, details as JSON.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{Digest, Incarnation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

pub(crate) const fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(crate) fn instant(micros: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp_micros(micros).ok_or(Fault::Corrupt("an instant"))
}

pub(crate) fn optional_instant(micros: Option<i64>) -> Result<Option<DateTime<Utc>>, Fault> {
    micros.map(instant).transpose()
}

pub(crate) fn bytes(digest: &Digest) -> Vec<u8> {
    digest.as_bytes().to_vec()
}

pub(crate) fn digest(bytes: &[u8]) -> Result<Digest, Fault> {
    // A digest can only be parsed from its text form.
    Digest::try_from(URL_SAFE_NO_PAD.encode(bytes)).map_err(|_| Fault::Corrupt("a digest"))
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn parse_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Corrupt(what))
}

/// The incarnations of resources, separated by blanks; none without any.
pub(crate) fn incarnations(resources: &BTreeSet<Incarnation>) -> Option<String> {
    let each: Vec<_> = resources.iter().map(Incarnation::to_string).collect();
    (!each.is_empty()).then(|| each.join(" "))
}

/// Reads a text column as a value of the domain.
pub(crate) fn parse<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::Corrupt(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let now = DateTime::from_timestamp_micros(1_795_262_400_123_456).unwrap();
        assert_eq!(instant(micros(now)).unwrap(), now);
        let secret = Digest::of(b"secret");
        assert_eq!(digest(&bytes(&secret)).unwrap(), secret);
    }

    #[test]
    fn a_corrupt_value_is_a_fault_and_no_panic() {
        assert!(matches!(instant(i64::MAX), Err(Fault::Corrupt("an instant"))));
        assert!(matches!(digest(b"short"), Err(Fault::Corrupt("a digest"))));
        assert!(matches!(parse_json::<bool>("{", "a row"), Err(Fault::Corrupt("a row"))));
    }
}
