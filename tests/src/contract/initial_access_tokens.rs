//! The clauses of [`InitialAccessTokens`](application::port::InitialAccessTokens).

use application::port::Admitted;
use domain::self_registration::RegistrationLimits;
use domain::{GrantType, InitialAccessToken, InitialAccessTokenId};

use super::Stores;
use super::fixture::{actions, after, client, digest, event, keep_client, now, scope};
use super::race::{ROUNDS, TASKS, concurrently, count};

/// A token that expires in a minute.
pub(super) fn token(name: &str, uses: u32) -> InitialAccessToken {
    let random = digest(name).as_bytes()[..10].try_into().unwrap();
    InitialAccessToken {
        id: InitialAccessTokenId::ordered(now(), random),
        token: digest(name),
        limits: RegistrationLimits {
            scope: Some(scope("openid read")),
            grant_types: [GrantType::ClientCredentials].into(),
        },
        uses,
        used: 0,
        created_at: now(),
        expires_at: after(60),
    }
}

pub(super) async fn keep(stores: &Stores, token: &InitialAccessToken) {
    stores.initial_access_tokens.create(token, &event("token.create", &token.id)).await.unwrap();
}

async fn find(stores: &Stores, name: &str) -> Option<InitialAccessToken> {
    stores.initial_access_tokens.find(digest(name), now()).await.unwrap()
}

async fn admit(stores: &Stores, name: &str, id: &str) -> Admitted {
    let client = client(id);
    let event = event("client.register", &client.id);
    stores.initial_access_tokens.admit(digest(name), &client, now(), &event).await.unwrap()
}

async fn is_registered(stores: &Stores, id: &str) -> bool {
    stores.clients.find(&id.parse().unwrap()).await.unwrap().is_some()
}

pub async fn a_token_is_found_by_its_digest_with_its_limits(stores: &Stores) {
    let unlimited = InitialAccessToken { limits: RegistrationLimits::default(), ..token("other", 1) };
    for token in [token("token", 2), unlimited] {
        keep(stores, &token).await;
        let found = stores.initial_access_tokens.find(token.token, now()).await.unwrap();
        assert_eq!(found, Some(token));
    }
    assert_eq!(find(stores, "unknown").await, None);
    assert_eq!(actions(stores).await, ["token.create", "token.create"]);
}

pub async fn neither_an_id_nor_a_token_is_kept_twice(stores: &Stores) {
    let (kept, other) = (token("token", 2), token("other", 2));
    keep(stores, &kept).await;
    for taken in [
        InitialAccessToken { id: kept.id, ..other.clone() },
        InitialAccessToken { token: kept.token, ..other.clone() },
    ] {
        assert!(stores.initial_access_tokens.create(&taken, &event("create", &taken.id)).await.is_err());
    }
    assert_eq!(find(stores, "token").await, Some(kept));
    assert_eq!(find(stores, "other").await, None);
    assert_eq!(actions(stores).await, ["token.create"]);
}

pub async fn a_registration_is_counted_and_adds_its_client_with_the_event(stores: &Stores) {
    let other = token("other", 2);
    keep(stores, &token("token", 2)).await;
    keep(stores, &other).await;
    assert_eq!(admit(stores, "token", "web").await, Admitted::Done);
    assert_eq!(find(stores, "other").await, Some(other));
    assert_eq!(stores.clients.find(&client("web").id).await.unwrap(), Some(client("web")));
    assert_eq!(find(stores, "token").await.unwrap().used, 1);
    assert_eq!(actions(stores).await, ["client.register", "token.create", "token.create"]);
}

pub async fn a_taken_id_changes_nothing(stores: &Stores) {
    keep(stores, &token("token", 1)).await;
    keep_client(stores, &client("web")).await;
    assert_eq!(admit(stores, "token", "web").await, Admitted::IdTaken);
    assert_eq!(find(stores, "token").await.unwrap().used, 0);
    assert_eq!(actions(stores).await, ["client.create", "token.create"]);
    assert_eq!(admit(stores, "token", "other").await, Admitted::Done);
}

