//! Dynamic client registration and its management (RFC 7591, RFC 7592, OpenID Connect Dynamic
//! Registration).

use application::client::initial_access_tokens::NewToken;
use application::settings::{RegistrationMode, Settings};
use chrono::Duration;
use domain::pkce::PkcePolicy;
use domain::self_registration::RegistrationLimits;
use domain::{Actor, GrantType, SigningAlgorithm};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

/// The body of the first `curl` of the documentation, verbatim.
const DOCUMENTED: &str = r#"{
  "client_name": "My App",
  "redirect_uris": ["https://myapp.example/callback"],
  "grant_types": ["authorization_code", "refresh_token"],
  "response_types": ["code"],
  "scope": "openid profile email",
  "token_endpoint_auth_method": "client_secret_basic"
}"#;

/// A server with open registration.
async fn open() -> TestServer {
    open_with(|_| {}).await
}

async fn open_with(change: impl FnOnce(&mut Settings)) -> TestServer {
    TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
        change(settings);
    })
    .await
}

/// Sends a request to `url` as `curl` would.
async fn send(method: Method, url: &str, token: Option<&str>, body: Option<&str>) -> Response {
    let mut request = Client::builder().no_proxy().build().unwrap().request(method, url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    request.send().await.unwrap()
}

async fn register(server: &TestServer, token: Option<&str>, metadata: &Value) -> Response {
    send(Method::POST, &server.url("/connect/register"), token, Some(&metadata.to_string())).await
}

/// Registers a client, and asserts success.
async fn registered(server: &TestServer, metadata: &Value) -> Value {
    document(register(server, None, metadata).await, 201).await
}

/// Sends a management request with the client's registration access token.
async fn manage(method: Method, registered: &Value, metadata: Option<&Value>) -> Response {
    let (uri, token) = (text(registered, "registration_client_uri"), text(registered, TOKEN));
    send(method, uri, Some(token), metadata.map(Value::to_string).as_deref()).await
}

const TOKEN: &str = "registration_access_token";

async fn document(answer: Response, status: u16) -> Value {
    let found = answer.status();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(found, status, "{body}");
    assert!(body.as_object().unwrap().values().all(|member| !member.is_null()), "a null: {body}");
    body
}

async fn refused(answer: Response, status: u16, code: &str) -> Value {
    let challenge = answer.headers().get("www-authenticate").cloned();
    let body = document(answer, status).await;
    assert_eq!(body["error"], code, "{body}");
    let challenged =
        challenge.is_some_and(|challenge| challenge.to_str().unwrap().starts_with("Bearer realm="));
    assert_eq!(challenged, status == 401, "{body}");
    body
}

fn text<'a>(document: &'a Value, member: &str) -> &'a str {
    document[member].as_str().unwrap_or_else(|| panic!("no {member} in {document}"))
}

fn web() -> Value {
    json!({"redirect_uris": ["https://client.example/callback"]})
}

/// `web` with this member changed.
fn web_with(member: &str, value: Value) -> Value {
    let mut metadata = web();
    metadata[member] = value;
    metadata
}

async fn new_token(server: &TestServer, uses: u32, limits: RegistrationLimits) -> String {
    let new = NewToken { uses, lifetime: Duration::hours(1), limits };
    let (_, secret) = server.registration_tokens.create(new, Actor::CommandLine).await.unwrap();
    secret.expose().to_owned()
}

