//! A client or a user that is deleted, and another one that is made under the same name: what the first was given is
//! useless to the second.

use domain::client::{AccessTokenFormat, ClientAuthentication};
use domain::{Actor, GrantType, KeySource};
use jsonwebtoken::Algorithm;
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{
    ASSERTION_TYPE, Browser, Callback, ClientSigner, Landed, Page, RelyingParty, TestServer, Tokens,
};
use url::Url;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn delete(server: &TestServer, client: &RelyingParty) {
    server.clients.delete(&client.id.parse().unwrap(), Actor::CommandLine).await.unwrap();
}

/// Deletes a client and registers another one in its place. The clock stands still: both are made at the same moment.
async fn again(server: &TestServer, client: &RelyingParty) -> RelyingParty {
    delete(server, client).await;
    everything(server, &client.id, AccessTokenFormat::Jwt).await
}

/// A confidential client with every grant.
async fn everything(server: &TestServer, id: &str, format: AccessTokenFormat) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.tokens.access_token_format = format;
        client.grant_types = [
            GrantType::AuthorizationCode,
            GrantType::RefreshToken,
            GrantType::ClientCredentials,
            GrantType::DeviceCode,
        ]
        .into();
    })
    .await
}

async fn error(answer: Response) -> String {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    format!("{status} {}", body["error"].as_str().unwrap_or("none"))
}

async fn signed_in(server: &TestServer, username: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, username).await;
    browser
}

/// Asserts that this page is an error of our own, and no redirect to the client.
fn assert_error_page(landed: Landed, what: &str) {
    let page: Page = landed.page();
    assert!(page.has("#error"), "{what}: {}", page.html);
}

#[tokio::test]
async fn a_client_made_again_does_not_inherit_the_codes_and_tokens_of_the_deleted_one() {
    let server = TestServer::start().await;
    server.user("ada").await;
    for format in [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque] {
        let id = format!("web-{format:?}").to_lowercase();
        let old = everything(&server, &id, format).await;
        let browser = Browser::new(&server.issuer);
        let scope = [("scope", "openid profile email offline_access read")];
        let tokens = old.tokens(&browser, "ada", &scope).await;
        let own = RelyingParty::successful(old.token(&[("grant_type", "client_credentials")]).await).await;
        let pending = old.code(&browser, "ada", &scope).await;

        let new = again(&server, &old).await;
        assert_eq!(error(old.refresh(tokens.text("refresh_token")).await).await, "401 invalid_client");
        assert_eq!(error(new.refresh(tokens.text("refresh_token")).await).await, "400 invalid_grant");
        assert_eq!(error(new.redeem(&pending).await).await, "400 invalid_grant");
        for token in [tokens.text("access_token"), tokens.text("refresh_token"), own.text("access_token")] {
            assert_eq!(new.introspect(token).await, json!({"active": false}), "{format:?}");
        }
        assert_eq!(new.userinfo(tokens.text("access_token")).await.status(), 401);

        // What the new client gets at the same moment is valid, and the user is asked again.
        let own = RelyingParty::successful(new.token(&[("grant_type", "client_credentials")]).await).await;
        assert_eq!(new.introspect(own.text("access_token")).await["active"], true);
        let page = browser.open(&new.authorization_url(&scope)).await.page();
        let url = browser.allow(&page).await.client();
        let code = Callback::from_url(&url).code().to_owned();
        let tokens = new.redeemed(&code).await;
        assert_eq!(new.introspect(tokens.text("access_token")).await["active"], true);
    }
}

#[tokio::test]
async fn a_redeemed_code_of_a_deleted_client_revokes_nothing_of_the_one_made_again() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let old = everything(&server, "web", AccessTokenFormat::Jwt).await;
    let browser = Browser::new(&server.issuer);
    let spent = old.code(&browser, "ada", &[]).await;
    old.redeemed(&spent).await;
    let new = again(&server, &old).await;
    let tokens = new.tokens(&browser, "ada", &[]).await;
    assert_eq!(error(new.redeem(&spent).await).await, "400 invalid_grant");
    assert_eq!(new.introspect(tokens.text("access_token")).await["active"], true);
}

