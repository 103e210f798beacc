//! The sign-in history: what is in it, that strangers can neither fill it nor learn from it, and unlocking.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::login::recorder::BOUNDS;
use application::port::{HistoryBounds, Ports, SignInEvents, SignInFilter, Unavailable};
use application::settings::Settings;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{Actor, GrantType, Secret, SignInEvent, SignInEventId, SignInKind, User, UserId};
use reqwest::header::{HeaderValue, USER_AGENT};
use tests::support::{Browser, PASSWORD, Page, RelyingParty, TestServer};

use crate::device::{begin, television};

fn stranger(server: &TestServer, number: u8) -> Browser {
    Browser::calling_from(&server.issuer, IpAddr::V4(Ipv4Addr::new(127, 0, 9, number)))
}

async fn attempt(browser: &Browser, username: &str, password: &str) -> Page {
    let login = browser.open("/login").await.page();
    browser.submit(&login, &[("username", username), ("password", password)]).await.page()
}

async fn legacy(server: &TestServer) -> RelyingParty {
    RelyingParty::register(server, "legacy", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
    })
    .await
}

async fn grant(client: &RelyingParty, username: &str, password: &str) -> u16 {
    let fields =
        [("grant_type", "password"), ("username", username), ("password", password), ("scope", "read")];
    let agent = HeaderValue::from_bytes("legacy/1\té".as_bytes()).unwrap();
    let request = client.http().post(format!("{}/oauth/token", client.issuer)).form(&fields);
    let request = request.basic_auth(&client.id, client.secret.as_ref()).header(USER_AGENT, agent);
    client.send(request).await.status().as_u16()
}

/// The history of a user, the earliest first.
async fn history(server: &TestServer, user: UserId) -> Vec<SignInEvent> {
    server.sign_in_recorder.flush().await;
    let filter = SignInFilter { user: Some(user), ..SignInFilter::default() };
    let mut events = server.users.list_events(&filter, None, 10_000).await.unwrap();
    events.reverse();
    events
}

fn kinds(events: &[SignInEvent]) -> Vec<SignInKind> {
    events.iter().map(|event| event.kind).collect()
}

async fn server(change: impl FnOnce(&mut Settings)) -> (TestServer, User) {
    let server = TestServer::with(|settings| {
        settings.authentication_ceiling = 4;
        change(settings);
    })
    .await;
    let ada = server.user("ada").await;
    (server, ada)
}

#[tokio::test]
async fn every_way_to_sign_in_is_in_the_history_and_a_refresh_is_not() {
    let (server, ada) = server(|settings| settings.password_grant = true).await;
    let tick = || server.clock.advance(Duration::seconds(1));
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = stranger(&server, 1);
    let tokens = web.tokens(&browser, "ada", &[("scope", "openid offline_access")]).await;
    tick();
    // Again, in the same browser: the session is renewed.
    let callback = [("scope", "openid"), ("prompt", "login")];
    let login = browser.open(&web.authorization_url(&callback)).await.page();
    browser.sign_in(&login, "ada").await;
    tick();
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 200);
    let television = television(&server, "tv").await;
    let begun = begin(&television, "openid").await;
    let phone = stranger(&server, 2);
    let login = phone.open(begun.text("verification_uri_complete")).await.page();
    phone.sign_in(&login, "ada").await;
    tick();
    assert_eq!(grant(&legacy(&server).await, "ada", PASSWORD).await, 200);
    let events = history(&server, ada.id).await;
    let seen: Vec<_> = events
        .iter()
        .map(|event| {
            let client = event.client.as_ref().map(|client| client.as_str());
            (event.kind, client, event.address.as_deref().unwrap())
        })
        .collect();
    let signed_in = SignInKind::SignedIn;
    assert_eq!(
        seen,
        [
            (signed_in, Some("web"), "127.0.9.1"),
            (signed_in, Some("web"), "127.0.9.1"),
            (signed_in, None, "127.0.9.2"),
            (signed_in, Some("legacy"), "127.0.0.1"),
        ]
    );
    assert_eq!(events[3].at(), server.now());
    assert_eq!(events[3].user_agent.as_ref().unwrap().as_str(), "legacy/1??", "no control characters");
    assert!(events[0].user_agent.is_none());
}

