//! Access tokens and grants (RFC 9700 §2.1.2, §2.3, §2.4, §4.3.2, §4.10.2, §4.15.1).

use application::settings::RegistrationMode;
use serde_json::{Value, json};
use tests::support::{PASSWORD, RelyingParty, TestServer};

use super::{answered, error, metadata, server};

#[tokio::test]
async fn section_2_1_2_no_token_is_issued_in_an_authorization_response() {
    let (server, web, browser) = server().await;
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for kind in
        ["token", "id_token", "id_token token", "code token", "code id_token", "code id_token token", "none"]
    {
        let answer = answered(&browser, &web.authorization_url(&[("response_type", kind)])).await;
        assert_eq!(answer.get("error"), Some("unsupported_response_type"), "{kind}");
    }
    assert_eq!(metadata(&server).await["response_types_supported"], json!(["code"]));
}

#[tokio::test]
async fn section_2_3_and_4_10_2_a_token_for_another_audience_is_refused() {
    let (server, _, browser) = server().await;
    server.resource("https://api.example", |_| {}).await;
    let client = RelyingParty::register(&server, "caller", |client| {
        client.resources.allowed = ["https://api.example".parse().unwrap()].into();
    })
    .await;
    let url = client.authorization_url(&[("scope", "read"), ("resource", "https://api.example")]);
    let callback = tests::support::Callback::from_url(&browser.sign_in_and_consent(&url, "ada").await);
    let tokens = client.redeemed(callback.code()).await;
    assert_eq!(tokens.claims("access_token")["aud"], "https://api.example");
    assert_eq!(client.userinfo(tokens.text("access_token")).await.status(), 401);
    let unknown = client.authorization_url(&[("resource", "https://counterfeit.example")]);
    assert_eq!(answered(&browser, &unknown).await.get("error"), Some("invalid_target"));
}

#[tokio::test]
async fn section_2_4_the_password_grant_is_not_there() {
    let (server, ..) = server().await;
    let legacy = RelyingParty::register(&server, "legacy", |client| {
        client.grant_types = domain::GrantType::ALL.into();
    })
    .await;
    let fields = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    let answer = legacy.token(&fields).await;
    assert_eq!((answer.status().as_u16(), error(answer).await.as_str()), (400, "unsupported_grant_type"));
    let grants = &metadata(&server).await["grant_types_supported"];
    assert!(!grants.as_array().unwrap().contains(&json!("password")), "{grants}");
}

#[tokio::test]
async fn section_4_3_2_an_access_token_in_a_query_is_not_one() {
    let (server, web, browser) = server().await;
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let token = tokens.text("access_token");
    let url = server.url(&format!("/oauth/userinfo?access_token={token}"));
    for request in [web.http().get(&url), web.http().post(&url)] {
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_client_error(), "{}", answer.status());
        assert!(!answer.text().await.unwrap().contains("\"sub\""));
    }
}

#[tokio::test]
async fn section_4_15_1_a_client_does_not_choose_its_id() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let ada = server.user("ada").await;
    for wanted in [ada.id.to_string(), "ada".to_owned()] {
        let metadata = json!({"client_id": wanted, "redirect_uris": ["https://client.example/callback"]});
        let request = reqwest::Client::new().post(server.url("/connect/register")).json(&metadata);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let registered: Value = answer.json().await.unwrap();
        assert_ne!(registered["client_id"], json!(wanted));
    }
}

#[tokio::test]
async fn section_4_15_1_a_token_of_a_client_for_itself_is_told_from_one_of_a_user() {
    let (server, web, browser) = server().await;
    // Client ids and user ids never collide, not even if an operator chooses the client id.
    let ada = server.users.find_by_sign_in_name(&"ada".parse().unwrap()).await.unwrap();
    assert!(ada.id.to_string().parse::<domain::ClientId>().is_err());
    let service = RelyingParty::service(&server, "service").await;
    let own = RelyingParty::successful(
        service.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await,
    )
    .await;
    let (own_claims, of_user) =
        (own.claims("access_token"), web.tokens(&browser, "ada", &[]).await.claims("access_token"));
    assert_eq!(own_claims["sub"], own_claims["client_id"]);
    assert!(own_claims.get("auth_time").is_none() && own_claims.get("sid").is_none());
    assert_ne!(of_user["sub"], of_user["client_id"]);
    assert_eq!(
        service.userinfo(own.text("access_token")).await.status(),
        403,
        "a client's own token has no claims of a user"
    );
    let seen = service.introspect(own.text("access_token")).await;
    assert_eq!((&seen["active"], &seen["username"]), (&json!(true), &Value::Null));
}
