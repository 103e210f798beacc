//! Signing keys and their rotation, as clients see them.

use application::client_auth::Credentials;
use application::keys::sealing::SealingKey;
use application::keys::{NotRotated, Urgency};
use application::parameters::Parameters;
use application::port::EventFilter;
use application::settings::RegistrationMode;
use chrono::Duration;
use domain::{Actor, SigningAlgorithm};
use serde_json::{Value, json};
use server::compose;
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
    assert_eq!(keys.len(), 2, "a current and a next key of RS256");
    for key in &keys {
        let mut members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        members.retain(|member| !["kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"].contains(member));
        assert!(members.is_empty(), "{members:?}");
        assert_eq!(key["use"], "sig");
    }
    let mut distinct = kids(&keys);
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 2);
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
    assert_eq!(server.ports.signing_keys.all().await.unwrap().len(), 3);
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
    for algorithm in SigningAlgorithm::ALL {
        server.keys.with_signing_key(algorithm).await.unwrap();
    }
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

fn algorithms(keys: &[Value]) -> Vec<&str> {
    keys.iter().map(|key| key["alg"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_key_appears_with_the_first_client_that_needs_its_algorithm_after_those_of_rsa() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    assert_eq!(algorithms(&published(&server).await), ["RS256", "RS256"]);
    let http = reqwest::Client::new();
    for (member, algorithm, expected) in [
        ("id_token_signed_response_alg", "RS256", &["RS256", "RS256"][..]),
        ("userinfo_signed_response_alg", "EdDSA", &["RS256", "RS256", "EdDSA", "EdDSA"]),
        ("introspection_signed_response_alg", "EdDSA", &["RS256", "RS256", "EdDSA", "EdDSA"]),
        ("id_token_signed_response_alg", "ES256", &["RS256", "RS256", "ES256", "ES256", "EdDSA", "EdDSA"]),
    ] {
        let document = json!({"redirect_uris": ["https://client.example/callback"], member: algorithm});
        let answer = http.post(server.url("/connect/register")).json(&document).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        assert_eq!(algorithms(&published(&server).await), expected, "at once");
        let registered: Value = answer.json().await.unwrap();
        let text = |member: &str| registered[member].as_str().unwrap();
        let secret = Some(text("client_secret").to_owned());
        let uri = "https://client.example/callback";
        let client = RelyingParty::registered(&server.issuer, text("client_id"), secret, uri);
        let tokens = client.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
        let known = kids(&published(&server).await);
        assert!(known.contains(&kid(tokens.text("id_token"))));
    }
    // What can be registered is in the metadata, whether a key is there already or not.
    let server = TestServer::start().await;
    let metadata = reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap();
    let metadata: Value = metadata.json().await.unwrap();
    for member in ["id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported"] {
        assert_eq!(metadata[member], json!(["RS256", "ES256", "EdDSA"]));
    }
}

#[tokio::test]
async fn a_client_that_changes_its_algorithm_gets_a_key_and_a_refused_one_gets_none() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let mut draft = domain::client::ClientDraft::default();
    draft.set("id_token_signed_response_alg", "ES256");
    draft.set("client_name", "a\u{202e}b");
    assert!(server.clients.patch(&"web".parse().unwrap(), &draft, Actor::CommandLine).await.is_err());
    assert_eq!(algorithms(&published(&server).await), ["RS256", "RS256"]);
    draft.set("client_name", "Web");
    server.clients.patch(&"web".parse().unwrap(), &draft, Actor::CommandLine).await.unwrap();
    assert_eq!(algorithms(&published(&server).await), ["RS256", "RS256", "ES256", "ES256"]);
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    assert_eq!(
        jsonwebtoken::decode_header(tokens.text("id_token")).unwrap().alg,
        jsonwebtoken::Algorithm::ES256
    );
}

#[tokio::test]
async fn another_algorithm_for_access_tokens_begins_when_every_cache_has_its_key() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let mut changed = (*server.settings).clone();
    changed.access_token_alg = SigningAlgorithm::Es256;
    // The keys of RS256 were there before.
    server.clock.advance(Duration::days(1));
    let node = compose::use_cases(&server.ports, changed, SealingKey::new([7; 32]).unwrap());
    node.keys.install().await.unwrap();
    server.clock.advance(Duration::seconds(1));
    assert_eq!(algorithms(&published(&server).await), ["RS256", "RS256", "ES256", "ES256"]);
    let credentials =
        Credentials::Secret { id: "service".to_owned(), secret: service.secret.as_deref().unwrap().into() };
    let parameters = [("grant_type", "client_credentials"), ("scope", "read")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let parameters = Parameters::new(parameters);
    for (seconds, algorithm) in [(0, "RS256"), (298, "RS256"), (1, "ES256")] {
        server.clock.advance(Duration::seconds(seconds));
        let address = "127.0.0.1".to_owned();
        let caller = domain::Caller { network: address.clone(), address, user_agent: None };
        let answer = node.token.token(&credentials, &parameters, &caller).await.unwrap();
        let header = jsonwebtoken::decode_header(answer.access_token.expose()).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm, "after {seconds} s");
    }
    // A server that never had another algorithm has nothing to wait for.
    let first = TestServer::with(|settings| settings.access_token_alg = SigningAlgorithm::Es256).await;
    let service = RelyingParty::service(&first, "service").await;
    let own = service.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
    let own = RelyingParty::successful(own).await;
    assert_eq!(
        jsonwebtoken::decode_header(own.text("access_token")).unwrap().alg,
        jsonwebtoken::Algorithm::ES256
    );
    assert_eq!(algorithms(&published(&first).await), ["RS256", "RS256", "ES256", "ES256"]);
}

