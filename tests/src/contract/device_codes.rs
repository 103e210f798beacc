//! The clauses of [`DeviceCodes`](application::port::DeviceCodes).

use application::port::IssuedDeviceCode;
use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision, Poll, Redemption};
use domain::{DeviceCode, Incarnation};

use super::Stores;
use super::fixture::{after, authorization, client, device_code, digest, made_again, now, session, user};
use super::race::{ROUNDS, TASKS, concurrently, count};

fn tv() -> Incarnation {
    client("tv").incarnation
}

fn approval(name: &str) -> Decision {
    let (client, user) = (client("tv"), user("ada"));
    let session = session("browser", &user);
    Decision::Approve(Box::new(authorization(name, &client, &user, Some(&session), "openid read")))
}

fn approved(name: &str) -> Poll {
    match approval(name) {
        Decision::Approve(authorization) => Poll::Approved(authorization),
        Decision::Deny => Poll::Denied,
    }
}

/// Issues a code whose key and user code have the same name.
async fn issue(stores: &Stores, name: &str, now: DateTime<Utc>) -> IssuedDeviceCode {
    let code = device_code(name, &client("tv"));
    stores.device_codes.issue(digest(&format!("key of {name}")), &code, now).await.unwrap()
}

async fn poll(stores: &Stores, name: &str, now: DateTime<Utc>) -> Option<Poll> {
    stores.device_codes.poll(digest(&format!("key of {name}")), None, tv(), now).await.unwrap()
}

async fn decide(stores: &Stores, name: &str, decision: Decision, now: DateTime<Utc>) -> Decided {
    stores.device_codes.decide(digest(name), &decision, now).await.unwrap()
}

async fn redeem(stores: &Stores, name: &str) -> Option<Redemption> {
    stores.device_codes.redeem(digest(&format!("key of {name}"))).await.unwrap()
}

async fn find(stores: &Stores, name: &str, now: DateTime<Utc>) -> Option<DeviceCode> {
    stores.device_codes.find(digest(name), now).await.unwrap()
}

pub async fn a_code_is_found_by_its_user_code_as_it_was_issued(stores: &Stores) {
    assert_eq!(issue(stores, "one", now()).await, IssuedDeviceCode::Done);
    assert_eq!(find(stores, "one", now()).await, Some(device_code("one", &client("tv"))));
    assert_eq!(find(stores, "none", now()).await, None);
}

pub async fn a_code_that_was_never_issued_is_unknown(stores: &Stores) {
    assert_eq!(poll(stores, "none", now()).await, None);
    assert_eq!(redeem(stores, "none").await, None);
    assert_eq!(decide(stores, "none", Decision::Deny, now()).await, Decided::TooLate);
}

pub async fn a_user_code_is_free_again_when_its_code_has_expired(stores: &Stores) {
    issue(stores, "one", now()).await;
    issue(stores, "other", now()).await;
    let second = DeviceCode { expires_at: after(120), ..device_code("one", &client("tv")) };
    for (second_now, issued) in [(59, IssuedDeviceCode::UserCodeTaken), (60, IssuedDeviceCode::Done)] {
        let answer = stores.device_codes.issue(digest("second"), &second, after(second_now)).await;
        assert_eq!(answer.unwrap(), issued);
    }
    // Another one is left alone: the clock of another node may be behind.
    assert!(find(stores, "other", after(59)).await.is_some());
    // The user decides about the second code. The first device still gets the answer that its code has expired.
    assert_eq!(decide(stores, "one", Decision::Deny, after(60)).await, Decided::First);
    assert_eq!(poll(stores, "one", after(60)).await, Some(Poll::Expired));
    let second = stores.device_codes.poll(digest("second"), None, tv(), after(60)).await.unwrap();
    assert_eq!(second, Some(Poll::Denied));
}

