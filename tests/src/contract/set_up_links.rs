//! The clauses of [`SetUpLinks`](application::port::SetUpLinks).

use application::port::{AmendedUser, LinkStatus, Offered, RedeemedLink};
use domain::{SignInKind, User};

use super::Stores;
use super::fixture::{actions, administrator, after, digest, event, history, keep_user, now, user};
use super::race::{TASKS, concurrently, count};

async fn offer(stores: &Stores, link: &str) -> bool {
    stores.set_up_links.offer(digest(link), after(60), None).await.unwrap() == Offered::Done
}

async fn status(stores: &Stores, link: &str) -> LinkStatus {
    stores.set_up_links.status(digest(link), now()).await.unwrap()
}

async fn redeem(stores: &Stores, link: &str, username: &str) -> RedeemedLink {
    let administrator = administrator(username);
    let event = event("setup", &administrator.id);
    let set_up = stores.set_up_links.redeem(digest(link), &administrator, now(), &event).await;
    set_up.unwrap()
}

pub async fn an_offered_link_is_open_until_it_expires(stores: &Stores) {
    assert_eq!(status(stores, "link").await, LinkStatus::Invalid);
    assert!(offer(stores, "link").await);
    assert_eq!(status(stores, "link").await, LinkStatus::Open);
    assert_eq!(status(stores, "other").await, LinkStatus::Invalid);
    let expired = stores.set_up_links.status(digest("link"), after(60)).await.unwrap();
    assert_eq!(expired, LinkStatus::Invalid);
}

pub async fn a_link_takes_the_place_of_any_earlier_one(stores: &Stores) {
    assert!(offer(stores, "first").await && offer(stores, "second").await);
    assert_eq!(status(stores, "first").await, LinkStatus::Invalid);
    assert_eq!(status(stores, "second").await, LinkStatus::Open);
    assert_eq!(redeem(stores, "first", "ada").await, RedeemedLink::Invalid);
}

pub async fn an_earlier_link_stays_while_it_is_live_if_the_new_one_asks_for_that(stores: &Stores) {
    let offer_unless = async |link: &str, seconds| {
        stores.set_up_links.offer(digest(link), after(60), Some(after(seconds))).await.unwrap()
    };
    assert_eq!(offer_unless("first", 0).await, Offered::Done);
    assert_eq!(offer_unless("second", 59).await, Offered::Before);
    assert_eq!(
        (status(stores, "first").await, status(stores, "second").await),
        (LinkStatus::Open, LinkStatus::Invalid)
    );
    assert_eq!(offer_unless("third", 60).await, Offered::Done);
    keep_user(stores, &administrator("ada")).await;
    assert_eq!(offer_unless("fourth", 0).await, Offered::AlreadySetUp);
}

pub async fn of_concurrent_links_that_ask_for_it_one_is_kept(stores: &Stores) {
    for round in 0..5 {
        let at = 100 * round;
        let offered = concurrently(TASKS, |task| {
            let (stores, link) = (stores.clone(), digest(&format!("{round}-{task}")));
            async move { stores.set_up_links.offer(link, after(at + 60), Some(after(at))).await.unwrap() }
        });
        assert_eq!(count(&offered.await, &Offered::Done), 1);
    }
}

pub async fn while_an_administrator_exists_no_link_is_offered_and_every_link_is_already_set_up(
    stores: &Stores,
) {
    assert!(offer(stores, "link").await);
    keep_user(stores, &administrator("ada")).await;
    assert!(!offer(stores, "another").await);
    for link in ["link", "another"] {
        assert_eq!(status(stores, link).await, LinkStatus::AlreadySetUp);
        assert_eq!(redeem(stores, link, "bob").await, RedeemedLink::AlreadySetUp);
    }
    assert_eq!(stores.users.find(user("bob").id).await.unwrap(), None);
}

