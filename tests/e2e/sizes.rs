//! The documented sizes of codes, tokens and ids are those of what the server issues (RFC 6749 §4.1.2, §5.1).

use application::settings::RegistrationMode;
use domain::client::AccessTokenFormat;
use reqwest::Client;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

/// The size that the documentation states for a value.
fn documented(value: &str) -> usize {
    let documentation = include_str!("../../docs/api.md").split_once("### Sizes").unwrap().1;
    let row = documentation.lines().find(|line| line.starts_with("| ") && line.contains(value));
    let size = row.and_then(|row| row.split('|').nth(2)).unwrap_or_else(|| panic!("{value} has no size"));
    let digits: String = size.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("{value}: {size}"))
}

fn member<'a>(document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().unwrap_or_else(|| panic!("{name} is not in {document}"))
}

#[tokio::test]
async fn what_is_issued_has_the_documented_size() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let ada = server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.tokens.access_token_format = AccessTokenFormat::Opaque;
        client.grant_types.insert(domain::GrantType::DeviceCode);
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let code = web.code(&browser, "ada", &[]).await;
    assert_eq!(code.len(), documented("authorization code"));
    let tokens = web.redeemed(&code).await;
    for token in ["access_token", "refresh_token"] {
        assert_eq!(tokens.text(token).len(), documented("refresh token, opaque access token"), "{token}");
    }
    assert_eq!(ada.id.to_string().len(), documented("`sub`"));

    let device: Value = web.post("/oauth/device_authorization", &[]).await.json().await.unwrap();
    for name in ["device_code", "user_code"] {
        assert_eq!(member(&device, name).len(), documented(name), "{name}");
    }
    let redirect_uri = web.redirect_uri.as_str();
    let request = [
        ("response_type", "code"),
        ("redirect_uri", redirect_uri),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let pushed: Value = web.post("/oauth/par", &request).await.json().await.unwrap();
    assert_eq!(member(&pushed, "request_uri").len(), documented("request_uri"));

    let metadata = json!({"redirect_uris": ["https://client.example/callback"]});
    let registered = Client::new().post(server.url("/connect/register")).json(&metadata);
    let registered: Value = registered.send().await.unwrap().json().await.unwrap();
    for name in ["client_id", "client_secret", "registration_access_token"] {
        assert_eq!(member(&registered, name).len(), documented(name), "{name}");
    }
    let refused = web.post("/oauth/token", &[("grant_type", "nonsense")]).await;
    assert_eq!(refused.headers()["error-reference"].len(), documented("error reference"));
}