#[tokio::test]
async fn every_failure_of_a_known_user_is_in_their_history_with_its_reason() {
    let (server, ada) = server(|settings| {
        settings.authentication_limit.attempts = 1;
        settings.password_grant = true;
    })
    .await;
    let tick = || server.clock.advance(Duration::seconds(1));
    assert_eq!(attempt(&stranger(&server, 1), "ada", "wrong").await.status, 422);
    tick();
    // The attempts of one lockout are one event.
    for _ in 0..3 {
        assert_eq!(attempt(&stranger(&server, 1), "ada", PASSWORD).await.status, 429);
        tick();
    }
    server.sign_in_recorder.flush().await;
    assert_eq!(attempt(&stranger(&server, 1), "ada", PASSWORD).await.status, 429);
    assert_eq!(grant(&legacy(&server).await, "ada", "wrong").await, 400);
    tick();
    server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
    assert_eq!(attempt(&stranger(&server, 2), "ada", PASSWORD).await.status, 422);
    assert_eq!(attempt(&stranger(&server, 3), "nobody", PASSWORD).await.status, 422);
    let events = history(&server, ada.id).await;
    assert_eq!(
        kinds(&events),
        [SignInKind::WrongPassword, SignInKind::LockedOut, SignInKind::WrongPassword, SignInKind::Disabled,]
    );
    assert_eq!(events[1].until, Some(events[0].at() + Duration::minutes(15)));
    let client = events[2].client.as_ref().map(|client| client.as_str());
    assert_eq!((client, events[0].client.as_ref()), (Some("legacy"), None));
    // Invented names are in no history.
    let all = server.users.list_events(&SignInFilter::default(), None, 100).await.unwrap();
    assert!(all.iter().all(|event| event.user == ada.id));
    assert_eq!(all.len(), 4);
}

#[tokio::test]
async fn strangers_push_no_sign_in_out_of_a_history_and_fill_no_store() {
    let (server, ada) = server(|settings| settings.authentication_ceiling = 100).await;
    assert_eq!(attempt(&stranger(&server, 1), "ada", PASSWORD).await.status, 200);
    for round in 0..3_u8 {
        for number in 0..60 {
            server.clock.advance(Duration::seconds(1));
            let refused = attempt(&stranger(&server, 60 * round + number + 1), "ada", "wrong").await;
            assert_eq!(refused.status, 422);
        }
        server.sign_in_recorder.flush().await;
        server.users.unlock(ada.id, Actor::CommandLine).await.unwrap();
    }
    let events = history(&server, ada.id).await;
    let failures = events.iter().filter(|event| event.kind.is_failure()).count();
    assert_eq!(failures, BOUNDS.failures as usize);
    assert_eq!(kinds(&events)[..2], [SignInKind::SignedIn, SignInKind::Unlocked]);
    // What is left of the failures are the latest.
    assert_eq!(events.iter().rev().nth(1).unwrap().at(), server.now());
}

#[tokio::test]
async fn sign_ins_beyond_the_bound_are_removed() {
    let (server, ada) = server(|settings| settings.password_grant = true).await;
    for number in 0..BOUNDS.others {
        let mut random = [0; 10];
        random[..4].copy_from_slice(&number.to_be_bytes());
        let event = SignInEvent {
            id: SignInEventId::ordered(server.now() - Duration::seconds(1), random),
            user: ada.id,
            kind: SignInKind::SignedIn,
            client: None,
            address: None,
            user_agent: None,
            until: None,
        };
        server.ports.sign_in_events.record(&event).await.unwrap();
    }
    let legacy = legacy(&server).await;
    let mut signed_in = 0;
    // One sign-in of 32 has the history trimmed.
    while history(&server, ada.id).await.len() > BOUNDS.others as usize || signed_in == 0 {
        assert_eq!(grant(&legacy, "ada", PASSWORD).await, 200);
        signed_in += 1;
        assert!(signed_in < 1_000);
    }
}