#[tokio::test]
async fn the_four_requests_of_the_documentation_work_as_written() {
    let server = open().await;
    let answer = send(Method::POST, &server.url("/connect/register"), None, Some(DOCUMENTED)).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    let created = document(answer, 201).await;
    let (id, token) = (text(&created, "client_id"), text(&created, TOKEN));
    let uri = server.url(&format!("/connect/register/{id}"));
    assert!(token.starts_with("oarat_"));
    assert_eq!(text(&created, "client_secret").len(), 43);
    let expected = json!({
        "client_id": id,
        "client_secret": created["client_secret"],
        "client_id_issued_at": server.now().timestamp(),
        "client_secret_expires_at": 0,
        "registration_access_token": token,
        "registration_client_uri": uri,
        "client_name": "My App",
        "redirect_uris": ["https://myapp.example/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "email openid profile",
        "token_endpoint_auth_method": "client_secret_basic",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "id_token_claims": false,
        "require_pkce": true,
        "require_pushed_authorization_requests": false,
        "application_type": "web",
    });
    assert_eq!(created, expected);

    let mut known = expected;
    known.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(document(send(Method::GET, &uri, Some(token), None).await, 200).await, known);

    let update = DOCUMENTED.replace("My App", "My Updated App");
    known["client_name"] = "My Updated App".into();
    assert_eq!(document(send(Method::PUT, &uri, Some(token), Some(&update)).await, 200).await, known);
    assert_eq!(document(send(Method::GET, &uri, Some(token), None).await, 200).await, known);

    let deleted = send(Method::DELETE, &uri, Some(token), None).await;
    assert_eq!(deleted.status(), 204);
    assert_eq!(deleted.text().await.unwrap(), "");
    for (method, body) in [(Method::GET, None), (Method::PUT, Some(DOCUMENTED)), (Method::DELETE, None)] {
        refused(send(method, &uri, Some(token), body).await, 401, "invalid_token").await;
    }
}

#[tokio::test]
async fn every_registered_member_is_answered_and_what_is_unknown_is_ignored() {
    let server = open().await;
    let metadata = json!({
        "client_name": "Näme – 東京",
        "redirect_uris": ["com.example.app:/callback", "http://127.0.0.1/callback", "https://app.example/cb"],
        "post_logout_redirect_uris": ["com.example.app:/bye"],
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "implicit", "urn:example:unknown"],
        "scope": "openid unknown read profile",
        "contacts": ["ada@example.com"],
        "client_uri": "https://app.example/",
        "logo_uri": "https://app.example/logo.png",
        "policy_uri": "https://app.example/policy",
        "tos_uri": "https://app.example/terms",
        "initiate_login_uri": "https://app.example/login",
        "backchannel_logout_uri": "https://internal.example/logout",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://app.example/logout?x=1",
        "frontchannel_logout_session_required": false,
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "EdDSA",
        "default_max_age": 60,
        "require_auth_time": true,
        "default_acr_values": ["urn:example:gold", "urn:example:silver"],
        "jwks": {"keys": []},
        "logo_uri#ja": "https://app.example/ja.png",
        "client_name#ja": "名前",
        "scope#ja": 7,
        "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "software_version": "2.1",
        "token_endpoint_auth_signing_alg": "ES256",
        "introspection_signed_response_alg": "EdDSA",
        "require_pushed_authorization_requests": true,
        "unknown": {"a": null},
        "client_id": "chosen",
        "client_secret": "chosen",
    });
    let answer = registered(&server, &metadata).await;
    for member in
        ["client_name", "redirect_uris", "post_logout_redirect_uris", "application_type", "contacts"]
    {
        assert_eq!(answer[member], metadata[member]);
    }
    for member in ["client_uri", "logo_uri", "policy_uri", "tos_uri", "initiate_login_uri"] {
        assert_eq!(answer[member], metadata[member]);
    }
    for member in ["default_max_age", "require_auth_time", "default_acr_values"] {
        assert_eq!(answer[member], metadata[member]);
    }
    for channel in ["backchannel", "frontchannel"] {
        for member in [format!("{channel}_logout_uri"), format!("{channel}_logout_session_required")] {
            assert_eq!(answer[&member], metadata[&member]);
        }
    }
    for member in [
        "logo_uri#ja",
        "client_name#ja",
        "software_id",
        "software_version",
        "token_endpoint_auth_signing_alg",
        "introspection_signed_response_alg",
        "require_pushed_authorization_requests",
    ] {
        assert_eq!(answer[member], metadata[member], "{member}");
    }
    assert_eq!(answer["id_token_signed_response_alg"], "ES256");
    assert_eq!(answer["userinfo_signed_response_alg"], "EdDSA");
    assert_eq!(answer["token_endpoint_auth_method"], "none");
    assert_eq!(answer["grant_types"], json!(["authorization_code"]));
    assert_eq!(answer["scope"], "openid profile");
    assert_ne!(answer["client_id"], "chosen");
    for absent in ["client_secret", "client_secret_expires_at", "jwks", "unknown", "scope#ja"] {
        assert!(answer.get(absent).is_none(), "{absent}");
    }
    assert_eq!(document(manage(Method::GET, &answer, None).await, 200).await, answer);
}

