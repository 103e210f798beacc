//! Refused authorization requests: the error goes to a page of the server or to the client, never
//! elsewhere (RFC 6749 §4.1.2.1, RFC 9700 §4.11).

use chrono::Duration;
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};

#[tokio::test]
async fn nothing_is_redirected_before_client_and_redirect_uri_are_known_good() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    for (fields, status, code) in [
        (vec![("client_id", "")], 400, "invalid_request"),
        (vec![("client_id", "nobody")], 400, "invalid_client"),
        (vec![("client_id", "no%20body")], 400, "invalid_client"),
        (vec![("redirect_uri", "https://evil.example/")], 400, "invalid_request"),
        (vec![("redirect_uri", "https://client.example/callback?x=1")], 400, "invalid_request"),
        (vec![("redirect_uri", "https://client.example/callback/")], 400, "invalid_request"),
        (vec![("redirect_uri", "https://CLIENT.example/callback")], 400, "invalid_request"),
        (vec![("redirect_uri", "")], 400, "invalid_request"),
        (vec![("redirect_uri", "https://evil.example/"), ("prompt", "none")], 400, "invalid_request"),
    ] {
        let page = browser.open(&web.authorization_url(&fields)).await.page();
        assert_eq!(page.status, status, "{fields:?}");
        assert!(page.text("#error-code").contains(code), "{fields:?}: {}", page.text("#error-code"));
        let reference = page.headers["error-reference"].to_str().unwrap();
        assert!(page.html.contains(reference));
        assert!(!page.html.contains("evil.example"), "the page shows the rejected parameter");
    }
}

#[tokio::test]
async fn a_disabled_client_is_as_unknown() {
    use domain::Actor;
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let id = web.id.parse().unwrap();
    server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
    let page = Browser::new(&server.issuer).open(&web.authorization_url(&[])).await.page();
    assert!(page.text("#error-code").contains("invalid_client"));
    server.clients.set_enabled(&id, true, Actor::CommandLine).await.unwrap();
    assert!(Browser::new(&server.issuer).open(&web.authorization_url(&[])).await.page().has("#login"));
}

#[tokio::test]
async fn every_other_fault_goes_back_to_the_client_once_somebody_is_signed_in() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;

    for (fields, code) in [
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "none")], "unsupported_response_type"),
        (vec![("response_type", "code code")], "unsupported_response_type"),
        (vec![("response_mode", "web_message")], "invalid_request"),
        (vec![("scope", "admin")], "invalid_scope"),
        (vec![("scope", "openid \"profile\"")], "invalid_scope"),
        (vec![("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge", "too-short")], "invalid_request"),
        (vec![("prompt", "none login")], "invalid_request"),
        (vec![("prompt", "dance")], "invalid_request"),
        (vec![("max_age", "-1")], "invalid_request"),
        (vec![("max_age", "soon")], "invalid_request"),
        (vec![("id_token_hint", "nonsense")], "invalid_request"),
        (vec![("registration", "{}")], "registration_not_supported"),
    ] {
        let url = browser.open(&web.authorization_url(&fields)).await.client();
        assert!(url.as_str().starts_with("https://client.example/callback?"), "{url}");
        let callback = Callback::from_url(&url);
        assert_eq!(callback.get("error"), Some(code), "{fields:?}");
        assert_eq!(callback.get("state"), Some("state-1"), "{fields:?}");
        assert_eq!(callback.get("iss"), Some(server.issuer.as_str()), "{fields:?}");
        assert!(callback.get("code").is_none());
    }
}

#[tokio::test]
async fn an_error_is_held_until_somebody_signs_in() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("scope", "admin")])).await.page();
    assert!(login.has("#login"), "a user who is not signed in is not redirected");
    let callback = Callback::from_url(&browser.sign_in(&login, "ada").await.client());
    assert_eq!(callback.get("error"), Some("invalid_scope"));
}

#[tokio::test]
async fn prompt_none_is_answered_without_a_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let silent = web.authorization_url(&[("prompt", "none")]);

    let callback = Callback::from_url(&browser.open(&silent).await.client());
    assert_eq!(callback.get("error"), Some("login_required"));
    let wrong = web.authorization_url(&[("prompt", "none"), ("scope", "admin")]);
    let callback = Callback::from_url(&browser.open(&wrong).await.client());
    assert_eq!(callback.get("error"), Some("invalid_scope"));

    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let callback = Callback::from_url(&browser.open(&silent).await.client());
    assert_eq!(callback.get("error"), Some("consent_required"));
    browser.allow(&consent).await;
    let callback = Callback::from_url(&browser.open(&silent).await.client());
    assert!(callback.get("code").is_some());
}

#[tokio::test]
async fn unknown_parameters_and_hints_are_ignored() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let extra = [
        ("extra", "foobar"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("login_hint", "ada"),
        ("interaction", "x"),
        ("posted", "x"),
    ];
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&extra)).await.page();
    assert_eq!(login.attribute("input[name=username]", "value"), "ada");
    let consent = browser.sign_in(&login, "ada").await.page();
    assert!(Callback::from_url(&browser.allow(&consent).await.client()).get("code").is_some());
}

