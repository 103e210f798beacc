//! The clauses of [`RefreshTokens`](application::port::RefreshTokens).

use application::port::Rotation;
use chrono::{DateTime, Duration, Utc};
use domain::{Digest, RefreshToken};

use super::Stores;
use super::fixture::{Grant, after, authorization, digest, now, refresh_token};
use super::race::{ROUNDS, TASKS, concurrently, count};

const WINDOW: Duration = Duration::seconds(10);

fn sealed(name: &str) -> Vec<u8> {
    format!("sealed {name}").into_bytes()
}

/// Rotates `presented` into the refresh token named `successor`.
async fn rotate(
    stores: &Stores,
    presented: Digest,
    successor: &RefreshToken,
    window: Duration,
    now: DateTime<Utc>,
) -> Rotation {
    let sealed = successor.digest.to_base64url().into_bytes();
    let rotation = stores.refresh_tokens.rotate(presented, successor, &sealed, window, now).await;
    rotation.unwrap()
}

fn retry(successor: &RefreshToken) -> Rotation {
    Rotation::Retry { sealed_successor: successor.digest.to_base64url().into_bytes() }
}

pub async fn a_token_is_found_with_its_authorization_spent_or_not(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid read").await;
    let first = &grant.refresh_token;
    let found = stores.refresh_tokens.find(first.digest, now()).await.unwrap().unwrap();
    assert_eq!(found.token, *first);
    assert_eq!(found.authorization, grant.authorization);
    assert!(found.is_valid);

    let second = refresh_token("second", &grant.authorization);
    let rotation =
        stores.refresh_tokens.rotate(first.digest, &second, &sealed("second"), WINDOW, after(5)).await;
    assert_eq!(rotation.unwrap(), Rotation::Rotated);
    let spent = stores.refresh_tokens.find(first.digest, after(6)).await.unwrap().unwrap();
    let spent = spent.token.spent.unwrap();
    assert_eq!(
        (spent.at, spent.successor, spent.sealed_successor),
        (after(5), second.digest, sealed("second"))
    );
    let found = stores.refresh_tokens.find(second.digest, after(6)).await.unwrap().unwrap();
    assert_eq!(found.token, second);
}

pub async fn a_token_is_found_with_the_end_of_its_session_unless_it_is_offline(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let found = stores.refresh_tokens.find(bound.refresh_token.digest, now()).await.unwrap().unwrap();
    assert_eq!(found.session_expires_at, Some(bound.session.expires_at));
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    let found = stores.refresh_tokens.find(offline.refresh_token.digest, now()).await.unwrap().unwrap();
    assert_eq!(found.session_expires_at, None);
}

pub async fn an_expired_token_is_found_and_not_rotated(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let token = &grant.refresh_token;
    assert!(stores.refresh_tokens.find(token.digest, token.expires_at).await.unwrap().is_some());
    let successor = refresh_token("successor", &grant.authorization);
    assert_eq!(rotate(stores, token.digest, &successor, WINDOW, token.expires_at).await, Rotation::Refused);
    assert_eq!(stores.refresh_tokens.find(successor.digest, now()).await.unwrap(), None);
}

pub async fn an_unknown_token_is_refused(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let unknown = digest("unknown");
    assert_eq!(stores.refresh_tokens.find(unknown, now()).await.unwrap(), None);
    let successor = refresh_token("successor", &grant.authorization);
    assert_eq!(rotate(stores, unknown, &successor, WINDOW, now()).await, Rotation::Refused);
    assert_eq!(stores.refresh_tokens.find(successor.digest, now()).await.unwrap(), None);
}

pub async fn a_successor_of_another_family_or_client_is_refused(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    let foreign = refresh_token("foreign", &other.authorization);
    assert_eq!(rotate(stores, grant.refresh_token.digest, &foreign, WINDOW, now()).await, Rotation::Refused);
    assert!(grant.is_valid(stores, now()).await && other.is_valid(stores, now()).await);
    // Neither another authorization of the same client, nor another client.
    let again = authorization("c", &grant.client, &grant.user, Some(&grant.session), "openid");
    stores.authorizations.record(&again, None, now()).await.unwrap();
    let own = refresh_token("own", &grant.authorization);
    let of_other_client = RefreshToken { client: other.client.id.clone(), ..own.clone() };
    for foreign in [refresh_token("foreign", &again), of_other_client] {
        let rotated = rotate(stores, grant.refresh_token.digest, &foreign, WINDOW, now()).await;
        assert_eq!(rotated, Rotation::Refused);
    }
    let rotated = rotate(stores, grant.refresh_token.digest, &own, WINDOW, now()).await;
    assert_eq!(rotated, Rotation::Rotated);
}

