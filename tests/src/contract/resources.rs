//! The clauses of [`Resources`](application::port::Resources).

use application::port::{
    AmendedResource, Recorded, RegisteredResource, TokenOrigin, TokenReference, TokenStatus,
};
use domain::client::AccessTokenTyp;
use domain::{Authorization, AuthorizationId, Incarnation, Resource, ResourceIdentifier};

use super::Stores;
use super::fixture::{
    Grant, actions, after, claims, client, client_token, event, incarnations, keep_client, now, resource,
    scope, user_token,
};
use super::race::{ROUNDS, TASKS, concurrently, count};

async fn register(stores: &Stores, resource: &Resource) -> RegisteredResource {
    stores.resources.register(resource, &event("resource.create", &resource.id)).await.unwrap()
}

async fn find(stores: &Stores, ids: &[&str]) -> Vec<Resource> {
    let ids: Vec<ResourceIdentifier> = ids.iter().map(|id| id.parse().unwrap()).collect();
    stores.resources.find(&ids).await.unwrap()
}

pub async fn registered_resources_are_found_in_order_by_the_normalised_identifier(stores: &Stores) {
    let bare = Resource {
        scope: scope(""),
        default_scope: scope(""),
        for_registered_clients: false,
        access_token_typ: AccessTokenTyp::AtJwt,
        documentation: None,
        name: String::new(),
        ..resource("HTTPS://api.example:443")
    };
    let (slash, path) = (resource("https://api.example/v1/"), resource("https://api.example/v1?tenant=A"));
    for resource in [&path, &slash, &bare] {
        assert_eq!(register(stores, resource).await, RegisteredResource::Done);
    }
    let asked = [
        "https://unknown.example",
        "https://api.example/v1?tenant=A",
        "https://api.example/v1?tenant=a",
        "https://api.example/v1",
        "https://api.example",
        "https://API.example/",
    ];
    let found = find(stores, &asked).await;
    assert_eq!(found[0].id.as_str(), "HTTPS://api.example:443", "the identifier is as it was registered");
    assert_eq!(found, [bare.clone(), path]);
    assert_eq!(find(stores, &["https://api.example/v1/", "https://api.example"]).await, [bare, slash]);
    assert_eq!(find(stores, &[]).await, []);
}

pub async fn one_of_many_concurrent_registrations_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let id = format!("https://api.example/{round}");
        let answers = concurrently(TASKS, |task| {
            let (stores, name) = (stores.clone(), format!("{task}"));
            let written = if task % 2 == 0 { id.clone() } else { id.replace("https", "HTTPS") };
            let resource = Resource { name, ..resource(&written) };
            async move { register(&stores, &resource).await }
        })
        .await;
        assert_eq!(count(&answers, &RegisteredResource::Done), 1);
        assert_eq!(count(&answers, &RegisteredResource::Taken), TASKS - 1);
        let winner = answers.iter().position(|answer| *answer == RegisteredResource::Done).unwrap();
        assert_eq!(find(stores, &[&id]).await[0].name, format!("{winner}"));
    }
}

pub async fn a_resource_of_a_client_that_is_not_registered_changes_nothing(stores: &Stores) {
    let of_a_client = Resource { client: Some(client("api").id), ..resource("https://api.example") };
    assert_eq!(register(stores, &of_a_client).await, RegisteredResource::NoSuchClient);
    assert_eq!(find(stores, &["https://api.example"]).await, []);
    assert!(actions(stores).await.is_empty());
    keep_client(stores, &client("api")).await;
    assert_eq!(register(stores, &of_a_client).await, RegisteredResource::Done);
    assert_eq!(find(stores, &["https://api.example"]).await, [of_a_client]);
}

