//! RP-Initiated Logout OP: one test per module, named after it (OpenID Connect RP-Initiated Logout 1.0).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::Algorithm;
use serde_json::json;
use tests::support::{ClientSigner, Landed, Page, Tokens};
use url::Url;

use super::module::{Mode, Module};
use super::{checks, config};

const BACK: &str = "https://suite.example/bye";
const STATE: &str = "0123456789-._~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A module with a signed-in user, and tokens of the client that supports logout.
async fn signed_in() -> (Module, Tokens) {
    let module = Module::begin(Mode::Query, json!({"post_logout_redirect_uris": [BACK]})).await;
    assert_eq!(module.client.document["post_logout_redirect_uris"], json!([BACK]));
    let tokens = module.tokens(&[]).await;
    (module, tokens)
}

async fn logout(module: &Module, fields: &[(&str, &str)]) -> Landed {
    let endpoint = module.metadata().await["end_session_endpoint"].as_str().unwrap().to_owned();
    assert!(endpoint.starts_with("https://"));
    module.browser.open(Url::parse_with_params(&endpoint, fields).unwrap().as_str()).await
}

/// Asserts that the user is signed out.
async fn assert_signed_out(module: &Module) {
    assert_eq!(module.answered(&[("prompt", "none")]).await.error(), "login_required");
}

async fn goes_on(module: &Module) {
    assert!(module.answered(&[("prompt", "none")]).await.get("code").is_some());
}

/// Confirms the logout on the page, and asserts that the browser is not redirected.
async fn confirmed(module: &Module, page: &Page) {
    assert!(page.has("form[method=post] button#logout"), "{}", page.html);
    assert!(!page.has("script"));
    goes_on(module).await;
    let page = module.browser.submit(page, &[]).await.page();
    assert!(page.has("h1#logged-out"), "{}", page.html);
    assert!(!page.html.contains(BACK), "{}", page.html);
    assert_signed_out(module).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let module = Module::begin(Mode::Query, json!({})).await;
    let metadata = config::verified(&module).await;
    assert!(metadata["end_session_endpoint"].as_str().unwrap().starts_with("https://"));
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let (module, tokens) = signed_in().await;
    let fields =
        [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BACK), ("state", STATE)];
    let landed = logout(&module, &fields).await.client();
    assert_eq!(landed.as_str().split_once('?').unwrap().0, BACK);
    let query: Vec<_> = landed.query_pairs().collect();
    assert_eq!(query, [("state".into(), STATE.into())]);
    assert_signed_out(&module).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let (module, tokens) = signed_in().await;
    let client = ("client_id", module.client.party.id.as_str());
    let fields = [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BACK), client];
    assert_eq!(logout(&module, &fields).await.client().as_str(), BACK);
    assert_signed_out(&module).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    not_redirected("https://suite.example/unregistered").await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    not_redirected(&format!("{BACK}?foo=bar")).await;
}

async fn not_redirected(uri: &str) {
    let (module, tokens) = signed_in().await;
    let fields =
        [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", uri), ("state", STATE)];
    let page = logout(&module, &fields).await.page();
    checks::error_page(&page, &module.suite.server.issuer);
    goes_on(&module).await;
    module.end().await;
}

/// Uses a logout request with an altered hint, and asserts that the session continues and that the
/// browser is not redirected.
async fn hint_refused(altered: impl FnOnce(&Module, &str) -> String) {
    let (module, tokens) = signed_in().await;
    let hint = altered(&module, tokens.text("id_token"));
    let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BACK), ("state", STATE)];
    let page = logout(&module, &fields).await.page();
    checks::error_page(&page, &module.suite.server.issuer);
    goes_on(&module).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    hint_refused(|_, hint| {
        let payload = hint.split('.').nth(1).unwrap();
        format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    hint_refused(|_, hint| {
        let claims = Tokens(json!({ "id_token": hint })).claims("id_token");
        let kid = jsonwebtoken::decode_header(hint).unwrap().kid;
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": kid});
        ClientSigner::new(Algorithm::RS256).sign_with_header(&header, &claims)
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    let (module, _) = signed_in().await;
    let fields = [("post_logout_redirect_uri", BACK), ("state", STATE)];
    let page = logout(&module, &fields).await.page();
    confirmed(&module, &page).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    let (module, _) = signed_in().await;
    let page = logout(&module, &[]).await.page();
    confirmed(&module, &page).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    let (module, _) = signed_in().await;
    let page = logout(&module, &[("state", STATE)]).await.page();
    confirmed(&module, &page).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let (module, tokens) = signed_in().await;
    let page = logout(&module, &[("id_token_hint", tokens.text("id_token")), ("state", STATE)]).await.page();
    assert!(page.has("h1#logged-out"), "{}", page.html);
    assert_signed_out(&module).await;
    module.end().await;
}

#[tokio::test]
async fn an_expired_hint_is_as_good_as_a_fresh_one() {
    let lifetime = Duration::seconds(3600);
    // On a separate server, because the tokens of other modules must not expire.
    let certificate = tests::support::SelfSigned::new();
    let server = tests::support::TestServer::over_https_with(&certificate, |_| {}).await;
    server.user("ada").await;
    let wire = tests::support::Wire::trusting(&certificate);
    let client = tests::support::RelyingParty::confidential(&server, "web").await.over(wire.clone());
    let browser = tests::support::Browser::new(&server.issuer).over(wire);
    let tokens = client.tokens(&browser, "ada", &[]).await;
    server.clock.advance(lifetime);
    let back = "https://client.example/bye";
    let fields = [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", back)];
    let url = Url::parse_with_params(&server.url("/oauth/logout"), fields).unwrap();
    assert_eq!(browser.open(url.as_str()).await.client().as_str(), back);
}
