//! The clauses of [`Refusals`](application::port::Refusals).

use application::port::RefusalBounds;
use chrono::{DateTime, Utc};
use domain::refusal::{
    AssertionInstant, AuthenticationCause, BearerTokenCause, Cause, ClaimedToken, GrantCause, PkceCause,
    PkceExemption, Presented, RedirectCause, RedirectParameter, ResourceCause, ScopeCause,
};
use domain::{ErrorCode, ErrorReference, KeptRefusal, Quoted, RefusalId};

use super::Stores;
use super::fixture::{after, digest};
use super::race::{TASKS, concurrently};

const MANY: RefusalBounds = RefusalBounds { of_network: 100, of_client: 100, all: 100 };

/// A refusal at this second, which is forgotten a minute later.
pub(crate) fn refused(second: i64, client: Option<&str>, network: &str) -> KeptRefusal {
    let name = format!("{second} {client:?} {network}");
    let random = digest(&name).as_bytes().to_owned();
    KeptRefusal {
        id: RefusalId::ordered(after(second), random[..10].try_into().unwrap()),
        reference: ErrorReference::from_random(random[10..19].try_into().unwrap()),
        endpoint: "/oauth/authorize".to_owned(),
        network: network.to_owned(),
        client: client.map(|client| client.parse().unwrap()),
        code: ErrorCode::InvalidRequest,
        cause: Cause::Other(Quoted::new("no reason")),
        expires_at: after(second + 60),
    }
}

pub(super) async fn record(stores: &Stores, refusals: &[KeptRefusal]) {
    stores.refusals.record(refusals, MANY).await.unwrap();
}

async fn found(stores: &Stores, refusal: &KeptRefusal, now: DateTime<Utc>) -> Option<KeptRefusal> {
    stores.refusals.find(&refusal.reference, now).await.unwrap()
}

/// The seconds of the latest refusals of this client.
async fn latest(stores: &Stores, client: &str) -> Vec<i64> {
    let kept = stores.refusals.latest(&client.parse().unwrap(), None, 100, after(0)).await.unwrap();
    kept.iter().map(|kept| (kept.expires_at - after(60)).num_seconds()).collect()
}

/// One cause of every kind.
fn causes() -> Vec<Cause> {
    let quoted = || Quoted::new("ä \u{0}\u{202e}'\"");
    let registered = ["https://a.example/cb".parse().unwrap()];
    let claimed = ClaimedToken {
        issuer: Some(quoted()),
        audience: vec![quoted()],
        expires_at: Some(after(1)),
        ..ClaimedToken::default()
    };
    vec![
        AuthenticationCause::Disabled(after(3)).into(),
        AuthenticationCause::AssertionTime { instant: AssertionInstant::Future, at: after(1), now: after(2) }
            .into(),
        RedirectCause::unregistered(RedirectParameter::RedirectUri, "https://a.example/", &registered).into(),
        PkceCause::Method { sent: None, exemption: PkceExemption::Never }.into(),
        ScopeCause::NeedsUser(quoted()).into(),
        ResourceCause::NotAllowed { sent: quoted(), allowed: vec![quoted()], registered_itself: true }.into(),
        GrantCause::Expired {
            presented: Presented::DeviceCode,
            issued_at: None,
            expired_at: after(1),
            now: after(2),
        }
        .into(),
        BearerTokenCause::Hint {
            claimed: Some(claimed),
            issuer: "https://id.example".to_owned(),
            now: after(1),
        }
        .into(),
        Cause::Other(quoted()),
        Cause::SignIn("wrong password".to_owned()),
        Cause::TooMany { limit: quoted(), until: after(9) },
        Cause::Unavailable { component: "redis".to_owned() },
    ]
}

pub async fn a_refusal_is_found_by_its_reference_as_it_was_recorded(stores: &Stores) {
    let with_cause = |(second, cause)| KeptRefusal { cause, ..refused(second, Some("web"), "192.0.2.7") };
    let mut refusals: Vec<_> = (0..).zip(causes()).map(with_cause).collect();
    refusals.push(KeptRefusal { code: ErrorCode::InvalidClient, ..refused(50, None, "2001:db8::") });
    record(stores, &refusals).await;
    for refusal in refusals {
        assert_eq!(found(stores, &refusal, after(0)).await, Some(refusal));
    }
    assert_eq!(found(stores, &refused(51, None, "192.0.2.7"), after(0)).await, None);
}

