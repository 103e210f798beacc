//! The authorization endpoint (RFC 6749 §3.1, §4.1.2.1): requests that cannot be parsed.
//! `authorization_errors.rs` tests wrong values.

use tests::support::{Browser, Callback, RelyingParty, TestServer};

#[tokio::test]
async fn a_request_that_cannot_be_read_stays_on_our_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let good = web.authorization_url(&[]);
    browser.sign_in_and_consent(&good, "ada").await;
    for garbage in ["%ff", "%C3=%A9", "x=%ED%A0%80"] {
        let page = browser.open(&format!("{good}&{garbage}")).await.page();
        assert_eq!(
            (page.status.as_u16(), page.text("#error-code").as_str()),
            (400, "invalid_request"),
            "{garbage}"
        );
        assert_eq!(page.headers["cache-control"], "no-store");
    }
    let request = browser.http().post(server.url("/oauth/authorize")).form(&[("state", "x".repeat(70_000))]);
    assert_eq!(request.send().await.unwrap().status(), 413);
    assert!(Callback::from_url(&browser.open(&good).await.client()).get("code").is_some(), "the honest one");
}

#[tokio::test]
async fn an_oversized_parameter_is_refused_or_carried_but_never_breaks_anything() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let long = "x".repeat(10_000);
    for name in ["client_id", "redirect_uri"] {
        let page = browser.open(&web.authorization_url(&[(name, &long)])).await.page();
        let code = if name == "client_id" { "invalid_client" } else { "invalid_request" };
        assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (400, code), "{name}");
    }
    for (name, code) in [
        ("response_type", "unsupported_response_type"),
        ("response_mode", "invalid_request"),
        ("scope", "invalid_scope"),
        ("code_challenge", "invalid_request"),
        ("code_challenge_method", "invalid_request"),
        ("prompt", "invalid_request"),
        ("max_age", "invalid_request"),
        ("id_token_hint", "invalid_request"),
    ] {
        let callback =
            Callback::from_url(&browser.open(&web.authorization_url(&[(name, &long)])).await.client());
        assert_eq!((callback.get("error"), callback.get("code")), (Some(code), None), "{name}");
    }
    // All data that is kept until a user signs in is bounded. A state that is too long is not repeated.
    for (name, most) in
        [("state", 4_096), ("nonce", 4_096), ("login_hint", 1_024), ("claims", 8_192), ("ui_locales", 1_024)]
    {
        let too_long = "x".repeat(most + 1);
        let url = web.authorization_url(&[(name, &too_long)]);
        let callback = Callback::from_url(&browser.open(&url).await.client());
        assert_eq!(callback.get("error"), Some("invalid_request"), "{name}");
        let expected = format!("{name} is longer than {most} bytes");
        assert_eq!(callback.get("error_description"), Some(expected.as_str()));
        assert_eq!(callback.get("state"), (name != "state").then_some("state-1"), "{name}");
    }
    // Parameters with a free value, such as `state`, come back unchanged.
    let long = "x".repeat(4_096);
    let callback = Callback::from_url(
        &browser.open(&web.authorization_url(&[("state", &long), ("nonce", &long)])).await.client(),
    );
    assert_eq!(callback.get("state"), Some(long.as_str()));
    assert_eq!(web.redeemed(callback.code()).await.claims("id_token")["nonce"], long);
}

#[tokio::test]
async fn a_control_character_in_free_text_is_refused_and_not_repeated() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for name in ["state", "nonce", "login_hint"] {
        for control in ["\0", "\n", "\u{1f}", "\u{7f}"] {
            let url = web.authorization_url(&[(name, &format!("a{control}b"))]);
            let callback = Callback::from_url(&browser.open(&url).await.client());
            assert_eq!(callback.get("error"), Some("invalid_request"), "{name} {control:?}");
            let expected = format!("{name} contains a control character");
            assert_eq!(callback.get("error_description"), Some(expected.as_str()));
            assert_eq!(callback.get("state"), (name != "state").then_some("state-1"), "{name} {control:?}");
        }
    }
    // Every other text comes back unchanged.
    let url = web.authorization_url(&[("state", " ~\u{80}ü日本"), ("login_hint", "ü")]);
    let callback = Callback::from_url(&browser.open(&url).await.client());
    assert_eq!(callback.get("state"), Some(" ~\u{80}ü日本"));
}