pub async fn a_token_of_an_invalid_authorization_is_refused(stores: &Stores) {
    let revoked = Grant::recorded(stores, "a", "openid").await;
    let ended = Grant::recorded(stores, "b", "openid").await;
    stores.authorizations.revoke(revoked.authorization.id, now(), after(86_400)).await.unwrap();
    stores.sessions.end(ended.session.id, now()).await.unwrap();
    for grant in [revoked, ended] {
        let successor = refresh_token("successor", &grant.authorization);
        assert_eq!(
            rotate(stores, grant.refresh_token.digest, &successor, WINDOW, now()).await,
            Rotation::Refused
        );
        let found = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await;
        let found = found.unwrap().unwrap();
        assert!(!found.is_valid && found.token.spent.is_none());
    }
}

pub async fn a_retry_within_the_window_gets_the_same_successor(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let presented = grant.refresh_token.digest;
    let (successor, other) =
        (refresh_token("successor", &grant.authorization), refresh_token("other", &grant.authorization));
    assert_eq!(rotate(stores, presented, &successor, WINDOW, now()).await, Rotation::Rotated);
    for second in [0, 10] {
        assert_eq!(rotate(stores, presented, &other, WINDOW, after(second)).await, retry(&successor));
    }
    assert_eq!(stores.refresh_tokens.find(other.digest, now()).await.unwrap(), None);
    assert!(grant.is_valid(stores, now()).await);
}

pub async fn a_retry_after_the_window_is_reuse_and_revokes_everything(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let other = Grant::recorded(stores, "b", "openid offline_access").await;
    let presented = grant.refresh_token.digest;
    let successor = refresh_token("successor", &grant.authorization);
    assert_eq!(rotate(stores, presented, &successor, WINDOW, now()).await, Rotation::Rotated);
    assert_eq!(rotate(stores, presented, &successor, WINDOW, after(11)).await, Rotation::Reused);
    assert!(!grant.is_valid(stores, after(11)).await);
    assert!(other.is_valid(stores, after(11)).await, "another family");
    let next = refresh_token("next", &grant.authorization);
    assert_eq!(rotate(stores, successor.digest, &next, WINDOW, after(11)).await, Rotation::Refused);
}

pub async fn a_retry_after_the_successor_was_used_is_reuse(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let names = ["second", "third", "fourth"].map(|name| refresh_token(name, &grant.authorization));
    let [second, third, fourth] = names;
    let first = grant.refresh_token.digest;
    assert_eq!(rotate(stores, first, &second, WINDOW, now()).await, Rotation::Rotated);
    assert_eq!(rotate(stores, second.digest, &third, WINDOW, now()).await, Rotation::Rotated);
    assert_eq!(rotate(stores, first, &fourth, WINDOW, now()).await, Rotation::Reused);
    assert!(!grant.is_valid(stores, now()).await);
}

pub async fn a_retry_after_a_revocation_is_refused(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let successor = refresh_token("successor", &grant.authorization);
    let presented = grant.refresh_token.digest;
    assert_eq!(rotate(stores, presented, &successor, WINDOW, now()).await, Rotation::Rotated);
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    assert_eq!(rotate(stores, presented, &successor, WINDOW, now()).await, Rotation::Refused);
}

pub async fn a_window_of_zero_allows_no_retry(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let successor = refresh_token("successor", &grant.authorization);
    let presented = grant.refresh_token.digest;
    let strict = Duration::zero();
    assert_eq!(rotate(stores, presented, &successor, strict, now()).await, Rotation::Rotated);
    assert_eq!(rotate(stores, presented, &successor, strict, now()).await, Rotation::Reused);
    assert!(!grant.is_valid(stores, now()).await);
}