pub async fn a_user_code_that_was_decided_about_is_not_free_before_it_expires(stores: &Stores) {
    issue(stores, "one", now()).await;
    decide(stores, "one", Decision::Deny, now()).await;
    let again = device_code("one", &client("tv"));
    let issued = stores.device_codes.issue(digest("second"), &again, after(1)).await.unwrap();
    assert_eq!(issued, IssuedDeviceCode::UserCodeTaken);
    assert_eq!(poll(stores, "one", after(1)).await, Some(Poll::Denied));
}

pub async fn of_concurrent_issues_of_one_user_code_exactly_one_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let code = device_code(&format!("{round}"), &client("tv"));
        let answers = concurrently(TASKS, |task| {
            let (codes, code) = (stores.device_codes.clone(), code.clone());
            let key = digest(&format!("{round} {task}"));
            async move { codes.issue(key, &code, now()).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &IssuedDeviceCode::Done), 1);
        assert_eq!(count(&answers, &IssuedDeviceCode::UserCodeTaken), TASKS - 1);
    }
}

pub async fn issuing_under_a_key_that_is_taken_never_revives_a_redeemed_code(stores: &Stores) {
    issue(stores, "one", now()).await;
    decide(stores, "one", approval("one"), now()).await;
    redeem(stores, "one").await;
    let other = device_code("other", &client("tv"));
    assert!(stores.device_codes.issue(digest("key of one"), &other, now()).await.is_err());
    assert_eq!(redeem(stores, "one").await, Some(Redemption::Again));
}

pub async fn a_code_that_was_decided_about_or_has_expired_is_not_found(stores: &Stores) {
    issue(stores, "one", now()).await;
    assert!(find(stores, "one", after(59)).await.is_some());
    assert_eq!(find(stores, "one", after(60)).await, None);
    decide(stores, "one", approval("one"), now()).await;
    assert_eq!(find(stores, "one", now()).await, None);
}

pub async fn an_expired_code_is_not_decided_about(stores: &Stores) {
    issue(stores, "one", now()).await;
    assert_eq!(decide(stores, "one", approval("one"), after(60)).await, Decided::TooLate);
    assert_eq!(poll(stores, "one", after(60)).await, Some(Poll::Expired));
}

pub async fn a_poll_answers_what_was_decided(stores: &Stores) {
    for name in ["one", "two"] {
        issue(stores, name, now()).await;
        assert_eq!(poll(stores, name, now()).await, Some(Poll::Pending));
    }
    assert_eq!(decide(stores, "one", approval("one"), after(1)).await, Decided::First);
    assert_eq!(decide(stores, "two", Decision::Deny, after(1)).await, Decided::First);
    assert_eq!(poll(stores, "one", after(2)).await, Some(approved("one")));
    assert_eq!(poll(stores, "two", after(2)).await, Some(Poll::Denied));
}

pub async fn one_of_many_concurrent_decisions_is_first(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("{round}");
        issue(stores, &name, now()).await;
        let answers = concurrently(TASKS, |task| {
            let codes = stores.device_codes.clone();
            let user_code = digest(&name);
            let decision = if task % 2 == 0 { approval(&format!("{round} {task}")) } else { Decision::Deny };
            async move { codes.decide(user_code, &decision, now()).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Decided::First), 1);
        // The device gets the decision of that caller.
        let winner = answers.iter().position(|answer| *answer == Decided::First).unwrap();
        let told = if winner % 2 == 0 { approved(&format!("{round} {winner}")) } else { Poll::Denied };
        assert_eq!(poll(stores, &name, now()).await, Some(told));
    }
}

pub async fn every_early_poll_is_remembered(stores: &Stores) {
    issue(stores, "one", now()).await;
    for (second, told) in [
        (0, Poll::Pending),
        (4, Poll::SlowDown),  // from now on 10 s
        (13, Poll::SlowDown), // from now on 15 s
        (28, Poll::Pending),
    ] {
        assert_eq!(poll(stores, "one", after(second)).await, Some(told), "at {second}");
    }
}

