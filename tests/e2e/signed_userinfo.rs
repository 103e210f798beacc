//! UserInfo as a signed JWT (OpenID Connect Core §5.3.2).

use application::keys::jose::{Jwk, JwtType, PublicKey};
use domain::SigningAlgorithm;
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, RelyingParty, TestServer};

async fn signed(server: &TestServer, id: &str, algorithm: SigningAlgorithm) -> RelyingParty {
    RelyingParty::register(server, id, |client| client.userinfo_signed_response_alg = Some(algorithm)).await
}

/// Verifies the claims with the published key of this algorithm.
async fn verified(server: &TestServer, answer: Response, algorithm: SigningAlgorithm) -> Value {
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/jwt");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let jwt = answer.text().await.unwrap();
    let header = jsonwebtoken::decode_header(&jwt).unwrap();
    let jwks: Value = reqwest::get(server.url("/.well-known/jwks.json")).await.unwrap().json().await.unwrap();
    let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == json!(header.kid)).unwrap();
    let key = PublicKey::from_jwk(&serde_json::from_value::<Jwk>(key.clone()).unwrap()).unwrap();
    assert_eq!(key.algorithm(), algorithm);
    key.verify(&jwt, JwtType::UserInfo).unwrap()
}

#[tokio::test]
async fn the_answer_is_the_plain_one_signed_for_the_client_by_its_algorithm() {
    for opaque in [false, true] {
        let server = TestServer::with(|settings| settings.opaque_access_tokens = opaque).await;
        server.user("ada").await;
        let plain = RelyingParty::confidential(&server, "plain").await;
        let browser = Browser::new(&server.issuer);
        let tokens = plain.tokens(&browser, "ada", &[]).await;
        let mut expected: Value = plain.userinfo(tokens.text("access_token")).await.json().await.unwrap();
        assert_eq!(expected["email"], "ada@example.com");
        for algorithm in SigningAlgorithm::ALL {
            let client = signed(&server, &format!("wants-{algorithm}"), algorithm).await;
            let tokens = client.tokens(&browser, "ada", &[]).await;
            let answer = client.userinfo(tokens.text("access_token")).await;
            // It has no nonce and nothing else that would make it an ID token.
            expected["iss"] = json!(server.issuer);
            expected["aud"] = json!(client.id);
            assert_eq!(verified(&server, answer, algorithm).await, expected);
            let post = client.http().post(server.url("/oauth/userinfo")).header("accept", "application/json");
            let answer = post.form(&[("access_token", tokens.text("access_token"))]).send().await.unwrap();
            assert_eq!(
                verified(&server, answer, algorithm).await,
                expected,
                "the Accept header does not matter"
            );
        }
    }
}

#[tokio::test]
async fn it_is_no_id_token_hint_and_no_access_token() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let client = signed(&server, "web", SigningAlgorithm::Rs256).await;
    let browser = Browser::new(&server.issuer);
    let tokens = client.tokens(&browser, "ada", &[]).await;
    let jwt = client.userinfo(tokens.text("access_token")).await.text().await.unwrap();
    let landed = browser.open(&client.authorization_url(&[("id_token_hint", &jwt)])).await.client();
    assert_eq!(Callback::from_url(&landed).get("error"), Some("invalid_request"));
    let out = browser.open(&format!("/oauth/logout?id_token_hint={jwt}")).await.page();
    assert!(out.has("#error"));
    assert_eq!(client.userinfo(&jwt).await.status(), 401);
    assert_eq!(client.introspect(&jwt).await, json!({"active": false}));
}

#[tokio::test]
async fn what_is_registered_now_counts_and_errors_stay_json() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let client = signed(&server, "web", SigningAlgorithm::Es256).await;
    let tokens = client.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");
    verified(&server, client.userinfo(token).await, SigningAlgorithm::Es256).await;
    let other = |client: &mut domain::Client| client.userinfo_signed_response_alg = None;
    let id = "web".parse().unwrap();
    server.update_client(&id, other).await.unwrap();
    let answer = client.userinfo(token).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    client.revoke(token).await;
    let refused = client.userinfo(token).await;
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_token");
}
