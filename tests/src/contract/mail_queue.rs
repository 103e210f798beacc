//! The clauses of [`MailQueue`](application::port::MailQueue).

use application::port::{AmendedUser, LinkUse, UserChange};
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{AuditEvent, LinkPurpose, MailId, QueuedMail, User};

use super::Stores;
use super::fixture::{after, digest, event, keep_user, now, user};
use super::race::{ROUNDS, TASKS, concurrently};

fn mail(name: &str, queued_at: DateTime<Utc>) -> QueuedMail {
    QueuedMail {
        id: MailId::from_random(digest(name).as_bytes()[..16].try_into().unwrap()),
        sealed: format!("the sealed mail {name}"),
        queued_at,
        expires_at: after(3_600),
        attempts: 0,
    }
}

/// Queues a mail, which waits from `queued_at` on.
pub(crate) async fn queued(stores: &Stores, name: &str, queued_at: DateTime<Utc>) -> QueuedMail {
    let mail = mail(name, queued_at);
    stores.mail_queue.queue(&mail).await.unwrap();
    mail
}

fn attempted(mail: &QueuedMail, attempts: u32) -> QueuedMail {
    QueuedMail { attempts, ..mail.clone() }
}

async fn take_some(stores: &Stores, at: DateTime<Utc>, limit: u32) -> Vec<QueuedMail> {
    stores.mail_queue.take_due(at, at + chrono::Duration::seconds(60), limit).await.unwrap()
}

async fn take(stores: &Stores, at: DateTime<Utc>) -> Vec<QueuedMail> {
    take_some(stores, at, 100).await
}

/// An event with a mail.
fn telling(name: &str, user: &User) -> AuditEvent {
    AuditEvent { mails: vec![mail(name, now())], ..event(name, &user.id) }
}

pub async fn a_queued_mail_is_due_at_once(stores: &Stores) {
    let first = queued(stores, "first", now()).await;
    let later = queued(stores, "later", after(1)).await;
    assert_eq!(take(stores, now()).await, [attempted(&first, 1)]);
    assert_eq!(take(stores, after(1)).await, [attempted(&later, 1)]);
}

pub async fn an_administrative_write_queues_the_mails_of_its_event(stores: &Stores) {
    let ada = user("ada");
    stores.users.insert(&ada, &telling("insert", &ada)).await.unwrap();
    let hash = PasswordHash::new("$argon2id$new".to_owned());
    let change = UserChange::Password(hash.clone());
    stores.users.change(ada.id, &change, now(), &telling("change", &ada)).await.unwrap();
    let link = domain::OneTimeLink {
        digest: digest("link"),
        user: ada.id,
        purpose: LinkPurpose::PasswordReset,
        expires_at: after(60),
    };
    stores.one_time_links.issue(&link, ada.email(), &telling("issue", &ada)).await.unwrap();
    let with = LinkUse::Password(hash);
    stores.one_time_links.redeem(link.digest, &with, now(), &telling("redeem", &ada)).await.unwrap();
    let before = stores.users.find(ada.id).await.unwrap().unwrap();
    let after = before.with_verified_email("new@example.com").unwrap();
    assert_eq!(
        stores.users.amend(&before, &after, &telling("amend", &ada)).await.unwrap(),
        AmendedUser::Done
    );
    stores.users.delete(ada.id, &telling("delete", &ada)).await.unwrap();
    let mut told: Vec<_> = take(stores, now()).await.into_iter().map(|mail| mail.sealed).collect();
    told.sort();
    let expected = ["amend", "change", "delete", "insert", "issue", "redeem"];
    assert_eq!(told, expected.map(|name| format!("the sealed mail {name}")));
}