pub async fn a_used_up_revoked_expired_or_unknown_token_registers_no_client_and_is_not_found(
    stores: &Stores,
) {
    for name in ["used-up", "revoked", "expired"] {
        keep(stores, &token(name, 1)).await;
    }
    assert_eq!(admit(stores, "used-up", "first").await, Admitted::Done);
    let id = token("revoked", 1).id;
    assert!(stores.initial_access_tokens.revoke(id, &event("token.revoke", &id)).await.unwrap());
    let before = actions(stores).await;
    for name in ["used-up", "revoked", "unknown"] {
        assert_eq!(find(stores, name).await, None, "{name}");
        assert_eq!(admit(stores, name, "second").await, Admitted::Invalid, "{name}");
    }
    let (late, client) = (after(60), client("second"));
    assert_eq!(stores.initial_access_tokens.find(digest("expired"), late).await.unwrap(), None);
    let event = event("client.register", &client.id);
    let admitted = stores.initial_access_tokens.admit(digest("expired"), &client, late, &event).await;
    assert_eq!(admitted.unwrap(), Admitted::Invalid);
    assert!(!is_registered(stores, "second").await);
    assert_eq!(actions(stores).await, before);
}

pub async fn exactly_as_many_of_many_concurrent_registrations_are_done_as_the_token_allows(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("token-{round}");
        keep(stores, &token(&name, 3)).await;
        let answers = concurrently(TASKS, |task| {
            let (stores, name) = (stores.clone(), name.clone());
            async move { admit(&stores, &name, &format!("client-{round}-{task}")).await }
        })
        .await;
        assert_eq!(count(&answers, &Admitted::Done), 3);
        assert_eq!(count(&answers, &Admitted::Invalid), TASKS - 3);
        for (task, answer) in answers.iter().enumerate() {
            let registered = is_registered(stores, &format!("client-{round}-{task}")).await;
            assert_eq!(registered, *answer == Admitted::Done);
        }
    }
}

pub async fn a_revocation_leaves_the_clients_and_happens_once(stores: &Stores) {
    let token = token("token", 2);
    keep(stores, &token).await;
    admit(stores, "token", "web").await;
    let revoke = async || {
        let event = event("token.revoke", &token.id);
        stores.initial_access_tokens.revoke(token.id, &event).await.unwrap()
    };
    assert!(revoke().await);
    assert!(!revoke().await);
    assert!(is_registered(stores, "web").await);
    assert_eq!(actions(stores).await, ["token.revoke", "client.register", "token.create"]);
}

pub async fn tokens_are_listed_in_the_order_of_their_ids_after_an_id_used_up_ones_included(stores: &Stores) {
    let mut tokens = ["a", "b", "c"].map(|name| token(name, 1));
    for token in &tokens {
        keep(stores, token).await;
    }
    tokens.sort_by_key(|token| token.id);
    let ids = async |after: Option<InitialAccessTokenId>, limit| {
        let page = stores.initial_access_tokens.list(after, limit).await.unwrap();
        page.into_iter().map(|token| token.id).collect::<Vec<_>>()
    };
    let [first, second, third] = tokens.map(|token| token.id);
    admit(stores, "a", "web").await;
    assert_eq!(ids(None, 2).await, [first, second]);
    assert_eq!(ids(Some(second), 2).await, [third]);
    assert!(ids(Some(third), 2).await.is_empty());
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! initial_access_tokens_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) initial_access_tokens:
            a_token_is_found_by_its_digest_with_its_limits,
            neither_an_id_nor_a_token_is_kept_twice,
            a_registration_is_counted_and_adds_its_client_with_the_event,
            a_taken_id_changes_nothing,
            a_used_up_revoked_expired_or_unknown_token_registers_no_client_and_is_not_found,
            exactly_as_many_of_many_concurrent_registrations_are_done_as_the_token_allows,
            a_revocation_leaves_the_clients_and_happens_once,
            tokens_are_listed_in_the_order_of_their_ids_after_an_id_used_up_ones_included,
        }
    };
}

pub use crate::initial_access_tokens_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = initial_access_tokens_contract!(clause_names!());
