//! Parameters that a request has more than once, and parameters that nobody defined (RFC 6749 §3.1, §3.2, §4.1.2.1).

use reqwest::Response;
use serde_json::Value;
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};
use url::Url;

/// The parameters of a good authorization request, one of them once more with another value.
fn doubled(client: &RelyingParty, name: &str, value: &str) -> Url {
    let mut url = Url::parse(&client.authorization_url(&[])).unwrap();
    url.query_pairs_mut().append_pair(name, value);
    url
}

/// Undefined parameters, each sent twice.
const UNDEFINED: [(&str, &str); 10] = [
    ("utm_source", "a"),
    ("utm_source", "b"),
    ("scopes[]", "read"),
    ("scopes[]", "write"),
    ("Client_Id", "x"),
    ("Client_Id", "y"),
    // Fields of our own pages and lists.
    ("limit", "1"),
    ("limit", "2"),
    ("decision", "allow"),
    ("decision", "deny"),
];

#[tokio::test]
async fn a_repeated_parameter_of_a_good_client_and_redirect_uri_is_told_to_the_application() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for (name, value) in [
        ("response_type", "code"),
        ("scope", "read"),
        ("state", "state-2"),
        ("nonce", "nonce-1"),
        ("code_challenge", "x"),
        ("code_challenge_method", "S256"),
    ] {
        for url in [doubled(&web, name, value), doubled(&web, name, "")] {
            let is_twice = url.query_pairs().any(|pair| pair == (name.into(), value.into()))
                && !url.as_str().ends_with('=');
            let answers = [browser.open(url.as_str()).await, posted(&browser, &url).await];
            for callback in answers.map(|answer| Callback::from_url(&answer.client())) {
                // An empty value counts as absent.
                let error = is_twice.then_some("invalid_request");
                assert_eq!(callback.get("error"), error, "{url}");
                if is_twice {
                    assert!(callback.get("error_description").unwrap().contains(name), "{callback:?}");
                    let state = (name != "state").then_some("state-1");
                    assert_eq!(callback.get("state"), state, "which of two states is meant nobody knows");
                    assert_eq!(callback.get("iss"), Some(server.issuer.as_str()));
                }
            }
        }
    }
    // Those that a good request does not have.
    for (name, value) in [
        ("prompt", "consent"),
        ("max_age", "60"),
        ("ui_locales", "en"),
        ("claims", "{}"),
        ("display", "page"),
        ("response_mode", "fragment"),
        ("login_hint", "ada"),
    ] {
        let mut url = doubled(&web, name, value);
        url.query_pairs_mut().append_pair(name, value);
        let callback = Callback::from_url(&browser.open(url.as_str()).await.client());
        assert_eq!(callback.get("error"), Some("invalid_request"), "{name}");
    }
}

/// The same request, posted from another site.
async fn posted(browser: &Browser, url: &Url) -> Landed {
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    browser.post("/oauth/authorize", &fields).await
}

#[tokio::test]
async fn only_a_repeated_client_or_redirect_uri_stays_on_our_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for name in ["client_id", "redirect_uri"] {
        let value = if name == "client_id" { &web.id } else { &web.redirect_uri };
        for value in [value, "https://evil.example/"] {
            let mut url = doubled(&web, name, value);
            for prompt in ["none", "login"] {
                let answers = [browser.open(url.as_str()).await, posted(&browser, &url).await];
                for page in answers.map(Landed::page) {
                    assert_eq!(
                        (page.status.as_u16(), page.text("#error-code").as_str()),
                        (400, "invalid_request")
                    );
                    assert!(page.text("#description").contains(name), "{}", page.text("#description"));
                }
                url.query_pairs_mut().append_pair("prompt", prompt);
            }
        }
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_silent_with_prompt_none_and_held_without_a_session() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    for (name, value) in [("prompt", "login"), ("prompt", "none"), ("state", "x"), ("scope", "read")] {
        let mut url = doubled(&web, "prompt", "none");
        url.query_pairs_mut().append_pair(name, value);
        let callback = Callback::from_url(&browser.open(url.as_str()).await.client());
        assert_eq!(callback.get("error"), Some("invalid_request"), "{name}");
    }
    let login = browser.open(doubled(&web, "scope", "read").as_str()).await.page();
    let callback = Callback::from_url(&browser.sign_in(&login, "ada").await.client());
    assert_eq!(callback.get("error"), Some("invalid_request"));
}