pub async fn a_write_that_changes_nothing_queues_nothing(stores: &Stores) {
    let (ada, nobody) = (user("ada"), user("nobody"));
    keep_user(stores, &ada).await;
    stores.users.insert(&ada, &telling("insert", &ada)).await.unwrap();
    let hash = PasswordHash::new("$argon2id$new".to_owned());
    let change = UserChange::Password(hash.clone());
    stores.users.change(nobody.id, &change, now(), &telling("change", &ada)).await.unwrap();
    stores.users.amend(&nobody, &nobody, &telling("amend", &ada)).await.unwrap();
    let (with, used) = (LinkUse::Password(hash), telling("redeem", &ada));
    stores.one_time_links.redeem(digest("link"), &with, now(), &used).await.unwrap();
    stores.users.delete(nobody.id, &telling("delete", &ada)).await.unwrap();
    assert_eq!(take(stores, after(60)).await, []);
}

pub async fn a_mail_that_is_taken_is_due_again_when_its_time_ends_with_one_more_attempt(stores: &Stores) {
    let mail = queued(stores, "a", now()).await;
    assert_eq!(take(stores, now()).await, [attempted(&mail, 1)]);
    assert_eq!(take(stores, after(59)).await, []);
    assert_eq!(take(stores, after(60)).await, [attempted(&mail, 2)]);
}

pub async fn of_concurrent_callers_exactly_one_gets_a_mail(stores: &Stores) {
    for round in 0..ROUNDS {
        let mail = queued(stores, &format!("{round}"), now()).await;
        let taken = concurrently(TASKS, |_| {
            let stores = stores.clone();
            async move { take(&stores, now()).await }
        })
        .await;
        let taken: Vec<_> = taken.into_iter().flatten().collect();
        assert_eq!(taken, [attempted(&mail, 1)], "round {round}");
    }
}

pub async fn up_to_limit_mails_are_taken_the_one_that_waits_longest_first(stores: &Stores) {
    for (name, at) in [("late", 2), ("early", 0), ("middle", 1)] {
        queued(stores, name, after(at)).await;
    }
    for name in ["early", "middle", "late"] {
        let taken: Vec<_> =
            take_some(stores, after(2), 1).await.into_iter().map(|mail| mail.sealed).collect();
        assert_eq!(taken, [format!("the sealed mail {name}")]);
    }
    assert_eq!(take(stores, after(2)).await, []);
}

pub async fn a_settled_mail_is_deleted(stores: &Stores) {
    let (sent, other) = (queued(stores, "a", now()).await, queued(stores, "b", now()).await);
    take(stores, now()).await;
    stores.mail_queue.settle(&sent).await.unwrap();
    assert_eq!(take(stores, after(60)).await, [attempted(&other, 2)]);
}

pub async fn a_postponed_mail_is_due_at_its_instant(stores: &Stores) {
    let mail = queued(stores, "a", now()).await;
    let [taken] = take(stores, now()).await.try_into().unwrap();
    stores.mail_queue.postpone(&taken, after(5)).await.unwrap();
    assert_eq!(take(stores, after(4)).await, []);
    assert_eq!(take(stores, after(5)).await, [attempted(&mail, 2)]);
}

pub async fn a_mail_that_another_caller_took_is_not_postponed(stores: &Stores) {
    queued(stores, "a", now()).await;
    let [first] = take(stores, now()).await.try_into().unwrap();
    let [second] = take(stores, after(60)).await.try_into().unwrap();
    stores.mail_queue.postpone(&first, after(61)).await.unwrap();
    assert_eq!(take(stores, after(61)).await, []);
    stores.mail_queue.postpone(&second, after(62)).await.unwrap();
    assert_eq!(take(stores, after(62)).await.len(), 1);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! mail_queue_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) mail_queue:
            a_queued_mail_is_due_at_once,
            an_administrative_write_queues_the_mails_of_its_event,
            a_write_that_changes_nothing_queues_nothing,
            a_mail_that_is_taken_is_due_again_when_its_time_ends_with_one_more_attempt,
            of_concurrent_callers_exactly_one_gets_a_mail,
            up_to_limit_mails_are_taken_the_one_that_waits_longest_first,
            a_settled_mail_is_deleted,
            a_postponed_mail_is_due_at_its_instant,
            a_mail_that_another_caller_took_is_not_postponed,
        }
    };
}

pub use crate::mail_queue_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = mail_queue_contract!(clause_names!());