pub async fn a_refusal_that_is_recorded_already_is_not_recorded_again(stores: &Stores) {
    let refusal = refused(0, Some("web"), "192.0.2.7");
    for endpoint in ["/oauth/authorize", "/oauth/token"] {
        record(stores, &[KeptRefusal { endpoint: endpoint.to_owned(), ..refusal.clone() }]).await;
    }
    assert_eq!(latest(stores, "web").await, [0]);
    assert_eq!(found(stores, &refusal, after(0)).await, Some(refusal));
    record(stores, &[]).await;
}

pub async fn an_expired_refusal_is_not_found(stores: &Stores) {
    let refusal = refused(0, Some("web"), "192.0.2.7");
    record(stores, std::slice::from_ref(&refusal)).await;
    assert!(found(stores, &refusal, after(59)).await.is_some());
    assert!(found(stores, &refusal, after(60)).await.is_none());
    let web = "web".parse().unwrap();
    assert_eq!(stores.refusals.latest(&web, None, 10, after(59)).await.unwrap(), [refusal]);
    assert_eq!(stores.refusals.latest(&web, None, 10, after(60)).await.unwrap(), []);
}

pub async fn up_to_limit_refusals_of_a_client_are_read_the_latest_first_and_before_one(stores: &Stores) {
    let of = |second, client| refused(second, client, "192.0.2.7");
    record(stores, &[of(1, Some("web")), of(2, Some("app")), of(3, None), of(4, Some("web"))]).await;
    record(stores, &[of(0, Some("web"))]).await;
    assert_eq!(latest(stores, "web").await, [4, 1, 0]);
    assert_eq!(latest(stores, "nobody").await, [] as [i64; 0]);
    let web = "web".parse().unwrap();
    let first = stores.refusals.latest(&web, None, 2, after(0)).await.unwrap();
    assert_eq!(first.len(), 2);
    let rest = stores.refusals.latest(&web, Some(first[1].id), 2, after(0)).await.unwrap();
    assert_eq!(rest, [of(0, Some("web"))]);
}

pub async fn the_oldest_beyond_the_bounds_of_a_network_of_a_client_and_of_all_are_removed(stores: &Stores) {
    let bounds = |of_network, of_client, all| RefusalBounds { of_network, of_client, all };
    let from = |seconds: std::ops::Range<i64>, client, network| -> Vec<_> {
        seconds.map(|second| refused(second, Some(client), network)).collect()
    };
    record(stores, &from(0..10, "web", "192.0.2.1")).await;
    record(stores, &from(10..15, "app", "192.0.2.2")).await;
    // Another network and another client make room for nobody else.
    stores.refusals.record(&from(15..16, "other", "192.0.2.3"), bounds(1, 1, 100)).await.unwrap();
    assert_eq!((latest(stores, "web").await.len(), latest(stores, "app").await.len()), (10, 5));
    stores.refusals.record(&from(16..17, "web", "192.0.2.4"), bounds(100, 4, 100)).await.unwrap();
    assert_eq!(latest(stores, "web").await, [16, 9, 8, 7]);
    stores.refusals.record(&from(17..20, "flood", "192.0.2.2"), bounds(4, 100, 100)).await.unwrap();
    assert_eq!((latest(stores, "flood").await, latest(stores, "app").await), (vec![19, 18, 17], vec![14]));
    stores.refusals.record(&from(20..21, "last", "192.0.2.5"), bounds(100, 100, 3)).await.unwrap();
    assert_eq!((latest(stores, "last").await, latest(stores, "flood").await), (vec![20], vec![19, 18]));
    for client in ["web", "app", "other"] {
        assert_eq!(latest(stores, client).await, [] as [i64; 0], "{client}");
    }
}

pub async fn concurrent_recordings_lose_nothing_within_the_bounds(stores: &Stores) {
    concurrently(TASKS, |task| {
        let stores = stores.clone();
        async move { record(&stores, &[refused(task as i64, Some("web"), "192.0.2.7")]).await }
    })
    .await;
    assert_eq!(latest(stores, "web").await.len(), TASKS);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! refusals_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) refusals:
            a_refusal_is_found_by_its_reference_as_it_was_recorded,
            a_refusal_that_is_recorded_already_is_not_recorded_again,
            an_expired_refusal_is_not_found,
            up_to_limit_refusals_of_a_client_are_read_the_latest_first_and_before_one,
            the_oldest_beyond_the_bounds_of_a_network_of_a_client_and_of_all_are_removed,
            concurrent_recordings_lose_nothing_within_the_bounds,
        }
    };
}

pub use crate::refusals_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = refusals_contract!(clause_names!());
