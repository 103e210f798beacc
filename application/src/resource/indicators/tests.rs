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

/// A store that finds these resources, or that fails every call.
struct Store(Option<Vec<Resource>>);

#[async_trait]
impl Resources for Store {
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

    async fn find(&self, ids: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable> {
        let kept = self.0.iter().flatten().filter(|resource| ids.contains(&resource.id));
        self.0.as_ref().map(|_| kept.cloned().collect()).ok_or_else(asked)
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

/// The checks with a store that fails every call.
fn unasked() -> ResourceIndicators {
    ResourceIndicators { resources: Arc::new(Store(None)), issuer: ISSUER.parse().unwrap() }
}

/// The checks with both resources, as an operator registered them the first time, the second time, ….
fn indicators(time: u8) -> ResourceIndicators {
    let both = [A, B].map(|id| registered(id, time)).to_vec();
    ResourceIndicators { resources: Arc::new(Store(Some(both))), ..unasked() }
}

fn registered(id: &str, time: u8) -> Resource {
    Resource {
        id: id.parse().unwrap(),
        incarnation: Incarnation::from_random([time; 16]),
        name: String::new(),
        scope: domain::Scope::default(),
        default_scope: domain::Scope::default(),
        for_registered_clients: false,
        access_token_typ: domain::client::AccessTokenTyp::AtJwt,
        documentation: None,
        client: None,
        created_at: DateTime::UNIX_EPOCH,
    }
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
        incarnations: resources.iter().map(|id| registered(id, 1)).collect::<Vec<_>>().iter().collect(),
        claims: domain::ClaimsRequest::default(),
        auth_time: DateTime::UNIX_EPOCH,
        acr: None,
        amr: vec![],
        created_at: DateTime::UNIX_EPOCH,
        expires_at: DateTime::UNIX_EPOCH,
    }
}

fn naming(resources: &[&str]) -> Parameters {
    let pairs = resources.iter().map(|id| ("resource".to_owned(), (*id).to_owned()));
    Parameters::new(pairs)
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
        (&[A], "openid read", &[ISSUER], Some(&[ISSUER])),
        // Nothing was granted but this server.
        (&[], "read", &[], Some(&[])),
        (&[], "openid read", &[ISSUER], Some(&[ISSUER])),
        (&[], "read", &[ISSUER], Some(&[ISSUER])),
        (&[], "read", &[A], None),
    ] {
        let narrowed = indicators(1).narrow(&app, &granted(resources, scope), &naming(named)).await;
        match (expected, narrowed) {
            (Some(expected), Ok(target)) => assert_eq!(texts(&target.resources), expected, "{named:?}"),
            (None, Err(Error::Refused(refusal))) => assert_eq!(refusal.code, ErrorCode::InvalidTarget),
            (_, other) => panic!("{resources:?} {named:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_was_granted_is_looked_up_before_anything_is_consumed() {
    let app = client(&[A, B], Some(A));
    for (resources, named) in [(&[A, B][..], &[A][..]), (&[A], &[ISSUER]), (&[A], &[])] {
        let narrowed = unasked().narrow(&app, &granted(resources, "openid"), &naming(named)).await;
        assert!(matches!(narrowed, Err(Error::Unavailable(_))), "{named:?}: fails closed");
    }
    for named in [&[][..], &[ISSUER]] {
        let target = unasked().narrow(&app, &granted(&[], "openid"), &naming(named)).await.unwrap();
        assert_eq!(target.resources, set(named));
    }
}

#[tokio::test]
async fn no_default_comes_in_the_place_of_what_was_taken_from_the_client_or_deleted() {
    let app = client(&[A], Some(A));
    for (resource, time, code) in [(B, 1, ErrorCode::InvalidTarget), (A, 2, ErrorCode::InvalidGrant)] {
        let narrowed = indicators(time).narrow(&app, &granted(&[resource], "openid"), &naming(&[])).await;
        let Err(Error::Refused(refusal)) = narrowed else { panic!("{narrowed:?}") };
        assert_eq!(refusal.code, code);
    }
}

#[tokio::test]
async fn a_default_audience_is_requested_like_a_named_resource() {
    let app = client(&[A, B], Some(B));
    for (named, expected) in [(&[][..], &[B][..]), (&[A], &[A]), (&[ISSUER], &[ISSUER])] {
        let target = indicators(1).allowed(&app, &naming(named)).await.unwrap();
        assert_eq!(texts(&target.resources), expected);
        let is_registered = |id: &&ResourceIdentifier| id.as_str() != ISSUER;
        let incarnations =
            target.resources.iter().filter(is_registered).map(|id| target.incarnations().get(id));
        assert!(incarnations.eq(
            expected.iter().filter(|id| **id != ISSUER).map(|_| Some(Incarnation::from_random([1; 16])))
        ));
    }
}

#[tokio::test]
async fn a_request_that_names_none_asks_no_store() {
    let app = client(&[A], None);
    for named in [&[][..], &[ISSUER]] {
        assert_eq!(unasked().allowed(&app, &naming(named)).await.unwrap().resources, set(named));
    }
    assert!(unasked().named(set(&[])).await.unwrap().is_empty());
    assert!(!unasked().is_in(&app.id, &[ISSUER].into_iter().collect()).await.unwrap());
    let error = unasked().allowed(&app, &naming(&[A])).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "fails closed");
}
