//! Keys that a client publishes at its `jwks_uri` (RFC 7591 §2, OpenID Connect Core §10.1.1), on a
//! real web server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::client_auth::key_sets::ClientKeySets;
use application::settings::RegistrationMode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::{Client, GrantType, KeySource};
use jsonwebtoken::Algorithm;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::support::{ASSERTION_TYPE, ClientSigner, Publisher, RelyingParty, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A server that may send requests to this machine.
async fn server() -> TestServer {
    TestServer::with(|settings| {
        settings.outbound_allow_private = true;
        settings.registration.mode = RegistrationMode::Open;
    })
    .await
}

/// A service with its keys at `uri`.
async fn service(server: &TestServer, uri: &str) -> RelyingParty {
    RelyingParty::register(server, "service", |client| {
        client.authentication =
            ClientAuthentication::PrivateKeyJwt { keys: KeySource::JwksUri(uri.parse().unwrap()) };
        client.grant_types = [GrantType::ClientCredentials].into();
        client.redirect_uris.clear();
    })
    .await
}

fn assertion(server: &TestServer, id: &str, signer: &ClientSigner) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let jti = NEXT.fetch_add(1, Ordering::SeqCst).to_string();
    let expires = server.now().timestamp() + 60;
    signer.sign(&json!({"iss": id, "sub": id, "aud": server.issuer, "exp": expires, "jti": jti}))
}

/// The status of a token request of `id` that `signer` authenticates.
async fn grant(server: &TestServer, id: &str, signer: &ClientSigner) -> StatusCode {
    let assertion = assertion(server, id, signer);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let answer = reqwest::Client::new().post(server.url("/oauth/token")).form(&form).send().await.unwrap();
    let status = answer.status();
    if status != StatusCode::OK {
        let body: Value = answer.json().await.unwrap();
        assert_eq!((status.as_u16(), &body["error"]), (401, &json!("invalid_client")), "{body}");
        assert_eq!(body["error_description"], "client authentication failed");
    }
    status
}

fn set(signers: &[&ClientSigner]) -> String {
    let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({"keys": keys}).to_string()
}

#[tokio::test]
async fn a_client_signs_with_a_key_that_it_publishes() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let publisher = Publisher::start(set(&[&signer])).await;
    service(&server, &publisher.uri()).await;
    assert_eq!(grant(&server, "service", &signer).await, 200);
    assert_eq!(grant(&server, "service", &ClientSigner::new(Algorithm::ES256)).await, 401, "another's key");
}

#[tokio::test]
async fn a_set_is_fetched_once_and_again_after_its_lifetime() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::EdDSA));
    let publisher = Publisher::start(set(&[&signer])).await;
    service(&server, &publisher.uri()).await;
    let server = Arc::new(server);
    let mut calls = tokio::task::JoinSet::new();
    let signer = Arc::new(signer);
    for _ in 0..8 {
        let (server, signer) = (server.clone(), signer.clone());
        calls.spawn(async move { grant(&server, "service", &signer).await });
    }
    assert!(calls.join_all().await.iter().all(|status| *status == 200));
    assert_eq!(publisher.requests(), 1, "concurrent requests wait for one fetch");
    server.clock.advance(Duration::seconds(299));
    assert_eq!(grant(&server, "service", &signer).await, 200);
    assert_eq!(publisher.requests(), 1);
    server.clock.advance(Duration::seconds(1));
    assert_eq!(grant(&server, "service", &signer).await, 200);
    assert_eq!(publisher.requests(), 2);
}

