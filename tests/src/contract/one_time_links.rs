//! The clauses of [`OneTimeLinks`](application::port::OneTimeLinks).

use std::collections::BTreeSet;

use application::port::{AmendedUser, ChangedUser, IssuedLink, LinkUse, UsedLink, UserChange};
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{AuditEvent, LinkKind, LinkPurpose, OneTimeLink, User};

use super::Stores;
use super::fixture::{Grant, actions, after, digest, event, history, keep_user, now, user};
use super::race::{ROUNDS, TASKS, concurrently, count};

/// A link whose token is `name`, of one minute.
fn link(name: &str, purpose: LinkPurpose, user: &User) -> OneTimeLink {
    OneTimeLink { digest: digest(name), user: user.id, purpose, expires_at: after(60) }
}

fn issue_event(user: &User) -> AuditEvent {
    event("link.issue", &user.id)
}

async fn issue(stores: &Stores, name: &str, purpose: LinkPurpose, user: &User) -> IssuedLink {
    let link = link(name, purpose, user);
    stores.one_time_links.issue(&link, user.email(), &issue_event(user)).await.unwrap()
}

/// Issues a link whose token is `name`.
pub(crate) async fn issued(stores: &Stores, name: &str, purpose: LinkPurpose, user: &User) {
    assert_eq!(issue(stores, name, purpose, user).await, IssuedLink::Done);
}

/// The link whose token is `name`, and its user.
pub(crate) async fn found(stores: &Stores, name: &str, at: DateTime<Utc>) -> Option<(OneTimeLink, User)> {
    stores.one_time_links.find(digest(name), at).await.unwrap()
}

fn password() -> LinkUse {
    LinkUse::Password(PasswordHash::new("$argon2id$new".to_owned()))
}

fn change_of_email() -> LinkPurpose {
    LinkPurpose::EmailChange("new@example.com".to_owned())
}

/// Every purpose, with what it is redeemed with.
fn uses() -> [(LinkPurpose, LinkUse); 3] {
    [
        (LinkPurpose::Invitation, password()),
        (LinkPurpose::PasswordReset, password()),
        (change_of_email(), LinkUse::Email),
    ]
}

/// A user who was invited.
fn invited(name: &str) -> User {
    User { password: None, ..user(name) }
}

async fn redeem_at(stores: &Stores, name: &str, with: &LinkUse, at: DateTime<Utc>) -> UsedLink {
    let used = event("link.use", &name);
    stores.one_time_links.redeem(digest(name), with, at, &used).await.unwrap()
}

async fn redeem(stores: &Stores, name: &str, with: &LinkUse) -> UsedLink {
    redeem_at(stores, name, with, now()).await
}

async fn reread(stores: &Stores, user: &User) -> User {
    stores.users.find(user.id).await.unwrap().unwrap()
}

pub async fn an_issued_link_is_found_with_its_user_until_it_expires_and_nothing_is_used_up(stores: &Stores) {
    let ada = invited("ada");
    keep_user(stores, &ada).await;
    for (purpose, _) in uses() {
        let name = purpose.kind().as_str();
        issued(stores, name, purpose.clone(), &ada).await;
        for at in [now(), after(59), after(59)] {
            assert_eq!(found(stores, name, at).await, Some((link(name, purpose.clone(), &ada), ada.clone())));
        }
        assert_eq!(found(stores, name, after(60)).await, None);
    }
    assert_eq!(found(stores, "other", now()).await, None);
    assert_eq!(actions(stores).await, ["link.issue", "link.issue", "link.issue", "user.create"]);
}

pub async fn a_new_link_ends_the_earlier_one_of_its_kind_and_of_its_user_only(stores: &Stores) {
    let (ada, bob) = (invited("ada"), invited("bob"));
    for user in [&ada, &bob] {
        keep_user(stores, user).await;
        for (purpose, _) in uses() {
            let name = format!("{} {}", user.username.as_str(), purpose.kind().as_str());
            issued(stores, &name, purpose, user).await;
        }
    }
    issued(stores, "newer", LinkPurpose::PasswordReset, &ada).await;
    assert_eq!(found(stores, "ada password_reset", now()).await, None);
    assert_eq!(redeem(stores, "ada password_reset", &password()).await, UsedLink::Invalid);
    for name in ["newer", "ada invitation", "ada email_change", "bob invitation", "bob password_reset"] {
        assert!(found(stores, name, now()).await.is_some(), "{name}");
    }
}

