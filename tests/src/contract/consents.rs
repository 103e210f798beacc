//! The clauses of [`Consents`](application::port::Consents).

use std::collections::BTreeSet;

use application::port::{Recorded, TokenStatus};
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::{AuditEvent, Authorization, Client, Consent, DeclaredScopes, RequestedResources, User};

use super::Stores;
use super::fixture::{
    Grant, actions, after, agree, authorization, client, consent, consent_at, digest, event, incarnations,
    keep_client, keep_user, make_again, now, resources, scope, user, user_token,
};
use super::race::{ROUNDS, TASKS, concurrently};

async fn ada_and_web(stores: &Stores) -> (User, Client) {
    let (user, client) = (user("ada"), client("web"));
    keep_user(stores, &user).await;
    keep_client(stores, &client).await;
    (user, client)
}

async fn withdraw(stores: &Stores, user: &User, client: &Client) -> bool {
    let event = event("consent.withdraw", &format!("{} {}", user.id, client.id));
    stores.consents.withdraw(user.id, &client.id, &event).await.unwrap()
}

pub async fn a_consent_is_remembered_for_its_user_and_client_only(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let (bob, app) = (user("bob"), client("app"));
    keep_user(stores, &bob).await;
    keep_client(stores, &app).await;
    let agreed = consent(&ada, &web, "openid email");
    agree(stores, &agreed).await;
    assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), Some(agreed.clone()));
    for (user, client) in [(&bob, &web), (&ada, &app)] {
        assert_eq!(stores.consents.find(user.id, &client.id).await.unwrap(), None);
        let other = consent(user, client, "read");
        agree(stores, &other).await;
        assert_eq!(stores.consents.find(user.id, &client.id).await.unwrap(), Some(other));
    }
    assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), Some(agreed));
}

pub async fn a_consent_is_added_to_what_was_consented_to_before(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    agree(stores, &consent(&ada, &web, "openid email")).await;
    let later = Consent { granted_at: after(60), ..consent(&ada, &web, "read") };
    agree(stores, &later).await;
    let kept = stores.consents.find(ada.id, &web.id).await.unwrap().unwrap();
    assert_eq!(kept.scope, scope("openid email read"));
    assert_eq!(kept.granted_at, after(60));
}

pub async fn a_consent_is_added_for_each_resource_by_itself(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let (a, b) = ("https://a.example", "https://b.example/?x=1");
    for (scope, ids) in [("openid", &[][..]), ("read", &[a, b]), ("write", &[b])] {
        agree(stores, &consent_at(&ada, &web, scope, ids)).await;
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
        let requested = RequestedResources { ids: &resources(ids), incarnations: &incarnations(ids) };
        assert_eq!(
            kept.covers(&scope(wanted), requested, &BTreeSet::new(), &DeclaredScopes::default()),
            covered,
            "{wanted} at {ids:?}"
        );
    }
}

pub async fn claims_are_added_to_those_consented_to_before(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    for claims in [vec!["name", "email"], vec![], vec!["email", "locale"]] {
        let claims = claims.into_iter().map(str::to_owned).collect();
        agree(stores, &consent(&ada, &web, "openid").with_claims(claims)).await;
    }
    let kept = stores.consents.find(ada.id, &web.id).await.unwrap().unwrap();
    assert_eq!(kept.claims, ["email", "locale", "name"].map(str::to_owned).into());
}

pub async fn concurrent_grants_lose_nothing(stores: &Stores) {
    let (ada, _) = ada_and_web(stores).await;
    for round in 0..ROUNDS {
        let client = client(&format!("client-{round}"));
        keep_client(stores, &client).await;
        concurrently(TASKS, |task| {
            let (stores, scope) = (stores.clone(), format!("scope-{task}"));
            let at: &[&str] = if task % 2 == 0 { &[] } else { &["https://api.example"] };
            let claims = [format!("claim-{task}")].into();
            let consent = consent_at(&ada, &client, &scope, at).with_claims(claims);
            async move { agree(&stores, &consent).await }
        })
        .await;
        let kept = stores.consents.find(ada.id, &client.id).await.unwrap().unwrap();
        for task in 0..TASKS {
            let ids: &[&str] = if task % 2 == 0 { &[] } else { &["https://api.example"] };
            let at = RequestedResources { ids: &resources(ids), incarnations: &incarnations(ids) };
            assert!(
                kept.covers(
                    &scope(&format!("scope-{task}")),
                    at,
                    &[format!("claim-{task}")].into(),
                    &DeclaredScopes::default()
                ),
                "{task}"
            );
        }
    }
}