pub async fn when_its_client_is_deleted_it_names_none_also_if_another_client_gets_the_id(stores: &Stores) {
    for id in ["api", "other"] {
        keep_client(stores, &client(id)).await;
        let url = format!("https://{id}.example");
        register(stores, &Resource { client: Some(client(id).id), ..resource(&url) }).await;
    }
    let api = client("api").id;
    assert!(stores.clients.delete(&api, &event("client.delete", &api)).await.unwrap());
    keep_client(stores, &client("api")).await;
    let found = find(stores, &["https://api.example", "https://other.example"]).await;
    let clients: Vec<_> = found.into_iter().map(|resource| resource.client).collect();
    assert_eq!(clients, [None, Some(client("other").id)]);
}

/// Whichever write comes first, no resource names a deleted client afterwards.
pub async fn a_concurrent_deletion_of_its_client_leaves_no_client_either(stores: &Stores) {
    for round in 0..ROUNDS {
        let (client, id) = (client(&format!("client-{round}")), format!("https://api.example/{round}"));
        keep_client(stores, &client).await;
        concurrently(2, |task| {
            let (stores, client) = (stores.clone(), client.clone());
            let of_the_client = Resource { client: Some(client.id.clone()), ..resource(&id) };
            async move {
                if task == 0 {
                    register(&stores, &of_the_client).await;
                } else {
                    stores.clients.delete(&client.id, &event("delete", &client.id)).await.unwrap();
                }
            }
        })
        .await;
        assert!(find(stores, &[&id]).await.iter().all(|resource| resource.client.is_none()));
    }
}

pub async fn resources_are_listed_in_the_order_of_their_identifiers_after_an_identifier(stores: &Stores) {
    let ids = ["https://b.example", "https://a.example/~", "https://a.example/B", "https://a.example/a"];
    for id in ids {
        register(stores, &resource(id)).await;
    }
    let mut seen: Vec<Resource> = Vec::new();
    loop {
        let after = seen.last().map(|resource| resource.id.clone());
        let page = stores.resources.list(after.as_ref(), 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let seen: Vec<_> = seen.iter().map(|resource| resource.id.as_str()).collect();
    let expected = ["https://a.example/B", "https://a.example/a", "https://a.example/~", "https://b.example"];
    assert_eq!(seen, expected);
}

pub async fn the_next_find_does_not_see_a_deleted_one(stores: &Stores) {
    for id in ["https://a.example", "https://b.example"] {
        register(stores, &resource(id)).await;
    }
    let delete = async || {
        let id = "https://A.example/".parse().unwrap();
        stores.resources.delete(&id, after(60), &event("resource.delete", &id)).await.unwrap()
    };
    assert!(delete().await);
    assert!(!delete().await);
    let left = find(stores, &["https://a.example", "https://b.example"]).await;
    assert_eq!(left, [resource("https://b.example")]);
}

async fn amend(stores: &Stores, before: &Resource, after: &Resource) -> AmendedResource {
    stores.resources.amend(before, after, &event("resource.update", &before.id)).await.unwrap()
}

pub async fn a_resource_is_replaced_if_it_is_still_what_it_was(stores: &Stores) {
    keep_client(stores, &client("api")).await;
    let (before, other) = (resource("HTTPS://a.example"), resource("https://b.example"));
    for resource in [&before, &other] {
        register(stores, resource).await;
    }
    let after = Resource {
        name: "Another name".to_owned(),
        scope: scope("admin"),
        default_scope: scope(""),
        for_registered_clients: false,
        access_token_typ: AccessTokenTyp::AtJwt,
        documentation: None,
        client: Some(client("api").id),
        ..before.clone()
    };
    assert_eq!(amend(stores, &before, &after).await, AmendedResource::Done);
    assert_eq!(find(stores, &["https://a.example", "https://b.example"]).await, [after.clone(), other]);
    assert_eq!(amend(stores, &before, &before).await, AmendedResource::Outdated);
    let nobody = Resource { client: Some(client("nobody").id), ..after.clone() };
    assert_eq!(amend(stores, &after, &nobody).await, AmendedResource::NoSuchClient);
    delete(stores, &after).await;
    assert_eq!(amend(stores, &after, &before).await, AmendedResource::Outdated);
    assert_eq!(find(stores, &["https://a.example"]).await, []);
    let expected =
        ["resource.delete", "resource.update", "resource.create", "resource.create", "client.create"];
    assert_eq!(actions(stores).await, expected);
}

pub async fn of_concurrent_replacements_of_one_resource_one_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let before = resource(&format!("https://api.example/{round}"));
        register(stores, &before).await;
        let answers = concurrently(TASKS, |task| {
            let (stores, before) = (stores.clone(), before.clone());
            let after = Resource { name: format!("{task}"), ..before.clone() };
            async move { amend(&stores, &before, &after).await }
        })
        .await;
        assert_eq!(count(&answers, &AmendedResource::Done), 1);
        let winner = answers.iter().position(|answer| *answer == AmendedResource::Done).unwrap();
        assert_eq!(find(stores, &[before.id.as_str()]).await[0].name, format!("{winner}"));
    }
}