pub async fn of_concurrent_links_of_a_kind_one_is_left(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    for round in 0..5 {
        let name = |task: usize| format!("{round} {task}");
        concurrently(TASKS, |task| {
            let (stores, ada, name) = (stores.clone(), ada.clone(), name(task));
            async move { issued(&stores, &name, LinkPurpose::PasswordReset, &ada).await }
        })
        .await;
        let mut left = 0;
        for task in 0..TASKS {
            left += usize::from(found(stores, &name(task), now()).await.is_some());
        }
        assert_eq!(left, 1, "round {round}");
    }
}

pub async fn an_unknown_or_disabled_user_gets_no_link(stores: &Stores) {
    let (nobody, bob) = (user("nobody"), user("bob"));
    keep_user(stores, &bob).await;
    let disabling = event("user.disable", &bob.id);
    stores.users.change(bob.id, &UserChange::Disable, now(), &disabling).await.unwrap();
    for user in [&nobody, &bob] {
        assert_eq!(issue(stores, "link", LinkPurpose::PasswordReset, user).await, IssuedLink::Unknown);
        assert_eq!(found(stores, "link", now()).await, None);
    }
    assert_eq!(actions(stores).await, ["user.disable", "user.create"]);
}

pub async fn no_link_is_kept_for_a_user_whose_email_address_has_changed_since_it_was_read(stores: &Stores) {
    let read = invited("ada");
    keep_user(stores, &read).await;
    let changed =
        User { updated_at: after(1), ..read.clone() }.with_verified_email("new@example.com").unwrap();
    let amended = stores.users.amend(&read, &changed, &event("user", &read.id)).await;
    assert_eq!(amended.unwrap(), AmendedUser::Done);
    for (purpose, _) in uses() {
        let name = purpose.kind().as_str();
        assert_eq!(issue(stores, name, purpose.clone(), &read).await, IssuedLink::AddressChanged);
        assert_eq!(found(stores, name, now()).await, None);
        assert_eq!(issue(stores, name, purpose, &changed).await, IssuedLink::Done);
    }
}

pub async fn a_user_who_has_a_password_gets_no_invitation(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    assert_eq!(issue(stores, "link", LinkPurpose::Invitation, &ada).await, IssuedLink::HasPassword);
    assert_eq!(found(stores, "link", now()).await, None);
    assert_eq!(actions(stores).await, ["user.create"]);
}

pub async fn a_redeemed_link_is_spent_and_leaves_its_event(stores: &Stores) {
    for (purpose, with) in uses() {
        let name = purpose.kind().as_str();
        let ada = invited(name);
        keep_user(stores, &ada).await;
        issued(stores, name, purpose, &ada).await;
        assert_eq!(redeem(stores, name, &with).await, UsedLink::Done, "{name}");
        assert_eq!(found(stores, name, now()).await, None);
        assert_eq!(redeem(stores, name, &with).await, UsedLink::Invalid);
        assert_eq!(actions(stores).await[..2], ["link.use", "link.issue"]);
    }
}

pub async fn a_used_link_is_in_the_sign_in_history(stores: &Stores) {
    for (number, (purpose, with)) in uses().into_iter().enumerate() {
        let (name, user) = (format!("link-{number}"), invited(&format!("user-{number}")));
        keep_user(stores, &user).await;
        issued(stores, &name, purpose, &user).await;
        assert_eq!(redeem_at(stores, &name, &with, now()).await, UsedLink::Done);
        assert_eq!(redeem_at(stores, &name, &with, now()).await, UsedLink::Invalid);
        let kinds: BTreeSet<_> =
            history(stores, user.id).await.into_iter().map(|event| event.kind.as_str()).collect();
        let expected = match with {
            LinkUse::Password(_) => vec!["link_used", "password_changed"],
            LinkUse::Email => vec!["link_used"],
        };
        assert_eq!(kinds, expected.into_iter().collect());
    }
}

pub async fn a_password_is_set_ends_sessions_and_revokes_what_was_granted(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    issued(stores, "link", LinkPurpose::PasswordReset, &grant.user).await;
    assert_eq!(redeem_at(stores, "link", &password(), after(5)).await, UsedLink::Done);
    let LinkUse::Password(hash) = password() else { panic!("no password") };
    let expected = User { password: Some(hash), updated_at: after(5), ..grant.user.clone() };
    assert_eq!(reread(stores, &grant.user).await, expected);
    assert!(!grant.is_valid(stores, after(6)).await);
    assert!(stores.sessions.find(grant.cookie, after(6)).await.unwrap().is_none());
}

