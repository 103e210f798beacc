//! How values are kept in columns: instants as microseconds, digests as bytes, details as JSON.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::Digest;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};

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
    // A digest is only made from its text, so that nothing else is taken for one.
    Digest::try_from(URL_SAFE_NO_PAD.encode(bytes)).map_err(|_| Fault::Corrupt("a digest"))
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn parse_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Corrupt(what))
}

/// Reads a text column as a value of the domain.
pub(crate) fn parse<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::Corrupt(what))
}

/// Whether a column is what an expression is.
pub(crate) fn same(column: impl ColumnTrait, expression: Expr) -> Expr {
    Expr::col(column.as_column_ref()).eq(expression)
}

/// [`same`], of a row that is found by something else: never by an index on this column, which may lead to any number of rows.
pub(crate) fn agrees(column: impl ColumnTrait, expression: Expr) -> Expr {
    same(column, expression).is(true)
}

/// Whether a column is after an instant.
pub(crate) fn after(column: impl ColumnTrait, instant: Expr) -> Expr {
    Expr::col(column.as_column_ref()).gt(instant)
}

/// Reads bytes as Postgres writes them in JSON: `\x` and hexadecimal digits.
pub(crate) fn from_hex<'de, D: Deserializer<'de>>(text: D) -> Result<Vec<u8>, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(text)?;
    let digits = text.strip_prefix("\\x").ok_or_else(|| D::Error::custom("no bytes"))?;
    hex::decode(digits).map_err(D::Error::custom)
}

/// [`from_hex`], where there may be none.
pub(crate) fn from_optional_hex<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Vec<u8>>, D::Error> {
    #[derive(Deserialize)]
    struct Bytes(#[serde(deserialize_with = "from_hex")] Vec<u8>);
    Ok(Option::<Bytes>::deserialize(text)?.map(|Bytes(bytes)| bytes))
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
