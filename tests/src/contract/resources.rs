//! The clauses of [`Resources`](application::port::Resources).

use application::port::RegisteredResource;
use domain::{Resource, ResourceIdentifier};

use super::Stores;
use super::fixture::{actions, client, event, keep_client, now, scope};
use super::race::{ROUNDS, TASKS, concurrently, count};

fn resource(id: &str) -> Resource {
    Resource {
        id: id.parse().unwrap(),
        name: format!("The API \"{id}\" – ü"),
        scope: scope("read write"),
        default_scope: scope("read"),
        for_registered_clients: true,
        documentation: Some("https://api.example/docs".to_owned()),
        client: None,
        created_at: now(),
    }
}

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
        stores.resources.delete(&id, &event("resource.delete", &id)).await.unwrap()
    };
    assert!(delete().await);
    assert!(!delete().await);
    let left = find(stores, &["https://a.example", "https://b.example"]).await;
    assert_eq!(left, [resource("https://b.example")]);
}

pub async fn every_write_records_its_audit_event_and_a_refused_one_records_none(stores: &Stores) {
    let api = resource("https://api.example");
    register(stores, &api).await;
    let again = stores.resources.register(&api, &event("again", &api.id)).await.unwrap();
    assert_eq!(again, RegisteredResource::Taken);
    assert!(stores.resources.delete(&api.id, &event("delete", &api.id)).await.unwrap());
    assert!(!stores.resources.delete(&api.id, &event("delete again", &api.id)).await.unwrap());
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
            every_write_records_its_audit_event_and_a_refused_one_records_none,
        }
    };
}

pub use crate::resources_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = resources_contract!(clause_names!());