pub async fn a_link_ends_for_good_when_an_administrator_is_added_in_another_way(stores: &Stores) {
    // Neither signs in with a password, so that both can be deleted again.
    let passwordless = |name| User { password: None, ..administrator(name) };
    assert!(offer(stores, "link").await);
    let ada = passwordless("ada");
    keep_user(stores, &ada).await;
    stores.users.delete(ada.id, &event("delete", &ada.id)).await.unwrap();
    assert_eq!(status(stores, "link").await, LinkStatus::Invalid);
    assert_eq!(redeem(stores, "link", "eve").await, RedeemedLink::Invalid);
    assert!(offer(stores, "second").await);
    let before = User { administrator: false, ..passwordless("bob") };
    keep_user(stores, &before).await;
    assert_eq!(status(stores, "second").await, LinkStatus::Open, "bob is no administrator");
    let amended = stores.users.amend(&before, &passwordless("bob"), &event("promote", &before.id)).await;
    assert_eq!(amended.unwrap(), AmendedUser::Done);
    stores.users.delete(before.id, &event("delete", &before.id)).await.unwrap();
    assert_eq!(status(stores, "second").await, LinkStatus::Invalid);
}

pub async fn redeeming_spends_the_link_and_adds_the_administrator_and_the_event(stores: &Stores) {
    offer(stores, "link").await;
    assert_eq!(redeem(stores, "link", "ada").await, RedeemedLink::Done);
    let added = stores.users.find(user("ada").id).await.unwrap();
    assert_eq!(added, Some(administrator("ada")));
    assert_eq!(actions(stores).await, ["setup"]);
    assert_eq!(status(stores, "link").await, LinkStatus::AlreadySetUp);
    assert_eq!(redeem(stores, "link", "bob").await, RedeemedLink::AlreadySetUp);
}

pub async fn a_taken_user_name_does_not_spend_the_link(stores: &Stores) {
    keep_user(stores, &user("Ada")).await;
    offer(stores, "link").await;
    assert_eq!(redeem(stores, "link", "ada").await, RedeemedLink::UsernameTaken);
    assert_eq!(status(stores, "link").await, LinkStatus::Open);
    assert_eq!(redeem(stores, "link", "bob").await, RedeemedLink::Done);
    assert_eq!(actions(stores).await, ["setup", "user.create"]);
}

pub async fn an_unknown_or_expired_link_is_invalid_and_changes_nothing(stores: &Stores) {
    offer(stores, "link").await;
    assert_eq!(redeem(stores, "other", "ada").await, RedeemedLink::Invalid);
    let ada = administrator("ada");
    let expired = stores.set_up_links.redeem(digest("link"), &ada, after(60), &event("setup", &ada.id)).await;
    assert_eq!(expired.unwrap(), RedeemedLink::Invalid);
    assert_eq!(stores.users.find(ada.id).await.unwrap(), None);
    assert!(actions(stores).await.is_empty());
    assert_eq!(status(stores, "link").await, LinkStatus::Open);
}

pub async fn at_most_one_of_many_concurrent_callers_is_done(stores: &Stores) {
    offer(stores, "link").await;
    let answers = concurrently(TASKS, |task| {
        let stores = stores.clone();
        async move { redeem(&stores, "link", &format!("user-{task}")).await }
    })
    .await;
    assert_eq!(count(&answers, &RedeemedLink::Done), 1);
    assert_eq!(count(&answers, &RedeemedLink::AlreadySetUp), TASKS - 1);
    let users = stores.users.list(None, 100).await.unwrap();
    assert_eq!(users.len(), 1);
}

pub async fn the_use_of_a_link_is_in_the_history_of_the_administrator(stores: &Stores) {
    assert!(offer(stores, "link").await);
    assert_eq!(redeem(stores, "link", "ada").await, RedeemedLink::Done);
    let kinds: Vec<_> =
        history(stores, administrator("ada").id).await.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [SignInKind::LinkUsed]);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! set_up_links_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) set_up_links:
            the_use_of_a_link_is_in_the_history_of_the_administrator,
            an_offered_link_is_open_until_it_expires,
            a_link_takes_the_place_of_any_earlier_one,
            an_earlier_link_stays_while_it_is_live_if_the_new_one_asks_for_that,
            of_concurrent_links_that_ask_for_it_one_is_kept,
            while_an_administrator_exists_no_link_is_offered_and_every_link_is_already_set_up,
            a_link_ends_for_good_when_an_administrator_is_added_in_another_way,
            redeeming_spends_the_link_and_adds_the_administrator_and_the_event,
            a_taken_user_name_does_not_spend_the_link,
            an_unknown_or_expired_link_is_invalid_and_changes_nothing,
            at_most_one_of_many_concurrent_callers_is_done,
        }
    };
}

pub use crate::set_up_links_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = set_up_links_contract!(clause_names!());
