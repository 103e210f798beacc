//! The form of values: JSON, and instants as microseconds. The commands on a value that is written and read as a whole.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use redis::Script;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Redis;
use crate::fault::Fault;
use crate::key;

/// Replaces a value that begins with a certain text, without changing its lifetime. Answers the value before.
static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local kept = redis.call('GET', KEYS[1])
         if kept and string.sub(kept, 1, string.len(ARGV[1])) == ARGV[1] then
             redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
         end
         return kept",
    )
});

impl Redis {
    /// The lifetime, in seconds, of a key that must be kept until `instant`.
    pub(crate) fn lifetime(&self, instant: DateTime<Utc>) -> i64 {
        key::lifetime(self.clock.now(), instant)
    }

    /// Keeps a text under a key unless the key is taken. It is true if the text was kept.
    pub(crate) async fn set_new(&self, key: &str, text: &str, until: DateTime<Utc>) -> Result<bool, Fault> {
        let mut set = redis::cmd("SET");
        set.arg(key).arg(text).arg("NX").arg("EX").arg(self.lifetime(until));
        self.connection.query::<Option<()>>(&set).await.map(|done| done.is_some())
    }

    /// Keeps a value under a key. A key that is taken is a fault.
    pub(crate) async fn keep(
        &self,
        key: &str,
        value: &impl Serialize,
        until: DateTime<Utc>,
    ) -> Result<(), Fault> {
        if self.set_new(key, &json(value)?, until).await? { Ok(()) } else { Err(Fault::Taken) }
    }

    /// Reads the value of a key.
    pub(crate) async fn kept<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &'static str,
    ) -> Result<Option<T>, Fault> {
        let text: Option<String> = self.connection.query(redis::cmd("GET").arg(key)).await?;
        text.map(|text| parse_json(&text, what)).transpose()
    }

    /// Replaces the value of a key if it begins with `beginning`, and reads the value before. `value` must not begin so: of
    /// any number of concurrent calls exactly one replaces it.
    pub(crate) async fn replace<T: Serialize + DeserializeOwned>(
        &self,
        key: &str,
        beginning: &str,
        value: &T,
        what: &'static str,
    ) -> Result<Option<T>, Fault> {
        let mut replace = REPLACE.prepare_invoke();
        replace.key(key).arg(beginning).arg(json(value)?);
        let text: Option<String> = self.connection.run(&replace).await?;
        text.map(|text| parse_json(&text, what)).transpose()
    }
}

pub(crate) const fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(crate) fn instant(micros: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp_micros(micros).ok_or(Fault::Corrupt("an instant"))
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn parse_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_reason| Fault::Corrupt(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let now = DateTime::from_timestamp_micros(1_795_262_400_123_456).unwrap();
        assert_eq!(instant(micros(now)).unwrap(), now);
    }

    #[test]
    fn a_corrupt_value_is_a_fault_and_no_panic() {
        assert!(matches!(instant(i64::MAX), Err(Fault::Corrupt("an instant"))));
        assert!(matches!(parse_json::<bool>("{", "a code"), Err(Fault::Corrupt("a code"))));
    }
}
