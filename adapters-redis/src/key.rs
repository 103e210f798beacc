//! Every key name and its lifetime, in one place.
//!
//! | key | value | kept until |
//! | --- | --- | --- |
//! | `<prefix>:code:<digest>` | hash: `detail`, `keep`, and `redeemed` when it was redeemed | the code expires; if it was redeemed, everything issued from it has expired |
//! | `<prefix>:pushed:<digest>` | the request, or which interaction completed it | the interactions that it opened have ended |
//! | `<prefix>:device:<digest>` | the device code | [`DeviceCode::forget_at`](domain::DeviceCode::forget_at) |
//! | `<prefix>:user-code:<digest>` | the digest of its device code | the code expires |
//! | `<prefix>:interaction:<digest>` | how the interaction ended | it expires |
//! | `<prefix>:mark:<digest>` | empty | the marked assertion has expired |
//! | `<prefix>:{attempts}:<digest>` | hash: `attempts`, `restarts_at` | its window ends |
//! | `<prefix>:ready` | empty | a minute later |
//!
//! The counters of one attempt are counted by one script, so all counters have one hash tag: in a cluster they are on one node.
//!
//! A lifetime is a number of seconds, not an instant, so that the clock of the Redis server does not matter. Every
//! lifetime has a [margin](MARGIN_SECONDS).

use chrono::{DateTime, Utc};
use domain::Digest;

/// How much longer a key is kept than its port promises. It is more than the clocks of two nodes may differ.
const MARGIN_SECONDS: i64 = 60;

/// The lifetime of the key that a readiness check writes.
pub(crate) const READY_SECONDS: u64 = 60;

/// The names of the keys.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    prefix: String,
}

impl Keys {
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    pub(crate) fn authorization_code(&self, key: Digest) -> String {
        self.name("code", key)
    }

    pub(crate) fn pushed_request(&self, key: Digest) -> String {
        self.name("pushed", key)
    }

    pub(crate) fn device_code(&self, key: Digest) -> String {
        self.name("device", key)
    }

    pub(crate) fn user_code(&self, user_code: Digest) -> String {
        self.name("user-code", user_code)
    }

    pub(crate) fn interaction(&self, key: Digest) -> String {
        self.name("interaction", key)
    }

    pub(crate) fn replay_mark(&self, digest: Digest) -> String {
        self.name("mark", digest)
    }

    pub(crate) fn attempts(&self, key: Digest) -> String {
        self.name("{attempts}", key)
    }

    pub(crate) fn ready(&self) -> String {
        format!("{}:ready", self.prefix)
    }

    fn name(&self, kind: &str, digest: Digest) -> String {
        format!("{}:{kind}:{}", self.prefix, digest.to_base64url())
    }
}

/// The lifetime, in seconds, of a key that must be kept until `instant`.
pub(crate) fn lifetime(now: DateTime<Utc>, instant: DateTime<Utc>) -> i64 {
    (instant - now).num_seconds().max(0) + MARGIN_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_a_margin_longer_than_promised_and_never_for_no_time() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for (seconds, lives) in [(600, 660), (1, 61), (0, 60), (-600, 60)] {
            assert_eq!(lifetime(now, now + chrono::Duration::seconds(seconds)), lives);
        }
    }

    #[test]
    fn a_name_has_the_prefix_the_kind_and_the_digest() {
        let keys = Keys::new("oauth2");
        let digest = Digest::of(b"x");
        assert_eq!(keys.authorization_code(digest), format!("oauth2:code:{}", digest.to_base64url()));
        assert_ne!(keys.device_code(digest), keys.user_code(digest));
    }
}
