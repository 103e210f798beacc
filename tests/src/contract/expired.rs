//! The clauses of [`Expired`](application::port::Expired).

use application::port::{
    Attempt, AttemptKey, Completion, Counter, Limit, LinkStatus, Marked, Redeemed, Rotation, TokenStatus,
};
use chrono::{DateTime, Duration, Utc};
use domain::device::Poll;
use domain::interaction::Ending;
use domain::{Authorization, LinkPurpose, RefreshToken};

use super::Stores;
use super::fixture::{
    Grant, after, agree, claims, client, client_token, code, consent, device_code, digest, now,
    refresh_token, user_token,
};
use super::interactions::ending;
use super::mail_queue;
use super::one_time_links;
use super::pushed_requests::pushed;
use super::refusals;

const WINDOW: Duration = Duration::seconds(10);

/// Purges until nothing more is removed. Answers how many rows were removed.
async fn purge(stores: &Stores, now: DateTime<Utc>) -> u64 {
    let mut gone = 0;
    loop {
        match stores.expired.purge(now, 100).await.unwrap() {
            0 => return gone,
            more => gone += more,
        }
    }
}

async fn rotate(stores: &Stores, presented: &RefreshToken, successor: &RefreshToken) -> Rotation {
    let rotation = stores.refresh_tokens.rotate(presented.digest, successor, b"sealed", WINDOW, now()).await;
    rotation.unwrap()
}

pub async fn nothing_that_has_not_expired_is_removed(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    stores.authorization_codes.issue(digest("code"), &code(&grant.authorization)).await.unwrap();
    stores.interactions.finish(digest("i"), &ending("answer"), None).await.unwrap();
    agree(stores, &consent(&grant.user, &grant.client, "openid")).await;
    stores.set_up_links.offer(digest("link"), after(60), None).await.unwrap();
    one_time_links::issued(stores, "reset", LinkPurpose::PasswordReset, &grant.user).await;
    assert_eq!(purge(stores, after(59)).await, 0);
    assert!(one_time_links::found(stores, "reset", after(59)).await.is_some());
    assert!(grant.is_valid(stores, after(59)).await);
    assert!(stores.authorization_codes.find(digest("code")).await.unwrap().is_some());
    assert!(stores.interactions.find_ending(digest("i"), after(59)).await.unwrap().is_some());
    assert!(stores.sessions.find(grant.cookie, after(59)).await.unwrap().is_some());
    let link = stores.set_up_links.status(digest("link"), after(59)).await.unwrap();
    assert_eq!(link, LinkStatus::Open);
}

pub async fn everything_that_has_expired_is_removed_and_counted(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    stores.authorization_codes.issue(digest("code"), &code(&grant.authorization)).await.unwrap();
    stores.interactions.finish(digest("i"), &ending("answer"), None).await.unwrap();
    stores.set_up_links.offer(digest("link"), after(60), None).await.unwrap();
    one_time_links::issued(stores, "reset", LinkPurpose::PasswordReset, &grant.user).await;
    let mail = mail_queue::queued(stores, "mail", now()).await;
    stores.authorizations.revoke_token(digest("jti"), after(60)).await.unwrap();
    let limit = Limit { attempts: 1, window: Duration::seconds(60) };
    stores.attempts.count(&[Counter::new(AttemptKey::new("a", &["b"]), limit)], now()).await.unwrap();
    // After one minute: the unspent code, the interaction, both links, the revoked token, the counter.
    assert_eq!(purge(stores, after(60)).await, 6);
    assert_eq!(stores.authorization_codes.find(digest("code")).await.unwrap(), None);
    // After one day: the session, the refresh token, the authorization, the mail.
    assert_eq!(purge(stores, after(86_400)).await, 4);
    let token = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await.unwrap();
    assert_eq!(token, None);
    assert!(stores.mail_queue.take_due(mail.expires_at, mail.expires_at, 9).await.unwrap().is_empty());
}

pub async fn a_spent_code_stays_until_what_was_issued_from_it_has_expired(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let codes = &stores.authorization_codes;
    codes.issue(digest("code"), &code(&grant.authorization)).await.unwrap();
    codes.redeem(digest("code")).await.unwrap();
    purge(stores, after(86_399)).await;
    assert_eq!(codes.redeem(digest("code")).await.unwrap(), Redeemed::Again);
    purge(stores, after(86_400)).await;
    assert_eq!(codes.redeem(digest("code")).await.unwrap(), Redeemed::Unknown);
}

