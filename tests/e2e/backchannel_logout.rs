//! Back-channel logout (OpenID Connect Back-Channel Logout 1.0).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::time::Duration as Real;

use application::keys::jose::{Jwk, JwtType, PublicKey};
use application::port::Delivery;
use application::settings::Settings;
use chrono::Duration;
use domain::client::ClientDraft;
use domain::{Actor, Secret, SigningAlgorithm};
use serde_json::{Value, json};
use tests::support::{Browser, LogoutReceiver, RelyingParty, TestServer, Tokens};

/// A server that may send requests to this machine, a user, and a receiver of logout tokens.
async fn server_and_receiver() -> (TestServer, LogoutReceiver) {
    let server = TestServer::with(loopback).await;
    server.user("ada").await;
    (server, LogoutReceiver::start().await)
}

fn loopback(settings: &mut Settings) {
    settings.outbound_allow_private = true;
}

async fn client(server: &TestServer, receiver: &LogoutReceiver, id: &str) -> RelyingParty {
    client_with(server, receiver, id, SigningAlgorithm::Rs256).await
}

async fn client_with(
    server: &TestServer,
    receiver: &LogoutReceiver,
    id: &str,
    algorithm: SigningAlgorithm,
) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.logout.back.uri = Some(receiver.uri(id).parse().unwrap());
        client.id_token_signed_response_alg = algorithm;
    })
    .await
}

async fn log_out(browser: &Browser, tokens: &Tokens) {
    let url = format!("/oauth/logout?id_token_hint={}", tokens.text("id_token"));
    assert!(browser.open(&url).await.page().has("#logged-out"));
}

/// The claims of a logout token, verified with the published key of this algorithm.
async fn verified(server: &TestServer, token: &str, algorithm: SigningAlgorithm) -> Value {
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    let jwks: Value = reqwest::get(server.url("/.well-known/jwks.json")).await.unwrap().json().await.unwrap();
    let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == json!(header.kid)).unwrap();
    let key: Jwk = serde_json::from_value(key.clone()).unwrap();
    let key = PublicKey::from_jwk(&key).unwrap();
    assert_eq!(key.algorithm(), algorithm);
    key.verify(token, JwtType::LogoutToken).unwrap()
}

/// Asserts that every notice was delivered, and that no unexpected logout token arrived.
async fn assert_all_delivered(server: &TestServer, receiver: &mut LogoutReceiver) {
    let much_later = server.now() + Duration::days(100);
    // Taking a notice counts as an attempt, so the test must not take too often.
    for wait in [10, 100, 500, 2_000, 5_000] {
        server.backchannel_logout.signal.send();
        tokio::time::sleep(Real::from_millis(wait)).await;
        let idle = BTreeSet::new();
        let left = server.ports.logout_notices.take_due(much_later, server.now(), 100, &idle).await.unwrap();
        if left.is_empty() {
            assert!(receiver.has_no_more_logouts(), "a client received an unexpected logout token");
            return;
        }
        // A notice that is being delivered is settled now, before the server may take it for the second time.
        tokio::time::sleep(Real::from_millis(wait)).await;
    }
    panic!("a notice was not delivered");
}

/// Advances the clock in steps of this length until a logout token arrives.
async fn next_logout_in_steps(
    server: &TestServer,
    receiver: &mut LogoutReceiver,
    step: Duration,
) -> (String, String) {
    for _ in 0..200 {
        if let Some(told) = receiver.next_logout_within(Real::from_millis(50)).await {
            return told;
        }
        server.clock.advance(step);
        server.backchannel_logout.signal.send();
    }
    panic!("no logout token arrived");
}

