//! The claims of the granted scopes in the ID token (OpenID Connect Core §5.4), and whether an address is verified (§5.1).

use application::settings::RegistrationMode;
use domain::{Actor, ClientId};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer, Tokens};

/// The claims of these tokens' ID token that are about the person, without `sub`.
fn personal(tokens: &Tokens) -> Vec<String> {
    let claims = tokens.claims("id_token");
    let names = claims.as_object().unwrap().keys().cloned();
    names.filter(|name| domain::claims::naming_scope(name).is_some()).collect()
}

async fn userinfo(client: &RelyingParty, tokens: &Tokens) -> Value {
    client.userinfo(tokens.text("access_token")).await.json().await.unwrap()
}

async fn send(method: Method, url: &str, token: Option<&str>, document: &Value) -> Response {
    let request = Client::builder().no_proxy().build().unwrap().request(method, url).json(document);
    token.into_iter().fold(request, |request, token| request.bearer_auth(token)).send().await.unwrap()
}

#[tokio::test]
async fn a_client_of_an_operator_finds_the_claims_of_its_scopes_in_the_id_token() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[("scope", "openid email phone read")]).await;
    let expected = ["email", "email_verified", "phone_number", "phone_number_verified"];
    assert_eq!(personal(&tokens), expected);
    let claims = tokens.claims("id_token");
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("ada@example.com"), &json!(true)));
    let told = userinfo(&web, &tokens).await;
    assert!(expected.iter().all(|name| told[name] == claims[name]), "{told}");

    let refresh_token = tokens.text("refresh_token");
    let refreshed = RelyingParty::successful(web.refresh(refresh_token).await).await;
    assert_eq!(personal(&refreshed), expected);
    let narrow = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refreshed.text("refresh_token")),
        ("scope", "openid phone"),
    ];
    let narrowed = RelyingParty::successful(web.token(&narrow).await).await;
    assert_eq!(personal(&narrowed), expected[2..]);

    let off = |client: &mut domain::Client| client.tokens.id_token_claims = false;
    server.update_client(&"web".parse().unwrap(), off).await.unwrap();
    let refreshed = web.refresh(narrowed.text("refresh_token")).await;
    assert!(personal(&RelyingParty::successful(refreshed).await).is_empty());
    let tokens = web.tokens(&browser, "ada", &[]).await;
    assert!(personal(&tokens).is_empty());
    assert_eq!(userinfo(&web, &tokens).await["email"], "ada@example.com");
}

#[tokio::test]
async fn a_refresh_tells_what_the_person_is_called_by_then() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let rename = |user: &mut domain::User| {
        let changes = json!({"name": "Ada King", "email": "king@example.com"});
        user.claims = user.claims.amended(changes.as_object().unwrap().clone())?;
        Ok(())
    };
    server.users.update(ada.id, rename, Actor::CommandLine).await.unwrap();
    let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
    let claims = refreshed.claims("id_token");
    assert_eq!((&claims["name"], &claims["email_verified"]), (&json!("Ada King"), &json!(false)));
}

#[tokio::test]
async fn a_client_that_registered_itself_finds_them_at_userinfo_only_unless_it_asks() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    let uri = "https://own.example/callback";
    let metadata = |claims: Value| json!({"redirect_uris": [uri], "id_token_claims": claims});
    for (asked, included) in [(Value::Null, false), (json!(false), false), (json!(true), true)] {
        let url = server.url("/connect/register");
        let answer = send(Method::POST, &url, None, &metadata(asked)).await;
        let registered: Value = answer.json().await.unwrap();
        assert_eq!(registered["id_token_claims"], included);
        let text = |member: &str| registered[member].as_str().unwrap();
        let secret = Some(text("client_secret").to_owned());
        let client = RelyingParty::registered(&server.issuer, text("client_id"), secret, uri);
        let tokens = client.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
        assert_eq!(!personal(&tokens).is_empty(), included);
        assert_eq!(userinfo(&client, &tokens).await["email"], "ada@example.com");
        // A replacement that does not name it gets the default (RFC 7592 §2.2), also if an operator patches it away.
        let (url, token) = (text("registration_client_uri"), Some(text("registration_access_token")));
        let replaced: Value =
            send(Method::PUT, url, token, &json!({"redirect_uris": [uri]})).await.json().await.unwrap();
        assert_eq!(replaced["id_token_claims"], false);
        let id: ClientId = text("client_id").parse().unwrap();
        let mut draft = domain::client::ClientDraft::default();
        draft.set("id_token_claims", Value::Null);
        let (client, _) = server.clients.patch(&id, &draft, Actor::CommandLine).await.unwrap();
        assert!(!client.tokens.id_token_claims);
    }
    let refused = send(Method::POST, &server.url("/connect/register"), None, &metadata(json!("yes"))).await;
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_client_metadata");
}

#[tokio::test]
async fn an_address_never_comes_without_whether_it_is_verified() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let unknown = |user: &mut domain::User| {
        let changes = json!({"email_verified": null, "phone_number_verified": null});
        user.claims = user.claims.amended(changes.as_object().unwrap().clone())?;
        Ok(())
    };
    server.users.update(ada.id, unknown, Actor::CommandLine).await.unwrap();
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let by_name = json!({
        "userinfo": {"email": null, "phone_number": null}, "id_token": {"email": null, "phone_number": null},
    });
    for fields in
        [&[("scope", "openid email phone")][..], &[("scope", "openid"), ("claims", &by_name.to_string())]]
    {
        let tokens = web.tokens(&browser, "ada", fields).await;
        for claims in [tokens.claims("id_token"), userinfo(&web, &tokens).await] {
            for (claim, verified) in domain::claims::VERIFIABLE {
                assert!(claims[claim].is_string(), "{claims}");
                assert_eq!(claims[verified], false, "{claims}");
            }
        }
    }
    // Without an address there is nothing to verify.
    let none = |user: &mut domain::User| {
        user.claims = user.claims.amended(json!({"email": null}).as_object().unwrap().clone())?;
        Ok(())
    };
    server.users.update(ada.id, none, Actor::CommandLine).await.unwrap();
    let tokens = web.tokens(&browser, "ada", &[("scope", "openid email")]).await;
    assert!(personal(&tokens).is_empty());
}
