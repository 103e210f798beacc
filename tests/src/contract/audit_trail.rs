//! The clauses of [`AuditTrail`](application::port::AuditTrail).

use application::port::EventFilter;
use domain::{Actor, AuditEvent, Author, Changes, InitialAccessTokenId};
use serde_json::{Map, json};

use super::Stores;
use super::fixture::{after, client, keep_client, user};

pub async fn up_to_limit_events_are_read_the_latest_first(stores: &Stores) {
    for id in ["a", "b", "c"] {
        keep_client(stores, &client(id)).await;
    }
    let latest = stores.audit_trail.latest(&EventFilter::default(), None, 2).await.unwrap();
    let targets: Vec<_> = latest.iter().map(|kept| kept.event.target.as_str()).collect();
    assert_eq!(targets, ["c", "b"]);
}

pub async fn the_events_before_one_are_read_by_its_number(stores: &Stores) {
    let ids = ["a", "b", "c", "d", "e"];
    for id in ids {
        keep_client(stores, &client(id)).await;
    }
    let (mut before, mut targets) = (None, Vec::new());
    loop {
        let page = stores.audit_trail.latest(&EventFilter::default(), before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 2 && page[0].number >= last.number);
        before = Some(last.number);
        targets.extend(page.into_iter().map(|kept| kept.event.target));
        // Events that are recorded meanwhile do not move the pages.
        keep_client(stores, &client(&format!("later-{}", targets.len()))).await;
    }
    targets.reverse();
    assert_eq!(targets, ids);
}

pub async fn an_event_is_read_back_as_it_was_written(stores: &Stores) {
    let actors = [
        Actor::CommandLine,
        Actor::SetUp,
        Actor::Administrator(user("admin").id),
        Actor::SelfRegistered,
        Actor::InitialAccessToken(InitialAccessTokenId::from_random([7; 16])),
        Actor::Client(client("web").id),
        Actor::AdministrativeClient(client("web").id),
        Actor::Server,
    ];
    for (second, actor) in (0..).zip(actors) {
        let client = client(&format!("client-{second}"));
        let author = Author { actor, address: (second % 2 == 0).then(|| "2001:db8::/64".to_owned()) };
        let document =
            Map::from_iter([("client_name".to_owned(), json!("\"ü\"")), ("flag".to_owned(), json!(false))]);
        let event = AuditEvent::new(after(second), author, "client.create", &client.id)
            .with_changes(Changes::new_object(&document));
        stores.clients.insert(&client, &event).await.unwrap();
        let latest = stores.audit_trail.latest(&EventFilter::default(), None, 1).await.unwrap();
        assert_eq!(latest.into_iter().map(|kept| kept.event).collect::<Vec<_>>(), [event]);
    }
}

pub async fn only_the_events_that_meet_the_filter_are_read(stores: &Stores) {
    let admin = user("admin").id;
    for (second, id, actor, action) in [
        (0, "a", Actor::CommandLine, "client.create"),
        (10, "b", Actor::Administrator(admin), "client.create"),
        (20, "c", Actor::AdministrativeClient(client("web").id), "client.register"),
        (30, "d", Actor::Administrator(admin), "client.register"),
    ] {
        let client = client(id);
        let event = AuditEvent::new(after(second), actor, action, &client.id);
        stores.clients.insert(&client, &event).await.unwrap();
    }
    let some = |text: &str| Some(text.to_owned());
    let all = EventFilter::default();
    let administrators = EventFilter { actor: some(&admin.to_string()), ..all.clone() };
    for (filter, expected) in [
        (all.clone(), &["d", "c", "b", "a"][..]),
        (administrators.clone(), &["d", "b"]),
        (EventFilter { actor: some("command_line"), ..all.clone() }, &["a"]),
        (EventFilter { actor: some("administrator"), ..all.clone() }, &[]),
        (EventFilter { actor: some("web"), ..all.clone() }, &["c"]),
        (EventFilter { action: some("client.register"), ..all.clone() }, &["d", "c"]),
        (EventFilter { target: some("b"), ..all.clone() }, &["b"]),
        (EventFilter { since: Some(after(10)), ..all.clone() }, &["d", "c", "b"]),
        (EventFilter { until: Some(after(20)), ..all.clone() }, &["b", "a"]),
        (EventFilter { since: Some(after(10)), until: Some(after(30)), ..administrators }, &["b"]),
    ] {
        let latest = stores.audit_trail.latest(&filter, None, 10).await.unwrap();
        let targets: Vec<_> = latest.iter().map(|kept| kept.event.target.as_str()).collect();
        assert_eq!(targets, expected, "{filter:?}");
    }
    // The filter holds on every page.
    let first = EventFilter { action: some("client.create"), ..all };
    let page = stores.audit_trail.latest(&first, None, 1).await.unwrap();
    let next = stores.audit_trail.latest(&first, Some(page[0].number), 1).await.unwrap();
    assert_eq!((page[0].event.target.as_str(), next[0].event.target.as_str()), ("b", "a"));
}

pub async fn up_to_batch_events_from_before_the_time_are_removed_and_the_others_keep_their_numbers(
    stores: &Stores,
) {
    for second in 0..5 {
        let client = client(&format!("client-{second}"));
        let event = AuditEvent::new(after(second), Actor::CommandLine, "client.create", &client.id);
        stores.clients.insert(&client, &event).await.unwrap();
    }
    let all = async || stores.audit_trail.latest(&EventFilter::default(), None, 10).await.unwrap();
    let before = all().await;
    let mut removed = Vec::new();
    for _ in 0..3 {
        removed.push(stores.audit_trail.forget(after(3), 2).await.unwrap());
    }
    assert_eq!(removed, [2, 1, 0]);
    assert_eq!(all().await, before[..2]);
    keep_client(stores, &client("later")).await;
    assert!(all().await[0].number > before[0].number);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! audit_trail_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) audit_trail:
            up_to_limit_events_are_read_the_latest_first,
            the_events_before_one_are_read_by_its_number,
            an_event_is_read_back_as_it_was_written,
            only_the_events_that_meet_the_filter_are_read,
            up_to_batch_events_from_before_the_time_are_removed_and_the_others_keep_their_numbers,
        }
    };
}

pub use crate::audit_trail_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = audit_trail_contract!(clause_names!());
