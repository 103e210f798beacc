//! Counters of attempts.

use std::sync::LazyLock;

use application::port::{Attempt, Attempts, Counter, Forgiven, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redis::Script;

use crate::value::{instant, micros};
use crate::{Redis, answered};

/// Counts one attempt with all its counters. Answers nothing if it was counted, else when the last window ends of those that
/// are full. After the instant there are four arguments for each key: the limit, the end of a new window, the step, and the
/// lifetime of a new window. Lua's numbers are exact up to 2^53, so microseconds are exact.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local now, kept, full = tonumber(ARGV[1]), {}, 0
         for i, key in ipairs(KEYS) do
             local row = redis.call('HMGET', key, 'attempts', 'restarts_at')
             local restarts_at = tonumber(row[2] or 0)
             if restarts_at > now and tonumber(row[1]) > 0 then
                 kept[i] = restarts_at
                 if tonumber(row[1]) >= tonumber(ARGV[4 * i - 2]) then full = math.max(full, restarts_at) end
             end
         end
         if full > 0 then return string.format('%.0f', full) end
         for i, key in ipairs(KEYS) do
             local first, step, lifetime = ARGV[4 * i - 1], tonumber(ARGV[4 * i]), ARGV[4 * i + 1]
             if not kept[i] then
                 redis.call('HSET', key, 'attempts', 1, 'restarts_at', first, 'step', step)
                 redis.call('EXPIRE', key, lifetime)
             else
                 redis.call('HINCRBY', key, 'attempts', 1)
                 if step > 0 then
                     local later = kept[i] + step
                     redis.call('HSET', key, 'restarts_at', string.format('%.0f', later))
                     redis.call('EXPIRE', key, lifetime + math.ceil((later - tonumber(first)) / 1000000))
                 end
             end
         end
         return false",
    )
});

/// The argument for each key says how many attempts are forgiven at most, with the time that they added.
static FORGIVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "for i, key in ipairs(KEYS) do
             local row = redis.call('HMGET', key, 'attempts', 'restarts_at', 'step')
             local attempts, most = tonumber(row[1] or 0), tonumber(ARGV[i])
             if attempts > most then
                 local sooner = tonumber(row[2]) - tonumber(row[3] or 0) * most
                 redis.call('HSET', key, 'attempts', attempts - most, 'restarts_at', string.format('%.0f', sooner))
             elseif attempts > 0 then
                 redis.call('HSET', key, 'attempts', 0)
             end
         end",
    )
});

#[async_trait]
impl Attempts for Redis {
    #[tracing::instrument(name = "attempts.count", skip_all)]
    async fn count(&self, counters: &[Counter], now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        let mut count = COUNT.prepare_invoke();
        count.arg(micros(now));
        for Counter { key, limit, step } in counters {
            let restarts_at = now + limit.window;
            count.key(self.keys.attempts(key.digest())).arg(limit.attempts).arg(micros(restarts_at));
            count.arg(step.num_microseconds().unwrap_or(i64::MAX)).arg(self.lifetime(restarts_at));
        }
        let limited: Option<i64> = answered(self.connection.run(&count).await)?;
        match limited {
            None => Ok(Attempt::Allowed),
            Some(until) => Ok(Attempt::Limited(answered(instant(until))?)),
        }
    }

    #[tracing::instrument(name = "attempts.forgive", skip_all)]
    async fn forgive(&self, forgiven: &[Forgiven]) -> Result<(), Unavailable> {
        let mut forgive = FORGIVE.prepare_invoke();
        for forgiven in forgiven {
            let (key, attempts) = match forgiven {
                Forgiven::One(key) => (key, 1),
                Forgiven::All(key) => (key, u32::MAX),
            };
            forgive.key(self.keys.attempts(key.digest())).arg(attempts);
        }
        answered(self.connection.run(&forgive).await)
    }
}