#[tokio::test]
async fn a_posted_request_is_answered_like_one_in_the_query() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let url = url::Url::parse(&web.authorization_url(&[])).unwrap();
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    let login = browser.post("/oauth/authorize", &fields).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    web.redeemed(callback.code()).await;
    // The user is signed in and has consented, so the answer is immediate.
    assert!(matches!(browser.post("/oauth/authorize", &fields).await, Landed::Client(_)));
}

#[tokio::test]
async fn nothing_is_kept_of_a_posted_request_that_no_client_can_have_sent() {
    let server = TestServer::start().await;
    let browser = Browser::new(&server.issuer);
    for fields in [vec![], vec![("client_id", "nobody")], vec![("x", "y")]] {
        let fields: Vec<_> =
            fields.into_iter().map(|(k, v): (&str, &str)| (k.to_owned(), v.to_owned())).collect();
        let page = browser.post("/oauth/authorize", &fields).await.page();
        assert_eq!((page.status.as_u16(), page.has("#error")), (400, true));
        assert!(page.url.ends_with("/oauth/authorize"), "the browser was redirected");
    }
}

/// Where the browser is sent with what it posted.
async fn sealed(browser: &Browser, server: &TestServer, path: &str, fields: &[(&str, &str)]) -> String {
    let request = browser.http().post(server.url(path)).header("origin", "https://site.example").form(fields);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Whether the address is that of an authorization request. Otherwise there is a login of its own.
async fn asks_for_consent(server: &TestServer, address: &str) -> bool {
    let browser = Browser::new(&server.issuer);
    let login = browser.open(address).await.page();
    browser.sign_in(&login, "ada").await.page().has("#allow")
}

#[tokio::test]
async fn what_was_posted_travels_sealed_for_a_minute_to_its_endpoint_only() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let url = url::Url::parse(&web.authorization_url(&[("state", "a secret")])).unwrap();
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let to_authorize = sealed(&browser, &server, "/oauth/authorize", &fields).await;
    let again = sealed(&browser, &server, "/oauth/authorize", &fields).await;
    assert!(!to_authorize.contains("secret") && to_authorize != again, "{to_authorize}");
    assert!(asks_for_consent(&server, &to_authorize).await);

    let to_logout = sealed(&browser, &server, "/oauth/logout", &[("state", "x")]).await;
    assert_eq!(browser.open(&to_logout).await.page().status, 200);
    let swapped = to_authorize.replace("/oauth/authorize", "/oauth/logout");
    assert_eq!(browser.open(&swapped).await.page().status, 400);
    let mut changed = to_authorize.clone();
    let last = if changed[changed.len() - 5..].starts_with('A') { "B" } else { "A" };
    changed.replace_range(changed.len() - 5..changed.len() - 4, last);
    assert!(!asks_for_consent(&server, &changed).await);

    server.clock.advance(Duration::seconds(61));
    assert!(!asks_for_consent(&server, &to_authorize).await);
    // What does not fit into an address is refused.
    let long = "x".repeat(20 * 1024);
    let long = [fields.as_slice(), &[("request", long.as_str())]].concat();
    let answer = browser.http().post(server.url("/oauth/authorize")).form(&long).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn looking_does_not_act() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for url in [web.authorization_url(&[]), server.url("/oauth/logout"), server.url("/login")] {
        let answer = browser.http().head(&url).send().await.unwrap();
        assert_eq!(answer.status(), 405, "{url}");
        assert!(!answer.headers().contains_key("location"));
    }
    assert_eq!(browser.http().head(server.url("/health")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn answers_travel_in_the_mode_that_was_asked_for() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;

    let url = browser.open(&web.authorization_url(&[("response_mode", "fragment")])).await.client();
    assert!(url.query().is_none() && url.fragment().unwrap().contains("code="));

    for (fields, expected) in [
        (vec![("response_mode", "form_post")], "code"),
        (vec![("response_mode", "form_post"), ("scope", "admin")], "error"),
    ] {
        let page = browser.open(&web.authorization_url(&fields)).await.page();
        assert_eq!(page.attribute("form", "action"), "https://client.example/callback");
        assert!(page.has(&format!("input[type=hidden][name={expected}]")));
        assert_eq!(page.attribute("input[name=state]", "value"), "state-1");
        assert_eq!(page.attribute("input[name=iss]", "value"), server.issuer);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let nonce = page.attribute("script", "nonce");
        assert!(nonce.len() >= 22 && policy.contains(&format!("script-src 'nonce-{nonce}'")));
    }
}

#[tokio::test]
async fn the_query_of_a_registered_redirect_uri_is_kept() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.redirect_uris = vec!["https://client.example/cb?tenant=a%26b&x=1".parse().unwrap()];
    })
    .await;
    let url = Browser::new(&server.issuer).sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    assert!(url.as_str().starts_with("https://client.example/cb?tenant=a%26b&x=1&code="), "{url}");
}
