//! The clauses of [`Attempts`](application::port::Attempts).

use application::port::{Attempt, AttemptKey, Counter, Forgiven, Limit};
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

fn counter(subject: &str, attempts: u32) -> Counter {
    Counter::new(key(subject), limit(attempts))
}

async fn attempt(stores: &Stores, subject: &str, now: DateTime<Utc>) -> Attempt {
    stores.attempts.count(&[counter(subject, 3)], now).await.unwrap()
}

async fn forgive(stores: &Stores, subject: &str) {
    stores.attempts.forgive(&[Forgiven::One(key(subject))]).await.unwrap();
}

pub async fn of_many_concurrent_attempts_exactly_the_limit_is_allowed(stores: &Stores) {
    for round in 0..ROUNDS {
        let subject = format!("{round}");
        let answers = concurrently(TASKS, |_| {
            let (attempts, counter) = (stores.attempts.clone(), counter(&subject, 5));
            async move { attempts.count(&[counter], now()).await.unwrap() }
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
    forgive(stores, "ada").await;
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Limited(after(60)));
}

pub async fn forgiving_one_key_leaves_the_others_counted(stores: &Stores) {
    for name in ["ada", "bob"] {
        for _ in 0..3 {
            attempt(stores, name, now()).await;
        }
    }
    forgive(stores, "ada").await;
    assert_eq!(attempt(stores, "bob", now()).await, Attempt::Limited(after(60)));
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
}

pub async fn an_attempt_that_was_limited_does_not_count(stores: &Stores) {
    for _ in 0..8 {
        attempt(stores, "ada", now()).await;
    }
    forgive(stores, "ada").await;
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
}

pub async fn forgiving_never_allows_more_than_the_limit(stores: &Stores) {
    for _ in 0..3 {
        forgive(stores, "ada").await;
    }
    attempt(stores, "ada", now()).await;
    forgive(stores, "ada").await;
    forgive(stores, "ada").await;
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

pub async fn of_many_concurrent_attempts_with_several_counters_exactly_the_lowest_limit_is_allowed(
    stores: &Stores,
) {
    for round in 0..ROUNDS {
        let name = |number: usize| format!("{round}.{number}");
        let answers = concurrently(TASKS, |task| {
            let mut counters = [counter(&name(1), 9), counter(&name(2), 4), counter(&name(3), 7)];
            counters.rotate_left(task % 3);
            let attempts = stores.attempts.clone();
            async move { attempts.count(&counters, now()).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Attempt::Allowed), 4);
        for (number, left) in [(1, 5), (2, 0), (3, 3)] {
            let counter = counter(&name(number), [9, 4, 7][number - 1]);
            for _ in 0..left {
                assert_eq!(stores.attempts.count(&[counter], now()).await.unwrap(), Attempt::Allowed);
            }
            let full = stores.attempts.count(&[counter], now()).await.unwrap();
            assert_eq!(full, Attempt::Limited(after(60)), "counter {number}");
        }
    }
}

pub async fn concurrent_attempts_and_successes_with_several_counters_lose_no_count(stores: &Stores) {
    for round in 0..ROUNDS {
        let (one, two) = (counter(&format!("{round}.1"), 1_000), counter(&format!("{round}.2"), 1_000));
        concurrently(TASKS, |task| {
            let attempts = stores.attempts.clone();
            let (mut counters, mut forgiven) = ([one, two], [one.key, two.key].map(Forgiven::One));
            counters.rotate_left(task % 2);
            forgiven.rotate_left(task / 2 % 2);
            async move {
                assert_eq!(attempts.count(&counters, now()).await.unwrap(), Attempt::Allowed);
                if task % 4 > 0 {
                    attempts.forgive(&forgiven).await.unwrap();
                }
            }
        })
        .await;
        for kept in [one, two] {
            // A quarter was not forgiven.
            let limit = Limit { attempts: TASKS as u32 / 4 + 1, ..kept.limit };
            let probe = Counter { limit, ..kept };
            assert_eq!(stores.attempts.count(&[probe], now()).await.unwrap(), Attempt::Allowed);
            assert_eq!(stores.attempts.count(&[probe], now()).await.unwrap(), Attempt::Limited(after(60)));
        }
    }
}

pub async fn an_attempt_that_is_limited_by_any_of_its_counters_does_not_count_with_any(stores: &Stores) {
    for position in 0..3 {
        let name = |number: usize| format!("{position}.{number}");
        let mut counters = [0, 1, 2].map(|number| counter(&name(number), 2));
        counters[position].limit.attempts = 1;
        assert_eq!(stores.attempts.count(&counters, now()).await.unwrap(), Attempt::Allowed);
        for _ in 0..3 {
            let limited = stores.attempts.count(&counters, after(1)).await.unwrap();
            assert_eq!(limited, Attempt::Limited(after(60)));
        }
        for (number, counter) in counters.iter().enumerate() {
            let expected = if number == position { Attempt::Limited(after(60)) } else { Attempt::Allowed };
            assert_eq!(stores.attempts.count(&[*counter], after(1)).await.unwrap(), expected);
        }
    }
}

pub async fn the_last_window_of_those_that_are_full_ends_at_this_instant(stores: &Stores) {
    let long = Counter::new(key("long"), Limit { attempts: 1, window: Duration::seconds(90) });
    let longest = Counter::new(key("longest"), Limit { attempts: 2, window: Duration::seconds(500) });
    let counters = [counter("short", 1), long, longest];
    assert_eq!(stores.attempts.count(&counters, now()).await.unwrap(), Attempt::Allowed);
    assert_eq!(stores.attempts.count(&counters, after(1)).await.unwrap(), Attempt::Limited(after(90)));
}

pub async fn each_further_attempt_lets_the_window_of_a_growing_counter_end_later(stores: &Stores) {
    let growing = Counter::growing(key("ada"), limit(3));
    let fixed = counter("bob", 5);
    for _ in 0..3 {
        assert_eq!(stores.attempts.count(&[growing, fixed], after(30)).await.unwrap(), Attempt::Allowed);
    }
    let limited = stores.attempts.count(&[growing], after(209)).await.unwrap();
    assert_eq!(limited, Attempt::Limited(after(30 + 3 * 60)));
    // Then it starts again, with the first window.
    assert_eq!(stores.attempts.count(&[growing], after(210)).await.unwrap(), Attempt::Allowed);
    let restarted = Counter { limit: limit(1), ..growing };
    let limited = stores.attempts.count(&[restarted], after(211)).await.unwrap();
    assert_eq!(limited, Attempt::Limited(after(210 + 60)));
}

pub async fn a_counter_of_which_all_is_forgiven_allows_its_whole_limit_again(stores: &Stores) {
    let counters = [counter("ada", 3), counter("bob", 3)];
    for _ in 0..3 {
        stores.attempts.count(&counters, now()).await.unwrap();
    }
    let forgiven = [Forgiven::One(key("bob")), Forgiven::All(key("ada")), Forgiven::All(key("nobody"))];
    stores.attempts.forgive(&forgiven).await.unwrap();
    for _ in 0..3 {
        assert_eq!(attempt(stores, "ada", now()).await, Attempt::Allowed);
    }
    assert_eq!(attempt(stores, "ada", now()).await, Attempt::Limited(after(60)));
    assert_eq!(attempt(stores, "bob", now()).await, Attempt::Allowed);
    assert_eq!(attempt(stores, "bob", now()).await, Attempt::Limited(after(60)));
}

pub async fn what_is_forgiven_takes_its_time_back(stores: &Stores) {
    let limit = Limit { attempts: 3, window: Duration::seconds(10) };
    let counter = Counter::growing(AttemptKey::new("growing", &["ada"]), limit);
    let fill = async |seconds| {
        for _ in 0..3 {
            assert_eq!(stores.attempts.count(&[counter], after(seconds)).await.unwrap(), Attempt::Allowed);
        }
        stores.attempts.count(&[counter], after(seconds)).await.unwrap()
    };
    assert_eq!(fill(0).await, Attempt::Limited(after(30)));
    // However often it is filled and all is forgiven, it lasts no longer.
    for seconds in [1, 2, 3] {
        stores.attempts.forgive(&[Forgiven::All(counter.key)]).await.unwrap();
        assert_eq!(fill(seconds).await, Attempt::Limited(after(seconds + 30)));
    }
    // One that is forgiven takes its part of the window with it.
    for _ in 0..5 {
        stores.attempts.forgive(&[Forgiven::One(counter.key)]).await.unwrap();
        assert_eq!(stores.attempts.count(&[counter], after(4)).await.unwrap(), Attempt::Allowed);
    }
    assert_eq!(stores.attempts.count(&[counter], after(4)).await.unwrap(), Attempt::Limited(after(33)));
}

pub async fn a_lower_limit_holds_for_what_was_counted_before(stores: &Stores) {
    for _ in 0..3 {
        attempt(stores, "ada", now()).await;
    }
    let lower = stores.attempts.count(&[counter("ada", 2)], now()).await.unwrap();
    assert_eq!(lower, Attempt::Limited(after(60)));
    forgive(stores, "ada").await;
    assert_eq!(
        stores.attempts.count(&[counter("ada", 2)], now()).await.unwrap(),
        Attempt::Limited(after(60))
    );
    forgive(stores, "ada").await;
    assert_eq!(stores.attempts.count(&[counter("ada", 2)], now()).await.unwrap(), Attempt::Allowed);
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
            of_many_concurrent_attempts_with_several_counters_exactly_the_lowest_limit_is_allowed,
            concurrent_attempts_and_successes_with_several_counters_lose_no_count,
            an_attempt_that_is_limited_by_any_of_its_counters_does_not_count_with_any,
            the_last_window_of_those_that_are_full_ends_at_this_instant,
            each_further_attempt_lets_the_window_of_a_growing_counter_end_later,
            a_counter_of_which_all_is_forgiven_allows_its_whole_limit_again,
            what_is_forgiven_takes_its_time_back,
            a_lower_limit_holds_for_what_was_counted_before,
        }
    };
}

pub use crate::attempts_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = attempts_contract!(clause_names!());
