//! Authorization codes and PKCE (RFC 9700 §2.1.1, §4.2.4, §4.5, §4.8.2).

use serde_json::json;
use tests::support::{Browser, Pkce, RelyingParty};

use super::{answered, error, metadata, server};

const WITHOUT_PKCE: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

/// A token request for this code with additional parameters.
async fn redeem(client: &RelyingParty, code: &str, more: &[(&str, &str)]) -> reqwest::Response {
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code)];
    fields.extend(more);
    client.token(&fields).await
}

#[tokio::test]
async fn section_2_1_1_pkce_is_supported_and_its_absence_is_refused_before_a_code_is_issued() {
    let (server, web, browser) = server().await;
    web.tokens(&browser, "ada", &[]).await;
    let app = RelyingParty::public(&server, "app").await;
    for client in [&web, &app] {
        let url = client.authorization_url(&WITHOUT_PKCE);
        assert_eq!(answered(&browser, &url).await.get("error"), Some("invalid_request"), "{}", client.id);
    }
}

#[tokio::test]
async fn section_2_1_1_the_verifier_is_not_in_the_authorization_request() {
    let (_server, web, browser) = server().await;
    web.tokens(&browser, "ada", &[]).await;
    let challenge = Pkce::new().verifier;
    let plain = web.authorization_url(&[("code_challenge", &challenge), ("code_challenge_method", "plain")]);
    assert_eq!(answered(&browser, &plain).await.get("error"), Some("invalid_request"));
}

#[tokio::test]
async fn section_2_1_1_where_there_was_a_challenge_the_right_verifier_is_enforced() {
    let (server, web, browser) = server().await;
    let app = RelyingParty::public(&server, "app").await;
    let (wrong, right) = (Pkce::from_seed(8).verifier, Pkce::new().verifier);
    for client in [&web, &app] {
        let code = client.code(&browser, "ada", &[]).await;
        for fields in [vec![], vec![("code_verifier", wrong.as_str())], vec![("code_verifier", "")]] {
            let answer = redeem(client, &code, &fields).await;
            assert_eq!((answer.status().as_u16(), error(answer).await.as_str()), (400, "invalid_grant"));
        }
        assert_eq!(redeem(client, &code, &[("code_verifier", &right)]).await.status(), 200);
    }
}

#[tokio::test]
async fn section_2_1_1_and_4_7_1_support_for_pkce_can_be_detected() {
    let (server, ..) = server().await;
    assert_eq!(metadata(&server).await["code_challenge_methods_supported"], json!(["S256"]));
}

#[tokio::test]
async fn section_4_8_2_a_verifier_is_refused_where_there_was_no_challenge() {
    let (server, ..) = server().await;
    let web = RelyingParty::register(&server, "exempted", |client| client.require_pkce = false).await;
    let code = web.code(&Browser::new(&server.issuer), "ada", &WITHOUT_PKCE).await;
    let sent = [("redirect_uri", web.redirect_uri.as_str()), ("code_verifier", &Pkce::new().verifier)];
    assert_eq!(error(redeem(&web, &code, &sent).await).await, "invalid_grant");
}

#[tokio::test]
async fn section_4_2_4_a_code_is_good_once_and_its_second_use_ends_what_the_first_gave() {
    let (_server, web, browser) = server().await;
    let code = web.code(&browser, "ada", &[]).await;
    let tokens = web.redeemed(&code).await;
    assert_eq!(error(web.redeem(&code).await).await, "invalid_grant");
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(error(web.refresh(tokens.text("refresh_token")).await).await, "invalid_grant");
}

#[tokio::test]
async fn section_4_5_2_a_code_is_for_one_client_and_one_redirect_uri() {
    let (server, web, browser) = server().await;
    let thief = RelyingParty::confidential(&server, "thief").await;
    let code = web.code(&browser, "ada", &[]).await;
    assert_eq!(error(thief.redeem(&code).await).await, "invalid_grant");
    let verifier = Pkce::new().verifier;
    let elsewhere = [("code_verifier", verifier.as_str()), ("redirect_uri", "https://evil.example/")];
    assert_eq!(error(redeem(&web, &code, &elsewhere).await).await, "invalid_grant");
    web.redeemed(&code).await;
}

#[tokio::test]
async fn section_4_5_3_1_a_code_of_another_transaction_does_not_fit_this_one() {
    let (server, web, victim) = server().await;
    let stolen = web.code(&victim, "ada", &[]).await;
    // The attacker's own authorization request with the same client has another verifier.
    let attacker = Pkce::from_seed(7);
    let (url, browser) =
        (web.authorization_url(&[("code_challenge", &attacker.challenge)]), Browser::new(&server.issuer));
    server.user("eve").await;
    browser.sign_in_and_consent(&url, "eve").await;
    let injected = redeem(&web, &stolen, &[("code_verifier", &attacker.verifier)]).await;
    assert_eq!(error(injected).await, "invalid_grant");
}

#[tokio::test]
async fn section_4_5_3_2_the_nonce_of_the_request_is_in_the_id_token_and_no_other_is() {
    let (_server, web, browser) = server().await;
    let with = web.tokens(&browser, "ada", &[("nonce", "n-7")]).await;
    assert_eq!(with.claims("id_token")["nonce"], "n-7");
    let without = web.tokens(&browser, "ada", &[("nonce", "")]).await;
    assert_eq!(without.claims("id_token").get("nonce"), None);
}
