//! Introspection as a signed JWT (RFC 9701).

use application::keys::jose::{Jwk, JwtType, PublicKey};
use domain::{GrantType, SigningAlgorithm};
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

const SIGNED: &str = "application/token-introspection+jwt";

async fn ask(client: &RelyingParty, token: &str, accept: &str) -> Response {
    let request = client.http().post(format!("{}/oauth/introspect", client.issuer));
    let request = request.basic_auth(&client.id, client.secret.as_ref()).header("accept", accept);
    request.form(&[("token", token)]).send().await.unwrap()
}

/// Verifies the claims with the published key.
async fn verified(server: &TestServer, answer: Response) -> Value {
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], SIGNED);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let jwt = answer.text().await.unwrap();
    let header = jsonwebtoken::decode_header(&jwt).unwrap();
    assert_eq!(header.typ.as_deref(), Some("token-introspection+jwt"));
    let jwks: Value = reqwest::get(server.url("/.well-known/jwks.json")).await.unwrap().json().await.unwrap();
    let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == json!(header.kid)).unwrap();
    let key: Jwk = serde_json::from_value(key.clone()).unwrap();
    let key = PublicKey::from_jwk(&key).unwrap();
    assert_eq!(key.algorithm(), server.settings.access_token_alg);
    key.verify(&jwt, JwtType::TokenIntrospection).unwrap()
}

#[tokio::test]
async fn the_answer_is_signed_for_the_caller_and_says_what_the_plain_one_says() {
    for algorithm in SigningAlgorithm::ALL {
        let server = TestServer::with(|settings| settings.access_token_alg = algorithm).await;
        server.user("ada").await;
        let web = RelyingParty::confidential(&server, "web").await;
        let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
        let token = tokens.text("access_token");
        for caller in [&web, &api] {
            let claims = verified(&server, ask(caller, token, SIGNED).await).await;
            let expected = json!({
                "iss": server.issuer, "aud": caller.id, "iat": server.now().timestamp(),
                "token_introspection": caller.introspect(token).await,
            });
            assert_eq!(claims, expected);
            assert_eq!(claims["token_introspection"]["active"], true);
        }
    }
}

#[tokio::test]
async fn an_inactive_answer_is_signed_too_and_says_nothing_else() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    for token in ["nonsense", tokens.text("access_token"), tokens.text("refresh_token")] {
        let claims = verified(&server, ask(&other, token, SIGNED).await).await;
        assert_eq!(claims["token_introspection"], json!({"active": false}));
    }
}

#[tokio::test]
async fn it_needs_a_caller_with_a_credential_even_where_introspection_is_public() {
    for public in [false, true] {
        let server = TestServer::with(|settings| settings.public_introspection = public).await;
        let web = RelyingParty::confidential(&server, "web").await;
        RelyingParty::public(&server, "app").await;
        for fields in [&[("token", "x")][..], &[("token", "x"), ("client_id", "app")]] {
            let request = web.http().post(server.url("/oauth/introspect")).header("accept", SIGNED);
            let answer = request.form(fields).send().await.unwrap();
            assert_eq!(answer.status(), 401);
            assert_eq!(answer.headers()["content-type"], "application/json", "errors are JSON");
            assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_client");
        }
        assert_eq!(ask(&web.with_secret("wrong"), "x", SIGNED).await.status(), 401);
        assert_eq!(ask(&web, "", SIGNED).await.status(), 400, "a token is still required");
    }
}

#[tokio::test]
async fn whoever_does_not_ask_for_it_by_name_gets_json() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    for accept in ["*/*", "application/json", "application/token-introspection+jwt;q=0.1, application/json"] {
        let answer = ask(&web, "x", accept).await;
        assert_eq!(answer.headers()["content-type"], "application/json", "{accept}");
        assert_eq!(answer.json::<Value>().await.unwrap(), json!({"active": false}));
    }
}

#[tokio::test]
async fn it_is_no_access_token_and_no_id_token() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.insert(GrantType::ClientCredentials);
    })
    .await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let jwt = ask(&web, tokens.text("access_token"), SIGNED).await.text().await.unwrap();
    assert_eq!(web.userinfo(&jwt).await.status(), 401);
    assert_eq!(web.introspect(&jwt).await, json!({"active": false}));
}

#[tokio::test]
async fn the_metadata_names_every_algorithm_that_a_client_may_register() {
    let server = TestServer::with(|settings| settings.access_token_alg = SigningAlgorithm::Es256).await;
    let url = server.url("/.well-known/openid-configuration");
    let metadata: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(metadata["introspection_signing_alg_values_supported"], json!(["RS256", "ES256", "EdDSA"]));
}
