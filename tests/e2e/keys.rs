//! Signing keys and their rotation, as clients see them.

use application::keys::sealing::SealingKey;
use application::keys::{NotRotated, Urgency};
use chrono::Duration;
use domain::{Actor, SigningAlgorithm};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

async fn published(server: &TestServer) -> Vec<Value> {
    let jwks: Value = reqwest::get(server.url("/.well-known/jwks.json")).await.unwrap().json().await.unwrap();
    jwks["keys"].as_array().unwrap().clone()
}

fn kids(keys: &[Value]) -> Vec<String> {
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid(jwt: &str) -> String {
    jsonwebtoken::decode_header(jwt).unwrap().kid.unwrap()
}

#[tokio::test]
async fn the_key_set_has_public_members_only_and_the_next_key_already() {
    let server = TestServer::start().await;
    let keys = published(&server).await;
    assert_eq!(keys.len(), 6, "a current and a next key of each algorithm");
    for key in &keys {
        let mut members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        members.retain(|member| !["kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"].contains(member));
        assert!(members.is_empty(), "{members:?}");
        assert_eq!(key["use"], "sig");
    }
    let mut distinct = kids(&keys);
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 6);
}

#[tokio::test]
async fn a_rotation_keeps_old_tokens_valid_until_they_expire() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let before = web.tokens(&browser, "ada", &[]).await;
    let known = kids(&published(&server).await);

    assert!(matches!(
        server.keys.rotate(SigningAlgorithm::Rs256, Urgency::Scheduled, Actor::CommandLine).await,
        Err(NotRotated::TooFresh(_))
    ));
    server.clock.advance(Duration::seconds(300));
    server.keys.rotate(SigningAlgorithm::Rs256, Urgency::Scheduled, Actor::CommandLine).await.unwrap();

    let after = web.tokens(&browser, "ada", &[]).await;
    let (old, new) = (kid(before.text("id_token")), kid(after.text("id_token")));
    assert_ne!(old, new);
    assert!(known.contains(&new), "the signing key was not published before");
    let published_now = kids(&published(&server).await);
    assert!(published_now.contains(&old) && published_now.contains(&new));
    assert_eq!(web.userinfo(before.text("access_token")).await.status(), 200);

    // After the last token it signed has expired, the old key is no longer published, but still
    // verifies an id_token_hint.
    server.clock.advance(Duration::days(1));
    assert!(!kids(&published(&server).await).contains(&old));
    let hint = before.text("id_token");
    let page = browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await.page();
    assert!(page.has("#not-signed-in"), "the session has expired, and the hint is no error: {}", page.html);
}

#[tokio::test]
async fn a_key_rotates_when_it_has_signed_for_its_lifetime() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = kid(web.tokens(&Browser::new(&server.issuer), "ada", &[]).await.text("id_token"));
    server.keys.rotate_due().await.unwrap();
    let still = kid(web.tokens(&Browser::new(&server.issuer), "ada", &[]).await.text("id_token"));
    assert_eq!(first, still);
    server.clock.advance(Duration::days(30));
    server.keys.rotate_due().await.unwrap();
    let second = kid(web.tokens(&Browser::new(&server.issuer), "ada", &[]).await.text("id_token"));
    assert_ne!(first, second);
    assert_eq!(server.ports.signing_keys.all().await.unwrap().len(), 9);
    // After 90 more days, the first key is no longer needed.
    server.clock.advance(Duration::days(91));
    server.keys.rotate_due().await.unwrap();
    let kept = server.ports.signing_keys.all().await.unwrap();
    assert!(kept.iter().all(|key| key.id.as_str() != first));
}

#[tokio::test]
async fn a_compromised_key_is_believed_no_more() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let before = web.tokens(&browser, "ada", &[]).await;
    server.keys.rotate(SigningAlgorithm::Rs256, Urgency::Compromised, Actor::CommandLine).await.unwrap();
    assert!(!kids(&published(&server).await).contains(&kid(before.text("id_token"))));
    assert_eq!(web.introspect(before.text("access_token")).await, json!({"active": false}));
    assert_eq!(web.userinfo(before.text("access_token")).await.status(), 401);
    let hint = format!("/oauth/logout?id_token_hint={}", before.text("id_token"));
    assert!(browser.open(&hint).await.page().has("#error"));
    let after = web.tokens(&browser, "ada", &[]).await;
    assert_eq!(web.userinfo(after.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn private_keys_are_sealed_where_they_are_kept() {
    // Every unencrypted PKCS#8 key contains the object identifier of its algorithm (RFC 3279, RFC
    // 5480, RFC 8410).
    let identifiers: [&[u8]; 3] = [
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1],
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1],
        &[0x2b, 0x65, 0x70],
    ];
    let server = TestServer::start().await;
    let kept = server.ports.signing_keys.all().await.unwrap();
    assert_eq!(kept.len(), 6);
    for key in kept {
        let clear = identifiers.iter().any(|id| key.sealed.windows(id.len()).any(|bytes| bytes == *id));
        assert!(!clear, "{} is kept in the clear", key.algorithm);
        let other = SealingKey::new([8; 32]).unwrap();
        assert!(other.open(key.id.as_str(), &key.sealed).is_err());
        assert!(SealingKey::new([7; 32]).unwrap().open(key.id.as_str(), &key.sealed).is_ok());
    }
}

#[tokio::test]
async fn the_key_set_can_be_cached() {
    let server = TestServer::start().await;
    let http = reqwest::Client::new();
    for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration"] {
        let first = http.get(server.url(path)).header("origin", "https://spa.example").send().await.unwrap();
        assert_eq!(first.headers()["cache-control"], "public, max-age=300");
        assert_eq!(first.headers()["access-control-allow-origin"], "*");
        assert_eq!(first.headers()["content-type"], "application/json");
        let etag = first.headers()["etag"].clone();
        let again = http.get(server.url(path)).header("if-none-match", etag).send().await.unwrap();
        assert_eq!(again.status(), 304);
        assert_eq!(json!(again.text().await.unwrap()), json!(""));
    }
}
