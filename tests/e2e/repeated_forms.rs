//! A form that is sent twice, for example because a person pressed the button again while the application was slow. The
//! browser shows the second answer only, so it is the first answer again.

use chrono::Duration;
use tests::contract::race::concurrently;
use tests::support::{Browser, Callback, Landed, PASSWORD, Page, RelyingParty, TestServer};
use url::Url;

struct Asked {
    server: TestServer,
    web: RelyingParty,
    browser: Browser,
    consent: Page,
}

/// A user at the consent page of this request.
async fn asked(fields: &[(&str, &str)]) -> Asked {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(fields)).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    Asked { server, web, browser, consent }
}

/// An authorization URL of a request that the client has pushed.
async fn pushed_url(web: &RelyingParty) -> String {
    let url = Url::parse(&web.authorization_url(&[])).unwrap();
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = RelyingParty::successful_with(web.post("/oauth/par", &form).await, 201).await;
    let sent = [("client_id", web.id.as_str()), ("request_uri", pushed.text("request_uri"))];
    Url::parse_with_params(&format!("{}/oauth/authorize", web.issuer), sent).unwrap().into()
}

/// Asserts that this page says that the user is signed in and leads back to the application.
fn assert_leads_back(page: &Page) {
    assert_eq!((page.status.as_u16(), page.has("#signed-in")), (200, true), "{}", page.html);
    assert!(page.text("body").contains("signed in as ada"), "{}", page.html);
    assert!(!page.has("input[type=password]"));
    assert_eq!(page.attribute("#back", "href"), "https://client.example/");
    assert!(page.text("#back").contains("The web application"), "{}", page.html);
}

#[tokio::test]
async fn the_same_consent_form_gets_the_same_answer_for_a_minute() {
    let it = asked(&[]).await;
    let first = it.browser.allow(&it.consent).await.client();
    it.web.redeemed(Callback::from_url(&first).code()).await;
    it.server.clock.advance(Duration::seconds(60));
    assert_eq!(it.browser.allow(&it.consent).await.client(), first);
    it.server.clock.advance(Duration::seconds(1));
    assert_leads_back(&it.browser.allow(&it.consent).await.page());
    assert_eq!(it.web.redeem(Callback::from_url(&first).code()).await.status(), 400, "the code worked once");
}

#[tokio::test]
async fn a_denial_is_repeated_and_cannot_become_a_consent() {
    let it = asked(&[]).await;
    let first = it.browser.submit(&it.consent, &[("decision", "deny")]).await.client();
    assert_eq!(Callback::from_url(&first).get("error"), Some("access_denied"));
    for decision in ["deny", "allow"] {
        let again = it.browser.submit(&it.consent, &[("decision", decision)]).await.client();
        assert_eq!(again, first);
    }
    let consent = it.browser.open(&it.web.authorization_url(&[])).await.page();
    assert!(consent.has("#allow"), "nothing was remembered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_forms_at_the_same_moment_all_get_one_answer_and_it_works_once() {
    for is_pushed in [false, true] {
        for round in 0..4 {
            let server = TestServer::start().await;
            server.user("ada").await;
            let web = RelyingParty::confidential(&server, "web").await;
            let browser = Browser::new(&server.issuer);
            let url = if is_pushed { pushed_url(&web).await } else { web.authorization_url(&[]) };
            let login = browser.open(&url).await.page();
            let consent = browser.sign_in(&login, "ada").await.page();
            let answers = concurrently(8, |_| {
                let (browser, consent) = (browser.clone(), consent.clone());
                async move { browser.allow(&consent).await.client() }
            })
            .await;
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{round}: {answers:?}");
            web.redeemed(Callback::from_url(&answers[0]).code()).await;
        }
    }
}

#[tokio::test]
async fn a_pushed_request_that_another_browser_completed_has_no_second_answer() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let url = pushed_url(&web).await;
    let mut consents = Vec::new();
    for _ in 0..2 {
        let browser = Browser::new(&server.issuer);
        let login = browser.open(&url).await.page();
        consents.push((browser.sign_in(&login, "ada").await.page(), browser));
    }
    let (first, ones) = &consents[0];
    let (second, other) = &consents[1];
    let answer = ones.allow(first).await.client();
    for _ in 0..2 {
        assert_eq!(ones.allow(first).await.client(), answer);
        let refused = other.allow(second).await.page();
        assert!(refused.text("#error-code").contains("invalid_request_uri"), "{}", refused.html);
    }
}