pub async fn a_withdrawn_consent_is_deleted_as_a_whole(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    agree(stores, &consent(&ada, &web, "openid email")).await;
    for withdrawn in [true, false] {
        assert_eq!(withdraw(stores, &ada, &web).await, withdrawn);
        assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), None);
    }
    let events = actions(stores).await;
    assert_eq!(events, ["consent.withdraw", "client.create", "user.create"], "nothing leaves no event");
    // A form that was sent before the withdrawal and arrives after it.
    agree(stores, &consent(&ada, &web, "read")).await;
    assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), None);
    let anew = Consent { granted_at: after(1), ..consent(&ada, &web, "read") };
    agree(stores, &anew).await;
    assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), Some(anew));
}

pub async fn a_withdrawal_revokes_what_was_granted_until_then_to_this_client_only(stores: &Stores) {
    let offline = Grant::recorded(stores, "a", "openid offline_access").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    let elsewhere = authorization("elsewhere", &other.client, &offline.user, None, "openid");
    let of_other = authorization("of other", &offline.client, &other.user, None, "openid");
    for standing in [&elsewhere, &of_other] {
        stores.authorizations.record(standing, None, now()).await.unwrap();
    }
    // It also works if no consent was remembered.
    assert!(withdraw(stores, &offline.user, &offline.client).await);
    assert!(!offline.is_valid(stores, now()).await);
    assert!(other.is_valid(stores, now()).await);
    for standing in [&elsewhere, &of_other] {
        let status = stores.authorizations.token_status(&user_token(standing), now()).await.unwrap();
        assert!(matches!(status, TokenStatus::User(_)));
    }
    // A code that was issued before the withdrawal is refused. A code that was issued after it is not.
    let late = authorization("late", &offline.client, &offline.user, None, "openid");
    assert_eq!(stores.authorizations.record(&late, None, after(1)).await.unwrap(), Recorded::Ended);
    let anew = authorization("anew", &offline.client, &offline.user, None, "openid");
    let anew = Authorization { created_at: after(1), ..anew };
    assert_eq!(stores.authorizations.record(&anew, None, after(1)).await.unwrap(), Recorded::First);
}

pub async fn a_grant_that_has_ended_with_its_session_is_nothing_to_withdraw(stores: &Stores) {
    let withdraw_at = async |grant: &Grant, at| {
        let event = AuditEvent { at, ..event("consent.withdraw", &grant.user.id) };
        stores.consents.withdraw(grant.user.id, &grant.client.id, &event).await.unwrap()
    };
    for (name, scope, something) in [("bound", "openid", false), ("offline", "openid offline_access", true)] {
        let ended = Grant::recorded(stores, &format!("{name}-ended"), scope).await;
        stores.sessions.end(ended.session.id, now()).await.unwrap();
        assert_eq!(withdraw_at(&ended, now()).await, something, "{name}: its session has ended");
        let expired = Grant::recorded(stores, &format!("{name}-expired"), scope).await;
        let at = expired.session.expires_at;
        assert_eq!(withdraw_at(&expired, at).await, something, "{name}: its session expires exactly now");
        let live = Grant::recorded(stores, &format!("{name}-live"), scope).await;
        let at = live.session.expires_at - chrono::Duration::milliseconds(1);
        assert!(withdraw_at(&live, at).await, "{name}: its session is live");
        let other = Grant::recorded(stores, &format!("{name}-done"), scope).await;
        let at = other.authorization.expires_at;
        assert!(!withdraw_at(&other, at).await, "{name}: it expires exactly now");
    }
    let grant = Grant::prepared(stores, "device", "openid").await;
    let without_session = Authorization { session: None, ..grant.authorization.clone() };
    stores.authorizations.record(&without_session, None, now()).await.unwrap();
    assert!(withdraw_at(&grant, now()).await, "no session limits it");
}

