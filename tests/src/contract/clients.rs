//! The clauses of [`Clients`](application::port::Clients).

use application::port::{ClientFilter, EventFilter, Inserted, KeptEvent, Recorded, TokenStatus};
use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::subject::SubjectChoice;
use domain::{Client, GrantType, User};

use super::Stores;
use super::fixture::{
    Grant, actions, after, agree, authorization, client, client_token, consent, digest, event, keep_client,
    keep_group, keep_user, make_again, now, scope, user, user_token,
};
use super::race::{ROUNDS, TASKS, concurrently, count};

pub async fn a_client_is_found_by_its_id_disabled_clients_included(stores: &Stores) {
    let enabled = client("enabled");
    let disabled =
        Client { disabled_at: Some(now()), authentication: ClientAuthentication::None, ..client("disabled") };
    for client in [enabled, disabled] {
        keep_client(stores, &client).await;
        let found = stores.clients.find(&client.id).await.unwrap();
        assert_eq!(found, Some(client));
    }
    assert_eq!(stores.clients.find(&"none".parse().unwrap()).await.unwrap(), None);
}

pub async fn the_case_of_an_id_matters(stores: &Stores) {
    keep_client(stores, &client("web")).await;
    assert_eq!(stores.clients.find(&"WEB".parse().unwrap()).await.unwrap(), None);
    keep_client(stores, &client("WEB")).await;
}

/// A client that registered itself at `now()`.
fn own_client(id: &str) -> Client {
    let registration = SelfRegistration::new(digest(id), RegistrationLimits::default());
    Client { registration: Some(registration), created_at: now(), ..client(id) }
}

pub async fn clients_that_registered_themselves_and_were_not_used_are_deleted_with_an_event(stores: &Stores) {
    for id in ["one", "two", "three"] {
        keep_client(stores, &own_client(id)).await;
    }
    keep_client(stores, &client("operators")).await;
    let clients = &stores.clients;
    assert_eq!(clients.delete_unused(now() - Duration::seconds(1), 10, after(60)).await.unwrap(), 0);
    assert_eq!(clients.delete_unused(now(), 2, after(60)).await.unwrap(), 2, "up to the limit");
    assert_eq!(clients.delete_unused(now(), 2, after(60)).await.unwrap(), 1);
    assert_eq!(clients.delete_unused(now(), 2, after(60)).await.unwrap(), 0);
    let left: Vec<_> = clients.list(None, 10).await.unwrap().into_iter().map(|client| client.id).collect();
    assert_eq!(left, [client("operators").id]);
    let expired = actions(stores).await.iter().filter(|action| *action == "client.expire").count();
    assert_eq!(expired, 3);
}

pub async fn a_client_that_is_used_is_not_deleted(stores: &Stores) {
    let own = own_client("own");
    keep_client(stores, &own).await;
    let (clients, day) = (&stores.clients, 86_400);
    clients.mark_used(&own.id, after(2 * day)).await.unwrap();
    clients.mark_used(&"none".parse().unwrap(), after(2 * day)).await.unwrap();
    assert_eq!(clients.delete_unused(after(2 * day - 1), 10, after(3 * day)).await.unwrap(), 0);
    // To change it is not to use it, and does not undo a use.
    let renamed = Client { name: Some("renamed".to_owned()), ..own.clone() };
    assert!(clients.amend(&own, &renamed, &event("client.update", &own.id)).await.unwrap());
    assert_eq!(clients.delete_unused(after(2 * day - 1), 10, after(3 * day)).await.unwrap(), 0);
    assert_eq!(clients.delete_unused(after(2 * day), 10, after(3 * day)).await.unwrap(), 1);
}