#[tokio::test]
async fn a_client_made_again_does_not_inherit_device_codes() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let old = everything(&server, "tv", AccessTokenFormat::Jwt).await;
    let browser = signed_in(&server, "ada").await;
    let begin = async || -> Tokens {
        let begun = old.post("/oauth/device_authorization", &[("scope", "read")]).await;
        RelyingParty::successful(begun).await
    };
    let (approved, opened, unopened) = (begin().await, begin().await, begin().await);
    let page = browser.open(approved.text("verification_uri_complete")).await.page();
    assert!(browser.submit(&page, &[("decision", "allow")]).await.page().has("#device-allowed"));
    let page = browser.open(opened.text("verification_uri_complete")).await.page();

    let new = again(&server, &old).await;
    for code in [&approved, &opened, &unopened] {
        let answer = new.token(&[("grant_type", DEVICE), ("device_code", code.text("device_code"))]).await;
        assert_eq!(error(answer).await, "400 invalid_grant");
    }
    let answer = browser.submit(&page, &[("decision", "allow")]).await.page();
    assert!(!answer.has("#device-allowed"), "{}", answer.html);
    let answer = browser.open(unopened.text("verification_uri_complete")).await.page();
    assert!(!answer.has("#allow"), "{}", answer.html);
}

#[tokio::test]
async fn a_client_made_again_does_not_inherit_pushed_requests() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let old = everything(&server, "web", AccessTokenFormat::Jwt).await;
    let url = Url::parse(&old.authorization_url(&[])).unwrap();
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let push = async || {
        let pushed = RelyingParty::successful_with(old.post("/oauth/par", &fields).await, 201).await;
        let query = [("client_id", "web"), ("request_uri", pushed.text("request_uri"))];
        Url::parse_with_params(&server.url("/oauth/authorize"), query).unwrap().to_string()
    };
    let (opened, unopened) = (push().await, push().await);
    let browser = signed_in(&server, "ada").await;
    assert!(browser.open(&opened).await.page().has("#allow"));
    again(&server, &old).await;
    assert_error_page(browser.open(&opened).await, "opened before");
    assert_error_page(browser.open(&unopened).await, "not opened before");
}

#[tokio::test]
async fn a_page_of_a_deleted_client_is_not_taken_for_the_one_made_again() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let old = everything(&server, "web", AccessTokenFormat::Jwt).await;
    // A consent page, a login page, and a refused request that waits for a login.
    let asked = signed_in(&server, "ada").await;
    let consent = asked.open(&old.authorization_url(&[])).await.page();
    assert!(consent.has("#allow"));
    let (signing_in, refused) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let login = signing_in.open(&old.authorization_url(&[])).await.page();
    let held = refused.open(&old.authorization_url(&[("response_type", "token")])).await.page();
    // A form that was answered a moment ago, and would get the same answer again.
    let answered = signed_in(&server, "ada").await;
    let twice = answered.open(&old.authorization_url(&[("prompt", "consent")])).await.page();
    let _ = answered.allow(&twice).await.client();

    let new = again(&server, &old).await;
    assert_error_page(asked.submit(&consent, &[("decision", "allow")]).await, "consent");
    assert_error_page(asked.submit(&consent, &[("decision", "deny")]).await, "denial");
    let again = answered.submit(&twice, &[("decision", "allow")]).await;
    assert!(matches!(again, Landed::Page(_)), "the code of the deleted client is given again");
    assert_error_page(signing_in.sign_in(&login, "ada").await, "login");
    assert_error_page(refused.sign_in(&held, "ada").await, "refused request");
    // No consent was remembered for the new client.
    assert!(asked.open(&new.authorization_url(&[])).await.page().has("#allow"));
}

#[tokio::test]
async fn a_sign_out_that_waits_does_not_lead_to_the_address_of_a_deleted_client() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let old = everything(&server, "web", AccessTokenFormat::Jwt).await;
    let browser = signed_in(&server, "ada").await;
    let query = "client_id=web&post_logout_redirect_uri=https%3A%2F%2Fclient.example%2Fbye";
    let page = browser.open(&format!("/oauth/logout?{query}")).await.page();
    assert!(page.has("#logout"), "{}", page.html);
    delete(&server, &old).await;
    RelyingParty::register(&server, "web", |client| client.post_logout_redirect_uris.clear()).await;
    let answer = browser.submit(&page, &[]).await.page();
    assert!(answer.has("#logged-out"), "{}", answer.html);
    assert!(!answer.html.contains("https://client.example/bye"), "{}", answer.html);
}

