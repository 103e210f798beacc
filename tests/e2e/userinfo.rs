//! UserInfo (OpenID Connect Core §5.3, RFC 6750).

use chrono::Duration;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

#[tokio::test]
async fn each_scope_opens_its_claims() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    for (scope, expected) in [
        ("openid", json!([])),
        ("openid email", json!(["email", "email_verified"])),
        ("openid phone", json!(["phone_number", "phone_number_verified"])),
        ("openid address", json!(["address"])),
        (
            "openid profile",
            json!([
                "birthdate",
                "family_name",
                "gender",
                "given_name",
                "locale",
                "middle_name",
                "name",
                "nickname",
                "picture",
                "preferred_username",
                "profile",
                "updated_at",
                "website",
                "zoneinfo"
            ]),
        ),
    ] {
        let tokens = web.tokens(&browser, "ada", &[("scope", scope)]).await;
        let answer = web.userinfo(tokens.text("access_token")).await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let claims: Value = answer.json().await.unwrap();
        assert_eq!(claims["sub"], ada.id.to_string());
        let names: Vec<_> = claims.as_object().unwrap().keys().filter(|name| *name != "sub").collect();
        assert_eq!(json!(names), expected, "{scope}");
    }
    let tokens = web.tokens(&browser, "ada", &[("scope", "openid profile")]).await;
    let claims: Value = web.userinfo(tokens.text("access_token")).await.json().await.unwrap();
    assert_eq!(claims["preferred_username"], "ada");
    assert_eq!(claims["updated_at"], ada.updated_at.timestamp());
}

#[tokio::test]
async fn the_token_is_taken_from_the_header_or_a_posted_form_but_not_both() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");
    let url = server.url("/oauth/userinfo");
    let form = [("access_token", token)];
    let post = || web.http().post(&url);
    assert_eq!(post().bearer_auth(token).send().await.unwrap().status(), 200);
    assert_eq!(post().form(&form).send().await.unwrap().status(), 200);
    assert_eq!(post().bearer_auth(token).form(&form).send().await.unwrap().status(), 400);
    // A token in the query is refused, because it would end up in logs (RFC 9700 §4.3.2).
    let query = web.http().get(&url).query(&form).send().await.unwrap();
    assert_eq!(query.status(), 401);
    let own = format!("{}/.well-known/oauth-protected-resource", server.issuer);
    let challenge = format!("Bearer realm=\"{}\", resource_metadata=\"{own}\"", server.issuer);
    assert_eq!(query.headers()["www-authenticate"], challenge);
}

#[tokio::test]
async fn a_token_in_the_header_of_a_post_opens_it_whatever_the_body_is() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    for (content_type, body) in [
        (None, ""),
        (Some("application/x-www-form-urlencoded"), ""),
        (Some("application/x-www-form-urlencoded; charset=utf-8"), "other=1"),
        (Some("application/json"), ""),
        (Some("application/json"), "{}"),
        (Some("application/json"), "null"),
        (Some("application/json"), "not JSON"),
        (Some("text/plain;charset=UTF-8"), "anything"),
        (Some("multipart/form-data; boundary=x"), "--x--"),
        (Some("no media type"), "access_token=other"),
    ] {
        let request = web.http().post(server.url("/oauth/userinfo"));
        let request = request.bearer_auth(tokens.text("access_token")).body(body);
        let answer = match content_type {
            Some(content_type) => request.header("content-type", content_type),
            None => request,
        };
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{content_type:?} {body}");
        let claims: Value = answer.json().await.unwrap();
        assert_eq!(claims["sub"], ada.id.to_string(), "{content_type:?} {body}");
    }
}

#[tokio::test]
async fn what_is_no_live_access_token_with_openid_is_refused() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    for token in ["nonsense", tokens.text("id_token"), tokens.text("refresh_token")] {
        let answer = web.userinfo(token).await;
        assert_eq!(answer.status(), 401);
        assert!(answer.headers()["www-authenticate"].to_str().unwrap().contains("error=\"invalid_token\""));
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_token");
    }
    let plain = web.tokens(&browser, "ada", &[("scope", "read")]).await;
    let answer = web.userinfo(plain.text("access_token")).await;
    assert_eq!(answer.status(), 403);
    assert!(answer.headers()["www-authenticate"].to_str().unwrap().contains("error=\"insufficient_scope\""));

    server.clock.advance(Duration::seconds(3600));
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
}
