//! UserInfo (OpenID Connect Core §5.3.3, RFC 6750 §3.1).

use chrono::Duration;
use domain::GrantType;
use reqwest::RequestBuilder;
use reqwest::header::AUTHORIZATION;
use tests::support::{Browser, RelyingParty, TestServer};

use super::{FORM, refused};

#[tokio::test]
async fn nobody_is_told_anything_for_a_token_that_is_not_right() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.insert(GrantType::ClientCredentials);
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let granted = web.tokens(&browser, "ada", &[]).await;
    let token = granted.text("access_token");
    let plain = web.tokens(&browser, "ada", &[("scope", "read")]).await;
    let own = RelyingParty::successful(web.token(&[("grant_type", "client_credentials")]).await).await;
    let revoked = web.tokens(&browser, "ada", &[]).await;
    web.revoke(revoked.text("access_token")).await;
    let (message, signature) = token.rsplit_once('.').unwrap();
    let url = server.url("/oauth/userinfo");
    let (get, post) = (|| web.http().get(&url), || web.http().post(&url));
    let form = |body: String| post().header("content-type", FORM).body(body);
    let long = "x".repeat(10_000);
    let (invalid_token, invalid_request) = ((401, "invalid_token"), (400, "invalid_request"));
    let (insufficient, none_sent) = ((403, "insufficient_scope"), (401, "invalid_request"));
    let rows: Vec<(&str, RequestBuilder, (u16, &str))> = vec![
        ("no token", get(), none_sent),
        ("no token in a form", form(String::new()), none_sent),
        ("an empty token", get().header(AUTHORIZATION, "Bearer "), none_sent),
        ("another scheme", get().basic_auth("web", web.secret.as_deref()), none_sent),
        ("a malformed token", get().bearer_auth("nonsense"), invalid_token),
        ("an oversized token", get().bearer_auth(&long), invalid_token),
        ("an ID token", get().bearer_auth(granted.text("id_token")), invalid_token),
        ("a refresh token", get().bearer_auth(granted.text("refresh_token")), invalid_token),
        ("a token without its signature", get().bearer_auth(format!("{message}.")), invalid_token),
        (
            "a token with half a signature",
            get().bearer_auth(format!("{message}.{}", &signature[..100])),
            invalid_token,
        ),
        ("a revoked token", get().bearer_auth(revoked.text("access_token")), invalid_token),
        ("a token in the query", web.http().get(format!("{url}?access_token={token}")), none_sent),
        ("a token without openid", get().bearer_auth(plain.text("access_token")), insufficient),
        ("a client's own token", get().bearer_auth(own.text("access_token")), insufficient),
        ("two methods", form(format!("access_token={token}")).bearer_auth(token), invalid_request),
        ("the parameter twice", form(format!("access_token={token}&access_token={token}")), invalid_request),
        ("two headers", get().bearer_auth(token).header(AUTHORIZATION, "Bearer other"), invalid_request),
        ("no form", post().header("content-type", "application/json").body("{}"), none_sent),
        ("a token in JSON", post().json(&serde_json::json!({"access_token": token})), none_sent),
        ("a form that is no UTF-8", form("a=%ff".to_owned()).bearer_auth(token), invalid_request),
        ("an oversized form", form(format!("access_token={}", "x".repeat(70_000))), (413, "invalid_request")),
    ];
    for (why, request, expected) in rows {
        let answer = request.send().await.unwrap();
        let challenged = answer.headers().contains_key("www-authenticate");
        assert_eq!(challenged, [400, 401, 403].contains(&expected.0), "{why}");
        refused(answer, expected, why).await;
    }
    assert_eq!(get().bearer_auth(token).send().await.unwrap().status(), 200);
    server.clock.advance(Duration::seconds(3600));
    refused(get().bearer_auth(token).send().await.unwrap(), invalid_token, "expired").await;
}
