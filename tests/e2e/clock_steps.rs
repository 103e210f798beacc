//! The clock of the machine is corrected by a minute, forwards or backwards, between two requests; and nodes whose clocks differ by
//! an hour, from each other and from the database.

use std::sync::Arc;

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::client::ClientAuthentication;
use domain::{GrantType, KeySource};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use tests::support::{ASSERTION_TYPE, Browser, ClientSigner, Landed, RelyingParty, TestServer, TwoNodes};

const MINUTE: Duration = Duration::seconds(60);

/// In either direction, tokens and sessions stay valid, and nothing that was spent or revoked
/// becomes valid again.
async fn steps(step: Duration) {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let spent = web.code(&browser, "ada", &[]).await;
    let of_spent = web.redeemed(&spent).await;
    let kept = web.tokens(&browser, "ada", &[]).await;
    let revoked = web.tokens(&browser, "ada", &[]).await;
    web.revoke(revoked.text("access_token")).await;
    web.revoke(revoked.text("refresh_token")).await;
    let rotated = web.tokens(&browser, "ada", &[]).await;
    let successor = RelyingParty::successful(web.refresh(rotated.text("refresh_token")).await).await;

    server.clock.advance(step);
    assert_eq!(web.userinfo(kept.text("access_token")).await.status(), 200);
    assert_eq!(web.introspect(kept.text("access_token")).await["active"], true);
    RelyingParty::successful(web.refresh(kept.text("refresh_token")).await).await;
    assert!(matches!(browser.open(&web.authorization_url(&[])).await, Landed::Client(_)));
    web.tokens(&browser, "ada", &[]).await;

    assert_eq!(web.introspect(revoked.text("access_token")).await, json!({"active": false}));
    assert_eq!(web.refresh(revoked.text("refresh_token")).await.status(), 400);
    assert_eq!(web.redeem(&spent).await.status(), 400);
    assert_eq!(web.introspect(of_spent.text("access_token")).await, json!({"active": false}));
    RelyingParty::successful(web.refresh(successor.text("refresh_token")).await).await;
    // The client has used the successor, so this is reuse and no retry, whatever the clock says.
    assert_eq!(web.refresh(rotated.text("refresh_token")).await.status(), 400);
    assert_eq!(web.introspect(successor.text("access_token")).await, json!({"active": false}));
}

#[tokio::test]
async fn a_minute_forwards_loses_nothing_and_brings_nothing_back() {
    steps(MINUTE).await;
}

#[tokio::test]
async fn a_minute_backwards_loses_nothing_and_brings_nothing_back() {
    steps(-MINUTE).await;
}

#[tokio::test]
async fn a_rotation_is_seen_although_the_clock_has_gone_back() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    server.clock.advance(Duration::seconds(400));
    let before = web.tokens(&browser, "ada", &[]).await;
    server.clock.advance(-MINUTE);
    let algorithm = domain::SigningAlgorithm::Rs256;
    server
        .keys
        .rotate(algorithm, application::keys::Urgency::Scheduled, domain::Actor::CommandLine)
        .await
        .unwrap();
    let after = web.tokens(&browser, "ada", &[]).await;
    let kid = |jwt: &str| jsonwebtoken::decode_header(jwt).unwrap().kid.unwrap();
    assert_ne!(kid(before.text("id_token")), kid(after.text("id_token")));
    for tokens in [before, after] {
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    }
}

