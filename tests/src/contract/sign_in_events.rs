//! The clauses of [`SignInEvents`](application::port::SignInEvents).

use application::port::{HistoryBounds, SignInFilter};
use chrono::Duration;
use domain::{SignInEvent, SignInEventId, SignInKind, User, UserAgent, UserId};

use super::Stores;
use super::fixture::{after, digest, event, history, keep_user, now, user};
use super::race::{ROUNDS, TASKS, concurrently};

/// An event of this kind, this many seconds after [`now`].
fn happened(user: UserId, kind: SignInKind, second: i64) -> SignInEvent {
    let random = digest(&format!("{user} {kind:?} {second}")).as_bytes()[..10].try_into().unwrap();
    SignInEvent {
        id: SignInEventId::ordered(after(second), random),
        user,
        kind,
        client: None,
        address: Some("192.0.2.7".to_owned()),
        user_agent: None,
        until: None,
    }
}

async fn ada(stores: &Stores) -> User {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    ada
}

async fn record(stores: &Stores, event: &SignInEvent) {
    stores.sign_in_events.record(event).await.unwrap();
}

pub async fn an_event_is_read_back_as_it_was_recorded(stores: &Stores) {
    let ada = ada(stores).await;
    for (second, kind) in (0..).zip(SignInKind::ALL) {
        let bare = SignInEvent { address: None, ..happened(ada.id, kind, 2 * second) };
        let full = SignInEvent {
            client: Some("web".parse().unwrap()),
            address: Some("2001:db8::7".to_owned()),
            user_agent: UserAgent::new(
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            ),
            until: Some(after(second)),
            ..happened(ada.id, kind, 2 * second + 1)
        };
        for event in [bare, full] {
            record(stores, &event).await;
            assert_eq!(history(stores, ada.id).await[0], event);
            assert_eq!(
                event.at().timestamp(),
                now().timestamp() + 2 * second + i64::from(event.until.is_some())
            );
        }
    }
}

pub async fn an_event_that_is_recorded_already_is_not_recorded_again(stores: &Stores) {
    let ada = ada(stores).await;
    let event = happened(ada.id, SignInKind::WrongPassword, 0);
    for _ in 0..2 {
        record(stores, &event).await;
    }
    assert_eq!(history(stores, ada.id).await, [event]);
}

pub async fn an_event_of_a_user_who_does_not_exist_is_not_recorded(stores: &Stores) {
    let nobody = user("nobody");
    for until in [None, Some(after(1))] {
        let event = SignInEvent { until, ..happened(nobody.id, SignInKind::LockedOut, 0) };
        record(stores, &event).await;
    }
    assert_eq!(stores.sign_in_events.latest(&SignInFilter::default(), None, 10).await.unwrap(), []);
}

pub async fn a_lockout_is_recorded_once_for_a_user_and_the_instant_at_which_it_ends(stores: &Stores) {
    let (ada, bob) = (ada(stores).await, user("bob"));
    keep_user(stores, &bob).await;
    let locked = |user: &User, second, end| SignInEvent {
        until: Some(after(end)),
        ..happened(user.id, SignInKind::LockedOut, second)
    };
    for event in [
        locked(&ada, 0, 900),
        locked(&ada, 1, 900),
        locked(&bob, 2, 900),
        locked(&ada, 3, 901),
        locked(&ada, 4, 901),
    ] {
        record(stores, &event).await;
    }
    assert_eq!(history(stores, ada.id).await, [locked(&ada, 3, 901), locked(&ada, 0, 900)]);
    assert_eq!(history(stores, bob.id).await, [locked(&bob, 2, 900)]);
}

pub async fn up_to_limit_events_that_meet_the_filter_are_read_the_latest_first(stores: &Stores) {
    let (ada, bob) = (ada(stores).await, user("bob"));
    keep_user(stores, &bob).await;
    let kinds = [SignInKind::SignedIn, SignInKind::WrongPassword, SignInKind::Disabled, SignInKind::SignedIn];
    for (second, kind) in (0..).zip(kinds) {
        record(stores, &happened(if second == 2 { bob.id } else { ada.id }, kind, second)).await;
    }
    let all = SignInFilter::default();
    let kinds = |kinds: &[SignInKind]| kinds.iter().copied().collect();
    let of_ada = SignInFilter { user: Some(ada.id), ..all.clone() };
    for (filter, limit, expected) in [
        (all.clone(), 10, &[3, 2, 1, 0][..]),
        (all.clone(), 2, &[3, 2]),
        (of_ada.clone(), 10, &[3, 1, 0]),
        (SignInFilter { kinds: kinds(&[SignInKind::SignedIn]), ..all.clone() }, 10, &[3, 0]),
        (SignInFilter { kinds: kinds(&SignInKind::FAILURES), ..all.clone() }, 10, &[2, 1]),
        (SignInFilter { kinds: kinds(&SignInKind::FAILURES), ..of_ada.clone() }, 10, &[1]),
        (SignInFilter { since: Some(after(1)), ..all.clone() }, 10, &[3, 2, 1]),
        (SignInFilter { until: Some(after(2)), ..all.clone() }, 10, &[1, 0]),
        (SignInFilter { since: Some(after(1)), until: Some(after(3)), ..of_ada }, 10, &[1]),
    ] {
        let latest = stores.sign_in_events.latest(&filter, None, limit).await.unwrap();
        let seconds: Vec<_> =
            latest.iter().map(|event| (event.at() - now() + Duration::seconds(1)).num_seconds()).collect();
        assert_eq!(seconds, expected, "{filter:?}");
    }
}