#[tokio::test]
async fn without_metadata_but_a_redirect_uri_the_defaults_are_those_of_rfc_7591() {
    let server = open().await;
    let answer = registered(&server, &web()).await;
    assert_eq!(answer["grant_types"], json!(["authorization_code"]));
    assert_eq!(answer["response_types"], json!(["code"]));
    assert_eq!(answer["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(answer["application_type"], "web");
    assert_eq!(answer["scope"], "address email groups offline_access openid phone profile");
    assert!(answer.get("client_name").is_none());
}

#[tokio::test]
async fn metadata_that_cannot_be_is_refused_with_its_code() {
    let server = open().await;
    let (uri, metadata) = ("invalid_redirect_uri", "invalid_client_metadata");
    let uris = |uri: &str| json!({"redirect_uris": [uri]});
    for (body, code) in [
        (json!({}), uri),
        (json!({"redirect_uris": []}), uri),
        (uris("http://client.example/callback"), uri),
        (uris("https://client.example/callback#fragment"), uri),
        (uris("https://*.example/callback"), uri),
        (uris("/callback"), uri),
        (uris("javascript:alert(1)"), uri),
        (uris("myapp:/callback"), uri),
        (uris(""), uri),
        (json!({"redirect_uris": ["https://client.example/", "http://client.example/"]}), uri),
        (json!({"redirect_uris": "https://client.example/callback"}), metadata),
        (json!({"redirect_uris": [1]}), metadata),
        (json!([]), metadata),
        (json!("text"), metadata),
        (json!(null), metadata),
        (web_with("client_name", json!(1)), metadata),
        (web_with("client_name", json!("a\u{202e}b")), metadata),
        (web_with("client_name", json!("x".repeat(257))), metadata),
        (web_with("grant_types", json!("authorization_code")), metadata),
        (web_with("grant_types", json!(["refresh_token"])), metadata),
        (web_with("grant_types", json!(["client_credentials"])), metadata),
        (web_with("grant_types", json!(["password"])), metadata),
        (web_with("grant_types", json!(["implicit"])), metadata),
        (web_with("response_types", json!(["token"])), metadata),
        (web_with("response_types", json!({"code": true})), metadata),
        (web_with("scope", json!(["openid"])), metadata),
        (web_with("scope", json!("a\"b")), metadata),
        (web_with("token_endpoint_auth_method", json!("private_key_jwt")), metadata),
        (web_with("token_endpoint_auth_method", json!("tls_client_auth")), metadata),
        (web_with("application_type", json!("desktop")), metadata),
        (web_with("contacts", json!("ada@example.com")), metadata),
        (web_with("contacts", json!([["ada@example.com"]])), metadata),
        (web_with("client_uri", json!("http://client.example/")), metadata),
        (web_with("logo_uri", json!("http://client.example/logo.png")), metadata),
        (web_with("logo_uri", json!("data:image/png;base64,AAAA")), metadata),
        (web_with("policy_uri", json!("javascript:alert(1)")), metadata),
        (web_with("tos_uri", json!("https://user@client.example/")), metadata),
        (web_with("initiate_login_uri", json!("http://client.example/login")), metadata),
        (web_with("post_logout_redirect_uris", json!(["http://client.example/bye"])), metadata),
        (web_with("backchannel_logout_uri", json!("http://client.example/logout")), metadata),
        (web_with("backchannel_logout_uri", json!("https://client.example/logout#x")), metadata),
        (web_with("backchannel_logout_session_required", json!("true")), metadata),
        (web_with("frontchannel_logout_uri", json!("https://other.example/logout")), metadata),
        (web_with("frontchannel_logout_uri", json!("javascript:alert(1)")), metadata),
        (web_with("id_token_signed_response_alg", json!("none")), metadata),
        (web_with("id_token_signed_response_alg", json!("HS256")), metadata),
        (web_with("userinfo_signed_response_alg", json!("none")), metadata),
        (web_with("userinfo_signed_response_alg", json!("HS256")), metadata),
        (web_with("default_max_age", json!("60")), metadata),
        (web_with("default_max_age", json!(-1)), metadata),
        (web_with("default_max_age", json!(4_294_967_296_u64)), metadata),
        (web_with("require_auth_time", json!("true")), metadata),
        (web_with("default_acr_values", json!("gold")), metadata),
        (web_with("default_acr_values", json!(["gold silver"])), metadata),
        (web_with("default_acr_values", json!(vec!["gold"; 21])), metadata),
        (web_with("subject_type", json!("ephemeral")), metadata),
        (web_with("id_token_encrypted_response_alg", json!("RSA-OAEP")), metadata),
        (web_with("userinfo_encrypted_response_enc", json!("A256GCM")), metadata),
        (web_with("introspection_encrypted_response_alg", json!("RSA-OAEP")), metadata),
        (web_with("authorization_signed_response_alg", json!("RS256")), metadata),
        (web_with("dpop_bound_access_tokens", json!(true)), metadata),
        (web_with("tls_client_certificate_bound_access_tokens", json!(true)), metadata),
        (web_with("token_endpoint_auth_signing_alg", json!("none")), metadata),
        (web_with("token_endpoint_auth_signing_alg", json!("HS256")), metadata),
        (web_with("introspection_signed_response_alg", json!("none")), metadata),
        (web_with("require_pushed_authorization_requests", json!("true")), metadata),
        (web_with("software_id", json!(7)), metadata),
        (web_with("software_version", json!("a\u{202e}b")), metadata),
        (web_with("client_name#ja", json!(7)), metadata),
        (web_with("client_name#ja", json!("a\u{202e}b")), metadata),
        (web_with("client_name#a b", json!("Name")), metadata),
        (web_with("logo_uri#ja", json!("http://client.example/logo.png")), metadata),
        (web_with("policy_uri#ja", json!("javascript:alert(1)")), metadata),
        (web_with("jwks", json!("keys")), metadata),
        (web_with("jwks_uri", json!("http://client.example/jwks")), metadata),
        (web_with("software_statement", json!("a.b.c")), "unapproved_software_statement"),
        (web_with("software_statement", json!("no JWT")), "invalid_software_statement"),
        (web_with("software_statement", json!({})), metadata),
    ] {
        let answer = register(&server, None, &body).await;
        let error = refused(answer, 400, code).await;
        let members: Vec<_> = error.as_object().unwrap().keys().collect();
        assert_eq!(members, ["error", "error_description", "error_uri"], "{body}");
    }
    let both = json!({
        "redirect_uris": ["https://client.example/callback"],
        "jwks": {"keys": []},
        "jwks_uri": "https://client.example/jwks",
    });
    refused(register(&server, None, &both).await, 400, metadata).await;
    assert!(
        server.ports.clients.list(None, 1).await.unwrap().is_empty(),
        "a refused registration stores no client"
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_of_bounded_size_is_refused() {
    let server = open().await;
    let good = web().to_string();
    let padded = |size: usize| {
        let empty = web_with("padding", json!("")).to_string().len();
        web_with("padding", json!("x".repeat(size - empty))).to_string().into_bytes()
    };
    let not_utf8 = [b"{\"client_name\":\"\xff\",", &good.as_bytes()[1..]].concat();
    let json = Some("application/json");
    for (content_type, body, status) in [
        (json, padded(64 * 1024), 201),
        (Some("Application/JSON; charset=utf-8"), good.clone().into_bytes(), 201),
        (json, padded(64 * 1024 + 1), 413),
        (json, padded(1024 * 1024), 413),
        (json, Vec::new(), 400),
        (json, b"{".to_vec(), 400),
        (json, format!("{good}{good}").into_bytes(), 400),
        (json, not_utf8, 400),
        (json, "[".repeat(60_000).into_bytes(), 400),
        (None, good.clone().into_bytes(), 400),
        (Some("text/plain"), good.clone().into_bytes(), 400),
        (Some("application/x-www-form-urlencoded"), b"redirect_uris=https%3A%2F%2Fa.example".to_vec(), 400),
    ] {
        let mut request = Client::new().post(server.url("/connect/register")).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = document(request.send().await.unwrap(), status).await;
        assert_eq!(answer.get("error").is_some(), status != 201, "{answer}");
        assert!(status == 201 || answer["error"] == "invalid_client_metadata", "{answer}");
    }
    let other = Client::new().get(server.url("/connect/register")).send().await.unwrap();
    assert_eq!(other.status(), 405);
}

#[tokio::test]
async fn where_registration_is_disabled_nobody_registers_and_nothing_is_advertised() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Disabled).await;
    let token = new_token(&server, 1, RegistrationLimits::default()).await;
    for token in [None, Some(token.as_str())] {
        refused(register(&server, token, &web()).await, 403, "access_denied").await;
    }
    let any = server.url("/connect/register/any");
    refused(send(Method::GET, &any, Some("oarat_x"), None).await, 403, "access_denied").await;
    let metadata = reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap();
    assert!(metadata.json::<Value>().await.unwrap().get("registration_endpoint").is_none());
}

#[tokio::test]
async fn an_initial_access_token_admits_as_many_as_it_is_good_for_and_no_longer_than_it_lives() {
    let server = TestServer::start().await;
    let missing = register(&server, None, &web()).await;
    assert!(!missing.headers()["www-authenticate"].to_str().unwrap().contains("error="));
    refused(missing, 401, "invalid_request").await;
    let token = new_token(&server, 2, RegistrationLimits::default()).await;
    assert!(token.starts_with("oaiat_"));
    refused(register(&server, Some(""), &web()).await, 401, "invalid_request").await;
    for wrong in ["nonsense", "oaiat_nonsense", &token[..token.len() - 1]] {
        refused(register(&server, Some(wrong), &web()).await, 401, "invalid_token").await;
    }
    // Refused metadata does not use up the token, and the server checks the token before the
    // metadata.
    refused(register(&server, Some(&token), &json!({})).await, 400, "invalid_redirect_uri").await;
    refused(register(&server, None, &json!({})).await, 401, "invalid_request").await;
    for _ in 0..2 {
        let answer = document(register(&server, Some(&token), &web()).await, 201).await;
        assert_eq!(answer["scope"], "address email groups offline_access openid phone profile");
    }
    refused(register(&server, Some(&token), &web()).await, 401, "invalid_token").await;

    let late = new_token(&server, 1, RegistrationLimits::default()).await;
    server.clock.advance(Duration::hours(1));
    refused(register(&server, Some(&late), &web()).await, 401, "invalid_token").await;
    let metadata = reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap();
    let endpoint = metadata.json::<Value>().await.unwrap()["registration_endpoint"].clone();
    assert_eq!(endpoint, server.url("/connect/register"));
}

#[tokio::test]
async fn what_an_initial_access_token_allows_holds_at_every_update_too() {
    let server = open().await;
    let limits = RegistrationLimits {
        scope: Some("read".parse().unwrap()),
        grant_types: [GrantType::ClientCredentials].into(),
    };
    let token = new_token(&server, 1, limits).await;
    let service = json!({"grant_types": ["client_credentials"], "scope": "read write openid"});
    let answer = document(register(&server, Some(&token), &service).await, 201).await;
    assert_eq!((&answer["scope"], &answer["grant_types"]), (&"read".into(), &json!(["client_credentials"])));
    assert_eq!(answer["response_types"], json!([]));
    let request = Client::new()
        .post(server.url("/oauth/token"))
        .basic_auth(text(&answer, "client_id"), Some(text(&answer, "client_secret")))
        .form(&[("grant_type", "client_credentials")]);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let updated = document(manage(Method::PUT, &answer, Some(&service)).await, 200).await;
    assert_eq!((&updated["scope"], &updated["grant_types"]), (&answer["scope"], &answer["grant_types"]));
    // Without client authentication, any caller could act as a public client.
    let public = json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"});
    refused(manage(Method::PUT, &answer, Some(&public)).await, 400, "invalid_client_metadata").await;

    let stranger = registered(&server, &web()).await;
    refused(manage(Method::PUT, &stranger, Some(&service)).await, 400, "invalid_client_metadata").await;
}

#[tokio::test]
async fn a_grant_that_is_switched_off_is_left_out() {
    let server = open_with(|settings| settings.refresh_token_grant = false).await;
    let answer = registered(&server, &serde_json::from_str(DOCUMENTED).unwrap()).await;
    assert_eq!(answer["grant_types"], json!(["authorization_code"]));
}

#[tokio::test]
async fn what_only_an_operator_decides_is_ignored_and_survives_an_update() {
    let server = open().await;
    let mut metadata = web();
    for (mark, value) in
        [("first_party", true), ("resource_server", true), ("administrative", true), ("require_pkce", false)]
    {
        metadata[mark] = value.into();
    }
    metadata["disabled_at"] = "2000-01-01T00:00:00Z".into();
    metadata["registration"] = json!({"limits": {"scope": "read", "grant_types": ["client_credentials"]}});
    let answer = registered(&server, &metadata).await;
    let id = text(&answer, "client_id").parse().unwrap();
    let client = server.ports.clients.find(&id).await.unwrap().unwrap();
    assert!(client.require_pkce && !client.first_party && !client.resource_server && client.is_enabled());
    assert!(!client.administrative);
    let trust = |client: &mut domain::Client| client.first_party = true;
    server.update_client(&id, trust).await.unwrap();
    document(manage(Method::PUT, &answer, Some(&web_with("first_party", false.into()))).await, 200).await;
    assert!(server.ports.clients.find(&id).await.unwrap().unwrap().first_party);
    // The operator's decision does not apply to another redirect URI: users are asked again.
    let elsewhere = web_with("redirect_uris", json!(["https://elsewhere.example/callback"]));
    document(manage(Method::PUT, &answer, Some(&elsewhere)).await, 200).await;
    assert!(!server.ports.clients.find(&id).await.unwrap().unwrap().first_party);
}

#[tokio::test]
async fn pkce_can_be_left_out_only_where_the_operator_says_so() {
    for (policy, require, challenged) in [
        (PkcePolicy::Required, false, true),
        (PkcePolicy::PerClient, true, true),
        (PkcePolicy::PerClient, false, false),
    ] {
        let server = open_with(|settings| {
            settings.pkce = policy;
            settings.registration.require_pkce = require;
        })
        .await;
        server.user("ada").await;
        let answer = registered(&server, &web_with("require_pkce", json!(false))).await;
        let client = relying_party(&server, &answer);
        let url = client.authorization_url(&[("code_challenge", ""), ("code_challenge_method", "")]);
        let page = Browser::new(&server.issuer).open(&url).await.page();
        assert_eq!(page.has("#error"), challenged, "{policy:?} {require}");
        assert_eq!(page.has("#login"), !challenged, "{policy:?} {require}");
    }
}

#[tokio::test]
async fn a_client_that_registered_itself_walks_the_code_flow_until_it_deletes_itself() {
    let server = open().await;
    server.user("ada").await;
    let mut metadata: Value = serde_json::from_str(DOCUMENTED).unwrap();
    metadata["id_token_signed_response_alg"] = SigningAlgorithm::Es256.as_str().into();
    let answer = registered(&server, &metadata).await;
    let client = relying_party(&server, &answer);
    let tokens = client.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let (access_token, refresh_token) = (tokens.text("access_token"), tokens.text("refresh_token"));
    assert_eq!(client.userinfo(access_token).await.status(), 200);
    let observer = RelyingParty::register(&server, "observer", |client| client.resource_server = true).await;
    assert_eq!(observer.introspect(access_token).await["active"], true);

    assert_eq!(manage(Method::DELETE, &answer, None).await.status(), 204);
    assert_eq!(client.userinfo(access_token).await.status(), 401);
    assert_eq!(observer.introspect(access_token).await, json!({"active": false}));
    assert_eq!(client.refresh(refresh_token).await.status(), 401);
    let page = Browser::new(&server.issuer).open(&client.authorization_url(&[])).await.page();
    assert!(page.has("#error"));
}

#[tokio::test]
async fn only_its_own_registration_token_manages_a_client() {
    let server = TestServer::start().await;
    let initial = new_token(&server, 2, RegistrationLimits::default()).await;
    let mine = document(register(&server, Some(&initial), &web()).await, 201).await;
    let other = document(register(&server, Some(&initial), &web()).await, 201).await;
    let operated = RelyingParty::confidential(&server, "operated").await;
    let uri = text(&mine, "registration_client_uri");
    let body = web().to_string();
    let elsewhere = |id: &str| server.url(&format!("/connect/register/{id}"));
    for (uri, token) in [
        (uri.to_owned(), None),
        (uri.to_owned(), Some("nonsense")),
        (uri.to_owned(), Some(text(&other, TOKEN))),
        (uri.to_owned(), Some(initial.as_str())),
        (uri.to_owned(), Some(text(&mine, "client_secret"))),
        (elsewhere("unknown"), Some(text(&mine, TOKEN))),
        (elsewhere(&operated.id), Some(text(&mine, TOKEN))),
        (elsewhere("%ff"), Some(text(&mine, TOKEN))),
        (elsewhere("a%20b"), Some(text(&mine, TOKEN))),
    ] {
        for (method, body) in
            [(Method::GET, None), (Method::PUT, Some(body.as_str())), (Method::DELETE, None)]
        {
            let code = if token.is_some() { "invalid_token" } else { "invalid_request" };
            refused(send(method, &uri, token, body).await, 401, code).await;
        }
    }
    assert_eq!(manage(Method::GET, &mine, None).await.status(), 200);
    // After an operator has disabled the client, it cannot even read its registration.
    let id = text(&mine, "client_id").parse().unwrap();
    server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
    for (method, metadata) in [(Method::GET, None), (Method::PUT, Some(web())), (Method::DELETE, None)] {
        refused(manage(method, &mine, metadata.as_ref()).await, 401, "invalid_token").await;
    }
    assert!(server.ports.clients.find(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn an_update_replaces_everything_but_id_token_and_secret() {
    let server = open().await;
    let created = registered(&server, &web_with("contacts", json!(["ada@example.com"]))).await;
    let secret = text(&created, "client_secret").to_owned();
    let mut next = json!({
        "client_id": created["client_id"],
        "client_secret": secret,
        "redirect_uris": ["https://client.example/other"],
        "token_endpoint_auth_method": "client_secret_post",
        "scope": "openid",
    });
    let updated = document(manage(Method::PUT, &created, Some(&next)).await, 200).await;
    for same in ["client_id", TOKEN, "registration_client_uri", "client_id_issued_at"] {
        assert_eq!(updated[same], created[same]);
    }
    assert_eq!(updated["redirect_uris"], next["redirect_uris"]);
    assert_eq!(updated["token_endpoint_auth_method"], "client_secret_post");
    assert_eq!(updated["scope"], "openid");
    assert!(updated.get("contacts").is_none(), "a member that the update leaves out is deleted");
    assert!(updated.get("client_secret").is_none(), "the secret is shown once");
    assert!(works(&server, &created, &secret).await);

    for (member, value) in
        [("client_id", "other"), ("client_secret", "chosen"), ("scope", "a\"b"), ("redirect_uris", "text")]
    {
        let mut wrong = next.clone();
        wrong[member] = value.into();
        refused(manage(Method::PUT, &created, Some(&wrong)).await, 400, "invalid_client_metadata").await;
    }
    refused(manage(Method::PUT, &created, Some(&json!({}))).await, 400, "invalid_redirect_uri").await;
    assert_eq!(document(manage(Method::GET, &created, None).await, 200).await, updated);

    next["client_secret"] = Value::Null;
    next["token_endpoint_auth_method"] = "none".into();
    let public = document(manage(Method::PUT, &created, Some(&next)).await, 200).await;
    assert!(public.get("client_secret").is_none() && public.get("client_secret_expires_at").is_none());
    assert!(!works(&server, &created, &secret).await);
    next["client_secret"] = secret.as_str().into();
    refused(manage(Method::PUT, &created, Some(&next)).await, 400, "invalid_client_metadata").await;

    next["client_secret"] = Value::Null;
    next["token_endpoint_auth_method"] = "client_secret_basic".into();
    let confidential = document(manage(Method::PUT, &created, Some(&next)).await, 200).await;
    let renewed = text(&confidential, "client_secret");
    assert_ne!(renewed, secret);
    assert_eq!(confidential["client_secret_expires_at"], 0);
    assert!(works(&server, &created, renewed).await && !works(&server, &created, &secret).await);
}

#[tokio::test]
async fn registrations_of_all_addresses_are_bounded_unless_an_operator_gave_a_token() {
    let server = open_with(|settings| {
        settings.registration.limit.attempts = 6;
        settings.registration.shared_limit.attempts = 2;
    })
    .await;
    let token = new_token(&server, 2, RegistrationLimits::default()).await;
    document(register(&server, Some(&token), &web()).await, 201).await;
    for _ in 0..2 {
        registered(&server, &web()).await;
    }
    for _ in 0..2 {
        let limited = register(&server, None, &web()).await;
        assert_eq!(limited.headers()["retry-after"], "86400");
        refused(limited, 503, "temporarily_unavailable").await;
    }
    document(register(&server, Some(&token), &web()).await, 201).await;
    // What was refused counts for the address, which is now at its own bound.
    let limited = register(&server, None, &web()).await;
    assert_eq!(limited.headers()["retry-after"], "3600");
    refused(limited, 429, "temporarily_unavailable").await;
    server.clock.advance(Duration::days(1));
    registered(&server, &web()).await;
}

#[tokio::test]
async fn a_client_that_registered_itself_is_kept_while_it_is_used() {
    let server = open().await;
    server.user("ada").await;
    let (used, unused) = (registered(&server, &web()).await, registered(&server, &web()).await);
    server.clock.advance(Duration::days(20));
    let client = relying_party(&server, &used);
    client.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    server.clock.advance(Duration::days(20));
    let id = text(&used, "client_id").parse().unwrap();
    forget_grants(&server, &id).await;
    let since = server.now() - Duration::days(30);
    assert_eq!(server.ports.clients.delete_unused(since, 100, server.now()).await.unwrap(), 1);
    assert!(server.ports.clients.find(&id).await.unwrap().is_some());
    let id = text(&unused, "client_id").parse().unwrap();
    assert!(server.ports.clients.find(&id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_refresh_is_a_use_of_a_client_that_registered_itself() {
    let server = open().await;
    server.user("ada").await;
    let mut metadata = web_with("grant_types", json!(["authorization_code", "refresh_token"]));
    metadata["scope"] = "openid offline_access".into();
    let own = registered(&server, &metadata).await;
    let client = relying_party(&server, &own);
    let fields = [("scope", "openid offline_access")];
    let mut tokens = client.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
    for _ in 0..2 {
        server.clock.advance(Duration::days(10));
        tokens = RelyingParty::successful(client.refresh(tokens.text("refresh_token")).await).await;
    }
    // The family ends after 30 days.
    server.clock.advance(Duration::days(15));
    forget_grants(&server, &text(&own, "client_id").parse().unwrap()).await;
    for (days, deleted) in [(16, 0), (14, 1)] {
        let since = server.now() - Duration::days(days);
        let answer = server.ports.clients.delete_unused(since, 100, server.now()).await;
        assert_eq!(answer.unwrap(), deleted, "{days} days");
    }
}

/// Nothing is left of what ada granted the client.
async fn forget_grants(server: &TestServer, client: &domain::ClientId) {
    let user = server.ports.users.find_by_sign_in_name(&"ada".parse().unwrap()).await.unwrap().unwrap().id;
    let event = domain::AuditEvent::new(server.now(), Actor::CommandLine, "consent.withdraw", &user);
    server.ports.consents.withdraw(user, client, &event).await.unwrap();
    while server.ports.expired.purge(server.now(), 100).await.unwrap() > 0 {}
}

#[tokio::test]
async fn registrations_from_one_address_are_counted() {
    let server = open_with(|settings| settings.registration.limit.attempts = 2).await;
    for _ in 0..3 {
        refused(register(&server, None, &json!({})).await, 400, "invalid_redirect_uri").await;
    }
    registered(&server, &web()).await;
    let last = registered(&server, &web()).await;
    let limited = register(&server, None, &web()).await;
    assert_eq!(limited.headers()["retry-after"], "3600");
    refused(limited, 429, "temporarily_unavailable").await;
    assert_eq!(manage(Method::PUT, &last, Some(&web())).await.status(), 200);
    server.clock.advance(Duration::hours(1));
    registered(&server, &web()).await;
}

#[tokio::test]
async fn scripts_of_any_origin_may_register_and_manage() {
    let server = open().await;
    let managed = text(&registered(&server, &web()).await, "registration_client_uri").to_owned();
    for (url, method) in
        [(server.url("/connect/register"), "POST"), (managed.clone(), "PUT"), (managed, "DELETE")]
    {
        let preflight = Client::new()
            .request(Method::OPTIONS, url)
            .header("origin", "https://spa.example")
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "authorization,content-type");
        let answer = preflight.send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert!(answer.headers()["access-control-allow-methods"].to_str().unwrap().contains(method));
    }
}

/// The registered client as the type that the other tests use.
fn relying_party(server: &TestServer, registered: &Value) -> RelyingParty {
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    RelyingParty::registered(
        &server.issuer,
        text(registered, "client_id"),
        secret,
        registered["redirect_uris"][0].as_str().unwrap(),
    )
}

/// Whether the client can authenticate with this secret.
async fn works(server: &TestServer, registered: &Value, secret: &str) -> bool {
    let client = relying_party(server, registered).with_secret(secret);
    let answer = client.post("/oauth/introspect", &[("token", "x")]).await.status();
    assert!(answer == 200 || answer == 401, "{answer}");
    answer == 200
}

#[tokio::test]
async fn a_client_that_registers_itself_names_no_plain_address_of_a_private_network() {
    let server = open_with(|settings| settings.outbound_allow_private = true).await;
    for uri in
        ["http://10.0.0.7/logout", "http://192.168.1.2:8080/logout", "http://[fd00::1]/", "http://app.lan/x"]
    {
        let refused_one = web_with("backchannel_logout_uri", json!(uri));
        refused(register(&server, None, &refused_one).await, 400, "invalid_client_metadata").await;
    }
    let on_this_machine = web_with("backchannel_logout_uri", json!("http://127.0.0.1:7000/logout"));
    let answer = registered(&server, &on_this_machine).await;
    // Neither does it by an update.
    let update = web_with("backchannel_logout_uri", json!("http://10.0.0.7/logout"));
    refused(manage(Method::PUT, &answer, Some(&update)).await, 400, "invalid_client_metadata").await;
}

#[tokio::test]
async fn a_client_can_neither_choose_who_may_enter_it_nor_undo_what_an_operator_chose() {
    let server = open().await;
    server.group("staff", &[]).await;
    let metadata = json!({
        "client_name": "My App", "redirect_uris": ["https://myapp.example/callback"], "allowed_groups": ["staff"],
    });
    let client = registered(&server, &metadata).await;
    assert!(client.get("allowed_groups").is_none(), "{client}");
    let id = text(&client, "client_id").parse().unwrap();
    assert_eq!(server.clients.show(&id).await.unwrap().allowed_groups, None);
    let draft =
        serde_json::from_value::<serde_json::Map<String, Value>>(json!({"allowed_groups": ["staff"]}));
    server.clients.patch(&id, &draft.unwrap().into(), Actor::CommandLine).await.unwrap();
    let update = json!({
        "client_name": "My App", "redirect_uris": ["https://myapp.example/other"], "allowed_groups": null,
    });
    assert_eq!(manage(Method::PUT, &client, Some(&update)).await.status(), 200);
    let kept = server.clients.show(&id).await.unwrap().allowed_groups;
    assert_eq!(kept, Some(["staff".parse().unwrap()].into()));
}
