//! A token request may only narrow (RFC 8707 §2.2).

use domain::client::ClientResources;
use serde_json::json;
use tests::support::{Browser, Callback, Pkce, RelyingParty, TestServer, Tokens};

use super::{
    API, FILES, OTHER, UNKNOWN, assert_refused, audience, client, naming, refresh, refreshed, request, server,
};

async fn code(server: &TestServer, client: &RelyingParty, scope: &str, named: &[&str]) -> String {
    let browser = Browser::new(&server.issuer);
    let url = browser.sign_in_and_consent(&request(client, scope, named), "ada").await;
    Callback::from_url(&url).code().to_owned()
}

async fn redeem(client: &RelyingParty, code: &str, named: &[&str]) -> reqwest::Response {
    let verifier = Pkce::new().verifier;
    let fields = [("grant_type", "authorization_code"), ("code", code), ("code_verifier", &verifier)];
    client.token(&naming(&fields, named)).await
}

async fn tokens(server: &TestServer, client: &RelyingParty, scope: &str, named: &[&str]) -> Tokens {
    client.redeemed(&code(server, client, scope, named).await).await
}

#[tokio::test]
async fn a_code_is_narrowed_and_its_refresh_token_keeps_what_was_granted() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let code = code(&server, &web, "openid read", &[API, FILES]).await;
    let narrow = RelyingParty::successful(redeem(&web, &code, &[API]).await).await;
    assert_eq!(audience(&narrow), json!([server.issuer, API]));
    let mut token = narrow.text("refresh_token").to_owned();
    for (named, expected) in [
        (&[FILES][..], json!([server.issuer, FILES])),
        (&[], json!([server.issuer, API, FILES])),
        (&[&server.issuer], json!(server.issuer)),
        (&[API, FILES], json!([server.issuer, API, FILES])),
    ] {
        let tokens = refreshed(&web, &token, named).await;
        assert_eq!(audience(&tokens), expected, "{named:?}");
        tokens.text("refresh_token").clone_into(&mut token);
    }
    // Without openid, the token need not be for the issuer too.
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", "read")];
    let only = RelyingParty::successful(web.token(&naming(&fields, &[FILES])).await).await;
    assert_eq!(audience(&only), json!(FILES));
}

#[tokio::test]
async fn widening_is_refused_and_spends_nothing() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    for (granted, refused) in [
        (&[API][..], &[FILES][..]),
        (&[API], &[API, FILES]),
        (&[API], &[OTHER]),
        (&[API], &[UNKNOWN]),
        (&[API], &[&server.issuer]),
        (&[API], &["https://api.example/v1/"]),
        (&[API], &["https://api.example/v1#top"]),
        (&[API], &["/v1"]),
        (&[], &[API]),
    ] {
        let code = code(&server, &web, "read", granted).await;
        let answer = redeem(&web, &code, refused).await;
        assert_refused(answer, "invalid_target", &format!("code for {granted:?}: {refused:?}")).await;
        let tokens = RelyingParty::successful(redeem(&web, &code, granted).await).await;
        let answer = refresh(&web, tokens.text("refresh_token"), refused).await;
        assert_refused(answer, "invalid_target", &format!("refresh of {granted:?}: {refused:?}")).await;
        let renewed = refreshed(&web, tokens.text("refresh_token"), &[]).await;
        assert_eq!(audience(&renewed), audience(&tokens));
    }
}

#[tokio::test]
async fn what_is_taken_from_the_client_is_in_no_token_from_then_on() {
    let server = server().await;
    let web = client(&server, "web", Some(FILES)).await;
    let both = tokens(&server, &web, "read", &[API, FILES]).await;
    let one = tokens(&server, &web, "read", &[API]).await;
    let waiting = code(&server, &web, "read", &[API]).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&request(&web, "read", &[API])).await.page();

    let files_only =
        ClientResources { allowed: [FILES.parse().unwrap()].into(), default: Some(FILES.parse().unwrap()) };
    let change = |client: &mut domain::Client| client.resources = files_only.clone();
    server.update_client(&web.id.parse().unwrap(), change).await.unwrap();
    assert_eq!(audience(&refreshed(&web, both.text("refresh_token"), &[]).await), json!(FILES));
    // The default resource never replaces the resources that the user agreed to.
    for answer in [refresh(&web, one.text("refresh_token"), &[]).await, redeem(&web, &waiting, &[]).await] {
        assert_refused(answer, "invalid_target", "no resource is left").await;
    }
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.text("#error-code").contains("unauthorized_client"));
}