pub async fn the_events_before_one_are_read_by_its_id(stores: &Stores) {
    let ada = ada(stores).await;
    for second in 0..5 {
        record(stores, &happened(ada.id, SignInKind::SignedIn, second)).await;
    }
    let all = history(stores, ada.id).await;
    let (mut before, mut read) = (None, Vec::new());
    loop {
        let filter = SignInFilter { user: Some(ada.id), ..SignInFilter::default() };
        let page = stores.sign_in_events.latest(&filter, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        read.extend(page);
        // Events that are recorded meanwhile do not move the pages.
        record(stores, &happened(ada.id, SignInKind::SignedIn, 100 + read.len() as i64)).await;
    }
    assert_eq!(read, all);
}

pub async fn the_oldest_events_beyond_the_bounds_are_removed_and_failures_make_no_room_among_the_others(
    stores: &Stores,
) {
    let (ada, bob) = (ada(stores).await, user("bob"));
    keep_user(stores, &bob).await;
    for second in 0..8 {
        let kind = SignInKind::FAILURES[second as usize % SignInKind::FAILURES.len()];
        record(stores, &happened(ada.id, kind, second)).await;
        record(stores, &happened(bob.id, kind, second)).await;
    }
    record(stores, &happened(ada.id, SignInKind::PasswordChanged, -3)).await;
    record(stores, &happened(ada.id, SignInKind::SignedIn, -2)).await;
    record(stores, &happened(ada.id, SignInKind::Unlocked, -1)).await;
    let bounds = |failures, others| HistoryBounds { failures, others };
    let trim = async |bounds| stores.sign_in_events.trim(ada.id, bounds).await.unwrap();
    let all = history(stores, ada.id).await;
    assert_eq!(trim(bounds(8, 3)).await, 0);
    assert_eq!(history(stores, ada.id).await, all);
    assert_eq!(trim(bounds(3, 3)).await, 5);
    assert_eq!(history(stores, ada.id).await, [&all[..3], &all[8..]].concat());
    assert_eq!(trim(bounds(3, 1)).await, 2);
    assert_eq!(history(stores, ada.id).await, all[..3].iter().chain(&all[8..9]).cloned().collect::<Vec<_>>());
    assert_eq!(history(stores, bob.id).await.len(), 8);
}

pub async fn up_to_batch_events_from_before_the_time_are_removed(stores: &Stores) {
    let ada = ada(stores).await;
    for second in 0..5 {
        record(stores, &happened(ada.id, SignInKind::SignedIn, second)).await;
    }
    let all = history(stores, ada.id).await;
    let mut removed = Vec::new();
    for _ in 0..3 {
        removed.push(stores.sign_in_events.forget(after(3), 2).await.unwrap());
    }
    assert_eq!(removed, [2, 1, 0]);
    assert_eq!(history(stores, ada.id).await, all[..2]);
}

pub async fn of_events_that_are_recorded_while_their_user_is_deleted_none_remains(stores: &Stores) {
    for round in 0..ROUNDS {
        let user = user(&format!("user {round}"));
        keep_user(stores, &user).await;
        concurrently(TASKS, |task| {
            let (stores, id) = (stores.clone(), user.id);
            async move {
                if task == TASKS / 2 {
                    stores.users.delete(id, &event("user.delete", &id)).await.unwrap();
                } else {
                    record(&stores, &happened(id, SignInKind::WrongPassword, task as i64)).await;
                }
            }
        })
        .await;
        assert_eq!(history(stores, user.id).await, []);
    }
}

pub async fn of_concurrent_recordings_of_a_lockout_one_is_kept(stores: &Stores) {
    let ada = ada(stores).await;
    for round in 0..ROUNDS as i64 {
        concurrently(TASKS, |task| {
            let (stores, id) = (stores.clone(), ada.id);
            async move {
                let event = happened(id, SignInKind::LockedOut, 1_000 * round + task as i64);
                record(&stores, &SignInEvent { until: Some(after(round)), ..event }).await;
            }
        })
        .await;
        assert_eq!(history(stores, ada.id).await.len() as i64, round + 1);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! sign_in_events_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) sign_in_events:
            an_event_is_read_back_as_it_was_recorded,
            an_event_that_is_recorded_already_is_not_recorded_again,
            an_event_of_a_user_who_does_not_exist_is_not_recorded,
            a_lockout_is_recorded_once_for_a_user_and_the_instant_at_which_it_ends,
            up_to_limit_events_that_meet_the_filter_are_read_the_latest_first,
            the_events_before_one_are_read_by_its_id,
            the_oldest_events_beyond_the_bounds_are_removed_and_failures_make_no_room_among_the_others,
            up_to_batch_events_from_before_the_time_are_removed,
            of_concurrent_recordings_of_a_lockout_one_is_kept,
            of_events_that_are_recorded_while_their_user_is_deleted_none_remains,
        }
    };
}

pub use crate::sign_in_events_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = sign_in_events_contract!(clause_names!());
