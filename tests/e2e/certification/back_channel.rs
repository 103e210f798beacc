//! Back-Channel Logout OP (OpenID Connect Back-Channel Logout 1.0).

use jsonwebtoken::Algorithm;
use serde_json::json;
use url::Url;

use super::module::{Mode, Module};
use super::site::Site;
use super::suite::Suite;
use super::{checks, config};

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let module = Module::begin(Mode::Query, json!({})).await;
    let metadata = config::verified(&module).await;
    assert_eq!(metadata["backchannel_logout_supported"], true);
    assert_eq!(metadata["backchannel_logout_session_supported"], true);
    module.end().await;
}

#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout() {
    let suite = Suite::running().await;
    let mut site = Site::open(&suite.certificate).await;
    let module = Module::begin(
        Mode::Query,
        json!({"backchannel_logout_uri": site.logout_uri(), "backchannel_logout_session_required": true}),
    )
    .await;
    let tokens = module.tokens(&[]).await;
    let id_token = tokens.claims("id_token");
    let fields = [("id_token_hint", tokens.text("id_token"))];
    let url = Url::parse_with_params(&module.suite.server.url("/oauth/logout"), fields).unwrap();
    assert!(module.browser.open(url.as_str()).await.page().has("h1#logged-out"));

    let token = site.logout_token().await;
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::RS256, Some("logout+jwt")));
    let claims = checks::verified(&token, &module.jwks().await, Algorithm::RS256);
    let now = module.suite.server.now().timestamp();
    assert_eq!(claims["iss"], module.suite.server.issuer);
    assert_eq!(claims["aud"], module.client.party.id);
    assert!((claims["iat"].as_i64().unwrap() - now).abs() <= 300);
    assert!(claims["exp"].as_i64().unwrap() > now);
    assert!(!claims["jti"].as_str().unwrap().is_empty());
    assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    assert_eq!((&claims["sub"], &claims["sid"]), (&id_token["sub"], &id_token["sid"]));
    assert_eq!(claims.get("nonce"), None);
    module.end().await;
}