#[tokio::test]
async fn a_new_key_is_good_at_once_and_an_old_one_for_five_minutes_at_most() {
    let server = server().await;
    let (old, new) = (ClientSigner::new(Algorithm::RS256), ClientSigner::new(Algorithm::ES256));
    let publisher = Publisher::start(set(&[&old])).await;
    service(&server, &publisher.uri()).await;
    assert_eq!(grant(&server, "service", &old).await, 200);
    server.clock.advance(Duration::seconds(5));
    publisher.publish(set(&[&new]));
    assert_eq!(grant(&server, "service", &old).await, 200, "the keys are cached");
    assert_eq!(grant(&server, "service", &new).await, 200, "rotated");
    assert_eq!(grant(&server, "service", &old).await, 401, "withdrawn");
    assert_eq!(publisher.requests(), 2);

    let without_kid = ClientSigner::new(Algorithm::ES256).without_kid();
    server.clock.advance(Duration::seconds(5));
    publisher.publish(set(&[&without_kid]));
    assert_eq!(grant(&server, "service", &without_kid).await, 200, "keys need no names");
    server.clock.advance(Duration::minutes(5));
    publisher.publish(set(&[&old]));
    assert_eq!(grant(&server, "service", &without_kid).await, 401, "after its lifetime");
    assert_eq!(grant(&server, "service", &old).await, 200);
}

#[tokio::test]
async fn unknown_keys_make_us_ask_once_in_five_seconds() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::EdDSA));
    let publisher = Publisher::start(set(&[&signer])).await;
    service(&server, &publisher.uri()).await;
    for round in 1..=3 {
        for _ in 0..10 {
            let stranger = ClientSigner::new(Algorithm::EdDSA);
            assert_eq!(grant(&server, "service", &stranger).await, 401);
        }
        assert_eq!(grant(&server, "service", &signer).await, 200, "wrong keys lock the right key out");
        assert_eq!(publisher.requests(), round);
        server.clock.advance(Duration::seconds(5));
    }
    // An assertion that no key could verify is refused without a fetch.
    let before = publisher.requests();
    let encoded = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let payload = encoded(json!({"sub": "service"}));
    for header in ["nonsense".to_owned(), String::new(), encoded(json!({"alg": "none"}))] {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &format!("{header}.{payload}.x")),
        ];
        let answer =
            reqwest::Client::new().post(server.url("/oauth/token")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 401);
    }
    assert_eq!(publisher.requests(), before);
}

#[tokio::test]
async fn a_publisher_that_fails_takes_no_known_key_away_while_it_lives() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let publisher = Publisher::start(set(&[&signer])).await;
    service(&server, &publisher.uri()).await;
    assert_eq!(grant(&server, "service", &signer).await, 200);
    publisher.fail(503);
    server.clock.advance(Duration::seconds(5));
    assert_eq!(grant(&server, "service", &ClientSigner::new(Algorithm::ES256)).await, 401);
    assert_eq!(publisher.requests(), 2);
    assert_eq!(grant(&server, "service", &signer).await, 200, "known, and young enough");
    server.clock.advance(Duration::minutes(5));
    assert_eq!(grant(&server, "service", &signer).await, 401, "too old");
    publisher.publish(set(&[&signer]));
    assert_eq!(grant(&server, "service", &signer).await, 401, "the keys were fetched a moment ago");
    assert_eq!(publisher.requests(), 3);
    server.clock.advance(Duration::seconds(5));
    assert_eq!(grant(&server, "service", &signer).await, 200);
}

#[tokio::test]
async fn what_is_no_set_of_public_keys_proves_nothing() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let publisher = Publisher::start(String::new()).await;
    service(&server, &publisher.uri()).await;
    let mut private = signer.jwk().clone();
    private["d"] = json!("AA");
    let large = format!("{}{}", set(&[&signer]), " ".repeat(64 * 1024));
    for (document, why) in [
        (String::new(), "nothing"),
        ("<html>".to_owned(), "no JSON"),
        (json!({"keys": []}).to_string(), "no key"),
        (json!({"keys": [{"kty": "new"}]}).to_string(), "no key that we know"),
        (json!({"keys": [private]}).to_string(), "a key that is no secret any more"),
        (json!({"keys": vec![signer.jwk(); 17]}).to_string(), "too many keys"),
        (large, "too large"),
    ] {
        publisher.publish(document);
        server.clock.advance(Duration::seconds(5));
        let before = publisher.requests();
        assert_eq!(grant(&server, "service", &signer).await, 401, "{why}");
        assert_eq!(publisher.requests(), before + 1, "{why}");
    }
    publisher.publish(set(&[&signer]));
    server.clock.advance(Duration::seconds(5));
    assert_eq!(grant(&server, "service", &signer).await, 200);
}

