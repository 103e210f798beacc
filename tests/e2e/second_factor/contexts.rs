//! Authentication contexts that need two factors (OpenID Connect Core §3.1.2.1, §5.5.1.1; RFC 9470).

use serde_json::json;
use tests::support::{Authenticator, Browser, Callback, Landed, RelyingParty, TestServer};

use super::{codes, enrol, is_signed_in};

const ESSENTIAL: &str = r#"{"id_token":{"acr":{"essential":true,"values":["gold"]}}}"#;

/// A server where `gold` needs two factors, and a user.
async fn start() -> TestServer {
    let server = TestServer::with(|settings| {
        let ladder: Vec<domain::AuthenticationContext> =
            ["bronze", "silver", "gold"].iter().map(|name| name.parse().unwrap()).collect();
        let ladder = domain::AuthenticationContexts::try_from(ladder).unwrap();
        settings.authentication_contexts = ladder.with_two_factors_from(&"gold".parse().unwrap()).unwrap();
    })
    .await;
    server.user("ada").await;
    server
}

async fn acr(web: &RelyingParty, landed: Landed, browser: &Browser) -> serde_json::Value {
    let back = match landed {
        Landed::Page(page) => browser.allow(&page).await.client(),
        Landed::Client(url) => url,
    };
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    tokens.claims("id_token")["acr"].clone()
}

#[tokio::test]
async fn a_password_is_told_as_the_best_context_it_reaches_and_a_code_as_the_best_of_all() {
    let server = start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    assert_eq!(tokens.claims("id_token")["acr"], "silver");
    assert_eq!(tokens.claims("access_token")["acr"], "silver");
    // A wish that this user cannot fulfil is a wish.
    let tokens = web.tokens(&browser, "ada", &[("acr_values", "gold")]).await;
    assert_eq!(tokens.claims("id_token")["acr"], "silver");
    let (browser, app, _) = enrol(&server, "ada").await;
    let login = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    let landed = browser.submit(&step, &[("code", &app.code(server.now()))]).await;
    assert_eq!(acr(&web, landed, &browser).await, "gold");
}

#[tokio::test]
async fn a_session_of_a_password_is_stepped_up_for_a_client_that_prefers_two_factors() {
    let server = start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let (browser, app, _) = enrol(&server, "ada").await;
    assert!(is_signed_in(&browser).await, "with the password that came before the app");
    let plain = browser.open(&web.authorization_url(&[])).await;
    assert_eq!(acr(&web, plain, &browser).await, "silver");
    let silent = browser.open(&web.authorization_url(&[("acr_values", "gold"), ("prompt", "none")])).await;
    assert_eq!(acr(&web, silent, &browser).await, "silver", "a wish that cannot be asked for");
    let claims = browser.open(&web.authorization_url(&[("claims", ESSENTIAL), ("prompt", "none")])).await;
    assert_eq!(Callback::from_url(&claims.client()).get("error"), Some("login_required"));
    let login = browser.open(&web.authorization_url(&[("acr_values", "gold silver")])).await.page();
    assert!(login.has("#login"), "{}", login.html);
    let step = browser.sign_in(&login, "ada").await.page();
    let landed = browser.submit(&step, &[("code", &app.code(server.now()))]).await;
    assert_eq!(acr(&web, landed, &browser).await, "gold");
    // From then on the session reaches it.
    let again = browser.open(&web.authorization_url(&[("acr_values", "gold"), ("prompt", "none")])).await;
    assert_eq!(acr(&web, again, &browser).await, "gold");
}

#[tokio::test]
async fn an_essential_context_lets_a_user_without_a_second_factor_turn_one_on() {
    let server = start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    web.tokens(&browser, "ada", &[]).await;
    let login = browser.open(&web.authorization_url(&[("claims", ESSENTIAL)])).await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.url.contains("/login/enrol?") && page.has("svg.qr"), "{}", page.html);
    let app = Authenticator::scan(&page);
    let done = browser.submit(&page, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(codes(&done).len(), 10);
    let landed = browser.submit(&done, &[]).await;
    let back = match landed {
        Landed::Page(page) => browser.allow(&page).await.client(),
        Landed::Client(url) => url,
    };
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    assert_eq!(tokens.claims("id_token")["acr"], "gold");
    assert_eq!(tokens.claims("id_token")["amr"], json!(["pwd", "otp", "mfa"]));
}
