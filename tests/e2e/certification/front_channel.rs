//! Front-Channel Logout OP (OpenID Connect Front-Channel Logout 1.0).

use serde_json::json;
use url::Url;

use super::config;
use super::module::{Mode, Module};

#[tokio::test]
async fn oidcc_frontchannel_logout_discovery_endpoint_verification() {
    let module = Module::begin(Mode::Query, json!({})).await;
    let metadata = config::verified(&module).await;
    assert_eq!(metadata["frontchannel_logout_supported"], true);
    assert_eq!(metadata["frontchannel_logout_session_supported"], true);
    module.end().await;
}

#[tokio::test]
async fn oidcc_frontchannel_rp_initiated_logout() {
    let frame = "https://suite.example/frontchannel";
    let back = "https://suite.example/bye";
    let module = Module::begin(
        Mode::Query,
        json!({
            "frontchannel_logout_uri": frame, "frontchannel_logout_session_required": true,
            "post_logout_redirect_uris": [back],
        }),
    )
    .await;
    assert_eq!(module.client.document["frontchannel_logout_uri"], frame);
    let tokens = module.tokens(&[]).await;
    let fields =
        [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", back), ("state", "s-1")];
    let url = Url::parse_with_params(&module.suite.server.url("/oauth/logout"), fields).unwrap();
    let page = module.browser.open(url.as_str()).await.page();
    assert!(page.has("h1#logged-out"), "{}", page.html);

    let told = Url::parse(&page.attribute("iframe", "src")).unwrap();
    assert!(told.as_str().starts_with(&format!("{frame}?")), "{told}");
    let query: Vec<_> = told.query_pairs().into_owned().collect();
    let sid = tokens.claims("id_token")["sid"].as_str().unwrap().to_owned();
    let expected = [("iss", module.suite.server.issuer.clone()), ("sid", sid)];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value)));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-src https://suite.example"), "{policy}");

    // Continues to the client, automatically or by the link.
    let on = format!("{back}?state=s-1");
    assert!(page.attribute("meta[http-equiv=refresh]", "content").ends_with(&format!("url={on}")));
    assert_eq!(page.attribute("a#continue", "href"), on);
    assert_eq!(module.answered(&[("prompt", "none")]).await.error(), "login_required");
    module.end().await;
}