#[tokio::test]
async fn a_redirect_to_the_keys_is_not_followed() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let publisher = Publisher::start(set(&[&signer])).await;
    service(&server, &publisher.redirecting_uri()).await;
    assert_eq!(grant(&server, "service", &signer).await, 401);
    assert_eq!(publisher.requests(), 0, "the server followed the redirect");
}

#[tokio::test]
async fn a_publisher_that_does_not_answer_is_not_waited_for_long() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/jwks", silent.local_addr().unwrap());
    service(&server, &uri).await;
    let begun = std::time::Instant::now();
    assert_eq!(grant(&server, "service", &signer).await, 401);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn callers_who_hang_up_do_not_make_us_ask_again() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/jwks", silent.local_addr().unwrap());
    service(&server, &uri).await;
    for _ in 0..5 {
        let assertion = assertion(&server, "service", &signer);
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ];
        let impatient = reqwest::Client::builder().timeout(std::time::Duration::from_millis(300)).build();
        let _hung_up = impatient.unwrap().post(server.url("/oauth/token")).form(&form).send().await;
    }
    assert_eq!(grant(&server, "service", &signer).await, 401);
    let first = tokio::time::timeout(std::time::Duration::from_secs(1), silent.accept()).await;
    assert!(first.is_ok(), "the server fetched the keys");
    let second = tokio::time::timeout(std::time::Duration::from_millis(100), silent.accept()).await;
    assert!(second.is_err(), "the server fetched the keys twice");
}

#[tokio::test]
async fn what_a_caller_who_hung_up_had_asked_for_serves_the_next() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let slow = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/jwks", slow.local_addr().unwrap());
    service(&server, &uri).await;
    let keys = set(&[&signer]);
    let asked = tokio::spawn(async move {
        let (mut stream, _) = slow.accept().await.unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        // The caller has disconnected by then.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{keys}", keys.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let first = assertion(&server, "service", &signer);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &first),
    ];
    let impatient =
        reqwest::Client::builder().timeout(std::time::Duration::from_millis(200)).build().unwrap();
    assert!(impatient.post(server.url("/oauth/token")).form(&form).send().await.is_err());
    assert_eq!(grant(&server, "service", &signer).await, 200);
    asked.await.unwrap();
}

#[tokio::test]
async fn a_bounded_number_of_sets_is_remembered() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::EdDSA));
    let publisher = Publisher::start(set(&[&signer])).await;
    service(&server, &publisher.uri()).await;
    let client = server.ports.clients.find(&"service".parse().unwrap()).await.unwrap().unwrap();
    let sets = ClientKeySets::new(
        server.ports.fetched_documents.clone(),
        server.ports.clock.clone(),
        server.ports.computations.clone(),
    );
    let verify = async |number: u32| {
        let uri = format!("{}?{number}", publisher.uri()).parse().unwrap();
        let authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::JwksUri(uri) };
        sets.verify(&Client { authentication, ..client.clone() }, |_| Ok(())).await.unwrap();
        server.clock.advance(Duration::milliseconds(1));
        publisher.requests()
    };
    for number in 0..1_001 {
        assert_eq!(verify(number).await, number + 1);
    }
    assert_eq!(verify(1_000).await, 1_001, "the newest is known");
    assert_eq!(verify(1).await, 1_001, "the second oldest is known");
    assert_eq!(verify(0).await, 1_002, "the oldest made room for it");
}

#[tokio::test]
async fn keys_at_private_addresses_are_not_fetched_unless_an_operator_allows_it() {
    let signer = ClientSigner::new(Algorithm::ES256);
    let publisher = Publisher::start(set(&[&signer])).await;
    let strict = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let port = publisher.uri().rsplit_once(':').unwrap().1.to_owned();
    for (number, host) in
        ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "0.0.0.0"].iter().enumerate()
    {
        let id = format!("service-{number}");
        RelyingParty::register(&strict, &id, |client| {
            let uri = format!("https://{host}:{port}").parse().unwrap();
            client.authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::JwksUri(uri) };
            client.grant_types = [GrantType::ClientCredentials].into();
            client.redirect_uris.clear();
        })
        .await;
        assert_eq!(grant(&strict, &id, &signer).await, 401, "{host}");
    }
    assert_eq!(publisher.connections(), 0);
}

