//! A logout notice: the server must notify a client that a session has ended (OpenID Connect Back-Channel Logout 1.0
//! §2.5).

use chrono::{DateTime, TimeDelta, Utc};

use crate::subject::Naming;
use crate::{ClientId, SessionId, UserId};

/// The pause after each failed attempt, in seconds: short ones for a brief fault or a restart, long ones for a repair by
/// the client's operator. The attempt after the last pause is the last one.
const PAUSES: [i64; 7] = [1, 5, 30, 2 * 60, 10 * 60, 60 * 60, 6 * 60 * 60];

/// A client that must be notified of the end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutNotice {
    /// The session that ended.
    pub session: SessionId,
    /// The client.
    pub client: ClientId,
    /// The user of the session.
    pub user: UserId,
    /// How the client knows the user and the session: as in what it was granted.
    pub naming: Naming,
    /// The session's `sid`, before it is made into one for this client.
    pub sid: String,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// How many attempts have begun.
    pub attempts: u32,
}

impl LogoutNotice {
    /// When to try again if the current attempt fails at `now`; none if it was the last one.
    #[must_use]
    pub fn retry_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let failed = usize::try_from(self.attempts.saturating_sub(1)).ok()?;
        PAUSES.get(failed).map(|pause| now + TimeDelta::seconds(*pause))
    }

    /// Whether all attempts are used up. This happens when a process ended during each of them.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        usize::try_from(self.attempts).is_ok_and(|attempts| attempts > PAUSES.len() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempted(attempts: u32) -> LogoutNotice {
        LogoutNotice {
            session: SessionId::from_random([1; 16]),
            client: "web".parse().unwrap(),
            user: UserId::from_random([2; 16]),
            naming: Naming::Public,
            sid: "sid".to_owned(),
            ended_at: DateTime::UNIX_EPOCH,
            attempts,
        }
    }

    #[test]
    fn the_pauses_grow_and_the_eighth_attempt_is_the_last() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let pauses: Vec<_> = (1..=9)
            .map(|attempts| attempted(attempts).retry_at(now).map(|at| (at - now).num_seconds()))
            .collect();
        let expected =
            [Some(1), Some(5), Some(30), Some(120), Some(600), Some(3_600), Some(21_600), None, None];
        assert_eq!(pauses, expected);
    }

    #[test]
    fn attempts_that_ended_with_the_process_count() {
        assert!(!attempted(8).is_exhausted());
        assert!(attempted(9).is_exhausted());
    }
}