pub async fn of_concurrent_early_polls_none_is_lost(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("{round}");
        issue(stores, &name, now()).await;
        let key = digest(&format!("key of {round}"));
        let seen = stores.device_codes.look_at(key).await.unwrap();
        let answers = concurrently(TASKS, |task| {
            let codes = stores.device_codes.clone();
            let seen = seen.clone().filter(|_| task % 4 != 0);
            async move { codes.poll(key, seen.as_ref(), tv(), now()).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Some(Poll::Pending)), 1);
        assert_eq!(count(&answers, &Some(Poll::SlowDown)), TASKS - 1);
        let kept = find(stores, &name, now()).await.unwrap();
        assert_eq!(kept.pace.interval_seconds, 5 + 5 * 15);
    }
}

pub async fn what_was_seen_before_the_user_decided_is_no_answer(stores: &Stores) {
    issue(stores, "one", now()).await;
    let key = digest("key of one");
    let seen = stores.device_codes.look_at(key).await.unwrap();
    assert_eq!(seen, find(stores, "one", now()).await);
    assert_eq!(stores.device_codes.look_at(digest("none")).await.unwrap(), None);
    assert_eq!(decide(stores, "one", Decision::Deny, now()).await, Decided::First);
    let polled = stores.device_codes.poll(key, seen.as_ref(), tv(), after(5)).await.unwrap();
    assert_eq!(polled, Some(Poll::Denied));
}

pub async fn another_client_learns_nothing_and_changes_nothing(stores: &Stores) {
    issue(stores, "one", now()).await;
    let before = find(stores, "one", now()).await;
    for other in [client("other"), made_again(&client("tv"))] {
        let polled =
            stores.device_codes.poll(digest("key of one"), None, other.incarnation, now()).await.unwrap();
        assert_eq!(polled, Some(Poll::OtherClient));
        assert_eq!(find(stores, "one", now()).await, before);
    }
}

pub async fn only_an_approved_code_is_redeemed_and_a_second_time_is_again(stores: &Stores) {
    for name in ["one", "two"] {
        issue(stores, name, now()).await;
        assert_eq!(redeem(stores, name).await, Some(Redemption::NotApproved));
    }
    decide(stores, "one", approval("one"), now()).await;
    decide(stores, "two", Decision::Deny, now()).await;
    assert_eq!(redeem(stores, "two").await, Some(Redemption::NotApproved));
    assert_eq!(redeem(stores, "one").await, Some(Redemption::First));
    for _ in 0..2 {
        assert_eq!(redeem(stores, "one").await, Some(Redemption::Again));
        assert_eq!(poll(stores, "one", now()).await, Some(Poll::Redeemed));
    }
}

pub async fn one_of_many_concurrent_redemptions_is_first(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("{round}");
        issue(stores, &name, now()).await;
        decide(stores, &name, approval(&name), now()).await;
        let answers = concurrently(TASKS, |_| {
            let codes = stores.device_codes.clone();
            let key = digest(&format!("key of {round}"));
            async move { codes.redeem(key).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Some(Redemption::First)), 1);
        assert_eq!(count(&answers, &Some(Redemption::Again)), TASKS - 1);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! device_codes_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) device_codes:
            a_code_is_found_by_its_user_code_as_it_was_issued,
            a_code_that_was_never_issued_is_unknown,
            a_user_code_is_free_again_when_its_code_has_expired,
            a_user_code_that_was_decided_about_is_not_free_before_it_expires,
            of_concurrent_issues_of_one_user_code_exactly_one_is_done,
            issuing_under_a_key_that_is_taken_never_revives_a_redeemed_code,
            a_code_that_was_decided_about_or_has_expired_is_not_found,
            an_expired_code_is_not_decided_about,
            a_poll_answers_what_was_decided,
            one_of_many_concurrent_decisions_is_first,
            every_early_poll_is_remembered,
            of_concurrent_early_polls_none_is_lost,
            what_was_seen_before_the_user_decided_is_no_answer,
            another_client_learns_nothing_and_changes_nothing,
            only_an_approved_code_is_redeemed_and_a_second_time_is_again,
            one_of_many_concurrent_redemptions_is_first,
        }
    };
}

pub use crate::device_codes_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = device_codes_contract!(clause_names!());