#[tokio::test]
async fn an_unlocked_user_can_sign_in_at_once_from_everywhere() {
    let (server, ada) = server(|settings| {
        settings.password_grant = true;
        settings.authentication_limit.attempts = 2;
    })
    .await;
    let known = stranger(&server, 100);
    assert_eq!(attempt(&known, "ada", PASSWORD).await.status, 200);
    let legacy = legacy(&server).await;
    for number in 1..=4 {
        assert_eq!(attempt(&stranger(&server, number), "ada", "wrong").await.status, 422);
    }
    for expected in [422, 422, 429] {
        assert_eq!(attempt(&known, "ada", "wrong").await.status, expected);
    }
    for expected in [400, 400, 429] {
        assert_eq!(grant(&legacy, "ada", "wrong").await, expected);
    }
    assert_eq!(attempt(&stranger(&server, 5), "ada", PASSWORD).await.status, 429, "the ceiling");
    server.users.unlock(ada.id, Actor::CommandLine).await.unwrap();
    assert_eq!(attempt(&known, "ada", "wrong").await.status, 422, "it is still known, and counted anew");
    assert_eq!(grant(&legacy, "ada", PASSWORD).await, 200);
    assert_eq!(attempt(&stranger(&server, 5), "ada", PASSWORD).await.status, 200);
    // Limits hold as before.
    for number in 11..=14 {
        assert_eq!(attempt(&stranger(&server, number), "ada", "wrong").await.status, 422);
    }
    assert_eq!(attempt(&stranger(&server, 15), "ada", PASSWORD).await.status, 429);
    let told: BTreeSet<_> = kinds(&history(&server, ada.id).await).into_iter().collect();
    assert!(told.contains(&SignInKind::Unlocked) && told.contains(&SignInKind::LockedOut));
}

#[tokio::test]
async fn a_new_password_is_in_the_history_and_a_deleted_user_has_none() {
    let (server, ada) = server(|_| {}).await;
    let new = Secret::from("another horse battery staple");
    server.users.set_password(&ada, &new, Actor::CommandLine).await.unwrap();
    assert_eq!(kinds(&history(&server, ada.id).await), [SignInKind::PasswordChanged]);
    assert_eq!(attempt(&stranger(&server, 1), "ada", "wrong").await.status, 422);
    server.users.delete(ada.id, Actor::CommandLine).await.unwrap();
    server.sign_in_recorder.flush().await;
    let all = server.users.list_events(&SignInFilter::default(), None, 100).await.unwrap();
    assert_eq!(all, []);
}

static RECORDED: AtomicU32 = AtomicU32::new(0);

/// A history that takes nothing.
struct Refusing;

#[async_trait]
impl SignInEvents for Refusing {
    async fn record(&self, _: &SignInEvent) -> Result<(), Unavailable> {
        RECORDED.fetch_add(1, Ordering::SeqCst);
        Err(refused())
    }

    async fn latest(
        &self,
        _: &SignInFilter,
        _: Option<SignInEventId>,
        _: u32,
    ) -> Result<Vec<SignInEvent>, Unavailable> {
        Err(refused())
    }

    async fn trim(&self, _: UserId, _: HistoryBounds) -> Result<u64, Unavailable> {
        Err(refused())
    }

    async fn forget(&self, _: DateTime<Utc>, _: u32) -> Result<u64, Unavailable> {
        Err(refused())
    }
}

fn refused() -> Unavailable {
    Unavailable { component: "test", reason: "the history is full".to_owned() }
}

#[tokio::test]
async fn a_history_that_cannot_be_written_fails_no_sign_in_and_no_answer_waits_for_it() {
    let server = TestServer::with_ports(|ports: &mut Ports| {
        ports.stores.sign_in_events = Arc::new(Refusing);
    })
    .await;
    server.user("ada").await;
    assert_eq!(attempt(&stranger(&server, 1), "ada", "wrong").await.status, 422);
    assert_eq!(attempt(&stranger(&server, 1), "ada", PASSWORD).await.status, 200);
    assert_eq!(RECORDED.load(Ordering::SeqCst), 0, "an answer that waited would tell that the user exists");
    server.sign_in_recorder.flush().await;
    assert_eq!(RECORDED.load(Ordering::SeqCst), 1);
    assert_eq!(attempt(&stranger(&server, 1), "ada", "wrong").await.status, 422);
}