pub async fn an_expired_device_code_stays_for_an_hour_to_answer_its_device(stores: &Stores) {
    let codes = &stores.device_codes;
    let (key, tv) = (digest("key"), client("tv"));
    codes.issue(key, &device_code("BCDF", &tv), now()).await.unwrap();
    assert_eq!(purge(stores, after(3_659)).await, 0);
    assert_eq!(codes.poll(key, None, tv.incarnation, after(3_659)).await.unwrap(), Some(Poll::Expired));
    assert_eq!(purge(stores, after(3_660)).await, 1);
    assert_eq!(codes.poll(key, None, tv.incarnation, after(3_660)).await.unwrap(), None);
}

pub async fn an_ended_session_is_remembered_until_what_was_granted_in_it_has_expired(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    for grant in [&bound, &offline] {
        stores.sessions.end(grant.session.id, now()).await.unwrap();
    }
    assert_eq!(purge(stores, after(86_399)).await, 0);
    assert!(!bound.is_valid(stores, now()).await);
    assert!(offline.is_valid(stores, after(86_399)).await);
    // Two sessions, two authorizations, two refresh tokens.
    assert_eq!(purge(stores, after(86_400)).await, 6);
}

pub async fn an_ended_session_in_which_nothing_was_granted_is_removed(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid").await;
    let elsewhere = Grant::recorded(stores, "b", "openid").await;
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    assert_eq!(purge(stores, after(1)).await, 1);
    assert!(elsewhere.is_valid(stores, after(1)).await);
}

pub async fn what_was_granted_in_a_session_is_remembered_as_long_as_the_session_lives(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid").await;
    let short = Authorization { expires_at: after(60), ..grant.authorization.clone() };
    stores.authorizations.record(&short, None, now()).await.unwrap();
    assert_eq!(purge(stores, after(3_599)).await, 0);
    let told = [(grant.client.id.clone(), grant.client.naming().unwrap())];
    assert_eq!(stores.sessions.end(grant.session.id, after(3_599)).await.unwrap(), told);
    // First the authorization, and then its session.
    assert_eq!(purge(stores, after(3_599)).await, 2);
}

pub async fn what_was_granted_in_a_session_goes_once_both_have_ended(stores: &Stores) {
    for (name, ended, expires) in [("a", Some(30), 60), ("b", None, 4_000)] {
        let grant = Grant::prepared(stores, name, "openid").await;
        let granted = Authorization { expires_at: after(expires), ..grant.authorization.clone() };
        stores.authorizations.record(&granted, None, now()).await.unwrap();
        if let Some(ended) = ended {
            stores.sessions.end(grant.session.id, after(ended)).await.unwrap();
        }
        assert_eq!(stores.expired.purge(after(expires), 100).await.unwrap(), 2, "{name}");
    }
}

pub async fn a_family_goes_after_the_last_of_its_tokens(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let [second, third] = ["second", "third"].map(|name| refresh_token(name, &grant.authorization));
    assert_eq!(rotate(stores, &grant.refresh_token, &second).await, Rotation::Rotated);
    assert_eq!(rotate(stores, &second, &third).await, Rotation::Rotated);
    let mut gone = 0;
    for _ in 0..4 {
        gone += stores.expired.purge(after(86_400), 2).await.unwrap();
    }
    // Three tokens, the authorization, the session.
    assert_eq!(gone, 5);
}

pub async fn a_revoked_token_is_remembered_until_it_expires(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    for token in [user_token(&grant.authorization), client_token(&grant.client)] {
        stores.authorizations.revoke_token(token.token, after(7_200)).await.unwrap();
        purge(stores, after(7_199)).await;
        let status = stores.authorizations.token_status(&token, after(7_199)).await.unwrap();
        assert_eq!(status, TokenStatus::Revoked);
    }
}

pub async fn a_revocation_before_the_recording_is_remembered_until_forget_at(stores: &Stores) {
    let (kept, forgotten) =
        (Grant::prepared(stores, "a", "openid").await, Grant::prepared(stores, "b", "openid").await);
    for grant in [&kept, &forgotten] {
        let revoked = stores.authorizations.revoke(grant.authorization.id, now(), after(600)).await;
        revoked.unwrap();
    }
    purge(stores, after(599)).await;
    kept.record(stores, after(599)).await;
    assert!(!kept.is_valid(stores, after(599)).await);
    purge(stores, after(600)).await;
    forgotten.record(stores, after(600)).await;
    assert!(forgotten.is_valid(stores, after(600)).await);
    assert!(!kept.is_valid(stores, after(600)).await);
}

