//! The authorization code flow, and every invalid use of a code (RFC 6749 §4.1, RFC 7636, RFC 9700
//! §2.1).

use chrono::Duration;
use domain::client::ClientAuthentication;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Pkce, RelyingParty, TestServer};

/// The status and the `error` of a refused token request.
async fn error(answer: reqwest::Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["error"].as_str().unwrap().to_owned())
}

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

#[tokio::test]
async fn a_person_signs_in_and_the_client_gets_its_tokens() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);

    let login = browser.open(&web.authorization_url(&[])).await.page();
    assert!(login.text("body").contains("The web application"));
    let consent = browser.sign_in(&login, "ada").await.page();
    assert!(consent.text("body").contains("client.example"));
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    assert_eq!(callback.get("state"), Some("state-1"));
    assert_eq!(callback.get("iss"), Some(server.issuer.as_str()));

    let answer = web.redeem(callback.code()).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let tokens = RelyingParty::successful(answer).await;
    assert_eq!(tokens.0["token_type"], "Bearer");
    assert_eq!(tokens.0["expires_in"], 3600);
    assert_eq!(tokens.0["scope"], "email openid profile");

    let id_token = tokens.claims("id_token");
    assert_eq!(id_token["iss"], server.issuer);
    assert_eq!(id_token["sub"], ada.id.to_string());
    assert_eq!(id_token["aud"], "web");
    assert_eq!(id_token["nonce"], "nonce-1");
    assert_eq!(id_token["amr"], json!(["pwd"]));
    assert_eq!(id_token["auth_time"], server.now().timestamp());
    assert_eq!(id_token["email"], "ada@example.com");

    let access_token = tokens.claims("access_token");
    assert_eq!(access_token["client_id"], "web");
    assert_eq!(access_token["aud"], server.issuer);
    assert_eq!(access_token["sub"], ada.id.to_string());
}

#[tokio::test]
async fn a_public_client_redeems_with_its_verifier_alone() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::public(&server, "app").await;
    let tokens = app.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    assert_eq!(app.userinfo(tokens.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn a_wrong_verifier_does_not_spend_the_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let code = web.code(&Browser::new(&server.issuer), "ada", &[]).await;
    let wrong = Pkce::from_seed(8).verifier;
    let base = [("grant_type", "authorization_code"), ("code", code.as_str())];

    for verifier in [wrong.as_str(), "short", ""] {
        let mut fields = base.to_vec();
        fields.push(("code_verifier", verifier));
        assert_eq!(error(web.token(&fields).await).await, invalid_grant(), "{verifier:?}");
    }
    web.redeemed(&code).await;
}

#[tokio::test]
async fn another_client_cannot_spend_or_kill_a_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let thief = RelyingParty::confidential(&server, "thief").await;
    let code = web.code(&Browser::new(&server.issuer), "ada", &[]).await;

    assert_eq!(error(thief.redeem(&code).await).await, invalid_grant());
    let tokens = web.redeemed(&code).await;
    // Nor by replaying a code that was redeemed.
    assert_eq!(error(thief.redeem(&code).await).await, invalid_grant());
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn a_replay_with_a_wrong_verifier_or_redirect_uri_revokes_nothing() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::public(&server, "app").await;
    let code = app.code(&Browser::new(&server.issuer), "ada", &[]).await;
    let tokens = app.redeemed(&code).await;
    let (right, wrong) = (Pkce::new().verifier, Pkce::from_seed(8).verifier);
    for more in [
        vec![],
        vec![("code_verifier", wrong.as_str())],
        vec![("code_verifier", right.as_str()), ("redirect_uri", "https://client.example/callback/")],
    ] {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
        fields.extend(more);
        assert_eq!(error(app.token(&fields).await).await, invalid_grant(), "{fields:?}");
    }
    assert_eq!(app.userinfo(tokens.text("access_token")).await.status(), 200);
    RelyingParty::successful(app.refresh(tokens.text("refresh_token")).await).await;
}

#[tokio::test]
async fn a_redirect_uri_that_differs_does_not_spend_the_code_and_a_missing_one_is_fine() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let code = web.code(&Browser::new(&server.issuer), "ada", &[]).await;
    let verifier = Pkce::new().verifier;
    let mut fields =
        vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("code_verifier", &verifier)];

    fields.push(("redirect_uri", "https://client.example/callback/"));
    assert_eq!(error(web.token(&fields).await).await, invalid_grant());
    fields.pop();
    assert_eq!(web.token(&fields).await.status(), 200);
}

