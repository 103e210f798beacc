//! Which clients may leave PKCE out, and what the others see (RFC 7636, RFC 9700 §2.1.1, OAuth 2.1 §7.5).

use domain::Actor;
use domain::client::{ClientAuthentication, ClientDraft};
use domain::pkce::PkcePolicy;
use serde_json::Value;
use tests::support::{Browser, Callback, Pkce, RelyingParty, TestServer, logged};

const WITHOUT: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

async fn error(answer: reqwest::Response) -> String {
    assert_eq!(answer.status(), 400);
    answer.json::<Value>().await.unwrap()["error"].as_str().unwrap().to_owned()
}

async fn exempted(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| client.require_pkce = false).await
}

#[tokio::test]
async fn an_exempted_confidential_client_signs_users_in_without_a_challenge_under_the_default_policy() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = exempted(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let code = web.code(&browser, "ada", &WITHOUT).await;
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", web.redirect_uri.as_str()),
    ];
    RelyingParty::successful(web.token(&redeem).await).await;
    // It may use PKCE nevertheless; then the code needs the verifier.
    let code = web.code(&browser, "ada", &[]).await;
    let redeem = [redeem[0], ("code", code.as_str()), redeem[2]];
    assert_eq!(error(web.token(&redeem).await).await, "invalid_grant");
    web.redeemed(&code).await;
}

#[tokio::test]
async fn a_code_without_pkce_needs_the_redirect_uri_that_was_sent_and_no_verifier() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = exempted(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let code = web.code(&browser, "ada", &WITHOUT).await;
    let base = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let verifier = Pkce::new().verifier;
    let sent = ("redirect_uri", web.redirect_uri.as_str());
    for more in [
        vec![],
        vec![("redirect_uri", "https://client.example/callback/")],
        vec![sent, ("code_verifier", verifier.as_str())],
    ] {
        let refused = web.token(&[&base[..], &more].concat()).await;
        assert_eq!(error(refused).await, "invalid_grant", "{more:?}");
    }
    RelyingParty::successful(web.token(&[base[0], base[1], sent]).await).await;
    // A request that did not name its redirect URI does not have to repeat it (RFC 6749 §4.1.3).
    let plain = [&WITHOUT[..], &[("redirect_uri", ""), ("scope", "read")]].concat();
    let code = web.code(&browser, "ada", &plain).await;
    let redeem = [("grant_type", "authorization_code"), ("code", code.as_str())];
    RelyingParty::successful(web.token(&redeem).await).await;
}

#[tokio::test]
async fn a_missing_challenge_is_refused_before_the_login_form_and_the_log_names_both_ways_out() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let app = RelyingParty::public(&server, "app").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.open(&web.authorization_url(&WITHOUT)).await.page();
    assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (400, "invalid_request"));
    assert!(!page.has("#login") && page.text("#explanation").contains("PKCE"));
    assert!(page.text("#description").contains("code_challenge"));
    let line = logged(page.headers["error-reference"].to_str().unwrap());
    let reason = line["reason"].as_str().unwrap();
    for part in ["web", "PKCE with S256", "oauth2-server client update web --no-require-pkce"] {
        assert!(reason.contains(part), "{part}: {reason}");
    }
    let explained = browser.open(&server.url("/errors/x")).await.page().text("body");
    assert!(explained.contains("S256") && explained.contains("--no-require-pkce"), "{explained}");

    let page = browser.open(&app.authorization_url(&WITHOUT)).await.page();
    let line = logged(page.headers["error-reference"].to_str().unwrap());
    let reason = line["reason"].as_str().unwrap();
    assert!(reason.contains("cannot be exempted") && !reason.contains("--no-require-pkce"), "{reason}");
    // With `prompt=none` there is no page at all.
    let silent = [&WITHOUT[..], &[("prompt", "none")]].concat();
    let callback = Callback::from_url(&browser.open(&web.authorization_url(&silent)).await.client());
    assert_eq!(callback.get("error"), Some("invalid_request"));
    // A pushed request is refused at once.
    let pushed = [("response_type", "code"), ("redirect_uri", web.redirect_uri.as_str()), ("scope", "read")];
    assert_eq!(error(web.post("/oauth/par", &pushed).await).await, "invalid_request");
}

