//! The clauses of [`OpaqueAccessTokens`](application::port::OpaqueAccessTokens).

use application::port::{TokenReference, TokenStatus, UserChange};
use chrono::{DateTime, Utc};
use domain::Client;

use super::Stores;
use super::fixture::{
    Grant, after, authorization, claims, client, client_token, digest, event, keep_client, keep_user,
    make_again, now, user, user_token,
};

async fn keep(stores: &Stores, name: &str, reference: &TokenReference) {
    let kept =
        stores.opaque_access_tokens.keep(digest(name), &claims(reference), reference, after(3_600)).await;
    kept.unwrap();
}

/// The status of the token, which must be the status of its reference.
async fn status(stores: &Stores, name: &str, reference: &TokenReference, now: DateTime<Utc>) -> TokenStatus {
    let found = stores.opaque_access_tokens.find(digest(name), now).await.unwrap().unwrap();
    assert_eq!(found.claims, claims(reference));
    assert_eq!(found.status, stores.authorizations.token_status(reference, now).await.unwrap());
    found.status
}

pub async fn a_user_s_token_is_found_with_its_claims_its_grant_and_its_user(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let reference = user_token(&grant.authorization);
    keep(stores, "token", &reference).await;
    let TokenStatus::User(grantee) = status(stores, "token", &reference, now()).await else {
        panic!("the token was not revoked")
    };
    assert_eq!((grantee.authorization, grantee.user), (grant.authorization, grant.user));
}

pub async fn a_client_s_own_token_is_found_and_valid(stores: &Stores) {
    let client = client("service");
    keep_client(stores, &client).await;
    let reference = client_token(&client);
    keep(stores, "token", &reference).await;
    assert_eq!(status(stores, "token", &reference, now()).await, TokenStatus::Client);
}

pub async fn a_token_that_was_not_kept_is_not_found(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    keep(stores, "token", &user_token(&grant.authorization)).await;
    let found = stores.opaque_access_tokens.find(digest("another"), now()).await;
    assert_eq!(found.unwrap(), None);
}

pub async fn a_digest_is_kept_once(stores: &Stores) {
    let (one, two) =
        (Grant::recorded(stores, "a", "openid").await, Grant::recorded(stores, "b", "openid").await);
    let (first, second) = (user_token(&one.authorization), user_token(&two.authorization));
    keep(stores, "token", &first).await;
    let again = stores.opaque_access_tokens.keep(digest("token"), &claims(&second), &second, after(60)).await;
    assert!(again.is_err());
    assert!(matches!(status(stores, "token", &first, now()).await, TokenStatus::User(_)));
}

pub async fn revoking_one_token_leaves_the_others_valid(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let first = user_token(&grant.authorization);
    let second = TokenReference { token: digest("second jti"), ..first.clone() };
    let own = client_token(&grant.client);
    for (name, reference) in [("first", &first), ("second", &second), ("own", &own)] {
        keep(stores, name, reference).await;
    }
    for revoked in [&first, &own] {
        stores.authorizations.revoke_token(revoked.token, after(3_600)).await.unwrap();
    }
    assert_eq!(status(stores, "first", &first, now()).await, TokenStatus::Revoked);
    assert_eq!(status(stores, "own", &own, now()).await, TokenStatus::Revoked);
    assert!(matches!(status(stores, "second", &second, now()).await, TokenStatus::User(_)));
}

pub async fn a_token_is_revoked_with_its_authorization(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let reference = user_token(&grant.authorization);
    keep(stores, "token", &reference).await;
    stores.authorizations.revoke(grant.authorization.id, now(), after(86_400)).await.unwrap();
    assert_eq!(status(stores, "token", &reference, now()).await, TokenStatus::Revoked);
}

pub async fn a_token_of_an_authorization_that_is_not_recorded_is_revoked(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid").await;
    let reference = user_token(&grant.authorization);
    keep(stores, "token", &reference).await;
    assert_eq!(status(stores, "token", &reference, now()).await, TokenStatus::Revoked);
}

