//! Redirect URIs of native applications and of the local network (RFC 8252 §7, RFC 9700 §4.1).

use application::settings::{RegistrationMode, Settings};
use domain::Actor;
use domain::client::{ClientAuthentication, ClientDraft};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tests::support::{Browser, Callback, RelyingParty, TestServer};

fn open(settings: &mut Settings) {
    settings.registration.mode = RegistrationMode::Open;
}

async fn register(server: &TestServer, document: &Value) -> Response {
    let request = Client::builder().no_proxy().build().unwrap().post(server.url("/connect/register"));
    request.json(document).send().await.unwrap()
}

async fn refused(server: &TestServer, document: &Value, code: &str) -> String {
    let answer: Value = register(server, document).await.json().await.unwrap();
    assert_eq!(answer["error"], code, "{answer}");
    answer["error_description"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn schemes_without_a_dot_are_for_those_that_an_operator_listed() {
    let uris = [
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "vscode://vscode.github-authentication/did-authenticate",
    ];
    let document = |uri: &str| json!({"redirect_uris": [uri], "token_endpoint_auth_method": "none"});
    let strict = TestServer::with(open).await;
    for uri in uris {
        let reason = refused(&strict, &document(uri), "invalid_redirect_uri").await;
        assert!(reason.contains(uri), "{reason}");
    }
    let server = TestServer::with(|settings| {
        open(settings);
        settings.native_redirect_schemes = vec!["cursor".to_owned(), "vscode".to_owned()];
    })
    .await;
    server.user("ada").await;
    refused(&server, &document("windsurf://callback"), "invalid_redirect_uri").await;
    refused(&server, &document("javascript:alert(1)"), "invalid_redirect_uri").await;
    for uri in uris {
        let answer = register(&server, &document(uri)).await;
        assert_eq!(answer.status(), 201);
        let registered: Value = answer.json().await.unwrap();
        assert_eq!(
            (&registered["application_type"], &registered["redirect_uris"]),
            (&json!("native"), &json!([uri]))
        );
        let id = registered["client_id"].as_str().unwrap();
        let client = RelyingParty::registered(&server.issuer, id, None, uri);
        let browser = Browser::new(&server.issuer);
        let tokens = client.tokens(&browser, "ada", &[]).await;
        assert_eq!(client.userinfo(tokens.text("access_token")).await.status(), 200);
    }
}

#[tokio::test]
async fn a_private_use_scheme_makes_a_client_native_whatever_it_says() {
    let server = TestServer::with(open).await;
    for said in [json!("web"), json!("native"), Value::Null] {
        let uris = json!(["edu.kit.data.oidc-agent:/redirect", "http://localhost:8080", "http://127.0.0.1"]);
        let document = json!({"redirect_uris": uris, "application_type": said});
        let answer = register(&server, &document).await;
        assert_eq!(answer.status(), 201);
        let registered: Value = answer.json().await.unwrap();
        assert_eq!(
            (&registered["application_type"], &registered["redirect_uris"]),
            (&json!("native"), &uris)
        );
    }
    let web = json!({"redirect_uris": ["https://a.example/cb"], "application_type": "web"});
    let registered: Value = register(&server, &web).await.json().await.unwrap();
    assert_eq!(registered["application_type"], "web");
}

#[tokio::test]
async fn the_one_that_is_wrong_in_a_list_is_named() {
    let server = TestServer::with(open).await;
    for wrong in
        ["http://other.example/cb", "https://a.example/#x", "myapp:/cb", "https://*.example/", "nonsense"]
    {
        let document = json!({"redirect_uris": ["https://a.example/cb", "com.example.app:/cb", wrong]});
        let reason = refused(&server, &document, "invalid_redirect_uri").await;
        assert!(reason.contains(wrong) && !reason.contains("https://a.example/cb"), "{reason}");
    }
    let bye =
        json!({"redirect_uris": ["https://a.example/"], "post_logout_redirect_uris": ["http://b.example/"]});
    let reason = refused(&server, &bye, "invalid_client_metadata").await;
    assert!(reason.contains("post_logout_redirect_uris: http://b.example/"), "{reason}");
}

#[tokio::test]
async fn a_form_for_an_application_is_refused_before_anyone_signs_in() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.redirect_uris = vec!["com.example.app:/cb".parse().unwrap()];
        client.authentication = ClientAuthentication::None;
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let page = browser.open(&app.authorization_url(&[("response_mode", "form_post")])).await.page();
    assert!(page.has("#error") && !page.has("#login"), "{}", page.html);
    let pushed = app.post(
        "/oauth/par",
        &[
            ("response_type", "code"),
            ("response_mode", "form_post"),
            ("redirect_uri", "com.example.app:/cb"),
            ("scope", "openid"),
        ],
    );
    assert_eq!(pushed.await.json::<Value>().await.unwrap()["error"], "invalid_request");
    for mode in ["query", "fragment"] {
        assert!(browser.open(&app.authorization_url(&[("response_mode", mode)])).await.page().has("#login"));
    }
}

#[tokio::test]
async fn redirect_uris_are_compared_and_answered_as_the_text_that_was_registered() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let uris = [
        "https://pve.example:8006",
        "https://allauth.example/callback/",
        "https://mealie.example/login?direct=1",
        "app.immich:///oauth-callback",
        "https://UPPER.example/CB/%7euser/../x",
    ];
    for uri in uris {
        let registered = uris.map(|uri| uri.parse().unwrap());
        let id = format!("client-{}", uris.iter().position(|other| *other == uri).unwrap());
        let client =
            RelyingParty::register(&server, &id, |client| client.redirect_uris = registered.into()).await;
        let client = RelyingParty::registered(&server.issuer, &id, client.secret.clone(), uri);
        let browser = Browser::new(&server.issuer);
        let code = client.code(&browser, "ada", &[]).await;
        assert_eq!(client.redeem(&code).await.status(), 200, "{uri}");
        let slash = uri.strip_suffix('/').map_or_else(|| format!("{uri}/"), str::to_owned);
        for other in [slash, uri.to_ascii_lowercase().replace("%7e", "~"), uri.replace(":8006", "")] {
            if !uris.contains(&&*other) {
                let page = browser.open(&client.authorization_url(&[("redirect_uri", &other)])).await.page();
                assert!(page.has("#error"), "{other} for {uri}");
            }
        }
    }
}

