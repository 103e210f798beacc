//! The clock of the machine is corrected by a minute, forwards or backwards, between two requests.

use chrono::Duration;
use serde_json::json;
use tests::support::{Browser, Landed, RelyingParty, TestServer};

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
