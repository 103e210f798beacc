//! Counters of attempts.

use std::sync::LazyLock;

use application::port::{Attempt, AttemptKey, Attempts, Limit, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redis::Script;

use crate::value::{instant, micros};
use crate::{Redis, answered};

/// Counts one attempt. Answers nothing if it was counted, else when the window ends. Lua's numbers are exact up to
/// 2^53, so microseconds are exact.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local kept = redis.call('HMGET', KEYS[1], 'attempts', 'restarts_at')
         if not kept[2] or tonumber(kept[2]) <= tonumber(ARGV[2]) then
             redis.call('HSET', KEYS[1], 'attempts', 1, 'restarts_at', ARGV[3])
             redis.call('EXPIRE', KEYS[1], ARGV[4])
             return false
         end
         if tonumber(kept[1]) >= tonumber(ARGV[1]) then return kept[2] end
         redis.call('HINCRBY', KEYS[1], 'attempts', 1)
         return false",
    )
});

static FORGIVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if tonumber(redis.call('HGET', KEYS[1], 'attempts') or 0) > 0 then
             redis.call('HINCRBY', KEYS[1], 'attempts', -1)
         end",
    )
});

#[async_trait]
impl Attempts for Redis {
    #[tracing::instrument(name = "attempts.count", skip_all)]
    async fn count(&self, key: AttemptKey, limit: Limit, now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        let restarts_at = now + limit.window;
        let mut count = COUNT.prepare_invoke();
        count
            .key(self.keys.attempts(key.digest()))
            .arg(limit.attempts)
            .arg(micros(now))
            .arg(micros(restarts_at))
            .arg(self.lifetime(restarts_at));
        let limited: Option<i64> = answered(self.connection.run(&count).await)?;
        match limited {
            None => Ok(Attempt::Allowed),
            Some(until) => Ok(Attempt::Limited(answered(instant(until))?)),
        }
    }

    #[tracing::instrument(name = "attempts.forgive", skip_all)]
    async fn forgive(&self, key: AttemptKey) -> Result<(), Unavailable> {
        let mut forgive = FORGIVE.prepare_invoke();
        forgive.key(self.keys.attempts(key.digest()));
        answered(self.connection.run(&forgive).await)
    }
}