#[tokio::test]
async fn an_expired_code_is_refused() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let code = web.code(&browser, "ada", &[]).await;
    server.clock.advance(Duration::seconds(60));
    assert_eq!(error(web.redeem(&code).await).await, invalid_grant());

    let code = web.code(&browser, "ada", &[]).await;
    server.clock.advance(Duration::seconds(59));
    web.redeemed(&code).await;
}

#[tokio::test]
async fn a_replayed_code_revokes_its_tokens() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    for pause in [0, 45, 3_000] {
        let code = web.code(&browser, "ada", &[]).await;
        let tokens = web.redeemed(&code).await;
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);

        server.clock.advance(Duration::seconds(pause));
        assert_eq!(error(web.redeem(&code).await).await, invalid_grant());
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401, "after {pause} s");
        assert_eq!(web.introspect(tokens.text("access_token")).await, json!({"active": false}));
        assert_eq!(error(web.refresh(tokens.text("refresh_token")).await).await, invalid_grant());
    }
}

#[tokio::test]
async fn a_code_whose_session_has_ended_is_refused() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let code = web.code(&browser, "ada", &[]).await;

    let page = browser.open("/oauth/logout").await.page();
    assert!(browser.submit(&page, &[]).await.page().has("#logged-out"));
    assert_eq!(error(web.redeem(&code).await).await, invalid_grant());
}

#[tokio::test]
async fn an_unknown_code_is_refused() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    for code in ["nonsense", "x".repeat(4_000).as_str()] {
        assert_eq!(error(web.redeem(code).await).await, invalid_grant());
    }
    let missing = web.token(&[("grant_type", "authorization_code")]).await;
    assert_eq!(error(missing).await, (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_default_redirect_uri_is_used_only_outside_openid() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let plain = web.authorization_url(&[("redirect_uri", ""), ("scope", "read")]);
    let callback = Callback::from_url(&browser.sign_in_and_consent(&plain, "ada").await);
    let tokens = web.redeemed(callback.code()).await;
    assert!(tokens.0.get("id_token").is_none());

    let openid = web.authorization_url(&[("redirect_uri", "")]);
    let page = browser.open(&openid).await.page();
    assert_eq!((page.status.as_u16(), page.text("#error-code").contains("invalid_request")), (400, true));
}

#[tokio::test]
async fn a_native_app_listens_on_any_loopback_port() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.authentication = ClientAuthentication::None;
        client.redirect_uris = vec!["http://127.0.0.1/callback".parse().unwrap()];
    })
    .await;
    let fields = [("redirect_uri", "http://127.0.0.1:49152/callback")];
    let url = Browser::new(&server.issuer).sign_in_and_consent(&app.authorization_url(&fields), "ada").await;
    assert_eq!(url.port(), Some(49152));
    assert!(Callback::from_url(&url).get("code").is_some());
}

#[tokio::test]
async fn every_signing_algorithm_is_understood_by_the_key_set() {
    use domain::SigningAlgorithm;
    for algorithm in SigningAlgorithm::ALL {
        let server = TestServer::with(|settings| settings.access_token_alg = algorithm).await;
        server.user("ada").await;
        let web = RelyingParty::register(&server, "web", |client| {
            client.id_token_signed_response_alg = algorithm;
        })
        .await;
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
        let keys: jsonwebtoken::jwk::JwkSet =
            web.http().get(server.url("/.well-known/jwks.json")).send().await.unwrap().json().await.unwrap();
        for (member, typ) in [("id_token", "JWT"), ("access_token", "at+jwt")] {
            let header = jsonwebtoken::decode_header(tokens.text(member)).unwrap();
            assert_eq!(header.typ.as_deref(), Some(typ));
            assert_eq!(format!("{:?}", header.alg).to_uppercase(), algorithm.as_str().to_uppercase());
            let key = keys.find(header.kid.as_deref().unwrap()).expect("the key is published");
            let mut validation = jsonwebtoken::Validation::new(header.alg);
            validation.validate_exp = false;
            validation.validate_aud = false;
            let key = jsonwebtoken::DecodingKey::from_jwk(key).unwrap();
            jsonwebtoken::decode::<Value>(tokens.text(member), &key, &validation).expect("it verifies");
        }
    }
}
