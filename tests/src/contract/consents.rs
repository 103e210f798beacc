//! The clauses of [`Consents`](application::port::Consents).

use domain::{Client, Consent, User};

use super::Stores;
use super::fixture::{after, client, consent, consent_at, keep_client, keep_user, resources, scope, user};
use super::race::{ROUNDS, TASKS, at_once};

async fn ada_and_web(stores: &Stores) -> (User, Client) {
    let (user, client) = (user("ada"), client("web"));
    keep_user(stores, &user).await;
    keep_client(stores, &client).await;
    (user, client)
}

pub async fn a_consent_is_remembered_for_its_user_and_client_only(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let (bob, app) = (user("bob"), client("app"));
    keep_user(stores, &bob).await;
    keep_client(stores, &app).await;
    let agreed = consent(&ada, &web, "openid email");
    stores.consents.grant(&agreed).await.unwrap();
    assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), Some(agreed));
    assert_eq!(stores.consents.find(bob.id, &web.id).await.unwrap(), None);
    assert_eq!(stores.consents.find(ada.id, &app.id).await.unwrap(), None);
}

pub async fn a_consent_is_added_to_what_was_agreed_before(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    stores.consents.grant(&consent(&ada, &web, "openid email")).await.unwrap();
    let later = Consent { granted_at: after(60), ..consent(&ada, &web, "read") };
    stores.consents.grant(&later).await.unwrap();
    let kept = stores.consents.find(ada.id, &web.id).await.unwrap().unwrap();
    assert_eq!(kept.scope, scope("openid email read"));
    assert_eq!(kept.granted_at, after(60));
}

pub async fn a_consent_at_a_resource_is_added_to_what_was_agreed_there(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let (a, b) = ("https://a.example", "https://b.example/?x=1");
    for (scope, ids) in [("openid", &[][..]), ("read", &[a, b]), ("write", &[b])] {
        stores.consents.grant(&consent_at(&ada, &web, scope, ids)).await.unwrap();
    }
    let kept = stores.consents.find(ada.id, &web.id).await.unwrap().unwrap();
    assert_eq!(kept.scope, scope("openid"));
    for (wanted, ids, covered) in [
        ("read", &[a, b][..], true),
        ("read write", &[b], true),
        ("write", &[a], false),
        ("read", &[], false),
        ("openid", &[a], false),
    ] {
        assert_eq!(kept.covers(&scope(wanted), &resources(ids)), covered, "{wanted} at {ids:?}");
    }
}

pub async fn concurrent_grants_lose_nothing(stores: &Stores) {
    let (ada, _) = ada_and_web(stores).await;
    for round in 0..ROUNDS {
        let client = client(&format!("client-{round}"));
        keep_client(stores, &client).await;
        at_once(TASKS, |task| {
            let (consents, scope) = (stores.consents.clone(), format!("scope-{task}"));
            let at: &[&str] = if task % 2 == 0 { &[] } else { &["https://api.example"] };
            let consent = consent_at(&ada, &client, &scope, at);
            async move { consents.grant(&consent).await.unwrap() }
        })
        .await;
        let kept = stores.consents.find(ada.id, &client.id).await.unwrap().unwrap();
        for task in 0..TASKS {
            let at = if task % 2 == 0 { resources(&[]) } else { resources(&["https://api.example"]) };
            assert!(kept.covers(&scope(&format!("scope-{task}")), &at), "{task}");
        }
    }
}

pub async fn a_revoked_consent_is_forgotten_whole(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    stores.consents.grant(&consent(&ada, &web, "openid email")).await.unwrap();
    for _ in 0..2 {
        stores.consents.revoke(ada.id, &web.id).await.unwrap();
        assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), None);
    }
    let anew = consent(&ada, &web, "read");
    stores.consents.grant(&anew).await.unwrap();
    assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), Some(anew));
}

pub async fn nothing_is_remembered_of_a_user_or_client_that_is_gone(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let (nobody, nothing) = (user("nobody"), client("nothing"));
    for consent in [consent(&nobody, &web, "read"), consent(&ada, &nothing, "read")] {
        stores.consents.grant(&consent).await.unwrap();
        let kept = stores.consents.find(consent.user, &consent.client).await.unwrap();
        assert_eq!(kept, None);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! consents_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) consents:
            a_consent_is_remembered_for_its_user_and_client_only,
            a_consent_is_added_to_what_was_agreed_before,
            a_consent_at_a_resource_is_added_to_what_was_agreed_there,
            concurrent_grants_lose_nothing,
            a_revoked_consent_is_forgotten_whole,
            nothing_is_remembered_of_a_user_or_client_that_is_gone,
        }
    };
}

/// The names of the clauses above.
pub const CLAUSES: &[&str] = consents_contract!(clause_names!());
