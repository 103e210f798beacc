//! The clauses of [`Attempts`](application::port::Attempts).

use application::port::{Attempt, AttemptKey, Limit};
use chrono::{DateTime, Duration, Utc};

use super::Stores;
use super::fixture::{after, now};
use super::race::{ROUNDS, TASKS, concurrently, count};

fn limit(attempts: u32) -> Limit {
    Limit { attempts, window: Duration::seconds(60) }
}

fn key(subject: &str) -> AttemptKey {
    AttemptKey::new("login.account", &[subject])
}

async fn attempt(stores: &Stores, subject: &str, now: DateTime<Utc>) -> Attempt {
    stores.attempts.count(key(subject), limit(3), now).await.unwrap()
}

pub async fn of_many_concurrent_attempts_exactly_the_limit_is_allowed(stores: &Stores) {
    for round in 0..ROUNDS {
        let subject = format!("{round}");
        let answers = concurrently(TASKS, |_| {
            let (attempts, key) = (stores.attempts.clone(), key(&subject));
            async move { attempts.count(key, limit(5), now()).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Attempt::Allowed), 5);
        assert_eq!(count(&answers, &Attempt::Limited(after(60))), TASKS - 5);
    }
}

pub async fn an_attempt_over_the_limit_is_limited_until_the_window_ends(stores: &Stores) {
    for second in [0, 10, 20] {
        assert_eq!(attempt(stores, "ada", after(second)).await, Attempt::Allowed);
    }
    assert_eq!(attempt(stores, "ada", after(59)).await, Attempt::Limited(after(60)));
}

pub async fn the_window_begins_with_the_first_attempt_and_then_starts_again(stores: &Stores) {
    for _ in 0..4 {
        attempt(stores, "ada", now()).await;
    }
    for _ in 0..3 {
        assert_eq!(attempt(stores, "ada", after(60)).await, Attempt::Allowed);
    }
    assert_eq!(attempt(stores, "ada", after(61)).await, Attempt::Limited(after(120)));
}

pub async fn of_many_concurrent_attempts_after_the_window_exactly_the_limit_is_allowed(stores: &Stores) {
    for round in 0..ROUNDS {
        let subject = format!("{round}");
        for _ in 0..3 {
            attempt(stores, &subject, now()).await;
        }
        let answers = concurrently(TASKS, |_| {
            let (stores, subject) = (stores.clone(), subject.clone());
            async move { attempt(&stores, &subject, after(60)).await }
        })
        .await;
        assert_eq!(count(&answers, &Attempt::Allowed), 3);
    }
}

pub async fn forgiving_takes_one_attempt_back(stores: &Stores) {
    for _ in 0..3 {
        attempt(stores, "ada", now()).await;
    }
    stores.attempts.forgive(key("ada")).await.unwrap();
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Limited(after(60)));
}

pub async fn forgiving_one_key_leaves_the_others_counted(stores: &Stores) {
    for name in ["ada", "bob"] {
        for _ in 0..3 {
            attempt(stores, name, now()).await;
        }
    }
    stores.attempts.forgive(key("ada")).await.unwrap();
    assert_eq!(attempt(stores, "bob", now()).await, Attempt::Limited(after(60)));
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
}

pub async fn an_attempt_that_was_limited_does_not_count(stores: &Stores) {
    for _ in 0..8 {
        attempt(stores, "ada", now()).await;
    }
    stores.attempts.forgive(key("ada")).await.unwrap();
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
}

pub async fn forgiving_never_allows_more_than_the_limit(stores: &Stores) {
    for _ in 0..3 {
        stores.attempts.forgive(key("ada")).await.unwrap();
    }
    attempt(stores, "ada", now()).await;
    stores.attempts.forgive(key("ada")).await.unwrap();
    stores.attempts.forgive(key("ada")).await.unwrap();
    for _ in 0..3 {
        assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
    }
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Limited(after(60)));
}

pub async fn each_key_is_counted_by_itself(stores: &Stores) {
    for _ in 0..4 {
        attempt(stores, "ada", now()).await;
    }
    assert_eq!(attempt(stores, "bob", now()).await, Attempt::Allowed);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! attempts_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) attempts:
            of_many_concurrent_attempts_exactly_the_limit_is_allowed,
            an_attempt_over_the_limit_is_limited_until_the_window_ends,
            the_window_begins_with_the_first_attempt_and_then_starts_again,
            of_many_concurrent_attempts_after_the_window_exactly_the_limit_is_allowed,
            forgiving_takes_one_attempt_back,
            forgiving_one_key_leaves_the_others_counted,
            an_attempt_that_was_limited_does_not_count,
            forgiving_never_allows_more_than_the_limit,
            each_key_is_counted_by_itself,
        }
    };
}

pub use crate::attempts_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = attempts_contract!(clause_names!());