async fn delete(stores: &Stores, resource: &Resource) {
    let deletion = event("resource.delete", &resource.id);
    assert!(stores.resources.delete(&resource.id, after(60), &deletion).await.unwrap());
}

/// Deletes a resource, and registers another one under its identifier.
async fn make_again(stores: &Stores, resource: &Resource) {
    delete(stores, resource).await;
    let again = Resource { incarnation: Incarnation::from_random([9; 16]), ..resource.clone() };
    assert_eq!(register(stores, &again).await, RegisteredResource::Done);
}

/// A resource for which everything of the fixture is given, and one for which nothing is.
async fn given_for(stores: &Stores) -> (Resource, Resource) {
    let (given, other) = (resource("https://api.example/v1"), resource("https://other.example"));
    for resource in [&given, &other] {
        register(stores, resource).await;
    }
    (given, other)
}

/// Which tokens of a grant are valid: signed and opaque ones of the user and of the client itself, and the refresh token.
async fn valid_tokens(stores: &Stores, grant: &Grant) -> [bool; 5] {
    let is_valid = |status| status != TokenStatus::Revoked;
    let (users, own) = (user_token(&grant.authorization), client_token(&grant.client));
    let signed = async |token| is_valid(stores.authorizations.token_status(token, now()).await.unwrap());
    let opaque = async |token: &TokenReference| {
        is_valid(stores.opaque_access_tokens.find(token.token, now()).await.unwrap().unwrap().status)
    };
    let refresh_token = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await.unwrap();
    [
        signed(&users).await,
        signed(&own).await,
        opaque(&users).await,
        opaque(&own).await,
        refresh_token.unwrap().is_valid,
    ]
}

pub async fn what_was_given_for_a_deleted_resource_is_revoked_also_if_it_is_made_again(stores: &Stores) {
    let (given, _) = given_for(stores).await;
    let bound = Grant::recorded(stores, "bound", "openid read").await;
    let offline = Grant::recorded(stores, "offline", "openid read offline_access").await;
    for grant in [&bound, &offline] {
        for token in [user_token(&grant.authorization), client_token(&grant.client)] {
            stores.opaque_access_tokens.keep(token.token, &claims(&token), &token, after(60)).await.unwrap();
        }
        assert_eq!(valid_tokens(stores, grant).await, [true; 5]);
    }
    make_again(stores, &given).await;
    for grant in [&bound, &offline] {
        assert_eq!(valid_tokens(stores, grant).await, [false; 5]);
    }
}

