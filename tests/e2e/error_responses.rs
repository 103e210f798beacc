//! Errors of authorization requests reach the application, unless that made the server an open redirector, and each of
//! them is in the log once (RFC 6749 §4.1.2.1, RFC 9207, RFC 9700 §4.11.2).

use application::settings::RegistrationMode;
use reqwest::header::LOCATION;
use serde_json::json;
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer, Tokens, logged};
use url::Url;

/// A server with open registration, and a client that registered itself.
async fn self_registered(redirect_uri: &str) -> (TestServer, RelyingParty) {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    let client = register(&server, redirect_uri).await;
    (server, client)
}

async fn register(server: &TestServer, redirect_uri: &str) -> RelyingParty {
    let metadata = json!({
        "redirect_uris": [redirect_uri], "scope": "openid email",
        "application_type": if redirect_uri.starts_with("https") { "web" } else { "native" },
    });
    let request =
        reqwest::Client::builder().no_proxy().build().unwrap().post(server.url("/connect/register"));
    let answer: Tokens =
        RelyingParty::successful_with(request.json(&metadata).send().await.unwrap(), 201).await;
    let secret = answer.text("client_secret").to_owned();
    RelyingParty::registered(&server.issuer, answer.text("client_id"), Some(secret), redirect_uri)
}

/// A browser in which Ada is signed in.
async fn signed_in(server: &TestServer) -> Browser {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    browser
}

const WRONG: [(&str, &str); 3] =
    [("scope", "admin"), ("response_type", "id"), ("code_challenge_method", "plain")];

#[tokio::test]
async fn every_error_that_is_redirected_has_a_reference_and_one_line_in_the_log() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.scope = "openid profile email read".parse().unwrap();
    })
    .await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for (field, code, parts) in [
        (("scope", "openid write"), "invalid_scope", vec!["the scope write", "email openid profile read"]),
        (("response_type", "code token"), "unsupported_response_type", vec!["code token"]),
        (("response_mode", "web_message"), "invalid_request", vec!["web_message", "form_post"]),
        (("prompt", "dance"), "invalid_request", vec!["dance", "select_account"]),
        (("max_age", "soon"), "invalid_request", vec!["soon"]),
        (("code_challenge_method", "plain"), "invalid_request", vec!["plain", "S256"]),
        (("code_challenge", "short"), "invalid_request", vec!["5 characters instead of 43"]),
        (("resource", "https://other.example"), "invalid_target", vec!["https://other.example"]),
        (("id_token_hint", "nonsense"), "invalid_request", vec!["id_token_hint"]),
    ] {
        for silent in [false, true] {
            let mut url = Url::parse(&web.authorization_url(&[field])).unwrap();
            if silent && field.0 != "prompt" {
                url.query_pairs_mut().append_pair("prompt", "none");
            }
            let answer = browser.http().get(url).send().await.unwrap();
            let location = Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
            let callback = Callback::from_url(&location);
            assert_eq!(callback.get("error"), Some(code), "{field:?}");
            let reference = answer.headers()["error-reference"].to_str().unwrap();
            let error_uri = format!("{}/errors/{reference}", server.issuer);
            assert_eq!(callback.get("error_uri"), Some(error_uri.as_str()));
            let line = logged(reference);
            assert_eq!((&line["client"], &line["error"]), (&json!("web"), &json!(code)), "{line}");
            let reason = line["reason"].as_str().unwrap();
            assert!(parts.iter().all(|part| reason.contains(part)), "{parts:?}: {reason}");
        }
    }
    // What the rules about the user refuse, and what the user refuses.
    let silent =
        browser.open(&web.authorization_url(&[("prompt", "none"), ("scope", "read")])).await.client();
    let page = browser.open(&web.authorization_url(&[("prompt", "consent")])).await.page();
    let denied = browser.submit(&page, &[("decision", "deny")]).await.client();
    for (url, code) in [(silent, "consent_required"), (denied, "access_denied")] {
        let callback = Callback::from_url(&url);
        assert_eq!(callback.get("error"), Some(code));
        let line = logged(callback.get("error_uri").unwrap().rsplit('/').next().unwrap());
        assert_eq!((&line["client"], &line["error"]), (&json!("web"), &json!(code)), "{line}");
    }
}

#[tokio::test]
async fn a_held_error_is_in_the_log_at_once_and_keeps_its_reference() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("scope", "admin")])).await.page();
    assert!(login.has("#login"));
    let callback = Callback::from_url(&browser.sign_in(&login, "ada").await.client());
    assert_eq!(callback.get("error"), Some("invalid_scope"));
    let line = logged(callback.get("error_uri").unwrap().rsplit('/').next().unwrap());
    assert!(line["reason"].as_str().unwrap().contains("admin"), "{line}");
}

