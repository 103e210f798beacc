//! A mail that waits to be sent.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use crate::MailId;

/// The pause after each failed attempt, in seconds: short ones for a brief fault or a restart, long ones for a repair by the
/// operator. The last one repeats until the mail has expired.
const PAUSES: [i64; 8] = [5, 30, 2 * 60, 10 * 60, 30 * 60, 60 * 60, 2 * 60 * 60, 4 * 60 * 60];

/// A mail in the queue. What it says and to whom is sealed, because it may carry a link.
#[derive(Clone, PartialEq, Eq)]
pub struct QueuedMail {
    /// Its id, which is also part of its `Message-ID`: a mail that was sent twice by accident is recognised.
    pub id: MailId,
    /// The letter.
    pub sealed: String,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When it is of no use any more, and is not sent.
    pub expires_at: DateTime<Utc>,
    /// How many attempts have begun.
    pub attempts: u32,
}

impl QueuedMail {
    /// When to try again if the current attempt fails at `now`; none if it has expired by then.
    #[must_use]
    pub fn retry_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let failed = usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let pause = PAUSES[failed.min(PAUSES.len() - 1)];
        let at = now + TimeDelta::seconds(pause);
        (at < self.expires_at).then_some(at)
    }
}

impl fmt::Debug for QueuedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuedMail")
            .field("id", &self.id)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_repeat_until_the_mail_expires() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let pause = |attempts, lives: TimeDelta| {
            let mail = QueuedMail {
                id: MailId::from_random([1; 16]),
                sealed: "sealed".to_owned(),
                queued_at: now,
                expires_at: now + lives,
                attempts,
            };
            mail.retry_at(now).map(|at| (at - now).num_seconds())
        };
        let pauses: Vec<_> = (1..=10).filter_map(|attempts| pause(attempts, TimeDelta::days(3))).collect();
        assert_eq!(pauses, [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400, 14_400]);
        assert_eq!(pause(1, TimeDelta::seconds(6)), Some(5));
        assert_eq!(pause(1, TimeDelta::seconds(5)), None);
        assert_eq!(pause(u32::MAX, TimeDelta::hours(4)), None);
    }
}