pub async fn an_email_address_is_changed_and_verified_and_no_session_ends(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    issued(stores, "link", change_of_email(), &grant.user).await;
    assert_eq!(redeem_at(stores, "link", &LinkUse::Email, after(5)).await, UsedLink::Done);
    let expected = grant.user.with_verified_email("new@example.com").unwrap();
    assert_eq!(reread(stores, &grant.user).await, User { updated_at: after(5), ..expected });
    assert!(grant.is_valid(stores, after(6)).await);
    let found = stores.users.find_by_sign_in_name(&"New@example.com".parse().unwrap()).await.unwrap();
    assert_eq!(found.map(|user| user.id), Some(grant.user.id), "the address signs in");
}

pub async fn an_email_address_that_another_user_has_got_meanwhile_changes_nothing(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    issued(stores, "link", change_of_email(), &ada).await;
    let bob = user("bob").with_verified_email("NEW@example.com").unwrap();
    keep_user(stores, &bob).await;
    assert_eq!(redeem(stores, "link", &LinkUse::Email).await, UsedLink::Invalid);
    assert_eq!(reread(stores, &ada).await, ada);
    let found = stores.users.find_by_sign_in_name(&"new@example.com".parse().unwrap()).await.unwrap();
    assert_eq!(found.map(|user| user.id), Some(bob.id));
}

pub async fn of_many_concurrent_users_who_confirm_an_email_address_one_gets_it(stores: &Stores) {
    for round in 0..ROUNDS {
        let users: Vec<_> = (0..TASKS).map(|task| user(&format!("{round} {task}"))).collect();
        let purpose = LinkPurpose::EmailChange(format!("round-{round}@example.com"));
        for user in &users {
            keep_user(stores, user).await;
            issued(stores, user.username.as_str(), purpose.clone(), user).await;
        }
        let answers = concurrently(TASKS, |task| {
            let (stores, name) = (stores.clone(), users[task].username.as_str().to_owned());
            async move { redeem(&stores, &name, &LinkUse::Email).await }
        })
        .await;
        assert_eq!(count(&answers, &UsedLink::Done), 1, "round {round}");
        assert_eq!(count(&answers, &UsedLink::Invalid), TASKS - 1, "round {round}");
    }
}

pub async fn a_link_is_good_for_nothing_else(stores: &Stores) {
    let ada = invited("ada");
    keep_user(stores, &ada).await;
    for (purpose, with) in uses() {
        let name = purpose.kind().as_str();
        issued(stores, name, purpose, &ada).await;
        let wrong = if with == LinkUse::Email { password() } else { LinkUse::Email };
        assert_eq!(redeem(stores, name, &wrong).await, UsedLink::Invalid, "{name}");
        assert!(found(stores, name, now()).await.is_some(), "it is not spent");
    }
    assert_eq!(reread(stores, &ada).await, ada);
    assert_eq!(actions(stores).await.len(), 4);
}

pub async fn an_unknown_or_expired_link_changes_nothing(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    issued(stores, "link", LinkPurpose::PasswordReset, &ada).await;
    assert_eq!(redeem(stores, "other", &password()).await, UsedLink::Invalid);
    assert_eq!(redeem_at(stores, "link", &password(), after(60)).await, UsedLink::Invalid);
    assert_eq!(reread(stores, &ada).await, ada);
    assert!(found(stores, "link", now()).await.is_some());
    assert_eq!(actions(stores).await, ["link.issue", "user.create"]);
}

pub async fn of_concurrent_redemptions_exactly_one_is_done(stores: &Stores) {
    for (purpose, with) in uses() {
        for round in 0..ROUNDS {
            let name = format!("{}-{round}", purpose.kind().as_str());
            let ada = invited(&name);
            keep_user(stores, &ada).await;
            let purpose = match &purpose {
                LinkPurpose::EmailChange(_) => LinkPurpose::EmailChange(format!("{round}@example.com")),
                other @ (LinkPurpose::Invitation | LinkPurpose::PasswordReset) => other.clone(),
            };
            issued(stores, &name, purpose, &ada).await;
            let answers = concurrently(TASKS, |_| {
                let (stores, name, with) = (stores.clone(), name.clone(), with.clone());
                async move { redeem(&stores, &name, &with).await }
            });
            assert_eq!(count(&answers.await, &UsedLink::Done), 1, "{name}");
        }
    }
}

