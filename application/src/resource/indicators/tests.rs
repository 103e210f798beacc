//! Which resources one token is for.

use async_trait::async_trait;
use chrono::DateTime;
use domain::client::ClientResources;
use domain::{AuditEvent, AuthorizationId, Incarnation, UserId};

use super::*;
use crate::port::{RegisteredResource, Unavailable};

const ISSUER: &str = "https://login.example";
const A: &str = "https://a.example";
const B: &str = "https://b.example/v1";

/// A store that fails every call.
struct Unasked;

#[async_trait]
impl Resources for Unasked {
    async fn register(&self, _: &Resource, _: &AuditEvent) -> Result<RegisteredResource, Unavailable> {
        Err(asked())
    }

    async fn find(&self, _: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable> {
        Err(asked())
    }

    async fn list(&self, _: Option<&ResourceIdentifier>, _: u32) -> Result<Vec<Resource>, Unavailable> {
        Err(asked())
    }

    async fn delete(&self, _: &ResourceIdentifier, _: &AuditEvent) -> Result<bool, Unavailable> {
        Err(asked())
    }
}

fn asked() -> Unavailable {
    Unavailable { component: "test", reason: "the store was asked".to_owned() }
}

fn indicators() -> ResourceIndicators {
    ResourceIndicators { resources: Arc::new(Unasked), issuer: ISSUER.parse().unwrap() }
}

fn set(ids: &[&str]) -> BTreeSet<ResourceIdentifier> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

/// The identifiers as tokens carry them.
fn texts(ids: &BTreeSet<ResourceIdentifier>) -> Vec<&str> {
    ids.iter().map(ResourceIdentifier::as_str).collect()
}

fn client(allowed: &[&str], default: Option<&str>) -> Client {
    Client {
        scope: "openid read".parse().unwrap(),
        resources: ClientResources {
            allowed: set(allowed),
            default: default.map(|default| default.parse().unwrap()),
        },
        ..Client::new("app".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
    }
}

fn granted(resources: &[&str], scope: &str) -> Authorization {
    Authorization {
        id: AuthorizationId::from_random([1; 16]),
        client: "app".parse().unwrap(),
        incarnation: Incarnation::from_random([1; 16]),
        user: UserId::from_random([2; 16]),
        session: None,
        sid: None,
        scope: scope.parse().unwrap(),
        resources: set(resources),
        claims: domain::ClaimsRequest::default(),
        auth_time: DateTime::UNIX_EPOCH,
        acr: None,
        amr: vec![],
        created_at: DateTime::UNIX_EPOCH,
        expires_at: DateTime::UNIX_EPOCH,
    }
}

fn naming(resources: &[&str]) -> Parameters {
    let pairs = resources.iter().map(|id| ("resource".to_owned(), (*id).to_owned())).collect();
    Parameters::new(pairs).unwrap()
}

#[test]
fn a_token_request_narrows_what_was_granted_and_never_widens_it() {
    let app = client(&[A, B], None);
    for (resources, scope, named, expected) in [
        (&[A, B][..], "read", &[][..], Some(&[A, B][..])),
        (&[A, B], "read", &[A], Some(&[A])),
        (&[A, B], "read", &[A, A, B], Some(&[A, B])),
        (&[A], "read", &[B], None),
        (&[A], "read", &[A, B], None),
        (&[A], "read", &["HTTPS://A.example:443/"], Some(&[A])),
        (&[B], "read", &["https://b.example/v1/"], None),
        (&[A], "read", &[ISSUER], None),
        (&[A], "openid read", &[ISSUER], Some(&[ISSUER])),
        (&[A], "read", &["a.example"], None),
        (&[A], "read", &["https://a.example#x"], None),
        // The request names no resource: the token would be for the issuer.
        (&[], "read", &[], Some(&[])),
        (&[], "read", &[ISSUER], Some(&[ISSUER])),
        (&[], "read", &[A], None),
    ] {
        let narrowed = indicators().narrow(&app, &granted(resources, scope), &naming(named));
        match expected {
            Some(expected) => assert_eq!(texts(&narrowed.unwrap()), expected, "{resources:?} {named:?}"),
            None => {
                let refusal = narrowed.unwrap_err();
                assert_eq!(refusal.code, ErrorCode::InvalidTarget, "{resources:?} {named:?}");
            }
        }
    }
}

#[test]
fn the_default_audience_may_be_named_and_nothing_beyond_it() {
    let app = client(&[A, B], Some(A));
    let narrowed =
        |scope: &str, named: &str| indicators().narrow(&app, &granted(&[], scope), &naming(&[named]));
    assert_eq!(narrowed("read", A).unwrap(), set(&[A]));
    assert!(narrowed("read", B).is_err());
    assert!(narrowed("read", ISSUER).is_err());
    assert_eq!(narrowed("openid", ISSUER).unwrap(), set(&[ISSUER]));
}

#[test]
fn what_was_taken_from_the_client_since_is_gone_and_no_default_comes_in_its_place() {
    let app = client(&[A], Some(A));
    let narrowed =
        |resources: &[&str]| indicators().narrow(&app, &granted(resources, "openid"), &naming(&[]));
    assert_eq!(narrowed(&[A, B]).unwrap(), set(&[A]));
    assert_eq!(narrowed(&[B]).unwrap_err().code, ErrorCode::InvalidTarget);
}

#[tokio::test]
async fn a_request_that_names_none_asks_no_store() {
    let app = client(&[A], Some(A));
    assert_eq!(indicators().allowed(&app, &naming(&[])).await.unwrap(), set(&[]));
    assert_eq!(indicators().allowed(&app, &naming(&[ISSUER])).await.unwrap(), set(&[ISSUER]));
    assert!(indicators().named(set(&[])).await.unwrap().is_empty());
    assert!(!indicators().is_in(&app.id, &[ISSUER].into_iter().collect()).await.unwrap());
    let error = indicators().allowed(&app, &naming(&[A])).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "fails closed");
}

#[test]
fn the_audience_is_what_was_asked_for_else_the_default_else_the_issuer() {
    let issuer = ISSUER.parse().unwrap();
    for (default, resources, scope, expected) in [
        (None, &[][..], "read", &[ISSUER][..]),
        (None, &[], "openid", &[ISSUER]),
        (Some(A), &[], "read", &[A]),
        (Some(A), &[], "openid", &[A, ISSUER]),
        (Some(A), &[B], "read", &[B]),
        (Some(A), &[B], "openid", &[B, ISSUER]),
        (Some(A), &[ISSUER], "read", &[ISSUER]),
        (None, &[A, B], "read", &[A, B]),
    ] {
        let audience =
            Audience::new(&set(resources), &client(&[A, B], default), &issuer, &scope.parse().unwrap());
        assert_eq!(audience.iter().collect::<Vec<_>>(), expected, "{default:?} {resources:?} {scope}");
    }
}