#[tokio::test]
async fn keys_of_an_algorithm_that_nothing_signs_with_any_more_are_retired_and_made_again_when_needed() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    let register = async |algorithm: &str| {
        let uri = "https://client.example/callback";
        let document = json!({"redirect_uris": [uri], "id_token_signed_response_alg": algorithm});
        let request = reqwest::Client::new().post(server.url("/connect/register")).json(&document);
        let registered: Value = request.send().await.unwrap().json().await.unwrap();
        let text = |member: &str| registered[member].as_str().unwrap();
        let secret = Some(text("client_secret").to_owned());
        RelyingParty::registered(&server.issuer, text("client_id"), secret, uri)
    };
    let look_after = async |hours: i64| {
        server.clock.advance(Duration::hours(hours));
        server.keys.retire_unused(server.ports.clients.as_ref()).await.unwrap();
    };
    let (kept, gone) = (register("ES256").await, register("EdDSA").await);
    let tokens = gone.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    look_after(25).await;
    let all = ["RS256", "RS256", "ES256", "ES256", "EdDSA", "EdDSA"];
    assert_eq!(algorithms(&published(&server).await), all, "a client uses each");
    server.clients.delete(&gone.id.parse().unwrap(), Actor::CommandLine).await.unwrap();
    look_after(23).await;
    look_after(2).await;
    assert_eq!(algorithms(&published(&server).await), all, "what was signed may still be valid");
    let signed = kid(tokens.text("id_token"));
    assert!(kids(&published(&server).await).contains(&signed));
    server.clock.advance(Duration::hours(24));
    assert_eq!(algorithms(&published(&server).await), all[..4]);
    // A client of the algorithm gets new keys, which work.
    let again = register("EdDSA").await;
    let now = published(&server).await;
    assert_eq!(algorithms(&now), all);
    assert!(!kids(&now).contains(&signed));
    let tokens = again.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    assert!(kids(&now).contains(&kid(tokens.text("id_token"))));
    kept.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let events = server.ports.audit_trail.latest(&EventFilter::default(), None, 100).await.unwrap();
    let mut retired = events.into_iter().map(|kept| kept.event).filter(|event| event.action == "key.retire");
    assert_eq!(retired.next().unwrap().actor, Actor::Server);
    assert!(retired.next().is_none(), "once");
}

#[tokio::test]
async fn the_keys_of_access_tokens_and_of_rs256_are_never_retired() {
    let server = TestServer::with(|settings| settings.access_token_alg = SigningAlgorithm::Es256).await;
    for _ in 0..3 {
        server.clock.advance(Duration::hours(25));
        server.keys.retire_unused(server.ports.clients.as_ref()).await.unwrap();
    }
    server.clock.advance(Duration::hours(25));
    assert_eq!(algorithms(&published(&server).await), ["RS256", "RS256", "ES256", "ES256"]);
}
