//! grant_type=client_credentials (RFC 6749 §4.4).

use domain::client::ClientAuthentication;
use domain::client::SecretMethod;
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer, Tokens};

async fn grant(service: &RelyingParty, scope: &str) -> reqwest::Response {
    service.token(&[("grant_type", "client_credentials"), ("scope", scope)]).await
}

#[tokio::test]
async fn a_service_acts_for_itself() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let tokens = RelyingParty::successful(grant(&service, "read").await).await;
    assert!(tokens.0.get("refresh_token").is_none() && tokens.0.get("id_token").is_none());
    let claims = tokens.claims("access_token");
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!("service"), &json!("service")));
    assert_eq!(claims["scope"], "read");
    let userinfo = service.userinfo(tokens.text("access_token")).await;
    assert_eq!(userinfo.status(), 403, "there is no user");
}

#[tokio::test]
async fn the_default_scope_has_nothing_about_people() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let tokens = RelyingParty::successful(grant(&service, "").await).await;
    assert_eq!(tokens.0["scope"], "read write");
}

#[tokio::test]
async fn a_scope_beyond_the_client_is_refused() {
    let server = TestServer::start().await;
    let service = RelyingParty::register(&server, "service", |client| {
        client.grant_types = [domain::GrantType::ClientCredentials].into();
        client.scope = "openid read".parse().unwrap();
    })
    .await;
    for scope in ["write", "read write", "openid", "read openid", "\"", "read admin"] {
        let answer = grant(&service, scope).await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_scope", "{scope}");
    }
    let tokens = RelyingParty::successful(grant(&service, "read offline_access").await).await;
    assert_eq!(tokens.0["scope"], "read", "an offline_access that cannot apply is ignored");
}

#[tokio::test]
async fn a_public_client_cannot() {
    let server = TestServer::start().await;
    let app = RelyingParty::public(&server, "app").await;
    let body: Value = grant(&app, "read").await.json().await.unwrap();
    assert_eq!(body["error"], "unauthorized_client");
}

#[tokio::test]
async fn a_secret_is_accepted_in_the_header_and_in_the_form() {
    let server = TestServer::start().await;
    for method in [SecretMethod::ClientSecretBasic, SecretMethod::ClientSecretPost] {
        let service = RelyingParty::register(&server, method.as_str(), |client| {
            client.grant_types = [domain::GrantType::ClientCredentials].into();
            let ClientAuthentication::Secret { method: registered, .. } = &mut client.authentication else {
                panic!("a confidential client has a secret")
            };
            *registered = method;
        })
        .await;
        assert_eq!(grant(&service, "read").await.status(), 200);
        let secret = service.secret.clone().unwrap();
        let form =
            [("grant_type", "client_credentials"), ("client_id", &service.id), ("client_secret", &secret)];
        let answer = service.http().post(server.url("/oauth/token")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}

#[tokio::test]
async fn guesses_at_a_chosen_secret_are_limited_per_address() {
    let server = TestServer::start().await;
    let chosen = Some("a secret an operator chose");
    let mut service = RelyingParty::register_with(&server, "service", chosen, |client| {
        client.grant_types = [domain::GrantType::ClientCredentials].into();
    })
    .await;
    // Successful authentications are not counted.
    for _ in 0..12 {
        assert_eq!(grant(&service, "read").await.status(), 200);
    }
    let right = service.secret.replace("wrong".to_owned());
    for _ in 0..10 {
        assert_eq!(grant(&service, "read").await.status(), 401);
    }
    service.secret = right;
    let limited = grant(&service, "read").await;
    assert_eq!(limited.status(), 429);
    let seconds: i64 = limited.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    let body = Tokens(limited.json().await.unwrap());
    assert_eq!(body.0["error"], "temporarily_unavailable");
    server.clock.advance(chrono::Duration::seconds(seconds));
    assert_eq!(grant(&service, "read").await.status(), 200);
}