/// What holds between two nodes whose clocks differ by an hour: nothing works that was spent, revoked or ended at the other node.
/// What is short-lived may have expired at the node that is ahead.
async fn nodes_apart(ahead: Duration) {
    let nodes = TwoNodes::apart(Duration::zero()).await;
    nodes.a.user("ada").await;
    let web = RelyingParty::confidential(&nodes.a, "web").await;
    let (at_a, at_b) = (web.at(&nodes.a.listening), web.at(&nodes.b.listening));
    let browser = Browser::new(&nodes.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let kept = web.tokens(&browser, "ada", &[]).await;
    let code = web.code(&browser, "ada", &[]).await;
    nodes.b.clock.advance(ahead);
    // What is longer-lived works at both nodes, and a refresh token that is spent at one is spent at the other.
    let next = RelyingParty::successful(at_b.refresh(tokens.text("refresh_token")).await).await;
    let second = RelyingParty::successful(at_a.refresh(next.text("refresh_token")).await).await;
    assert_eq!(at_b.refresh(tokens.text("refresh_token")).await.status(), 400);
    assert_eq!(at_a.introspect(second.text("access_token")).await, json!({"active": false}));
    // A code that is spent at one node is spent at the other, and what is revoked at one is revoked at both.
    let granted = RelyingParty::successful(at_a.redeem(&code).await).await;
    assert_eq!(at_b.redeem(&code).await.status(), 400);
    assert_eq!(at_b.revoke(kept.text("refresh_token")).await.status(), 200);
    for (node, name) in [(&at_a, "a"), (&at_b, "b")] {
        for revoked in [&kept, &granted] {
            let status = node.introspect(revoked.text("access_token")).await;
            assert_eq!(status, json!({"active": false}), "{name}");
        }
    }
}

#[tokio::test]
async fn of_two_nodes_an_hour_apart_the_later_accepts_nothing_that_was_spent_or_revoked() {
    nodes_apart(Duration::hours(1)).await;
}

#[tokio::test]
async fn of_two_nodes_an_hour_apart_the_earlier_accepts_nothing_that_was_spent_or_revoked() {
    nodes_apart(Duration::hours(-1)).await;
}

#[tokio::test]
async fn an_assertion_works_once_at_two_nodes_an_hour_apart_also_after_expired_data_is_removed() {
    let nodes = TwoNodes::apart(Duration::minutes(59)).await;
    let signer = ClientSigner::new(Algorithm::ES256);
    let service = RelyingParty::register(&nodes.a, "service", |client| {
        client.authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(signer.jwks()) };
        client.grant_types = [GrantType::ClientCredentials].into();
        client.redirect_uris.clear();
    })
    .await;
    // The node that is ahead still accepts it, and the node that is behind will for an hour.
    let expires_at = (nodes.b.now() + Duration::seconds(30)).timestamp();
    let assertion = signer.sign(&json!({
        "iss": service.id, "sub": service.id, "aud": nodes.issuer, "exp": expires_at, "jti": "one",
    }));
    let grant = async |node: &TestServer| {
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "read"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ];
        let request = service.http().post(format!("{}/oauth/token", node.listening)).form(&form);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(grant(&nodes.b).await, 200);
    nodes.b.clock.advance(Duration::minutes(5));
    nodes.b.ports.expired.purge(nodes.b.now(), 100).await.unwrap();
    assert_eq!(grant(&nodes.a).await, 401);
}

/// A database whose clock is an hour behind that of the node.
struct Behind(DateTime<Utc>);

#[async_trait]
impl Readiness for Behind {
    async fn check(&self) -> Result<Option<DateTime<Utc>>, Unavailable> {
        Ok(Some(self.0))
    }

    async fn is_full(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn a_clock_that_differs_from_the_database_s_is_warned_about_and_the_node_stays_ready() {
    let server = TestServer::with_ports(|ports| {
        ports.stores.readiness = Arc::new(Behind(ports.clock.now() - Duration::seconds(59)));
    })
    .await;
    let ready = async || {
        let answer = reqwest::get(server.url("/ready")).await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json::<Value>().await.unwrap()
    };
    assert_eq!(ready().await, json!({"status": "ready"}));
    server.clock.advance(Duration::seconds(3_541));
    let ahead = "the clock of this node is 3600 s ahead of the database's";
    assert_eq!(ready().await, json!({"status": "ready", "warning": ahead}));
    server.clock.advance(Duration::seconds(-7_200));
    let behind = "the clock of this node is 3600 s behind the database's";
    assert_eq!(ready().await, json!({"status": "ready", "warning": behind}));
}