#[tokio::test]
async fn exactly_the_clients_of_the_session_are_told() {
    let (server, mut receiver) = server_and_receiver().await;
    server.user("eve").await;
    let (web, mail) = (client(&server, &receiver, "web").await, client(&server, &receiver, "mail").await);
    let elsewhere = client(&server, &receiver, "elsewhere").await;
    let hers = client(&server, &receiver, "hers").await;
    let silent = RelyingParty::confidential(&server, "silent").await;
    let (here, there, her) =
        (Browser::new(&server.issuer), Browser::new(&server.issuer), Browser::new(&server.issuer));
    let tokens = web.tokens(&here, "ada", &[]).await;
    mail.tokens(&here, "ada", &[("scope", "openid offline_access")]).await;
    silent.tokens(&here, "ada", &[]).await;
    let other_session = elsewhere.tokens(&there, "ada", &[]).await;
    let other_user = hers.tokens(&her, "eve", &[]).await;

    log_out(&here, &tokens).await;
    let told: BTreeMap<_, _> = [receiver.next_logout().await, receiver.next_logout().await].into();
    assert_eq!(told.keys().collect::<Vec<_>>(), ["mail", "web"]);
    assert_all_delivered(&server, &mut receiver).await;

    // The other clients receive a logout token when their own sessions end.
    for (browser, tokens, client) in [(&there, &other_session, "elsewhere"), (&her, &other_user, "hers")] {
        log_out(browser, tokens).await;
        assert_eq!(receiver.next_logout().await.0, client);
        assert_all_delivered(&server, &mut receiver).await;
    }
}