#[tokio::test]
async fn a_client_registers_where_it_publishes_its_keys() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let publisher = Publisher::start(set(&[&signer])).await;
    let metadata = json!({
        "grant_types": ["authorization_code"],
        "redirect_uris": ["https://client.example/callback"],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": publisher.uri(),
    });
    let answer = register(&server, &metadata).await;
    assert_eq!(answer.0, 201, "{}", answer.1);
    assert_eq!(answer.1["jwks_uri"], publisher.uri());
    assert!(answer.1.get("jwks").is_none());
    let id = answer.1["client_id"].as_str().unwrap();
    let assertion = assertion(&server, id, &signer);
    let form = [("token", "x"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)];
    let answered = reqwest::Client::new().post(server.url("/oauth/introspect")).form(&form).send().await;
    assert_eq!(answered.unwrap().json::<Value>().await.unwrap(), json!({"active": false}));

    // By reference instead of by value, and back.
    let url = answer.1["registration_client_uri"].as_str().unwrap();
    let token = answer.1["registration_access_token"].as_str().unwrap();
    let mut next = metadata.clone();
    next["jwks_uri"] = Value::Null;
    next["jwks"] = json!({"keys": [signer.jwk()]});
    let updated = reqwest::Client::new().put(url).bearer_auth(token).json(&next).send().await.unwrap();
    let updated: Value = updated.json().await.unwrap();
    assert!(updated.get("jwks_uri").is_none() && updated["jwks"] == next["jwks"], "{updated}");
}

#[tokio::test]
async fn a_registration_that_names_keys_twice_or_nowhere_is_refused() {
    let (server, signer) = (server().await, ClientSigner::new(Algorithm::ES256));
    let strict = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let with = |members: Value| {
        let mut metadata = json!({
            "redirect_uris": ["https://client.example/callback"],
            "token_endpoint_auth_method": "private_key_jwt",
        });
        metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        metadata
    };
    let jwks = json!({"keys": [signer.jwk()]});
    for members in [
        json!({"jwks": jwks, "jwks_uri": "https://client.example/jwks"}),
        json!({"jwks_uri": "http://client.example/jwks"}),
        json!({"jwks_uri": "http://10.0.0.1/jwks"}),
        json!({"jwks_uri": "file:///etc/passwd"}),
        json!({"jwks_uri": "https://me:secret@client.example/jwks"}),
        json!({"jwks_uri": "/jwks"}),
        json!({"jwks_uri": 1}),
        json!({"jwks_uri": ""}),
    ] {
        for server in [&server, &strict] {
            let (status, body) = register(server, &with(members.clone())).await;
            assert_eq!(
                (status, &body["error"]),
                (400, &json!("invalid_client_metadata")),
                "{members}: {body}"
            );
        }
    }
    let here = json!({"jwks_uri": "http://127.0.0.1:3000/jwks"});
    assert_eq!(register(&server, &with(here.clone())).await.0, 201, "where this machine may be called");
    assert_eq!(register(&strict, &with(here)).await.0, 400, "where it may not");

    let change = |client: &mut Client| {
        let keys = KeySource::JwksUri("http://localhost/jwks".parse().unwrap());
        client.authentication = ClientAuthentication::PrivateKeyJwt { keys };
    };
    RelyingParty::confidential(&strict, "web").await;
    let operator = strict.update_client(&"web".parse().unwrap(), change).await.unwrap_err().to_string();
    assert!(
        operator.starts_with("jwks_uri: must be an https URI"),
        "an operator gets the same error: {operator}"
    );
}

async fn register(server: &TestServer, metadata: &Value) -> (u16, Value) {
    let url = server.url("/connect/register");
    let answer = reqwest::Client::new().post(url).json(metadata).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}