pub async fn what_was_granted_until_a_withdrawal_is_not_recorded_after_it(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    assert!(!withdraw(stores, &ada, &web).await);
    let approved = authorization("approved", &web, &ada, None, "openid");
    assert_eq!(stores.authorizations.record(&approved, None, after(1)).await.unwrap(), Recorded::Ended);
}

/// The clocks of two nodes may differ.
pub async fn a_withdrawal_that_seems_older_leaves_the_newer_one_in_force(stores: &Stores) {
    let first = Grant::prepared(stores, "a", "openid").await;
    let other = client("other");
    keep_client(stores, &other).await;
    for (client, seconds) in [(&first.client, 10), (&other, 5)] {
        let withdrawal = AuditEvent { at: after(seconds), ..event("consent.withdraw", &client.id) };
        stores.consents.withdraw(first.user.id, &client.id, &withdrawal).await.unwrap();
    }
    let approved = Authorization { created_at: after(7), ..first.authorization.clone() };
    assert_eq!(stores.authorizations.record(&approved, None, after(11)).await.unwrap(), Recorded::Ended);
}

pub async fn a_withdrawal_without_a_client_or_of_an_ended_grant_changes_nothing(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let withdrawal =
        AuditEvent { at: grant.authorization.expires_at, ..event("consent.withdraw", &grant.user.id) };
    assert!(!stores.consents.withdraw(grant.user.id, &grant.client.id, &withdrawal).await.unwrap());
    stores.authorizations.revoke(grant.authorization.id, now(), after(86_400)).await.unwrap();
    assert!(!withdraw(stores, &grant.user, &grant.client).await);
    let later = client("later");
    assert!(!withdraw(stores, &grant.user, &later).await);
    keep_client(stores, &later).await;
    let approved = authorization("approved", &later, &grant.user, None, "openid");
    assert_eq!(stores.authorizations.record(&approved, None, now()).await.unwrap(), Recorded::First);
}

pub async fn what_is_recorded_during_a_withdrawal_does_not_outlive_it(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = Grant::recorded(stores, &format!("{round}"), "openid offline_access").await;
        let recorded: Vec<_> = (0..TASKS)
            .map(|task| authorization(&format!("{round} {task}"), &grant.client, &grant.user, None, "read"))
            .collect();
        concurrently(TASKS, |task| {
            let (stores, late) = (stores.clone(), recorded[task].clone());
            let (user, client) = (grant.user.clone(), grant.client.clone());
            async move {
                if task == 0 {
                    assert!(withdraw(&stores, &user, &client).await);
                } else {
                    stores.authorizations.record(&late, None, now()).await.unwrap();
                }
            }
        })
        .await;
        for late in &recorded {
            let status = stores.authorizations.token_status(&user_token(late), now()).await.unwrap();
            assert_eq!(status, TokenStatus::Revoked);
        }
    }
}

pub async fn consents_of_a_user_are_listed_in_the_order_of_their_clients_after_a_client(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let bob = user("bob");
    keep_user(stores, &bob).await;
    agree(stores, &consent(&bob, &web, "read")).await;
    // By bytes: an upper case letter is before every lower case one.
    let ids = ["B", "D", "a", "c", "e"];
    for id in ids.into_iter().rev() {
        let client = client(id);
        keep_client(stores, &client).await;
        agree(stores, &consent(&ada, &client, "read")).await;
    }
    let mut seen: Vec<Consent> = Vec::new();
    loop {
        let last = seen.last().map(|consent| consent.client.clone());
        let page = stores.consents.list(ada.id, last.as_ref(), 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert!(seen.iter().all(|consent| consent.user == ada.id));
    let clients: Vec<_> = seen.iter().map(|consent| consent.client.as_str()).collect();
    assert_eq!(clients, ids);
}

pub async fn nothing_is_remembered_for_a_deleted_user_or_client(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let (nobody, nothing) = (user("nobody"), client("nothing"));
    for consent in [consent(&nobody, &web, "read"), consent(&ada, &nothing, "read")] {
        agree(stores, &consent).await;
        let kept = stores.consents.find(consent.user, &consent.client).await.unwrap();
        assert_eq!(kept, None);
    }
}

pub async fn nothing_is_remembered_for_a_client_that_was_deleted_and_added_again(stores: &Stores) {
    let (ada, web) = ada_and_web(stores).await;
    let again = make_again(stores, &web).await;
    let agreed = consent(&ada, &web, "read");
    for (shown, kept) in [(&web, None), (&again, Some(agreed.clone()))] {
        stores.consents.grant(&agreed, shown).await.unwrap();
        assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), kept);
    }
}