pub async fn a_client_with_an_authorization_or_a_consent_or_an_operator_is_not_deleted(stores: &Stores) {
    let granted = Grant::recorded(stores, "granted", "openid").await;
    let own = Client { registration: own_client("granted").registration, ..granted.client.clone() };
    assert!(stores.clients.amend(&granted.client, &own, &event("client.update", &own.id)).await.unwrap());
    let consented = own_client("consented");
    keep_client(stores, &consented).await;
    agree(stores, &consent(&granted.user, &consented, "openid")).await;
    let changed = own_client("changed");
    let registration = changed.registration.clone().map(|registration| SelfRegistration {
        set_by_operator: ["scope".to_owned()].into(),
        ..registration
    });
    keep_client(stores, &Client { registration, ..changed }).await;
    let allowed = own_client("allowed");
    let registration = allowed.registration.clone().map(|registration| SelfRegistration {
        limits: RegistrationLimits {
            grant_types: [GrantType::ClientCredentials].into(),
            ..registration.limits.clone()
        },
        ..registration
    });
    keep_client(stores, &Client { registration, ..allowed }).await;
    assert_eq!(stores.clients.delete_unused(after(1), 10, after(1)).await.unwrap(), 0);
    // With its last authorization goes what shows that it is used.
    while stores.expired.purge(after(400 * 86_400), 100).await.unwrap() > 0 {}
    assert_eq!(stores.clients.delete_unused(after(1), 10, after(1)).await.unwrap(), 1);
    assert_eq!(stores.clients.find(&own.id).await.unwrap(), None);
}

pub async fn one_of_many_concurrent_insertions_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |task| {
            let clients = stores.clients.clone();
            let client = Client { name: Some(format!("{task}")), ..client(&format!("client-{round}")) };
            async move { clients.insert(&client, &event("client.create", &client.id)).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Inserted::Done), 1);
        let winner = answers.iter().position(|answer| *answer == Inserted::Done).unwrap();
        let id = format!("client-{round}").parse().unwrap();
        let found = stores.clients.find(&id).await.unwrap().unwrap();
        assert_eq!(found.name, Some(format!("{winner}")));
    }
}

pub async fn the_next_find_sees_a_replacement(stores: &Stores) {
    let client = client("web");
    keep_client(stores, &client).await;
    let mut kept = client.clone();
    for round in 0..ROUNDS {
        let replacement =
            Client { name: Some(format!("{round}")), first_party: round % 2 == 0, ..client.clone() };
        let replaced = stores.clients.amend(&kept, &replacement, &event("client.update", &client.id)).await;
        assert!(replaced.unwrap());
        kept = replacement.clone();
        let found = stores.clients.find(&client.id).await.unwrap();
        assert_eq!(found, Some(replacement));
    }
}

