//! `acr_values`, `default_acr_values` and an operator's list of authentication contexts (OpenID
//! Connect Core §3.1.2.1, §5.5.1.1).

use domain::AuthenticationContexts;
use serde_json::json;
use tests::support::{Browser, Callback, RelyingParty, TestServer, Tokens};

fn ladder(names: &[&str]) -> AuthenticationContexts {
    names.iter().map(|name| name.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap()
}

async fn start() -> TestServer {
    let server =
        TestServer::with(|settings| settings.authentication_contexts = ladder(&["bronze", "silver", "gold"]));
    let server = server.await;
    server.user("ada").await;
    server
}

fn acr(tokens: &Tokens) -> String {
    tokens.claims("id_token")["acr"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_context_that_is_wished_for_and_reached_is_told_and_else_the_strongest() {
    let server = start().await;
    let metadata = reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap();
    let metadata: serde_json::Value = metadata.json().await.unwrap();
    assert_eq!(metadata["acr_values_supported"], json!(["bronze", "silver", "gold"]));
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let long = format!("{} silver", "x".repeat(3_000));
    for (wished, told) in [
        ("", "gold"),
        ("silver", "silver"),
        ("platinum bronze gold", "bronze"),
        ("platinum", "gold"),
        ("SILVER", "gold"),
        (" silver ", "silver"),
        (long.as_str(), "silver"),
    ] {
        let tokens = web.tokens(&browser, "ada", &[("acr_values", wished)]).await;
        assert_eq!(acr(&tokens), told, "{wished}");
        assert_eq!(tokens.claims("id_token")["amr"], json!(["pwd"]));
        assert_eq!(tokens.claims("access_token")["acr"], told, "an API may ask for one (RFC 9470)");
    }
    // A refreshed token has the `acr` of the grant.
    let tokens = web.tokens(&browser, "ada", &[("acr_values", "silver")]).await;
    let refreshed = web.refresh(tokens.text("refresh_token")).await;
    assert_eq!(acr(&RelyingParty::successful(refreshed).await), "silver");
}

#[tokio::test]
async fn what_a_client_registered_counts_where_its_request_says_nothing() {
    let server = start().await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.authentication_defaults.acr_values = vec!["silver".parse().unwrap(), "gold".parse().unwrap()];
    })
    .await;
    let browser = Browser::new(&server.issuer);
    assert_eq!(acr(&web.tokens(&browser, "ada", &[]).await), "silver");
    assert_eq!(acr(&web.tokens(&browser, "ada", &[("acr_values", "bronze")]).await), "bronze");
    let claim = r#"{"id_token":{"acr":{"value":"bronze"}}}"#;
    assert_eq!(acr(&web.tokens(&browser, "ada", &[("claims", claim)]).await), "bronze");
}

#[tokio::test]
async fn an_essential_context_is_the_one_that_is_told_or_the_request_fails() {
    let server = start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let essential =
        |values: &[&str]| json!({"id_token": {"acr": {"essential": true, "values": values}}}).to_string();
    for (values, told) in [(&["bronze"][..], "bronze"), (&["platinum", "silver"], "silver")] {
        let fields = [("claims", &*essential(values)), ("acr_values", "gold")];
        assert_eq!(acr(&web.tokens(&browser, "ada", &fields).await), told);
    }
    let url = web.authorization_url(&[("claims", &essential(&["platinum"])), ("acr_values", "gold")]);
    let refused = browser.open(&url).await.client();
    assert_eq!(Callback::from_url(&refused).get("error"), Some("unmet_authentication_requirements"));
}

#[tokio::test]
async fn a_default_max_age_counts_where_the_request_says_nothing() {
    let server = start().await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.authentication_defaults.max_age_seconds = Some(1);
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let auth_time = |tokens: &Tokens| tokens.claims("id_token")["auth_time"].as_i64().unwrap();
    let first = auth_time(&web.tokens(&browser, "ada", &[]).await);
    server.clock.advance(chrono::Duration::seconds(2));
    assert_eq!(auth_time(&web.tokens(&browser, "ada", &[("max_age", "100")]).await), first);
    let silent = browser.open(&web.authorization_url(&[("prompt", "none")])).await.client();
    assert_eq!(Callback::from_url(&silent).get("error"), Some("login_required"));
    assert_eq!(auth_time(&web.tokens(&browser, "ada", &[]).await), first + 2);
}