pub async fn nothing_is_remembered_for_a_client_that_has_changed_since_in_a_way_that_ends_consents(
    stores: &Stores,
) {
    let (ada, web) = ada_and_web(stores).await;
    let limits = RegistrationLimits::default();
    let shown = Client { registration: Some(SelfRegistration::new(digest("token"), limits)), ..web.clone() };
    let renamed = Client { name: Some("Bank".to_owned()), ..shown.clone() };
    for (before, after) in [(&web, &shown), (&shown, &renamed)] {
        assert!(stores.clients.amend(before, after, &event("amend", &web.id)).await.unwrap());
    }
    let agreed = consent(&ada, &web, "read");
    for (seen, kept) in [(&shown, None), (&renamed, Some(agreed.clone()))] {
        stores.consents.grant(&agreed, seen).await.unwrap();
        assert_eq!(stores.consents.find(ada.id, &web.id).await.unwrap(), kept);
    }
}

pub async fn a_consent_that_is_granted_while_the_client_changes_is_never_one_to_what_it_became(
    stores: &Stores,
) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    for round in 0..ROUNDS {
        let limits = RegistrationLimits::default();
        let registration = Some(SelfRegistration::new(digest("token"), limits));
        let shown = Client { registration, ..client(&format!("client-{round}")) };
        keep_client(stores, &shown).await;
        let renamed = Client { name: Some("Bank".to_owned()), ..shown.clone() };
        concurrently(TASKS, |task| {
            let (clients, consents) = (stores.clients.clone(), stores.consents.clone());
            let (shown, renamed, agreed) = (shown.clone(), renamed.clone(), consent(&ada, &shown, "read"));
            async move {
                if task == 0 {
                    clients.amend(&shown, &renamed, &event("amend", &shown.id)).await.unwrap();
                } else {
                    consents.grant(&agreed, &shown).await.unwrap();
                }
            }
        })
        .await;
        assert_eq!(stores.consents.find(ada.id, &shown.id).await.unwrap(), None);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! consents_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) consents:
            a_consent_is_remembered_for_its_user_and_client_only,
            a_consent_is_added_to_what_was_consented_to_before,
            a_consent_is_added_for_each_resource_by_itself,
            claims_are_added_to_those_consented_to_before,
            concurrent_grants_lose_nothing,
            a_withdrawn_consent_is_deleted_as_a_whole,
            a_withdrawal_revokes_what_was_granted_until_then_to_this_client_only,
            a_grant_that_has_ended_with_its_session_is_nothing_to_withdraw,
            what_was_granted_until_a_withdrawal_is_not_recorded_after_it,
            a_withdrawal_that_seems_older_leaves_the_newer_one_in_force,
            a_withdrawal_without_a_client_or_of_an_ended_grant_changes_nothing,
            what_is_recorded_during_a_withdrawal_does_not_outlive_it,
            consents_of_a_user_are_listed_in_the_order_of_their_clients_after_a_client,
            nothing_is_remembered_for_a_deleted_user_or_client,
            nothing_is_remembered_for_a_client_that_has_changed_since_in_a_way_that_ends_consents,
            a_consent_that_is_granted_while_the_client_changes_is_never_one_to_what_it_became,
            nothing_is_remembered_for_a_client_that_was_deleted_and_added_again,
        }
    };
}

pub use crate::consents_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = consents_contract!(clause_names!());
