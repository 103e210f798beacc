//! Refresh tokens (RFC 9700 §2.2.2, §4.14).

use chrono::Duration;
use domain::GrantType;
use tests::support::{RelyingParty, TestServer};
use url::Url;

use super::{error, server};

#[tokio::test]
async fn section_2_2_2_and_4_14_2_rotation_finds_a_replayed_token_and_ends_its_family() {
    let (server, web, browser) = server().await;
    let app = RelyingParty::public(&server, "app").await;
    for client in [&app, &web] {
        let first = client.tokens(&browser, "ada", &[]).await;
        let second = RelyingParty::successful(client.refresh(first.text("refresh_token")).await).await;
        assert_ne!(first.text("refresh_token"), second.text("refresh_token"));
        server.clock.advance(Duration::seconds(11));
        assert_eq!(error(client.refresh(first.text("refresh_token")).await).await, "invalid_grant");
        assert_eq!(error(client.refresh(second.text("refresh_token")).await).await, "invalid_grant");
        assert_eq!(client.userinfo(second.text("access_token")).await.status(), 401);
    }
}

#[tokio::test]
async fn section_2_2_2_a_refresh_token_is_for_the_client_it_was_issued_to() {
    let (server, web, browser) = server().await;
    let thief = RelyingParty::confidential(&server, "thief").await;
    let tokens = web.tokens(&browser, "ada", &[]).await;
    assert_eq!(error(thief.refresh(tokens.text("refresh_token")).await).await, "invalid_grant");
    // A confidential client cannot refresh with its client id alone.
    let without_secret = RelyingParty::registered(&server.issuer, &web.id, None, &web.redirect_uri);
    assert_eq!(error(without_secret.refresh(tokens.text("refresh_token")).await).await, "invalid_client");
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 200);
}

#[tokio::test]
async fn section_4_14_2_whether_there_are_refresh_tokens_is_decided_per_server_and_per_client() {
    let (server, _, browser) = server().await;
    let without = RelyingParty::register(&server, "without", |client| {
        client.grant_types = [GrantType::AuthorizationCode].into();
    })
    .await;
    assert!(without.tokens(&browser, "ada", &[]).await.0.get("refresh_token").is_none());
    let server = TestServer::with(|settings| settings.refresh_token_grant = false).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = tests::support::Browser::new(&server.issuer);
    assert!(web.tokens(&browser, "ada", &[]).await.0.get("refresh_token").is_none());
}

#[tokio::test]
async fn section_4_14_2_a_refresh_token_is_bound_to_the_scope_that_was_granted() {
    let (_server, web, browser) = server().await;
    let tokens = web.tokens(&browser, "ada", &[("scope", "openid read")]).await;
    let wider = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.text("refresh_token")),
        ("scope", "openid read write"),
    ];
    assert_eq!(error(web.token(&wider).await).await, "invalid_scope");
    let renewed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
    assert_eq!(renewed.text("scope"), "openid read");
}

#[tokio::test]
async fn section_4_14_2_a_refresh_token_is_bound_to_the_resources_that_were_granted() {
    let (server, _, browser) = server().await;
    let (one, other) = ("https://one.example", "https://other.example");
    for id in [one, other] {
        server.resource(id, |_| {}).await;
    }
    let client = RelyingParty::register(&server, "resourceful", |client| {
        client.resources.allowed = [one, other].map(|id| id.parse().unwrap()).into();
    })
    .await;
    let mut url = Url::parse(&client.authorization_url(&[("scope", "read")])).unwrap();
    url.query_pairs_mut().append_pair("resource", one);
    let callback =
        tests::support::Callback::from_url(&browser.sign_in_and_consent(url.as_str(), "ada").await);
    let tokens = client.redeemed(callback.code()).await;
    assert_eq!(tokens.claims("access_token")["aud"], one);
    let elsewhere = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.text("refresh_token")),
        ("resource", other),
    ];
    assert_eq!(error(client.token(&elsewhere).await).await, "invalid_target");
}

#[tokio::test]
async fn section_4_14_1_and_4_14_2_a_refresh_token_cannot_be_made_or_changed() {
    let (_server, web, browser) = server().await;
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let token = tokens.text("refresh_token");
    for at in [0, token.len() / 2, token.len() - 1] {
        let mut changed: Vec<char> = token.chars().collect();
        changed[at] = if changed[at] == 'A' { 'B' } else { 'A' };
        let changed: String = changed.into_iter().collect();
        assert_eq!(error(web.refresh(&changed).await).await, "invalid_grant", "{at}");
    }
    let longer = format!("{token}A");
    assert_eq!(error(web.refresh(&longer).await).await, "invalid_grant");
    assert_eq!(web.refresh(token).await.status(), 200, "a refused attempt does not spend the token");
}

#[tokio::test]
async fn section_4_14_2_a_refresh_token_that_is_not_used_expires() {
    let (server, web, browser) = server().await;
    let tokens = web.tokens(&browser, "ada", &[]).await;
    server.clock.advance(server.settings.lifetimes.refresh_token_idle);
    assert_eq!(error(web.refresh(tokens.text("refresh_token")).await).await, "invalid_grant");
}