#[tokio::test]
async fn http_in_the_local_network_is_an_operators_choice_for_one_client() {
    let server = TestServer::with(open).await;
    server.user("ada").await;
    let lan = "http://homeassistant.local:8123/auth/external/callback";
    let create = async |members: Value| {
        let members = members.as_object().unwrap().clone();
        server.clients.create(&ClientDraft::from(members), Actor::CommandLine).await.map(|(client, _)| client)
    };
    assert!(create(json!({"redirect_uris": [lan]})).await.unwrap_err().to_string().contains(lan));
    let beyond = json!({"redirect_uris": ["http://app.example/cb"], "allow_http_redirect": true});
    assert!(create(beyond).await.unwrap_err().to_string().contains("local network only"));
    let document = json!({
        "client_id": "home", "redirect_uris": [lan], "post_logout_redirect_uris": ["http://192.168.1.2/bye"],
        "allow_http_redirect": true, "token_endpoint_auth_method": "none",
    });
    let home = create(document).await.unwrap();
    let party = RelyingParty::registered(&server.issuer, "home", None, lan);
    let landed = Browser::new(&server.issuer).sign_in_and_consent(&party.authorization_url(&[]), "ada").await;
    assert!(!Callback::from_url(&landed).code().is_empty());
    let mut draft = ClientDraft::default();
    draft.set("allow_http_redirect", false);
    let withdrawn = server.clients.patch(&home.id, &draft, Actor::CommandLine).await;
    assert!(withdrawn.unwrap_err().to_string().contains("allow_http_redirect"));

    // Never for a client that registered itself.
    let own = json!({"redirect_uris": [lan], "allow_http_redirect": true});
    refused(&server, &own, "invalid_redirect_uri").await;
    let answer = register(&server, &json!({"redirect_uris": ["https://a.example/"]})).await;
    let id = answer.json::<Value>().await.unwrap()["client_id"].as_str().unwrap().parse().unwrap();
    draft.set("allow_http_redirect", true);
    let marked = server.clients.patch(&id, &draft, Actor::CommandLine).await;
    assert!(marked.unwrap_err().to_string().contains("registered itself"));
}
