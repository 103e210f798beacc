//! Each listed grant succeeds. Every other grant, known or foreign, is `unsupported_grant_type`
//! (RFC 6749 §5.2), whatever the client registered.

use domain::GrantType;
use reqwest::Response;
use tests::support::{PASSWORD, RelyingParty, Tokens};

use super::walk::{Walk, error_of};

/// Grant types of other specifications.
const FOREIGN: [&str; 5] = [
    "implicit",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:openid:params:grant-type:ciba",
];

pub(super) async fn each_listed_grant_succeeds_and_every_other_is_unsupported(walk: &Walk) {
    let listed = walk.list("grant_types_supported");
    let mut refused = 0;
    for grant in GrantType::ALL {
        let answer = present(walk, grant, listed.contains("refresh_token")).await;
        if listed.contains(grant.as_str()) {
            let tokens = RelyingParty::successful(answer).await;
            assert_tokens(walk, grant, &tokens, listed.contains("refresh_token")).await;
        } else {
            let unsupported = (400, "unsupported_grant_type".to_owned());
            assert_eq!(error_of(answer).await, unsupported, "{}: {grant}", walk.name);
            refused += 1;
        }
    }
    assert_eq!(listed.len() + refused, GrantType::ALL.len(), "{}: {listed:?}", walk.name);
    for grant in FOREIGN {
        assert!(!listed.contains(grant), "{grant} is listed, but this test does not try it");
        let answer = walk.web.token(&[("grant_type", grant), ("assertion", "x")]).await;
        assert_eq!(error_of(answer).await, (400, "unsupported_grant_type".to_owned()), "{grant}");
    }
}

/// A token request with all parameters of the grant.
async fn present(walk: &Walk, grant: GrantType, may_refresh: bool) -> Response {
    let web = &walk.web;
    match grant {
        GrantType::AuthorizationCode => web.redeem(walk.granted(web, &[]).await.code()).await,
        GrantType::ClientCredentials => {
            web.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await
        }
        GrantType::RefreshToken => {
            let tokens = walk.tokens(web, &[]).await;
            assert_eq!(tokens.0.get("refresh_token").is_some(), may_refresh, "{}", walk.name);
            web.refresh(tokens.0["refresh_token"].as_str().unwrap_or("x")).await
        }
        GrantType::DeviceCode => {
            let begun = web.post("/oauth/device_authorization", &[("scope", "openid read")]).await;
            let begun = RelyingParty::successful(begun).await;
            let page = walk.browser.open(begun.text("verification_uri_complete")).await.page();
            let done = walk.browser.submit(&page, &[("decision", "allow")]).await.page();
            assert!(done.has("#device-allowed"), "{}", done.html);
            web.token(&[("grant_type", grant.as_str()), ("device_code", begun.text("device_code"))]).await
        }
        GrantType::Password => {
            let user = [("username", "ada"), ("password", PASSWORD), ("scope", "openid read")];
            web.token(&[&[("grant_type", "password")], &user[..]].concat()).await
        }
    }
}

/// Every token of a grant works, and has the form that the settings require.
async fn assert_tokens(walk: &Walk, grant: GrantType, tokens: &Tokens, may_refresh: bool) {
    let for_a_user = grant != GrantType::ClientCredentials;
    assert_eq!(tokens.0.get("id_token").is_some(), for_a_user, "{}: {grant}", walk.name);
    let refreshes = tokens.0.get("refresh_token").is_some();
    assert_eq!(refreshes, for_a_user && may_refresh, "{}: {grant}", walk.name);
    let token = tokens.text("access_token");
    let is_jwt = token.split('.').count() == 3;
    assert_eq!(is_jwt, !walk.server.settings.opaque_access_tokens, "{}: {token}", walk.name);
    if is_jwt {
        let header = jsonwebtoken::decode_header(token).unwrap();
        let alg = walk.server.settings.access_token_alg.as_str();
        assert_eq!(format!("{:?}", header.alg), alg, "{}", walk.name);
    }
    assert_eq!(walk.web.introspect(token).await["active"], true, "{}: {grant}", walk.name);
    let userinfo = walk.web.userinfo(token).await.status().as_u16();
    assert_eq!(userinfo, if for_a_user { 200 } else { 403 }, "{}: {grant}", walk.name);
}
