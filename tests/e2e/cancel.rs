//! "Cancel": the user refuses before or after signing in (RFC 6749 §4.1.2.1).

use application::settings::RegistrationMode;
use domain::Actor;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, TestServer};

async fn cancel(browser: &Browser, page: &Page) -> Landed {
    assert!(page.has("#cancel"), "{}", page.html);
    browser.submit(page, &[("decision", "cancel"), ("username", ""), ("password", "")]).await
}

#[tokio::test]
async fn cancelling_the_login_answers_the_application_and_signs_nobody_in() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    // In the second round, the consent is remembered: the user can refuse all the same.
    for round in 0..2 {
        let browser = Browser::new(&server.issuer);
        let login = browser.open(&web.authorization_url(&[])).await.page();
        assert_eq!(login.text("#cancel"), "Cancel");
        let assert_denied = |answer: &Landed| {
            let Landed::Client(url) = answer else { panic!("{round}: {answer:?}") };
            let callback = Callback::from_url(url);
            assert_eq!(
                (callback.get("error"), callback.get("state")),
                (Some("access_denied"), Some("state-1"))
            );
            assert_eq!((callback.get("iss"), callback.get("code")), (Some(server.issuer.as_str()), None));
        };
        assert_denied(&cancel(&browser, &login).await);
        // Pressed twice, it is the same answer. It is final: the form cannot become a login for the same request.
        assert_denied(&cancel(&browser, &login).await);
        assert_denied(&browser.sign_in(&login, "ada").await);
        assert!(browser.open(&login.url).await.page().text("[role=alert]").contains("expired"));
        browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    }
}

#[tokio::test]
async fn what_is_cancelled_in_one_tab_is_cancelled_in_every_tab() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    // The consent page is another page of the same interaction.
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let denied = cancel(&browser, &login).await.client();
    assert_eq!(Callback::from_url(&denied).get("error"), Some("access_denied"));
    assert!(browser.allow(&consent).await.page().has("#signed-in"), "no second answer");
}

#[tokio::test]
async fn a_signed_in_user_who_is_asked_to_sign_in_again_can_cancel() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let login = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
    let callback = Callback::from_url(&cancel(&browser, &login).await.client());
    assert_eq!(callback.get("error"), Some("access_denied"));
    assert!(matches!(browser.open(&web.authorization_url(&[])).await, Landed::Client(_)), "still signed in");
}

#[tokio::test]
async fn the_consent_page_has_cancel_too_also_when_the_consent_is_remembered() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let consent = browser.open(&web.authorization_url(&[("prompt", "consent")])).await.page();
    assert_eq!(consent.text("#deny"), "Cancel");
    let denied = browser.submit(&consent, &[("decision", "deny")]).await.client();
    assert_eq!(Callback::from_url(&denied).get("error"), Some("access_denied"));
}

#[tokio::test]
async fn an_application_whose_error_waits_is_answered_too() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("response_type", "token")])).await.page();
    let answer = cancel(&browser, &login).await.client();
    assert!(answer.as_str().contains("access_denied"), "{answer}");
}

#[tokio::test]
async fn the_page_names_whom_cancel_leads_to_if_no_operator_vouches_for_the_application() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let operated = RelyingParty::confidential(&server, "web").await;
    for (uri, shown) in [
        ("https://evil.example/callback", "evil.example"),
        ("com.example.evil:/callback", "com.example.evil:/callback"),
        ("http://127.0.0.1:7000/callback", "127.0.0.1"),
    ] {
        let document = json!({"redirect_uris": [uri], "token_endpoint_auth_method": "none"});
        let request = reqwest::Client::new().post(server.url("/connect/register")).json(&document);
        let registered: Value = request.send().await.unwrap().json().await.unwrap();
        let id = registered["client_id"].as_str().unwrap();
        let own = RelyingParty::registered(&server.issuer, id, None, uri);
        // A request that waits for a login, and an error that waits for one.
        for fields in [&[][..], &[("response_type", "token")], &[("max_age", "-1")]] {
            let browser = Browser::new(&server.issuer);
            let login = browser.open(&own.authorization_url(fields)).await.page();
            assert_eq!(login.text(".host"), shown, "{fields:?}: {}", login.html);
            assert!(login.text("#unverified").contains("registered itself"), "{fields:?}: {}", login.html);
            let answer = cancel(&browser, &login).await.client();
            assert!(answer.as_str().contains("access_denied"), "{answer}");
        }
    }
    // The page of an operator's application is as it was.
    for fields in [&[][..], &[("response_type", "token")]] {
        let login = Browser::new(&server.issuer).open(&operated.authorization_url(fields)).await.page();
        assert!(login.has("#cancel") && !login.has(".host") && !login.has("#unverified"), "{}", login.html);
    }
}

#[tokio::test]
async fn only_the_page_of_this_browser_cancels_and_only_for_an_application() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let (action, hidden) = login.form();
    let fields = |without: &str| {
        let kept = hidden.iter().filter(|(name, _)| name != without).cloned();
        kept.chain([("decision".to_owned(), "cancel".to_owned())]).collect::<Vec<_>>()
    };
    assert!(browser.post(&action, &fields("form_token")).await.page().has("#error"));
    assert!(Browser::new(&server.issuer).post(&action, &fields("")).await.page().has("#error"));
    let elsewhere = browser.http().post(server.url(&action)).header("origin", "https://evil.example");
    assert_eq!(elsewhere.form(&fields("")).send().await.unwrap().status(), 400);
    // Nothing was cancelled.
    assert!(browser.sign_in(&login, "ada").await.page().has("#allow"));

    let own = Browser::new(&server.issuer);
    let page = own.open("/login").await.page();
    assert!(!page.has("#cancel"), "no application waits");
    assert!(own.submit(&page, &[("decision", "cancel")]).await.page().has("#error"));
}

#[tokio::test]
async fn a_client_that_is_gone_is_not_answered() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    server.clients.delete(&web.id.parse().unwrap(), Actor::CommandLine).await.unwrap();
    let page = browser.submit(&login, &[("decision", "cancel")]).await.page();
    assert!(page.text("#error-code").contains("unauthorized_client"), "{}", page.html);
}