pub async fn the_next_find_sees_a_replacement_while_many_others_look(stores: &Stores) {
    let first = Client { name: Some("0".to_owned()), ..client("web") };
    keep_client(stores, &first).await;
    let looking: Vec<_> = (0..TASKS)
        .map(|_| {
            let (clients, id) = (stores.clients.clone(), first.id.clone());
            tokio::spawn(async move {
                loop {
                    clients.find(&id).await.unwrap();
                    // The memory store never awaits, and a task that never awaits blocks the other tasks of its thread.
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let mut kept = first;
    for round in 1..=ROUNDS {
        let replacement = Client { name: Some(format!("{round}")), ..kept.clone() };
        let replaced = stores.clients.amend(&kept, &replacement, &event("client.update", &kept.id)).await;
        assert!(replaced.unwrap());
        let found = concurrently(TASKS, |_| {
            let (clients, id) = (stores.clients.clone(), replacement.id.clone());
            async move { clients.find(&id).await.unwrap() }
        })
        .await;
        assert_eq!(count(&found, &Some(replacement.clone())), TASKS);
        kept = replacement;
    }
    for task in looking {
        task.abort();
    }
}

pub async fn an_amendment_replaces_only_what_is_still_as_it_was(stores: &Stores) {
    let before = client("web");
    keep_client(stores, &before).await;
    let registration = SelfRegistration {
        token: Some(digest("token")),
        limits: RegistrationLimits { scope: Some(scope("openid")), grant_types: [].into() },
        set_by_operator: ["scope".to_owned()].into(),
    };
    let after = Client { registration: Some(registration), ..before.clone() };
    let amend = async |from: &Client, to: &Client| {
        stores.clients.amend(from, to, &event("amend", &from.id)).await.unwrap()
    };
    assert!(amend(&before, &after).await);
    assert_eq!(stores.clients.find(&before.id).await.unwrap(), Some(after.clone()));
    let disabled = Client { disabled_at: Some(now()), ..after.clone() };
    assert!(stores.clients.amend(&after, &disabled, &event("disable", &before.id)).await.unwrap());
    assert!(!amend(&after, &before).await);
    assert_eq!(stores.clients.find(&before.id).await.unwrap(), Some(disabled));
    assert!(!amend(&client("none"), &client("none")).await);
    assert_eq!(actions(stores).await, ["disable", "amend", "client.create"]);
}

pub async fn other_names_for_users_end_the_consents_to_a_client(stores: &Stores) {
    let (ada, before, other) = (user("ada"), client("web"), client("other"));
    keep_user(stores, &ada).await;
    for client in [&before, &other] {
        keep_client(stores, client).await;
        stores.consents.grant(&consent(&ada, client, "openid"), client).await.unwrap();
    }
    let find = async |client: &Client| stores.consents.find(ada.id, &client.id).await.unwrap();
    let renamed = Client { name: Some("Other".to_owned()), ..before.clone() };
    assert!(stores.clients.amend(&before, &renamed, &event("amend", &before.id)).await.unwrap());
    assert!(find(&before).await.is_some());
    let public = Client { subject: SubjectChoice::default(), ..renamed.clone() };
    assert!(stores.clients.amend(&renamed, &public, &event("amend", &before.id)).await.unwrap());
    assert!(find(&before).await.is_none() && find(&other).await.is_some());
}

/// A client that registered itself.
fn self_registered(id: &str) -> Client {
    let registration = SelfRegistration::new(digest(id), RegistrationLimits::default());
    Client { registration: Some(registration), ..client(id) }
}

pub async fn a_client_that_registered_itself_and_changes_what_users_saw_loses_its_consents(stores: &Stores) {
    let (ada, other) = (user("ada"), self_registered("other"));
    keep_user(stores, &ada).await;
    keep_client(stores, &other).await;
    stores.consents.grant(&consent(&ada, &other, "openid"), &other).await.unwrap();
    type Change = fn(&mut Client);
    let changes: [(&str, bool, Change); 12] = [
        ("its name", false, |client| client.name = Some("Bank".to_owned())),
        ("no name", false, |client| client.name = None),
        ("its logo", false, |client| client.logo_uri = Some("https://other.example/logo".to_owned())),
        ("its policy", false, |client| client.policy_uri = Some("https://other.example/policy".to_owned())),
        ("its terms", false, |client| client.tos_uri = Some("https://other.example/tos".to_owned())),
        ("its name in a language", false, |client| {
            client.details.localized.insert("client_name#ja".to_owned(), "Bank".to_owned());
        }),
        ("another host", false, |client| {
            client.redirect_uris.push("https://other.example/callback".parse().unwrap());
        }),
        ("another scheme", false, |client| client.redirect_uris.push("com.other:/callback".parse().unwrap())),
        ("a wider scope", false, |client| client.scope = scope("openid offline_access read write")),
        ("a smaller scope", true, |client| client.scope = scope("openid")),
        ("another path", true, |client| {
            let other = format!("{}/other", client.redirect_uris[0].as_str());
            client.redirect_uris = vec![other.parse().unwrap()];
        }),
        ("its logout", true, |client| client.logout = Default::default()),
    ];
    for (index, (what, stays, change)) in changes.into_iter().enumerate() {
        for of_operator in [false, true] {
            let mut before = self_registered(&format!("client-{index}-{of_operator}"));
            if of_operator {
                before.registration = None;
            }
            // Its names for users depend on the host of its redirect URI otherwise.
            before.subject = SubjectChoice::default();
            keep_client(stores, &before).await;
            stores.consents.grant(&consent(&ada, &before, "openid"), &before).await.unwrap();
            let mut after = before.clone();
            change(&mut after);
            assert!(stores.clients.amend(&before, &after, &event("amend", &before.id)).await.unwrap());
            let kept = stores.consents.find(ada.id, &before.id).await.unwrap().is_some();
            assert_eq!(kept, stays || of_operator, "{what}, of an operator: {of_operator}");
        }
    }
    assert!(stores.consents.find(ada.id, &other.id).await.unwrap().is_some());
}

pub async fn of_many_concurrent_amendments_of_one_state_one_is_true(stores: &Stores) {
    for round in 0..ROUNDS {
        let before = client(&format!("client-{round}"));
        keep_client(stores, &before).await;
        let answers = concurrently(TASKS, |task| {
            let (clients, before) = (stores.clients.clone(), before.clone());
            let after = Client { name: Some(format!("{task}")), ..before.clone() };
            async move { clients.amend(&before, &after, &event("amend", &before.id)).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &true), 1);
        let winner = answers.iter().position(|answer| *answer).unwrap();
        let found = stores.clients.find(&before.id).await.unwrap().unwrap();
        assert_eq!(found.name, Some(format!("{winner}")));
    }
}

pub async fn replacing_or_deleting_an_unknown_client_is_false_and_changes_nothing(stores: &Stores) {
    let client = client("web");
    let replaced = stores.clients.amend(&client, &client, &event("client.update", &client.id)).await;
    assert!(!replaced.unwrap());
    let deleted = stores.clients.delete(&client.id, &event("client.delete", &client.id)).await;
    assert!(!deleted.unwrap());
    assert_eq!(stores.clients.find(&client.id).await.unwrap(), None);
    assert!(actions(stores).await.is_empty());
}

pub async fn deleting_removes_its_authorizations_refresh_tokens_and_consents_only(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    for grant in [&grant, &other] {
        let consent = consent(&grant.user, &grant.client, "openid");
        agree(stores, &consent).await;
    }
    let withdrawn = Grant::withdrawn(stores, "c", "openid").await;
    delete(stores, &grant.client).await;
    assert_eq!(withdrawn.record(stores, now()).await, Recorded::Ended);
    assert_eq!(stores.clients.find(&grant.client.id).await.unwrap(), None);
    let token = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await.unwrap();
    assert_eq!(token, None);
    let consent = stores.consents.find(grant.user.id, &grant.client.id).await.unwrap();
    assert_eq!(consent, None);
    assert!(other.is_valid(stores, now()).await);
    assert!(stores.consents.find(other.user.id, &other.client.id).await.unwrap().is_some());
}

pub async fn tokens_of_a_deleted_client_are_revoked(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    delete(stores, &grant.client).await;
    for token in [user_token(&grant.authorization), client_token(&grant.client)] {
        let status = stores.authorizations.token_status(&token, now()).await.unwrap();
        assert_eq!(status, TokenStatus::Revoked);
    }
}

pub async fn a_client_added_under_a_deleted_id_inherits_nothing(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let agreed = consent(&grant.user, &grant.client, "openid");
    agree(stores, &agreed).await;
    let again = make_again(stores, &grant.client).await;
    for token in [user_token(&grant.authorization), client_token(&grant.client)] {
        let status = stores.authorizations.token_status(&token, now()).await.unwrap();
        assert_eq!(status, TokenStatus::Revoked);
    }
    assert_eq!(stores.refresh_tokens.find(grant.refresh_token.digest, now()).await.unwrap(), None);
    assert_eq!(stores.consents.find(grant.user.id, &grant.client.id).await.unwrap(), None);
    // Not even for a moment: the new client's own token is valid at the time of the deletion.
    let status = stores.authorizations.token_status(&client_token(&again), now()).await.unwrap();
    assert_eq!(status, TokenStatus::Client);
}

pub async fn an_amendment_of_a_deleted_client_does_not_reach_the_one_added_under_its_id(stores: &Stores) {
    let deleted = client("web");
    keep_client(stores, &deleted).await;
    let again = make_again(stores, &deleted).await;
    let after = Client { name: Some("Amended".to_owned()), ..deleted.clone() };
    let amended = stores.clients.amend(&deleted, &after, &event("amend", &deleted.id)).await.unwrap();
    assert!(!amended);
    assert_eq!(stores.clients.find(&again.id).await.unwrap(), Some(again));
}

pub async fn clients_are_listed_in_the_order_of_their_ids_after_an_id(stores: &Stores) {
    for id in ["b", "~z", "B", "a-1", "a_1", "c", "a.1"] {
        keep_client(stores, &client(id)).await;
    }
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(|client: &Client| client.id.clone());
        let page = stores.clients.list(after.as_ref(), 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let ids: Vec<_> = seen.iter().map(|client| client.id.as_str()).collect();
    assert_eq!(ids, ["B", "a-1", "a.1", "a_1", "b", "c", "~z"]);
}

pub async fn clients_are_found_by_the_beginning_of_their_names_and_ids_in_the_order_of_the_names(
    stores: &Stores,
) {
    let named = |id: &str, name: &str| Client { name: Some(name.to_owned()), ..client(id) };
    for client in [
        named("x1", "Wiki"),
        named("x2", "wiki"),
        Client { disabled_at: Some(now()), ..named("wi-3", "Archive") },
        Client { name: None, ..client("Widget") },
        named("x4", "Über"),
        named("x5", "wi_k"),
    ] {
        keep_client(stores, &client).await;
    }
    let search = async |text: Option<&str>, is_enabled, after: Option<&Client>, limit| {
        let filter = ClientFilter { begins_with: text.map(str::to_owned), is_enabled };
        let after = after.map(Client::name_key);
        stores.clients.search(&filter, after.as_deref(), limit).await.unwrap()
    };
    let ids = |found: Vec<Client>| found.iter().map(|client| client.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(search(None, None, None, 10).await), ["wi-3", "x5", "Widget", "x1", "x2", "x4"]);
    assert_eq!(ids(search(Some("WI"), None, None, 10).await), ["x5", "Widget", "x1", "x2"]);
    assert_eq!(ids(search(Some("wi"), None, None, 10).await), ["wi-3", "x5", "Widget", "x1", "x2"]);
    assert_eq!(ids(search(Some("über"), None, None, 10).await), ["x4"]);
    assert_eq!(ids(search(Some("wi_"), None, None, 10).await), ["x5"]);
    assert_eq!(ids(search(None, Some(false), None, 10).await), ["wi-3"]);
    assert_eq!(ids(search(Some("wi"), Some(true), None, 10).await), ["x5", "Widget", "x1", "x2"]);
    let first = search(Some("wi"), None, None, 2).await;
    assert_eq!(ids(search(Some("wi"), None, first.last(), 2).await), ["Widget", "x1"]);
    // A new name is a new place.
    let before = stores.clients.find(&"x1".parse().unwrap()).await.unwrap().unwrap();
    let after = Client { name: Some("Alpha".to_owned()), ..before.clone() };
    assert!(stores.clients.amend(&before, &after, &event("amend", &before.id)).await.unwrap());
    assert_eq!(ids(search(None, None, None, 1).await), ["x1"]);
    assert_eq!(ids(search(Some("wiki"), None, None, 10).await), ["x2"]);
}

pub async fn clients_that_let_a_user_enter_are_listed_in_the_order_of_their_ids_after_an_id(stores: &Stores) {
    let (ada, ben) = (user("ada"), user("ben"));
    for user in [&ada, &ben] {
        keep_user(stores, user).await;
    }
    keep_group(stores, "staff", &[&ada]).await;
    keep_group(stores, "others", &[&ben]).await;
    let mut vouched_for = own_client("vouched");
    vouched_for.registration.as_mut().unwrap().set_by_operator.insert("first_party".to_owned());
    for client in [
        client("open"),
        for_members(client("staff"), &["others", "staff"]),
        for_members(client("others"), &["others"]),
        for_members(client("nobody"), &[]),
        Client { disabled_at: Some(now()), ..client("disabled") },
        own_client("own"),
        vouched_for,
    ] {
        keep_client(stores, &client).await;
    }
    let list = async |user: &User, after: Option<&str>, limit| {
        let after = after.map(|after| after.parse().unwrap());
        let listed = stores.clients.list_for_user(user.id, after.as_ref(), limit).await.unwrap();
        listed.into_iter().map(|client| client.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(list(&ada, None, 10).await, ["open", "staff", "vouched"]);
    assert_eq!(list(&ben, None, 10).await, ["open", "others", "staff", "vouched"]);
    assert_eq!(list(&ben, None, 2).await, ["open", "others"]);
    assert_eq!(list(&ben, Some("others"), 2).await, ["staff", "vouched"]);
}

pub async fn every_write_records_its_audit_event_and_a_refused_one_records_none(stores: &Stores) {
    let client = client("web");
    let clients = &stores.clients;
    clients.insert(&client, &event("create", &client.id)).await.unwrap();
    let taken = clients.insert(&client, &event("create again", &client.id)).await.unwrap();
    assert_eq!(taken, Inserted::IdTaken);
    clients.amend(&client, &client, &event("amend", &client.id)).await.unwrap();
    clients.delete(&client.id, &event("delete", &client.id)).await.unwrap();
    clients.delete(&client.id, &event("delete again", &client.id)).await.unwrap();
    assert_eq!(actions(stores).await, ["delete", "amend", "create"]);
}

pub async fn of_many_concurrent_deletions_one_is_true_and_records_its_event(stores: &Stores) {
    keep_user(stores, &user("ada")).await;
    for round in 0..ROUNDS {
        let client = client(&format!("client-{round}"));
        keep_client(stores, &client).await;
        let answers = concurrently(TASKS, |_| {
            let (clients, id) = (stores.clients.clone(), client.id.clone());
            async move { clients.delete(&id, &event("delete", &id)).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &true), 1);
        let events = stores.audit_trail.latest(&EventFilter::default(), None, 2).await.unwrap();
        let of_this =
            |kept: &&KeptEvent| kept.event.action == "delete" && kept.event.target == client.id.as_str();
        assert_eq!(events.iter().filter(of_this).count(), 1);
    }
}

async fn delete(stores: &Stores, client: &Client) {
    let deleted = stores.clients.delete(&client.id, &event("client.delete", &client.id)).await;
    assert!(deleted.unwrap());
}

/// The client, which only members of these groups may enter.
fn for_members(client: Client, groups: &[&str]) -> Client {
    Client { allowed_groups: Some(groups.iter().map(|name| name.parse().unwrap()).collect()), ..client }
}

pub async fn a_client_that_would_allow_a_group_that_does_not_exist_changes_nothing(stores: &Stores) {
    keep_group(stores, "staff", &[]).await;
    let (web, open) = (client("web"), client("open"));
    let wrong = for_members(web.clone(), &["staff", "nobody"]);
    let inserted = stores.clients.insert(&wrong, &event("client.create", &web.id)).await.unwrap();
    assert_eq!(inserted, Inserted::NoSuchGroup);
    assert_eq!(stores.clients.find(&web.id).await.unwrap(), None);
    keep_client(stores, &open).await;
    let amend = async |after: &Client| {
        stores.clients.amend(&open, after, &event("client.update", &open.id)).await.unwrap()
    };
    assert!(!amend(&for_members(open.clone(), &["nobody", "staff"])).await);
    assert_eq!(stores.clients.find(&open.id).await.unwrap().as_ref(), Some(&open));
    let right = for_members(open.clone(), &["staff"]);
    assert!(amend(&right).await);
    assert_eq!(stores.clients.find(&open.id).await.unwrap(), Some(right));
    let written = actions(stores).await;
    assert_eq!(written, ["client.update", "client.create", "group.create"]);
}

pub async fn if_other_groups_are_allowed_what_users_granted_who_may_no_longer_enter_is_revoked(
    stores: &Stores,
) {
    let grant = Grant::recorded(stores, "one", "openid").await;
    let ben = user("ben");
    keep_user(stores, &ben).await;
    let of_ben = authorization("of ben", &grant.client, &ben, None, "openid");
    assert_eq!(stores.authorizations.record(&of_ben, None, now()).await.unwrap(), Recorded::First);
    let elsewhere = Grant::recorded(stores, "elsewhere", "openid").await;
    keep_group(stores, "staff", &[&ben]).await;
    keep_group(stores, "others", &[]).await;
    let is_valid = async |of: &domain::Authorization| {
        let status = stores.authorizations.token_status(&user_token(of), now()).await.unwrap();
        matches!(status, TokenStatus::User(_))
    };
    let allow = async |groups: Option<&[&str]>| {
        let before = stores.clients.find(&grant.client.id).await.unwrap().unwrap();
        let open = Client { allowed_groups: None, ..before.clone() };
        let after = groups.map_or_else(|| open.clone(), |groups| for_members(open.clone(), groups));
        let event = event("client.update", &before.id);
        assert!(stores.clients.amend(&before, &after, &event).await.unwrap());
    };
    allow(Some(&["staff"])).await;
    assert!(!grant.is_valid(stores, now()).await && is_valid(&of_ben).await);
    assert!(elsewhere.is_valid(stores, now()).await, "to another client");
    allow(None).await;
    assert!(!grant.is_valid(stores, now()).await, "it ended");
    assert!(is_valid(&of_ben).await);
    allow(Some(&["others"])).await;
    assert!(!is_valid(&of_ben).await);
    allow(Some(&[])).await;
    allow(None).await;
    assert!(!is_valid(&of_ben).await, "it ended");
}

pub async fn a_client_that_is_made_again_lets_everybody_enter(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    keep_group(stores, "staff", &[]).await;
    let web = for_members(client("web"), &["staff"]);
    keep_client(stores, &web).await;
    let deleted = stores.clients.delete(&web.id, &event("client.delete", &web.id)).await;
    assert!(deleted.unwrap());
    keep_client(stores, &client("web")).await;
    assert!(stores.groups.admits(ada.id, &web.id).await.unwrap());
    let again = for_members(client("web"), &[]);
    assert!(stores.clients.amend(&client("web"), &again, &event("client.update", &web.id)).await.unwrap());
    assert!(!stores.groups.admits(ada.id, &web.id).await.unwrap(), "no group is left from before");
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! clients_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) clients:
            a_client_that_would_allow_a_group_that_does_not_exist_changes_nothing,
            if_other_groups_are_allowed_what_users_granted_who_may_no_longer_enter_is_revoked,
            a_client_that_is_made_again_lets_everybody_enter,
            a_client_is_found_by_its_id_disabled_clients_included,
            the_case_of_an_id_matters,
            clients_that_registered_themselves_and_were_not_used_are_deleted_with_an_event,
            a_client_that_is_used_is_not_deleted,
            a_client_with_an_authorization_or_a_consent_or_an_operator_is_not_deleted,
            one_of_many_concurrent_insertions_is_done,
            the_next_find_sees_a_replacement,
            the_next_find_sees_a_replacement_while_many_others_look,
            an_amendment_replaces_only_what_is_still_as_it_was,
            other_names_for_users_end_the_consents_to_a_client,
            a_client_that_registered_itself_and_changes_what_users_saw_loses_its_consents,
            of_many_concurrent_amendments_of_one_state_one_is_true,
            replacing_or_deleting_an_unknown_client_is_false_and_changes_nothing,
            deleting_removes_its_authorizations_refresh_tokens_and_consents_only,
            tokens_of_a_deleted_client_are_revoked,
            a_client_added_under_a_deleted_id_inherits_nothing,
            an_amendment_of_a_deleted_client_does_not_reach_the_one_added_under_its_id,
            clients_are_listed_in_the_order_of_their_ids_after_an_id,
            clients_are_found_by_the_beginning_of_their_names_and_ids_in_the_order_of_the_names,
            clients_that_let_a_user_enter_are_listed_in_the_order_of_their_ids_after_an_id,
            every_write_records_its_audit_event_and_a_refused_one_records_none,
            of_many_concurrent_deletions_one_is_true_and_records_its_event,
        }
    };
}

pub use crate::clients_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = clients_contract!(clause_names!());