/// The answers of `callers` concurrent rotations of the grant's token, each with its own successor.
async fn rotations(stores: &Stores, grant: &Grant, callers: usize, window: Duration) -> Vec<Rotation> {
    let presented = grant.refresh_token.digest;
    concurrently(callers, |caller| {
        let stores = stores.clone();
        let successor = refresh_token(&format!("{} {caller}", grant.authorization.id), &grant.authorization);
        async move { rotate(&stores, presented, &successor, window, now()).await }
    })
    .await
}

async fn assert_one_rotated_and_the_others_retry(stores: &Stores, grant: &Grant, callers: usize) {
    let answers = rotations(stores, grant, callers, WINDOW).await;
    assert_eq!(count(&answers, &Rotation::Rotated), 1);
    let winner = answers.iter().position(|answer| *answer == Rotation::Rotated);
    let successor =
        refresh_token(&format!("{} {}", grant.authorization.id, winner.unwrap()), &grant.authorization);
    assert_eq!(count(&answers, &retry(&successor)), callers - 1);
    let kept = stores.refresh_tokens.find(successor.digest, now()).await.unwrap();
    assert_eq!(kept.unwrap().token, successor);
}

pub async fn one_of_many_concurrent_callers_rotates_and_the_others_retry(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = Grant::recorded(stores, &format!("{round}"), "openid").await;
        assert_one_rotated_and_the_others_retry(stores, &grant, TASKS).await;
    }
}

pub async fn one_of_a_hundred_concurrent_callers_rotates_and_the_others_retry(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    assert_one_rotated_and_the_others_retry(stores, &grant, 100).await;
}

pub async fn with_a_window_of_zero_one_of_a_hundred_rotates_and_the_family_is_revoked(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let answers = rotations(stores, &grant, 100, Duration::zero()).await;
    assert_eq!(count(&answers, &Rotation::Rotated), 1);
    assert_eq!(count(&answers, &Rotation::Reused), 99);
    assert!(!grant.is_valid(stores, now()).await);
}

pub async fn a_rotation_during_a_revocation_leaves_no_valid_token(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = Grant::recorded(stores, &format!("{round}"), "openid").await;
        concurrently(TASKS, |task| {
            let (stores, authorization) = (stores.clone(), grant.authorization.clone());
            let presented = grant.refresh_token.digest;
            async move {
                if task % 2 == 0 {
                    let revoked = stores.authorizations.revoke(authorization.id, now(), after(86_400)).await;
                    revoked.unwrap();
                } else {
                    let successor = refresh_token(&format!("{round} {task}"), &authorization);
                    rotate(&stores, presented, &successor, WINDOW, now()).await;
                }
            }
        })
        .await;
        assert!(!grant.is_valid(stores, now()).await);
        for task in 0..TASKS {
            let key = digest(&format!("{round} {task}"));
            let found = stores.refresh_tokens.find(key, now()).await.unwrap();
            assert!(found.is_none_or(|presented| !presented.is_valid));
        }
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! refresh_tokens_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) refresh_tokens:
            a_token_is_found_with_its_authorization_spent_or_not,
            a_token_is_found_with_the_end_of_its_session_unless_it_is_offline,
            an_expired_token_is_found_and_not_rotated,
            an_unknown_token_is_refused,
            a_successor_of_another_family_or_client_is_refused,
            a_token_of_an_invalid_authorization_is_refused,
            a_retry_within_the_window_gets_the_same_successor,
            a_retry_after_the_window_is_reuse_and_revokes_everything,
            a_retry_after_the_successor_was_used_is_reuse,
            a_retry_after_a_revocation_is_refused,
            a_window_of_zero_allows_no_retry,
            one_of_many_concurrent_callers_rotates_and_the_others_retry,
            one_of_a_hundred_concurrent_callers_rotates_and_the_others_retry,
            with_a_window_of_zero_one_of_a_hundred_rotates_and_the_family_is_revoked,
            a_rotation_during_a_revocation_leaves_no_valid_token,
        }
    };
}

pub use crate::refresh_tokens_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = refresh_tokens_contract!(clause_names!());