#[tokio::test]
async fn parameters_that_nobody_defined_are_ignored_at_every_endpoint_repeated_or_not() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.extend([domain::GrantType::ClientCredentials, domain::GrantType::DeviceCode]);
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let mut url = Url::parse(&web.authorization_url(&[])).unwrap();
    url.query_pairs_mut().extend_pairs(UNDEFINED);
    let code = Callback::from_url(&browser.sign_in_and_consent(url.as_str(), "ada").await).code().to_owned();
    let verifier = tests::support::Pkce::new().verifier;
    let redeem = [("grant_type", "authorization_code"), ("code", &code), ("code_verifier", &verifier)];
    let tokens = RelyingParty::successful(with_undefined(&web, "/oauth/token", &redeem).await).await;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
    let tokens = RelyingParty::successful(with_undefined(&web, "/oauth/token", &refresh).await).await;
    let token = [("token", tokens.text("access_token"))];
    let introspected = with_undefined(&web, "/oauth/introspect", &token).await;
    assert_eq!(RelyingParty::successful(introspected).await.0["active"], true);
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    assert_eq!(with_undefined(&web, "/oauth/token", &own).await.status(), 200);
    assert_eq!(with_undefined(&web, "/oauth/device_authorization", &[("scope", "read")]).await.status(), 200);
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let pushed: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(web.post("/oauth/par", &pushed).await.status(), 201);
    let userinfo = server.url("/oauth/userinfo");
    let form = [&UNDEFINED[..], &[("access_token", tokens.text("access_token"))]].concat();
    assert_eq!(web.http().post(userinfo).form(&form).send().await.unwrap().status(), 200);
    assert_eq!(with_undefined(&web, "/oauth/revoke", &token).await.status(), 200);
    assert!(matches!(posted(&browser, &url).await, Landed::Client(_)));
    let mut logout = Url::parse(&server.url("/oauth/logout")).unwrap();
    logout.query_pairs_mut().extend_pairs(UNDEFINED);
    assert!(browser.open(logout.as_str()).await.page().has("#logout"));
}

async fn with_undefined(client: &RelyingParty, path: &str, fields: &[(&str, &str)]) -> Response {
    client.post(path, &[fields, &UNDEFINED].concat()).await
}

#[tokio::test]
async fn a_repeated_parameter_is_refused_and_named_at_the_endpoints_of_clients() {
    let server = TestServer::start().await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.extend([domain::GrantType::ClientCredentials, domain::GrantType::DeviceCode]);
    })
    .await;
    for (path, fields) in [
        ("/oauth/token", vec![("grant_type", "client_credentials"), ("scope", "read")]),
        ("/oauth/introspect", vec![("token", "x"), ("token_type_hint", "access_token")]),
        ("/oauth/revoke", vec![("token", "x"), ("token_type_hint", "access_token")]),
        ("/oauth/device_authorization", vec![("scope", "read"), ("client_id", "web")]),
        ("/oauth/par", vec![("scope", "read"), ("state", "x"), ("prompt", "none")]),
    ] {
        for (name, value) in fields.clone() {
            let answer = web.post(path, &[&fields[..], &[(name, value)]].concat()).await;
            assert_eq!(answer.status(), 400, "{path} {name}");
            let body: Value = answer.json().await.unwrap();
            assert_eq!(body["error"], "invalid_request", "{path} {name}");
            assert!(body["error_description"].as_str().unwrap().contains(name), "{body}");
        }
    }
}

/// More parameters that nobody defined than are ever kept.
fn many() -> Vec<(String, String)> {
    (0..150).map(|n| (format!("p{n}"), "x".to_owned())).collect()
}

#[tokio::test]
async fn any_number_of_parameters_that_nobody_defined_is_ignored_and_what_is_defined_after_them_counts() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.insert(domain::GrantType::ClientCredentials);
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let good = Url::parse(&web.authorization_url(&[])).unwrap();
    let after_them = |more: &[(&str, &str)]| {
        let mut url = good.clone();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(many())
            .extend_pairs(good.query_pairs())
            .extend_pairs(more);
        url
    };
    let code = Callback::from_url(&browser.sign_in_and_consent(after_them(&[]).as_str(), "ada").await);
    let _ = code.code();
    let posted_too = posted(&browser, &after_them(&[])).await.client();
    let verifier = tests::support::Pkce::new().verifier;
    let form = many().into_iter().chain([
        ("grant_type".to_owned(), "authorization_code".to_owned()),
        ("code".to_owned(), Callback::from_url(&posted_too).code().to_owned()),
        ("code_verifier".to_owned(), verifier),
    ]);
    let form: Vec<_> = form.collect();
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(web.post("/oauth/token", &form).await.status(), 200);
    // A fault among them is told to the application, or on our page if it is about the client or its redirect URI.
    for more in [&[("state", "x")][..], &[("scope", "read"), ("scope", "write")]] {
        let callback = Callback::from_url(&browser.open(after_them(more).as_str()).await.client());
        assert_eq!(callback.get("error"), Some("invalid_request"), "{more:?}");
    }
    let many_resources: Vec<_> = (0..101).map(|_| ("resource", "https://a.example")).collect();
    let callback = Callback::from_url(&browser.open(after_them(&many_resources).as_str()).await.client());
    assert_eq!(callback.get("error"), Some("invalid_request"));
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    let refused = web.post("/oauth/token", &[&own[..], &many_resources].concat()).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_target");
    for name in ["client_id", "redirect_uri"] {
        let page = browser.open(after_them(&[(name, "x")]).as_str()).await.page();
        assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (400, "invalid_request"));
    }
}