#[tokio::test]
async fn what_was_sent_is_escaped_and_cut_in_the_log_and_what_is_registered_stands_beside_it() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let hostile = format!("https://evil.example/\n\u{1b}[2J\u{202e}{}", "x".repeat(3000));
    for (field, parts) in [
        (
            ("redirect_uri", hostile.as_str()),
            vec!["web sent", r"evil.example/\n\u{1b}[2J\u{202e}x", "https://client.example/callback"],
        ),
        (("client_id", "a\nb"), vec![r"a\nb"]),
        (("client_id", "nobody"), vec!["nobody"]),
        (("redirect_uri", ""), vec!["no redirect_uri", "https://client.example/callback"]),
    ] {
        let page = browser.open(&web.authorization_url(&[field])).await.page();
        let line = logged(page.headers["error-reference"].to_str().unwrap());
        let reason = line["reason"].as_str().unwrap();
        assert!(parts.iter().all(|part| reason.contains(part)), "{parts:?}: {reason}");
        assert!(reason.len() < 1500 && !reason.contains(['\n', '\u{1b}', '\u{202e}']), "{reason:?}");
    }
    let missing = browser.open(&web.authorization_url(&[("redirect_uri", "")])).await.page();
    assert_eq!(missing.text("#description"), "redirect_uri is missing.", "a parameter keeps its spelling");
}

#[tokio::test]
async fn the_log_of_a_refused_client_request_names_the_client_and_what_differed() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let code = web.code(&Browser::new(&server.issuer), "ada", &[]).await;
    let grant = ("grant_type", "authorization_code");
    for (path, fields, parts) in [
        (
            "/oauth/token",
            vec![("grant_type", "client_credentials")],
            vec!["client_credentials", "refresh_token"],
        ),
        ("/oauth/token", vec![("grant_type", "magic\u{7}")], vec![r"magic\u{7}", "authorization_code"]),
        (
            "/oauth/token",
            vec![grant, ("code", code.as_str()), ("redirect_uri", "https://evil.example/")],
            vec!["https://evil.example/", "https://client.example/callback"],
        ),
        ("/oauth/par", vec![("scope", "read")], vec!["response_type"]),
        ("/oauth/device_authorization", vec![("scope", "read")], vec!["device_code", "refresh_token"]),
        ("/oauth/introspect", vec![], vec!["token"]),
        ("/oauth/revoke", vec![], vec!["token"]),
    ] {
        let answer = web.post(path, &fields).await;
        assert_eq!(answer.status(), 400, "{path}");
        let line = logged(answer.headers()["error-reference"].to_str().unwrap());
        assert_eq!(line["client"], "web", "{path}: {line}");
        let reason = line["reason"].as_str().unwrap();
        assert!(parts.iter().all(|part| reason.contains(part)), "{parts:?}: {reason}");
        assert!(!reason.contains(&code), "a code is never logged");
    }
    let wrong = web.with_secret("wrong").token(&[("grant_type", "client_credentials")]).await;
    let line = logged(wrong.headers()["error-reference"].to_str().unwrap());
    assert_eq!((&line["client"], &line["error"]), (&json!("web"), &json!("invalid_client")));
    assert!(!line.to_string().contains("wrong\""), "{line}");
}

#[tokio::test]
async fn errors_of_response_types_with_tokens_go_in_the_fragment() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for kind in ["token", "id_token", "id_token token", "code token", "code id_token", "code id_token token"]
    {
        for fields in [vec![], vec![("prompt", "none")], vec![("response_mode", "nonsense")]] {
            let fields = [&fields[..], &[("response_type", kind)]].concat();
            let url = browser.open(&web.authorization_url(&fields)).await.client();
            assert_eq!(url.query(), None, "{kind}: {url}");
            let fragment = url.fragment().unwrap();
            let error = if fields.iter().any(|(name, _)| *name == "response_mode") {
                "error=invalid_request"
            } else {
                "error=unsupported_response_type"
            };
            assert!(fragment.contains(error) && fragment.contains("state=state-1"), "{kind}: {fragment}");
        }
        let asked = [("response_type", kind), ("response_mode", "query")];
        let url = browser.open(&web.authorization_url(&asked)).await.client();
        assert!(url.fragment().is_none() && url.query().unwrap().contains("error="), "{url}");
    }
    let url = browser.open(&web.authorization_url(&[("response_type", "none")])).await.client();
    assert!(url.query().unwrap().contains("error=unsupported_response_type"), "{url}");
}

#[tokio::test]
async fn a_prompt_that_contains_none_beside_others_is_silent() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    for prompt in ["none login", "login none", "consent none select_account", " none  dance"] {
        let url = web.authorization_url(&[("prompt", prompt)]);
        let callback = Callback::from_url(&Browser::new(&server.issuer).open(&url).await.client());
        assert_eq!(callback.get("error"), Some("invalid_request"), "{prompt}");
    }
}

