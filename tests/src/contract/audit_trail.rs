//! The clauses of [`AuditTrail`](application::port::AuditTrail).

use domain::{Actor, AuditEvent, InitialAccessTokenId};

use super::Stores;
use super::fixture::{after, client, keep_client, user};

pub async fn up_to_limit_events_are_read_the_latest_first(stores: &Stores) {
    for id in ["a", "b", "c"] {
        keep_client(stores, &client(id)).await;
    }
    let latest = stores.audit_trail.latest(None, 2).await.unwrap();
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
        let page = stores.audit_trail.latest(before, 2).await.unwrap();
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
        let event = AuditEvent::new(after(second), actor, "client.create", &client.id);
        stores.clients.insert(&client, &event).await.unwrap();
        let latest = stores.audit_trail.latest(None, 1).await.unwrap();
        assert_eq!(latest.into_iter().map(|kept| kept.event).collect::<Vec<_>>(), [event]);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! audit_trail_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) audit_trail:
            up_to_limit_events_are_read_the_latest_first,
            the_events_before_one_are_read_by_its_number,
            an_event_is_read_back_as_it_was_written,
        }
    };
}

pub use crate::audit_trail_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = audit_trail_contract!(clause_names!());