/// A user with one link of every kind, by the kinds' names.
async fn with_every_link(stores: &Stores, name: &str) -> User {
    let ada = invited(name);
    keep_user(stores, &ada).await;
    for (purpose, _) in uses() {
        issued(stores, &format!("{name} {}", purpose.kind().as_str()), purpose, &ada).await;
    }
    ada
}

/// How many of their links can still be redeemed.
async fn left(stores: &Stores, name: &str) -> usize {
    let mut left = 0;
    for kind in LinkKind::ALL {
        left += usize::from(found(stores, &format!("{name} {}", kind.as_str()), now()).await.is_some());
    }
    left
}

pub async fn every_link_ends_with_another_password_or_when_the_user_is_disabled_or_deleted(stores: &Stores) {
    let LinkUse::Password(hash) = password() else { panic!("no password") };
    for (name, change) in [("set", UserChange::Password(hash)), ("disabled", UserChange::Disable)] {
        let ada = with_every_link(stores, name).await;
        assert_eq!(left(stores, name).await, 3);
        let changed = stores.users.change(ada.id, &change, now(), &event("user", &ada.id)).await;
        assert_eq!(changed.unwrap(), ChangedUser::Done);
        // Also not when the user may sign in again.
        stores.users.change(ada.id, &UserChange::Enable, now(), &event("user", &ada.id)).await.unwrap();
        assert_eq!(left(stores, name).await, 0, "{name}");
    }
    let deleted = with_every_link(stores, "deleted").await;
    stores.users.delete(deleted.id, &event("user.delete", &deleted.id)).await.unwrap();
    keep_user(stores, &deleted).await;
    assert_eq!(left(stores, "deleted").await, 0);
    with_every_link(stores, "redeemed").await;
    assert_eq!(redeem(stores, "redeemed password_reset", &password()).await, UsedLink::Done);
    assert_eq!(left(stores, "redeemed").await, 0);
}

pub async fn every_link_ends_with_another_email_address_and_with_no_other_change(stores: &Stores) {
    let ada = with_every_link(stores, "ada").await;
    let renamed = User { username: "ada.l".parse().unwrap(), updated_at: after(1), ..ada.clone() };
    let amended = stores.users.amend(&ada, &renamed, &event("user", &ada.id)).await;
    assert_eq!((amended.unwrap(), left(stores, "ada").await), (AmendedUser::Done, 3));
    let moved = renamed.with_verified_email("other@example.com").unwrap();
    let amended = stores.users.amend(&renamed, &moved, &event("user", &ada.id)).await;
    assert_eq!((amended.unwrap(), left(stores, "ada").await), (AmendedUser::Done, 0));
    with_every_link(stores, "bob").await;
    assert_eq!(redeem(stores, "bob email_change", &LinkUse::Email).await, UsedLink::Done);
    assert_eq!(left(stores, "bob").await, 0);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! one_time_links_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) one_time_links:
            a_used_link_is_in_the_sign_in_history,
            an_issued_link_is_found_with_its_user_until_it_expires_and_nothing_is_used_up,
            a_new_link_ends_the_earlier_one_of_its_kind_and_of_its_user_only,
            of_concurrent_links_of_a_kind_one_is_left,
            an_unknown_or_disabled_user_gets_no_link,
            no_link_is_kept_for_a_user_whose_email_address_has_changed_since_it_was_read,
            a_user_who_has_a_password_gets_no_invitation,
            a_redeemed_link_is_spent_and_leaves_its_event,
            a_password_is_set_ends_sessions_and_revokes_what_was_granted,
            an_email_address_is_changed_and_verified_and_no_session_ends,
            an_email_address_that_another_user_has_got_meanwhile_changes_nothing,
            of_many_concurrent_users_who_confirm_an_email_address_one_gets_it,
            a_link_is_good_for_nothing_else,
            an_unknown_or_expired_link_changes_nothing,
            of_concurrent_redemptions_exactly_one_is_done,
            every_link_ends_with_another_password_or_when_the_user_is_disabled_or_deleted,
            every_link_ends_with_another_email_address_and_with_no_other_change,
        }
    };
}

pub use crate::one_time_links_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = one_time_links_contract!(clause_names!());