#[tokio::test]
async fn an_error_of_a_self_registered_client_is_a_page_until_the_user_has_agreed_to_the_client() {
    let (server, client) = self_registered("https://client.example/callback?tenant=1").await;
    let browser = signed_in(&server).await;
    for wrong in WRONG {
        let page = browser.open(&client.authorization_url(&[wrong])).await.page();
        assert_eq!(page.status, 400, "{wrong:?}");
        assert!(page.text("#way-back").contains("client.example"), "{}", page.html);
        let reference = page.headers["error-reference"].to_str().unwrap().to_owned();
        let way = Url::parse(&page.attribute("#continue", "href")).unwrap();
        assert!(way.as_str().starts_with("https://client.example/callback?tenant=1&error="), "{way}");
        let callback = Callback::from_url(&way);
        assert_eq!(callback.get("error"), Some(page.text("#error-code").as_str()));
        assert_eq!((callback.get("state"), callback.get("iss")), (Some("state-1"), Some(&*server.issuer)));
        assert!(callback.get("error_uri").unwrap().ends_with(&reference));
        assert_eq!(logged(&reference)["client"], client.id.as_str());
        // With `prompt=none` there is never a page.
        let silent = client.authorization_url(&[wrong, ("prompt", "none")]);
        assert!(matches!(browser.open(&silent).await, Landed::Client(_)), "{wrong:?}");
    }
    // A response that is posted gets a button.
    let posted = client.authorization_url(&[WRONG[0], ("response_mode", "form_post")]);
    let page = browser.open(&posted).await.page();
    assert_eq!(page.attribute("form", "action"), "https://client.example/callback?tenant=1");
    assert_eq!(page.attribute("input[name=error]", "value"), "invalid_scope");
    assert!(!page.has("script"), "only the user sends it");
    // A user who signs in because of the error sees the page too.
    let stranger = Browser::new(&server.issuer);
    let login = stranger.open(&client.authorization_url(&[WRONG[0]])).await.page();
    let page = stranger.sign_in(&login, "ada").await.page();
    assert_eq!((page.text("#error-code").as_str(), page.has("#continue")), ("invalid_scope", true));
    // The user denies with open eyes, and is sent back.
    let consent = browser.open(&client.authorization_url(&[])).await.page();
    let denied = Callback::from_url(&browser.submit(&consent, &[("decision", "deny")]).await.client());
    assert_eq!(denied.get("error"), Some("access_denied"));
    assert!(browser.open(&client.authorization_url(&[WRONG[0]])).await.page().has("#continue"));
    client.tokens(&browser, "ada", &[]).await;
    for wrong in WRONG {
        assert!(matches!(browser.open(&client.authorization_url(&[wrong])).await, Landed::Client(_)));
    }
    // Another user has not consented.
    server.user("eve").await;
    let other = Browser::new(&server.issuer);
    let login = other.open(&client.authorization_url(&[WRONG[0]])).await.page();
    assert!(other.sign_in(&login, "eve").await.page().has("#continue"));
}

#[tokio::test]
async fn what_the_server_decides_about_the_user_of_a_self_registered_client_is_a_page_too() {
    let (server, client) = self_registered("https://client.example/callback").await;
    let browser = signed_in(&server).await;
    let acr = json!({"id_token": {"acr": {"essential": true, "values": ["unreachable"]}}}).to_string();
    let unmet = client.authorization_url(&[("claims", &acr)]);
    let page = browser.open(&unmet).await.page();
    assert_eq!(page.text("#error-code"), "unmet_authentication_requirements");
    assert!(page.has("#continue"));
    client.tokens(&browser, "ada", &[]).await;
    let callback = Callback::from_url(&browser.open(&unmet).await.client());
    assert_eq!(callback.get("error"), Some("unmet_authentication_requirements"));
    // An operator who marks the client as their own vouches for it.
    let own = register(&server, "https://own.example/callback").await;
    let id = own.id.parse().unwrap();
    server.update_client(&id, |client| client.first_party = true).await.unwrap();
    assert!(matches!(browser.open(&own.authorization_url(&[WRONG[0]])).await, Landed::Client(_)));
}

#[tokio::test]
async fn a_self_registered_native_application_is_named_by_its_uri() {
    let (server, client) = self_registered("com.example.app:/callback").await;
    let browser = signed_in(&server).await;
    let page = browser.open(&client.authorization_url(&[WRONG[0]])).await.page();
    assert!(page.text("#way-back").contains("com.example.app:/callback"), "{}", page.html);
    assert!(page.attribute("#continue", "href").starts_with("com.example.app:/callback?error=invalid_scope"));
    let consent = browser.open(&client.authorization_url(&[])).await.page();
    assert_eq!(consent.text(".host"), "com.example.app:/callback", "{}", consent.html);
    assert!(consent.text("#unverified").contains("registered itself"), "{}", consent.html);
}
