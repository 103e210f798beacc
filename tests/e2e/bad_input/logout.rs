//! Logout (OpenID Connect RP-Initiated Logout §4): a wrong request ends no session and redirects
//! nowhere. `logout.rs` tests wrong hints and unregistered URIs.

use tests::support::{Browser, RelyingParty, TestServer};
use url::Url;

#[tokio::test]
async fn a_logout_that_cannot_be_read_ends_nothing() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let granted = web.tokens(&browser, "ada", &[]).await;
    let hint = granted.text("id_token");
    let long = "x".repeat(10_000);
    let twice = |name: &'static str, value: &str| {
        vec![("id_token_hint", hint.to_owned()), ("state", "s".to_owned()), (name, value.to_owned())]
    };
    for (why, parameters) in [
        ("the hint twice", twice("id_token_hint", hint)),
        ("the state twice", twice("state", "s")),
        ("an oversized hint", vec![("id_token_hint", long.clone())]),
        ("an access token for a hint", vec![("id_token_hint", granted.text("access_token").to_owned())]),
        ("a refresh token for a hint", vec![("id_token_hint", granted.text("refresh_token").to_owned())]),
        ("an unknown client", vec![("client_id", "nobody".to_owned())]),
        ("an oversized client", vec![("client_id", long.clone())]),
        (
            "an unregistered address",
            vec![
                ("post_logout_redirect_uri", format!("https://evil.example/{long}")),
                ("client_id", "web".to_owned()),
            ],
        ),
    ] {
        let url = Url::parse_with_params(&server.url("/oauth/logout"), parameters).unwrap();
        let page = browser.open(url.as_str()).await.page();
        assert_eq!(
            (page.status.as_u16(), page.text("#error-code").as_str()),
            (400, "invalid_request"),
            "{why}"
        );
        assert_eq!(page.headers["cache-control"], "no-store", "{why}");
        assert!(!page.html.contains("evil.example"), "{why}");
        assert_eq!(web.userinfo(granted.text("access_token")).await.status(), 200, "{why}");
    }
    let undecodable = browser.open("/oauth/logout?state=%ff").await.page();
    assert_eq!(
        (undecodable.status.as_u16(), undecodable.text("#error-code").as_str()),
        (400, "invalid_request")
    );
    let request = browser.http().post(server.url("/oauth/logout")).form(&[("state", "x".repeat(70_000))]);
    assert_eq!(request.send().await.unwrap().status(), 413);

    let page = browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await.page();
    assert!(page.has("#logged-out"), "the honest one");
    assert_eq!(web.userinfo(granted.text("access_token")).await.status(), 401);
}