pub async fn of_several_revocations_before_the_recording_the_last_end_counts(stores: &Stores) {
    for ends in [[60, 600], [600, 60]] {
        let grant = Grant::prepared(stores, &format!("{}", ends[0]), "openid").await;
        for end in ends {
            stores.authorizations.revoke(grant.authorization.id, now(), after(end)).await.unwrap();
        }
        purge(stores, after(599)).await;
        grant.record(stores, after(599)).await;
        assert!(!grant.is_valid(stores, after(599)).await);
    }
}

pub async fn a_revocation_of_what_is_recorded_keeps_its_end(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    for _ in 0..2 {
        stores.authorizations.revoke(grant.authorization.id, now(), after(200_000)).await.unwrap();
    }
    assert!(!grant.is_valid(stores, now()).await);
    // The session, the refresh token, the authorization.
    assert_eq!(purge(stores, after(86_400)).await, 3);
}

pub async fn spent_refresh_tokens_stay_as_long_as_their_family_lives(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let second = RefreshToken { expires_at: after(86_400), ..refresh_token("second", &grant.authorization) };
    assert_eq!(rotate(stores, &grant.refresh_token, &second).await, Rotation::Rotated);
    // The first token expired long ago. Its reuse is still detected.
    purge(stores, after(86_399)).await;
    let again = stores
        .refresh_tokens
        .rotate(grant.refresh_token.digest, &second, b"sealed", WINDOW, after(86_399))
        .await;
    assert_eq!(again.unwrap(), Rotation::Reused);
}

pub async fn the_sealed_successor_is_removed_after_the_window(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let second = refresh_token("second", &grant.authorization);
    assert_eq!(rotate(stores, &grant.refresh_token, &second).await, Rotation::Rotated);
    for (second, kept) in [(10, &b"sealed"[..]), (11, &b""[..])] {
        purge(stores, after(second)).await;
        let found = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await;
        let spent = found.unwrap().unwrap().token.spent.unwrap();
        assert_eq!(spent.sealed_successor, kept);
    }
}

pub async fn one_purge_removes_every_sealed_successor_whose_window_is_over(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let mut family = vec![grant.refresh_token.clone()];
    for number in 0..7 {
        let next = refresh_token(&format!("number {number}"), &grant.authorization);
        assert_eq!(rotate(stores, &family[number], &next).await, Rotation::Rotated);
        family.push(next);
    }
    // A batch that is smaller than the number of rows.
    stores.expired.purge(after(11), 3).await.unwrap();
    for token in &family[..7] {
        let found = stores.refresh_tokens.find(token.digest, now()).await.unwrap().unwrap();
        assert_eq!(found.token.spent.unwrap().sealed_successor, b"");
    }
}

pub async fn an_opaque_access_token_stays_until_it_expires(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let reference = user_token(&grant.authorization);
    let claims = claims(&reference);
    let tokens = &stores.opaque_access_tokens;
    tokens.keep(digest("token"), &claims, &reference, after(60)).await.unwrap();
    purge(stores, after(59)).await;
    assert!(tokens.find(digest("token"), after(59)).await.unwrap().is_some());
    assert_eq!(purge(stores, after(60)).await, 1);
    assert_eq!(tokens.find(digest("token"), after(60)).await.unwrap(), None);
}

pub async fn a_mark_is_removed_when_it_expires_and_a_replay_does_not_prolong_it(stores: &Stores) {
    let marks = &stores.replay_marks;
    assert_eq!(marks.mark(digest("jti"), after(60)).await.unwrap(), Marked::First);
    assert_eq!(marks.mark(digest("jti"), after(120)).await.unwrap(), Marked::Seen);
    assert_eq!(purge(stores, after(60)).await, 1);
    assert_eq!(marks.mark(digest("jti"), after(120)).await.unwrap(), Marked::First);
}

pub async fn a_counter_stays_until_its_window_ends(stores: &Stores) {
    let limit = Limit { attempts: 1, window: Duration::seconds(60) };
    let key = AttemptKey::new("login", &["ada"]);
    stores.attempts.count(&[Counter::new(key, limit)], now()).await.unwrap();
    purge(stores, after(59)).await;
    let limited = stores.attempts.count(&[Counter::new(key, limit)], after(59)).await.unwrap();
    assert_eq!(limited, Attempt::Limited(after(60)));
}