/// Ends the exemption of a client, by its flag or because it gives up its secret.
async fn end_exemption(server: &TestServer, client: &RelyingParty, becomes_public: bool) {
    let change = |client: &mut domain::Client| {
        if becomes_public {
            client.authentication = ClientAuthentication::None;
        }
        client.require_pkce = true;
    };
    server.update_client(&client.id.parse().unwrap(), change).await.unwrap();
}

#[tokio::test]
async fn an_exemption_that_has_ended_finishes_no_flow_without_pkce() {
    let server = TestServer::start().await;
    server.user("ada").await;
    for becomes_public in [false, true] {
        let web = exempted(&server, if becomes_public { "turned" } else { "flagged" }).await;
        let redirect_uri = web.redirect_uri.clone();
        let browser = Browser::new(&server.issuer);
        // A code that waits, a page that waits, a pushed request, and a form that was answered a moment ago.
        let code = web.code(&browser, "ada", &WITHOUT).await;
        let asking = [&WITHOUT[..], &[("prompt", "consent")]].concat();
        let page = browser.open(&web.authorization_url(&asking)).await.page();
        assert!(page.has("#allow"));
        let login = Browser::new(&server.issuer);
        let form = login.open(&web.authorization_url(&WITHOUT)).await.page();
        let pushed =
            [("response_type", "code"), ("redirect_uri", redirect_uri.as_str()), ("scope", "openid")];
        let pushed = RelyingParty::successful_with(web.post("/oauth/par", &pushed).await, 201).await;
        let query = [("client_id", web.id.as_str()), ("request_uri", pushed.text("request_uri"))];
        let pushed = url::Url::parse_with_params(&server.url("/oauth/authorize"), query).unwrap();

        end_exemption(&server, &web, becomes_public).await;
        let web = match becomes_public {
            true => RelyingParty::registered(&server.issuer, &web.id, None, &redirect_uri),
            false => web,
        };
        let redeem = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        assert_eq!(error(web.token(&redeem).await).await, "invalid_grant");
        for landed in [
            browser.submit(&page, &[("decision", "allow")]).await,
            login.sign_in(&form, "ada").await,
            browser.open(pushed.as_str()).await,
        ] {
            let page = landed.page();
            assert_eq!(page.text("#error-code"), "unauthorized_client", "{}", page.html);
        }
        // With a challenge it goes on.
        web.redeemed(&web.code(&browser, "ada", &[]).await).await;
    }
}

#[tokio::test]
async fn a_public_client_is_never_exempted() {
    let server = TestServer::start().await;
    let exempt = |id: &str, method: &str| {
        let mut draft = ClientDraft::default();
        draft.set("client_id", id);
        draft.set("token_endpoint_auth_method", method);
        draft.set("redirect_uris", vec!["https://client.example/callback"]);
        draft.set("require_pkce", false);
        draft
    };
    let actor = || Actor::CommandLine;
    let refused = server.clients.create(&exempt("app", "none"), actor()).await.unwrap_err().to_string();
    assert!(refused.contains("require_pkce") && refused.contains("public client"), "{refused}");
    server.clients.create(&exempt("web", "client_secret_basic"), actor()).await.unwrap();
    let becomes_public = |client: &mut domain::Client| client.authentication = ClientAuthentication::None;
    let id = "web".parse().unwrap();
    let refused = server.update_client(&id, becomes_public).await;
    // The document of a public client says that it must use PKCE, so this patch ends the exemption.
    assert!(refused.unwrap().require_pkce);
}

#[tokio::test]
async fn the_strict_policy_admits_no_exemption_and_ignores_earlier_ones() {
    let server = TestServer::with(|settings| settings.pkce = PkcePolicy::Required).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let id = web.id.parse().unwrap();
    let refused = server.update_client(&id, |client| client.require_pkce = false).await.unwrap_err();
    assert!(refused.to_string().contains("pkce_policy"), "{refused}");
    // An exemption that was made under the other policy.
    let before = server.clients.show(&id).await.unwrap();
    let after = domain::Client { require_pkce: false, ..before.clone() };
    let event = domain::AuditEvent::new(server.now(), Actor::CommandLine, "client.update", &id);
    assert!(server.ports.clients.amend(&before, &after, &event).await.unwrap());
    let page = Browser::new(&server.issuer).open(&web.authorization_url(&WITHOUT)).await.page();
    assert_eq!(page.text("#error-code"), "invalid_request");
    let line = logged(page.headers["error-reference"].to_str().unwrap());
    assert!(line["reason"].as_str().unwrap().contains("OAUTH2_PKCE_POLICY=per_client"), "{line}");
    web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
}