#[tokio::test]
async fn the_same_login_form_gets_the_same_answer_whether_or_not_the_browser_has_the_new_cookie() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    Browser::new(&server.issuer).sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let [not_yet_signed_in, signed_out] =
        [(); 2].map(|()| Browser::with_cookies(&server.issuer, &browser.cookies()));
    let first = browser.sign_in(&login, "ada").await.client();
    assert_eq!(browser.sign_in(&login, "ada").await.client(), first);
    assert_eq!(not_yet_signed_in.sign_in(&login, "ada").await.client(), first);
    web.redeemed(Callback::from_url(&first).code()).await;
    server.clock.advance(Duration::seconds(61));
    assert_leads_back(&browser.sign_in(&login, "ada").await.page());
    // A browser may keep the form with its password in its history after the user has signed out.
    let page = signed_out.sign_in(&login, "ada").await.page();
    assert!(page.has("input[type=password]"), "a fresh login page: {}", page.html);
}

#[tokio::test]
async fn an_error_that_waited_for_the_login_is_repeated_too() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("response_type", "token")])).await.page();
    let first = browser.sign_in(&login, "ada").await.client();
    assert!(first.as_str().contains("unsupported_response_type"), "{first}");
    assert_eq!(browser.sign_in(&login, "ada").await.client(), first);
}

#[tokio::test]
async fn nobody_else_gets_the_answer_again() {
    let it = asked(&[]).await;
    it.server.user("eve").await;
    let (action, mut fields) = it.consent.form();
    fields.push(("decision".to_owned(), "allow".to_owned()));
    let _ = it.browser.allow(&it.consent).await.client();
    // Another browser, a form without its token, and a browser with the cookie of the interaction but without the session.
    assert!(Browser::new(&it.server.issuer).post(&action, &fields).await.page().has("#error"));
    let forged: Vec<_> = fields.iter().filter(|(name, _)| name != "form_token").cloned().collect();
    assert_leads_back(&it.browser.post(&action, &forged).await.page());
    let mut cookies = it.browser.cookies();
    cookies.retain(|(name, _)| !name.contains("session"));
    let signed_out = Browser::with_cookies(&it.server.issuer, &cookies);
    assert!(signed_out.post(&action, &fields).await.page().has("#login"));
    // Another user of the same browser, with the login form of the request too.
    let login = it.browser.open(&it.web.authorization_url(&[("prompt", "login")])).await.page();
    let remembered = it.browser.sign_in(&login, "ada").await.client();
    assert!(Callback::from_url(&remembered).get("code").is_some());
    let other = it.browser.submit(&login, &[("username", "eve"), ("password", PASSWORD)]).await.page();
    assert!(other.has("#signed-in") && other.text("body").contains("signed in as eve"), "{}", other.html);
    assert!(it.browser.post(&action, &fields).await.page().has("#signed-in"));
}

#[tokio::test]
async fn after_the_sign_out_the_form_gets_no_answer() {
    let it = asked(&[]).await;
    let _ = it.browser.allow(&it.consent).await.client();
    let logout = it.browser.open("/oauth/logout").await.page();
    assert!(it.browser.submit(&logout, &[]).await.page().has("#logged-out"));
    assert!(it.browser.allow(&it.consent).await.page().has("#login"));
}

#[tokio::test]
async fn a_client_that_is_gone_gets_no_answer_again() {
    let it = asked(&[]).await;
    let _ = it.browser.allow(&it.consent).await.client();
    it.server.clients.delete(&it.web.id.parse().unwrap(), domain::Actor::CommandLine).await.unwrap();
    let page = it.browser.allow(&it.consent).await.page();
    assert!(page.text("#error-code").contains("unauthorized_client"), "{}", page.html);
}

#[tokio::test]
async fn the_back_button_to_a_finished_page_leads_back_to_the_application() {
    let it = asked(&[]).await;
    let login = it.consent.url.replace("/consent?", "/login?");
    let _ = it.browser.allow(&it.consent).await.client();
    for address in [&login, &it.consent.url] {
        assert_leads_back(&it.browser.open(address).await.page());
    }
    it.server.clock.advance(Duration::minutes(29));
    assert_leads_back(&it.browser.open(&login).await.page());
    // Another browser learns nothing.
    let other = Browser::new(&it.server.issuer);
    assert!(other.open(&login).await.page().has("#error"));
}

#[tokio::test]
async fn an_application_that_is_not_on_the_web_has_no_way_back() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.redirect_uris = vec!["com.example.app:/cb".parse().unwrap()];
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&app.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let _ = browser.allow(&consent).await.client();
    let page = browser.open(&consent.url).await.page();
    assert!(page.has("#signed-in") && !page.has("#back"), "{}", page.html);
}

#[tokio::test]
async fn a_confirmation_of_the_sign_out_that_is_sent_twice_leads_to_the_client_twice() {
    let it = asked(&[]).await;
    let url = "/oauth/logout?client_id=web&post_logout_redirect_uri=https://client.example/bye&state=s";
    let page = it.browser.open(url).await.page();
    for _ in 0..2 {
        let back = it.browser.submit(&page, &[]).await.client();
        assert_eq!(back.as_str(), "https://client.example/bye?state=s");
    }
    it.server.clock.advance(Duration::seconds(61));
    assert!(matches!(it.browser.submit(&page, &[]).await, Landed::Page(page) if page.has("#not-signed-in")));
}