pub async fn a_token_ends_with_its_session_unless_it_is_offline(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    let live = Grant::recorded(stores, "d", "openid").await;
    let (client, user) = (client("web"), user("ada"));
    keep_client(stores, &client).await;
    keep_user(stores, &user).await;
    let without_session = authorization("c", &client, &user, None, "read");
    stores.authorizations.record(&without_session, None, now()).await.unwrap();
    let references = [&bound.authorization, &offline.authorization, &without_session, &live.authorization];
    let references = references.map(user_token);
    for (name, reference) in ["bound", "offline", "without", "live"].iter().zip(&references) {
        keep(stores, name, reference).await;
    }
    for grant in [&bound, &offline] {
        stores.sessions.end(grant.session.id, now()).await.unwrap();
    }
    assert_eq!(status(stores, "bound", &references[0], now()).await, TokenStatus::Revoked);
    assert!(matches!(status(stores, "offline", &references[1], now()).await, TokenStatus::User(_)));
    assert!(matches!(status(stores, "without", &references[2], now()).await, TokenStatus::User(_)));
    assert!(matches!(status(stores, "live", &references[3], now()).await, TokenStatus::User(_)));
}

pub async fn a_token_without_its_user_or_its_client_is_revoked(stores: &Stores) {
    let (one, two) =
        (Grant::recorded(stores, "a", "openid").await, Grant::recorded(stores, "b", "openid").await);
    let (first, second) = (user_token(&one.authorization), user_token(&two.authorization));
    let own = client_token(&two.client);
    for (name, reference) in [("first", &first), ("second", &second), ("own", &own)] {
        keep(stores, name, reference).await;
    }
    let disabling = event("user.disable", &one.user.id);
    stores.users.change(one.user.id, &UserChange::Disable, now(), &disabling).await.unwrap();
    let disabled = Client { disabled_at: Some(now()), ..two.client.clone() };
    assert!(
        stores.clients.amend(&two.client, &disabled, &event("client.disable", &disabled.id)).await.unwrap()
    );
    for (name, reference) in [("first", &first), ("second", &second), ("own", &own)] {
        assert_eq!(status(stores, name, reference, now()).await, TokenStatus::Revoked, "{name}");
    }
}

pub async fn a_token_that_names_another_client_is_revoked(stores: &Stores) {
    let (one, two) =
        (Grant::recorded(stores, "a", "openid").await, Grant::recorded(stores, "b", "openid").await);
    let reference = TokenReference { client: two.client.id, ..user_token(&one.authorization) };
    keep(stores, "token", &reference).await;
    assert_eq!(status(stores, "token", &reference, now()).await, TokenStatus::Revoked);
}

pub async fn a_client_s_own_token_is_revoked_while_the_client_is_not_registered(stores: &Stores) {
    let reference = client_token(&client("nobody"));
    keep(stores, "token", &reference).await;
    assert_eq!(status(stores, "token", &reference, now()).await, TokenStatus::Revoked);
}

pub async fn a_client_added_under_a_deleted_id_does_not_inherit_the_tokens(stores: &Stores) {
    let client = client("service");
    keep_client(stores, &client).await;
    let old = client_token(&client);
    keep(stores, "old", &old).await;
    let other = super::fixture::client("other");
    keep_client(stores, &other).await;
    let untouched = client_token(&other);
    keep(stores, "untouched", &untouched).await;
    let again = make_again(stores, &client).await;
    assert_eq!(status(stores, "old", &old, now()).await, TokenStatus::Revoked);
    assert_eq!(status(stores, "untouched", &untouched, now()).await, TokenStatus::Client);
    let new = client_token(&again);
    keep(stores, "new", &new).await;
    assert_eq!(status(stores, "new", &new, now()).await, TokenStatus::Client);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! opaque_access_tokens_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) opaque_access_tokens:
            a_user_s_token_is_found_with_its_claims_its_grant_and_its_user,
            a_client_s_own_token_is_found_and_valid,
            a_token_that_was_not_kept_is_not_found,
            a_digest_is_kept_once,
            revoking_one_token_leaves_the_others_valid,
            a_token_is_revoked_with_its_authorization,
            a_token_of_an_authorization_that_is_not_recorded_is_revoked,
            a_token_ends_with_its_session_unless_it_is_offline,
            a_token_without_its_user_or_its_client_is_revoked,
            a_token_that_names_another_client_is_revoked,
            a_client_s_own_token_is_revoked_while_the_client_is_not_registered,
            a_client_added_under_a_deleted_id_does_not_inherit_the_tokens,
        }
    };
}

pub use crate::opaque_access_tokens_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = opaque_access_tokens_contract!(clause_names!());