#[tokio::test]
async fn an_id_token_of_a_deleted_client_is_no_hint_of_the_one_made_again() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let old = everything(&server, "web", AccessTokenFormat::Jwt).await;
    let browser = Browser::new(&server.issuer);
    let hint = old.tokens(&browser, "ada", &[]).await.text("id_token").to_owned();
    let new = again(&server, &old).await;
    let own = new.tokens(&browser, "ada", &[]).await.text("id_token").to_owned();
    for (hint, is_valid) in [(&hint, false), (&own, true)] {
        let url = new.authorization_url(&[("prompt", "none"), ("id_token_hint", hint)]);
        let back = Callback::from_url(&browser.open(&url).await.client());
        assert_eq!(
            (back.get("code").is_some(), back.get("error").is_none()),
            (is_valid, is_valid),
            "{back:?}"
        );
    }
    // Neither with the browser that is signed in, nor without a cookie.
    for hinted in [&browser, &Browser::new(&server.issuer)] {
        let page = hinted.open(&format!("/oauth/logout?id_token_hint={hint}")).await.page();
        assert_eq!((page.status.as_u16(), page.has("#logged-out")), (400, false), "{}", page.html);
    }
    let silent = new.authorization_url(&[("prompt", "none")]);
    assert!(
        Callback::from_url(&browser.open(&silent).await.client()).get("code").is_some(),
        "still signed in"
    );
    let page = browser.open(&format!("/oauth/logout?id_token_hint={own}")).await.page();
    assert!(page.has("#logged-out"), "{}", page.html);
}

#[tokio::test]
async fn a_user_made_again_does_not_inherit_what_the_deleted_one_granted() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = everything(&server, "web", AccessTokenFormat::Jwt).await;
    let scope = [("scope", "openid profile email offline_access read")];
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &scope).await;
    let pending = web.code(&browser, "ada", &scope).await;
    let begun = web.post("/oauth/device_authorization", &[("scope", "read offline_access")]).await;
    let begun = RelyingParty::successful(begun).await;
    let page = browser.open(begun.text("verification_uri_complete")).await.page();
    assert!(browser.submit(&page, &[("decision", "allow")]).await.page().has("#device-allowed"));
    let asking = web.authorization_url(&[("prompt", "consent")]);
    let consent = browser.open(&asking).await.page();

    server.users.delete(ada.id, Actor::CommandLine).await.unwrap();
    let new = server.user("ada").await;
    assert_ne!(new.id, ada.id);
    assert_eq!(error(web.redeem(&pending).await).await, "400 invalid_grant");
    assert_eq!(error(web.refresh(tokens.text("refresh_token")).await).await, "400 invalid_grant");
    let device = [("grant_type", DEVICE), ("device_code", begun.text("device_code"))];
    assert_eq!(error(web.token(&device).await).await, "400 invalid_grant");
    assert_eq!(web.introspect(tokens.text("access_token")).await, json!({"active": false}));
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    // The browser is signed out: the form leads to a login, and then the new user is asked.
    let login = browser.submit(&consent, &[("decision", "allow")]).await.page();
    assert!(login.has("#login"), "{}", login.html);
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.has("#allow"), "{}", page.html);
}

#[tokio::test]
async fn an_assertion_that_a_deleted_client_used_works_for_nobody_again() {
    let server = TestServer::start().await;
    let signer = ClientSigner::new(Algorithm::EdDSA);
    let register = async || {
        RelyingParty::register(&server, "service", |client| {
            let keys = KeySource::Jwks(signer.jwks());
            client.authentication = ClientAuthentication::PrivateKeyJwt { keys };
            client.grant_types = [GrantType::ClientCredentials].into();
            client.redirect_uris.clear();
        })
        .await
    };
    let now = server.now().timestamp();
    let claims = json!({
        "iss": "service", "sub": "service", "aud": server.issuer, "exp": now + 300, "iat": now, "jti": "one",
    });
    let assertion = signer.sign(&claims);
    let old = register().await;
    let ask = async |client: &RelyingParty| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ];
        client.http().post(server.url("/oauth/token")).form(&form).send().await.unwrap()
    };
    assert_eq!(ask(&old).await.status(), 200);
    delete(&server, &old).await;
    assert_eq!(error(ask(&old).await).await, "401 invalid_client");
    // The same key, because it is the same software.
    let new = register().await;
    assert_eq!(error(ask(&new).await).await, "401 invalid_client", "it was used before");
}
