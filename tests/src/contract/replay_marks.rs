//! The clauses of [`ReplayMarks`](application::port::ReplayMarks).

use application::port::Marked;

use super::Stores;
use super::fixture::{after, digest};
use super::race::{ROUNDS, TASKS, concurrently, count};

pub async fn exactly_one_of_many_concurrent_callers_is_first(stores: &Stores) {
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |_| {
            let (marks, key) = (stores.replay_marks.clone(), digest(&format!("{round}")));
            async move { marks.mark(key, after(60)).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Marked::First), 1);
        assert_eq!(count(&answers, &Marked::Seen), TASKS - 1);
    }
}

pub async fn each_digest_is_marked_by_itself(stores: &Stores) {
    for name in ["one", "two"] {
        assert_eq!(stores.replay_marks.mark(digest(name), after(60)).await.unwrap(), Marked::First);
        assert_eq!(stores.replay_marks.mark(digest(name), after(60)).await.unwrap(), Marked::Seen);
    }
}

pub async fn it_is_remembered_until_it_expires(stores: &Stores) {
    let marks = &stores.replay_marks;
    assert_eq!(marks.mark(digest("jti"), after(60)).await.unwrap(), Marked::First);
    stores.expired.purge(after(59), 100).await.unwrap();
    assert_eq!(marks.mark(digest("jti"), after(120)).await.unwrap(), Marked::Seen);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! replay_marks_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) replay_marks:
            exactly_one_of_many_concurrent_callers_is_first,
            each_digest_is_marked_by_itself,
            it_is_remembered_until_it_expires,
        }
    };
}

pub use crate::replay_marks_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = replay_marks_contract!(clause_names!());