pub async fn a_pushed_request_stays_until_what_was_opened_from_it_has_ended(stores: &Stores) {
    stores.pushed_requests.push(digest("one"), &pushed("one")).await.unwrap();
    stores.pushed_requests.push(digest("two"), &pushed("two")).await.unwrap();
    assert_eq!(purge(stores, after(1_859)).await, 0);
    assert_eq!(
        stores.pushed_requests.complete(digest("one"), digest("browser"), None, after(1_859)).await.unwrap(),
        Completion::Completed
    );
    assert_eq!(purge(stores, after(1_860)).await, 2);
    assert_eq!(stores.pushed_requests.find(digest("two"), now()).await.unwrap(), None);
}

pub async fn a_refusal_stays_until_it_expires(stores: &Stores) {
    refusals::record(stores, &[refusals::refused(0, Some("web"), "192.0.2.7")]).await;
    assert_eq!((purge(stores, after(59)).await, purge(stores, after(60)).await), (0, 1));
}

pub async fn an_initial_access_token_stays_until_it_expires_even_when_it_is_used_up(stores: &Stores) {
    let token = super::initial_access_tokens::token("token", 0);
    super::initial_access_tokens::keep(stores, &token).await;
    assert_eq!(purge(stores, after(59)).await, 0);
    assert_eq!(stores.initial_access_tokens.list(None, 2).await.unwrap(), [token]);
    assert_eq!(purge(stores, after(60)).await, 1);
    assert!(stores.initial_access_tokens.list(None, 2).await.unwrap().is_empty());
}

pub async fn a_batch_limits_what_is_removed_at_once(stores: &Stores) {
    for number in 0..5 {
        let key = digest(&format!("{number}"));
        stores.interactions.finish(key, &ending("answer"), None).await.unwrap();
        stores.authorizations.revoke_token(key, after(60)).await.unwrap();
    }
    let mut gone = Vec::new();
    for _ in 0..4 {
        gone.push(stores.expired.purge(after(60), 2).await.unwrap());
    }
    assert_eq!(gone, [4, 4, 2, 0]);
}

pub async fn what_has_not_expired_takes_no_place_in_a_batch(stores: &Stores) {
    let limit = Limit { attempts: 1, window: Duration::seconds(60) };
    for number in 0..5 {
        let name = format!("{number}");
        let at = if number == 3 { now() } else { after(30) };
        stores.attempts.count(&[Counter::new(AttemptKey::new("a", &[&name]), limit)], at).await.unwrap();
        let ending = Ending { expires_at: at + Duration::seconds(60), ..ending("answer") };
        stores.interactions.finish(digest(&name), &ending, None).await.unwrap();
    }
    assert_eq!(stores.expired.purge(after(60), 1).await.unwrap(), 2);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! expired_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) expired:
            nothing_that_has_not_expired_is_removed,
            everything_that_has_expired_is_removed_and_counted,
            a_spent_code_stays_until_what_was_issued_from_it_has_expired,
            an_expired_device_code_stays_for_an_hour_to_answer_its_device,
            an_ended_session_is_remembered_until_what_was_granted_in_it_has_expired,
            an_ended_session_in_which_nothing_was_granted_is_removed,
            what_was_granted_in_a_session_is_remembered_as_long_as_the_session_lives,
            what_was_granted_in_a_session_goes_once_both_have_ended,
            a_family_goes_after_the_last_of_its_tokens,
            a_revoked_token_is_remembered_until_it_expires,
            a_revocation_before_the_recording_is_remembered_until_forget_at,
            of_several_revocations_before_the_recording_the_last_end_counts,
            a_revocation_of_what_is_recorded_keeps_its_end,
            spent_refresh_tokens_stay_as_long_as_their_family_lives,
            the_sealed_successor_is_removed_after_the_window,
            one_purge_removes_every_sealed_successor_whose_window_is_over,
            an_opaque_access_token_stays_until_it_expires,
            a_mark_is_removed_when_it_expires_and_a_replay_does_not_prolong_it,
            a_counter_stays_until_its_window_ends,
            a_pushed_request_stays_until_what_was_opened_from_it_has_ended,
            a_refusal_stays_until_it_expires,
            an_initial_access_token_stays_until_it_expires_even_when_it_is_used_up,
            a_batch_limits_what_is_removed_at_once,
            what_has_not_expired_takes_no_place_in_a_batch,
        }
    };
}

pub use crate::expired_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = expired_contract!(clause_names!());