pub async fn what_was_given_for_another_resource_stays_valid(stores: &Stores) {
    let (given, other) = given_for(stores).await;
    let grant = Grant::prepared(stores, "a", "openid").await;
    let unaffected =
        Authorization { incarnations: incarnations(&[other.id.as_str()]), ..grant.authorization.clone() };
    let without = Authorization {
        id: AuthorizationId::from_random([3; 16]),
        incarnations: incarnations(&[]),
        ..grant.authorization
    };
    make_again(stores, &given).await;
    for authorization in [unaffected, without] {
        let recorded = stores.authorizations.record(&authorization, None, now()).await.unwrap();
        assert_eq!(recorded, Recorded::First);
        let status = stores.authorizations.token_status(&user_token(&authorization), now()).await.unwrap();
        assert_ne!(status, TokenStatus::Revoked);
    }
    for ids in [&[other.id.as_str()][..], &[]] {
        let origin =
            TokenOrigin::Client { client: grant.client.incarnation, resources: incarnations(ids).all() };
        let token = TokenReference { origin, ..client_token(&grant.client) };
        let status = stores.authorizations.token_status(&token, now()).await.unwrap();
        assert_eq!(status, TokenStatus::Client);
    }
}

pub async fn what_was_approved_for_a_deleted_resource_is_not_recorded(stores: &Stores) {
    let (given, _) = given_for(stores).await;
    let (before, with, without) = (
        Grant::prepared(stores, "before", "openid").await,
        Grant::prepared(stores, "with", "openid").await,
        Grant::prepared(stores, "without", "openid").await,
    );
    assert_eq!(before.record(stores, now()).await, Recorded::First);
    make_again(stores, &given).await;
    assert_eq!(with.record(stores, now()).await, Recorded::Ended);
    let without = Authorization { session: None, ..without.authorization };
    assert_eq!(stores.authorizations.record(&without, None, now()).await.unwrap(), Recorded::Ended);
    assert_eq!(before.record(stores, now()).await, Recorded::Again);
}

pub async fn a_deletion_is_remembered_until_forget_at(stores: &Stores) {
    let (given, _) = given_for(stores).await;
    let grant = Grant::recorded(stores, "a", "openid").await;
    delete(stores, &given).await;
    stores.expired.purge(after(59), 100).await.unwrap();
    assert!(!grant.is_valid(stores, now()).await);
    assert_eq!(stores.expired.purge(after(60), 100).await.unwrap(), 1);
    assert!(grant.is_valid(stores, now()).await);
}

pub async fn every_write_records_its_audit_event_and_a_refused_one_records_none(stores: &Stores) {
    let api = resource("https://api.example");
    register(stores, &api).await;
    let again = stores.resources.register(&api, &event("again", &api.id)).await.unwrap();
    assert_eq!(again, RegisteredResource::Taken);
    assert!(stores.resources.delete(&api.id, after(60), &event("delete", &api.id)).await.unwrap());
    assert!(!stores.resources.delete(&api.id, after(60), &event("delete again", &api.id)).await.unwrap());
    assert_eq!(actions(stores).await, ["delete", "resource.create"]);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! resources_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) resources:
            registered_resources_are_found_in_order_by_the_normalised_identifier,
            one_of_many_concurrent_registrations_is_done,
            a_resource_of_a_client_that_is_not_registered_changes_nothing,
            when_its_client_is_deleted_it_names_none_also_if_another_client_gets_the_id,
            a_concurrent_deletion_of_its_client_leaves_no_client_either,
            resources_are_listed_in_the_order_of_their_identifiers_after_an_identifier,
            the_next_find_does_not_see_a_deleted_one,
            a_resource_is_replaced_if_it_is_still_what_it_was,
            of_concurrent_replacements_of_one_resource_one_is_done,
            what_was_given_for_a_deleted_resource_is_revoked_also_if_it_is_made_again,
            what_was_given_for_another_resource_stays_valid,
            what_was_approved_for_a_deleted_resource_is_not_recorded,
            a_deletion_is_remembered_until_forget_at,
            every_write_records_its_audit_event_and_a_refused_one_records_none,
        }
    };
}

pub use crate::resources_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = resources_contract!(clause_names!());