#[tokio::test]
async fn the_logout_token_verifies_and_says_which_session_of_whom_has_ended() {
    for algorithm in SigningAlgorithm::ALL {
        let (server, mut receiver) = server_and_receiver().await;
        let web = client_with(&server, &receiver, "web", algorithm).await;
        let browser = Browser::new(&server.issuer);
        let tokens = web.tokens(&browser, "ada", &[]).await;
        let id_token = tokens.claims("id_token");
        log_out(&browser, &tokens).await;

        let (_, token) = receiver.next_logout().await;
        let mut claims = verified(&server, &token, algorithm).await;
        let jti = claims.as_object_mut().unwrap().remove("jti").unwrap();
        assert_eq!(jti.as_str().unwrap().len(), 22);
        let now = server.now().timestamp();
        let expected = json!({
            "iss": server.issuer, "aud": "web", "sub": id_token["sub"], "sid": id_token["sid"],
            "iat": now, "exp": now + 120,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        assert_eq!(claims, expected);
    }
}

#[tokio::test]
async fn a_logout_token_is_no_hint() {
    let (server, mut receiver) = server_and_receiver().await;
    let web = client(&server, &receiver, "web").await;
    let browser = Browser::new(&server.issuer);
    log_out(&browser, &web.tokens(&browser, "ada", &[]).await).await;
    let (_, token) = receiver.next_logout().await;
    let page = browser.open(&format!("/oauth/logout?id_token_hint={token}")).await.page();
    assert!(page.text("#error-code").contains("invalid_request"));
}

#[tokio::test]
async fn a_client_that_failed_twice_is_told_the_third_time_with_a_token_of_that_time() {
    let (server, mut receiver) = server_and_receiver().await;
    let web = client(&server, &receiver, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    receiver.answers(&["503 Service Unavailable", "302 Found"]);
    log_out(&browser, &tokens).await;

    let mut issued = Vec::new();
    for _ in 0..3 {
        let (client, token) = next_logout_in_steps(&server, &mut receiver, Duration::seconds(1)).await;
        assert_eq!(client, "web");
        let claims = verified(&server, &token, SigningAlgorithm::Rs256).await;
        assert_eq!(claims["sid"], tokens.claims("id_token")["sid"]);
        issued.push((claims["iat"].as_i64().unwrap(), claims["jti"].clone()));
    }
    assert!(issued[0].0 < issued[1].0 && issued[1].0 + 5 <= issued[2].0, "{issued:?}");
    assert!(issued[0].1 != issued[1].1 && issued[1].1 != issued[2].1);
    assert_all_delivered(&server, &mut receiver).await;
}

#[tokio::test]
async fn a_client_that_refuses_the_token_is_not_asked_again() {
    let (server, mut receiver) = server_and_receiver().await;
    let web = client(&server, &receiver, "web").await;
    for status in ["400 Bad Request", "404 Not Found", "410 Gone", "429 Too Many Requests"] {
        let browser = Browser::new(&server.issuer);
        let tokens = web.tokens(&browser, "ada", &[]).await;
        receiver.answers(&[status]);
        log_out(&browser, &tokens).await;
        receiver.next_logout().await;
        assert_all_delivered(&server, &mut receiver).await;
    }
}

#[tokio::test]
async fn a_client_that_is_down_for_good_is_given_up() {
    let (server, mut receiver) = server_and_receiver().await;
    let web = client(&server, &receiver, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    receiver.answers(&["500 Internal Server Error"; 8]);
    log_out(&browser, &tokens).await;
    for _ in 0..8 {
        next_logout_in_steps(&server, &mut receiver, Duration::hours(1)).await;
    }
    assert_all_delivered(&server, &mut receiver).await;
}

#[tokio::test]
async fn the_logout_does_not_wait_for_a_client_that_does_not_answer() {
    let server = TestServer::with(loopback).await;
    server.user("ada").await;
    // The server of this client accepts connections and never answers.
    let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/out", mute.local_addr().unwrap());
    let web = RelyingParty::register(&server, "web", |client| {
        client.logout.back.uri = Some(uri.parse().unwrap());
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let began = std::time::Instant::now();
    log_out(&browser, &tokens).await;
    assert!(began.elapsed() < Real::from_secs(4));
    tokio::time::timeout(Real::from_secs(20), mute.accept()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_answer_gets_one_token_at_a_time_and_delays_no_other() {
    let (server, mut receiver) = server_and_receiver().await;
    let eve = server.user("eve").await;
    let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/out", mute.local_addr().unwrap());
    let silent = RelyingParty::register(&server, "silent", |client| {
        client.logout.back.uri = Some(uri.parse().unwrap());
    })
    .await;
    let web = client(&server, &receiver, "web").await;
    // More sessions than the server delivers logout tokens at once.
    for _ in 0..34 {
        silent.tokens(&Browser::new(&server.issuer), "eve", &[]).await;
    }
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    server.users.set_enabled(eve.id, false, Actor::CommandLine).await.unwrap();
    server.backchannel_logout.signal.send();
    let _held = tokio::time::timeout(Real::from_secs(20), mute.accept()).await.unwrap().unwrap();
    log_out(&browser, &tokens).await;
    let told = receiver.next_logout_within(Real::from_secs(3)).await;
    assert_eq!(told.map(|(client, _)| client).as_deref(), Some("web"));
    let second = tokio::time::timeout(Real::from_millis(500), mute.accept()).await;
    assert!(second.is_err(), "a second token while the first one is not answered");
}

#[tokio::test]
async fn one_who_takes_the_browser_over_ends_the_session_of_the_one_before() {
    let (server, mut receiver) = server_and_receiver().await;
    server.user("eve").await;
    let web = client(&server, &receiver, "web").await;
    let browser = Browser::new(&server.issuer);
    let ada = web.tokens(&browser, "ada", &[]).await.claims("id_token");
    let login = browser.open(&web.authorization_url(&[("prompt", "select_account")])).await.page();
    browser.sign_in(&login, "eve").await;
    let (_, token) = receiver.next_logout().await;
    let claims = verified(&server, &token, SigningAlgorithm::Rs256).await;
    assert_eq!((&claims["sub"], &claims["sid"]), (&ada["sub"], &ada["sid"]));
    assert_all_delivered(&server, &mut receiver).await;
}

#[tokio::test]
async fn the_clients_of_a_user_who_is_disabled_or_deleted_are_told() {
    let (server, mut receiver) = server_and_receiver().await;
    let web = client(&server, &receiver, "web").await;
    for (name, deleted) in [("grace", false), ("eve", true)] {
        let user = server.user(name).await;
        let id_token = web.tokens(&Browser::new(&server.issuer), name, &[]).await.claims("id_token");
        if deleted {
            server.users.delete(user.id, Actor::CommandLine).await.unwrap();
        } else {
            server.users.set_enabled(user.id, false, Actor::CommandLine).await.unwrap();
        }
        let claims = verified(&server, &receiver.next_logout().await.1, SigningAlgorithm::Rs256).await;
        assert_eq!((&claims["sub"], &claims["sid"]), (&id_token["sub"], &id_token["sid"]));
        assert_all_delivered(&server, &mut receiver).await;
    }
}

#[tokio::test]
async fn a_client_that_was_disabled_deleted_or_registered_anew_is_not_told() {
    let (server, mut receiver) = server_and_receiver().await;
    let disabled = client(&server, &receiver, "disabled").await;
    let again = client(&server, &receiver, "again").await;
    let browser = Browser::new(&server.issuer);
    let tokens = disabled.tokens(&browser, "ada", &[]).await;
    again.tokens(&browser, "ada", &[]).await;
    receiver.answers(&["503 Service Unavailable", "503 Service Unavailable"]);
    log_out(&browser, &tokens).await;
    for _ in 0..2 {
        receiver.next_logout().await;
    }
    server.clients.set_enabled(&"disabled".parse().unwrap(), false, Actor::CommandLine).await.unwrap();
    server.clients.delete(&"again".parse().unwrap(), Actor::CommandLine).await.unwrap();
    server.clock.advance(Duration::seconds(1));
    client(&server, &receiver, "again").await;
    assert_all_delivered(&server, &mut receiver).await;
}

#[tokio::test]
async fn a_private_address_is_not_called_unless_the_operator_allows_it() {
    let mut receiver = LogoutReceiver::start().await;
    let (uri, token) = (receiver.uri("web").parse().unwrap(), Secret::from("token"));
    let web = "web".parse().unwrap();
    let guarded = TestServer::start().await.ports.logout_receivers.notify(&web, &uri, &token).await;
    assert!(matches!(&guarded, Delivery::Failed(reason) if reason.contains("forbidden")), "{guarded:?}");
    assert!(receiver.has_no_more_logouts());
    let allowed = TestServer::with(loopback).await.ports.logout_receivers.notify(&web, &uri, &token).await;
    assert_eq!(allowed, Delivery::Accepted);
    assert_eq!(receiver.next_logout().await, ("web".to_owned(), "token".to_owned()));
}

/// This machine's address in its private network; another one of the machine itself if it is in none. Nothing is sent.
fn private_address() -> Ipv4Addr {
    let own = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.connect((Ipv4Addr::new(10, 255, 255, 255), 9)).ok()?;
        match socket.local_addr().ok()?.ip() {
            IpAddr::V4(address) => Some(address).filter(Ipv4Addr::is_private),
            IpAddr::V6(_) => None,
        }
    };
    own().unwrap_or(Ipv4Addr::new(127, 0, 0, 2))
}

#[tokio::test]
async fn a_logout_token_reaches_a_host_of_a_private_network_over_http_where_the_operator_allows_it() {
    let mut receiver = LogoutReceiver::at(private_address()).await;
    let uri = receiver.uri("web");
    let guarded = TestServer::configured(&[]).await;
    let mut draft = ClientDraft::default();
    draft.set("redirect_uris", json!(["https://client.example/callback"]));
    draft.set("backchannel_logout_uri", json!(uri));
    let refused = guarded.clients.create(&draft, Actor::CommandLine).await.unwrap_err();
    assert!(refused.to_string().contains("OAUTH2_OUTBOUND_ALLOW_PRIVATE"), "{refused}");

    let server = TestServer::configured(&[("OAUTH2_OUTBOUND_ALLOW_PRIVATE", "true")]).await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.logout.back.uri = Some(uri.parse().unwrap());
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    log_out(&browser, &tokens).await;
    let (client, token) = receiver.next_logout().await;
    assert_eq!(client, "web");
    let claims = verified(&server, &token, SigningAlgorithm::Rs256).await;
    assert_eq!(claims["sid"], tokens.claims("id_token")["sid"]);
}

#[tokio::test]
async fn a_sign_out_by_an_administrator_is_told_at_once_and_does_not_wait_for_the_next_look_at_the_store() {
    let (server, mut receiver) = server_and_receiver().await;
    let web = client(&server, &receiver, "web").await;
    let tool = RelyingParty::register(&server, "tool", |client| {
        client.grant_types.insert(domain::GrantType::ClientCredentials);
        client.administrative = true;
    })
    .await;
    let grant = [("grant_type", "client_credentials"), ("scope", "read")];
    let token = RelyingParty::successful(tool.token(&grant).await).await.text("access_token").to_owned();
    let user = server.user("eve").await.id;
    let sessions = server.url(&format!("/admin/api/users/{user}/sessions"));
    let mut waited = Real::ZERO;
    for _ in 0..6 {
        web.tokens(&Browser::new(&server.issuer), "eve", &[]).await;
        let began = std::time::Instant::now();
        let ended = tool.http().delete(&sessions).bearer_auth(&token).send().await.unwrap();
        assert_eq!(ended.status(), 204);
        receiver.next_logout().await;
        waited += began.elapsed();
    }
    // The store is looked at once a second.
    assert!(waited < Real::from_secs(2), "{waited:?}");
}
