//! Which resources one token is for.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::client::ClientResources;
use domain::{AuditEvent, AuthorizationId, Incarnation, UserId};

use super::*;
use crate::port::{AmendedResource, RegisteredResource, Unavailable};

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

    async fn amend(
        &self,
        _: &Resource,
        _: &Resource,
        _: &AuditEvent,
    ) -> Result<AmendedResource, Unavailable> {
        Err(asked())
    }

    async fn find(&self, _: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable> {
        Err(asked())
    }

    async fn list(&self, _: Option<&ResourceIdentifier>, _: u32) -> Result<Vec<Resource>, Unavailable> {
        Err(asked())
    }

    async fn delete(
        &self,
        _: &ResourceIdentifier,
        _: DateTime<Utc>,
        _: &AuditEvent,
    ) -> Result<bool, Unavailable> {
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
        naming: domain::subject::Naming::Public,
        session: None,
        sid: None,
        scope: scope.parse().unwrap(),
        resources: set(resources),
        incarnations: domain::ResourceIncarnations::default(),
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

#[tokio::test]
async fn a_token_request_narrows_what_was_granted_and_never_widens_it() {
    let app = client(&[A, B], None);
    for (resources, scope, named, expected) in [
        (&[A, B][..], "read", &[][..], Some(&[A, B][..])),
        (&[A, B], "read", &[A, A, B], Some(&[A, B])),
        (&[A], "read", &[B], None),
        (&[A], "read", &[A, B], None),
        (&[A], "read", &["HTTPS://A.example:443/"], Some(&[A])),
        (&[B], "read", &["https://b.example/v1/"], None),
        (&[A], "read", &[ISSUER], None),
        (&[A], "read", &["a.example"], None),
        (&[A], "read", &["https://a.example#x"], None),
        // The request names no resource: the token would be for the issuer.
        (&[], "read", &[], Some(&[])),
        (&[], "openid read", &[ISSUER], Some(&[ISSUER])),
        (&[], "read", &[A], None),
    ] {
        let narrowed = indicators().narrow(&app, &granted(resources, scope), &naming(named)).await;
        match (expected, narrowed) {
            (Some(expected), Ok(target)) => assert_eq!(texts(&target.resources), expected, "{named:?}"),
            (None, Err(Error::Refused(refusal))) => assert_eq!(refusal.code, ErrorCode::InvalidTarget),
            (_, other) => panic!("{resources:?} {named:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_for_less_than_was_granted_asks_which_scopes_are_left() {
    let app = client(&[A, B], Some(A));
    for (resources, scope, named) in
        [(&[A, B][..], "read", A), (&[A], "openid read", ISSUER), (&[], "openid", ISSUER), (&[], "read", A)]
    {
        let narrowed = indicators().narrow(&app, &granted(resources, scope), &naming(&[named])).await;
        assert!(matches!(narrowed, Err(Error::Unavailable(_))), "{named}: fails closed");
    }
    // Beyond what was granted is refused without a question.
    for (resources, named) in [(&[][..], B), (&[], ISSUER), (&[A], B)] {
        let narrowed = indicators().narrow(&app, &granted(resources, "read"), &naming(&[named])).await;
        assert!(matches!(narrowed, Err(Error::Refused(_))), "{named}");
    }
}

#[tokio::test]
async fn no_default_comes_in_the_place_of_what_was_taken_from_the_client() {
    let app = client(&[A], Some(A));
    let narrowed = indicators().narrow(&app, &granted(&[B], "openid"), &naming(&[])).await;
    let Err(Error::Refused(refusal)) = narrowed else { panic!("{narrowed:?}") };
    assert_eq!(refusal.code, ErrorCode::InvalidTarget);
}

#[tokio::test]
async fn a_request_that_names_none_asks_no_store() {
    let app = client(&[A], None);
    for named in [&[][..], &[ISSUER]] {
        assert_eq!(indicators().allowed(&app, &naming(named)).await.unwrap().resources, set(named));
    }
    assert!(indicators().named(set(&[])).await.unwrap().is_empty());
    assert!(!indicators().is_in(&app.id, &[ISSUER].into_iter().collect()).await.unwrap());
    let error = indicators().allowed(&app, &naming(&[A])).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "fails closed");
}
