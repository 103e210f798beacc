//! The consent page, and remembered consents.

use domain::client::ClientAuthentication;
use serde_json::Value;
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};

#[tokio::test]
async fn denying_tells_the_client_and_nothing_is_remembered() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let callback = Callback::from_url(&browser.submit(&consent, &[("decision", "deny")]).await.client());
    assert_eq!((callback.get("error"), callback.get("state")), (Some("access_denied"), Some("state-1")));
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#allow"));
}

#[tokio::test]
async fn consent_is_asked_once_per_scope() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let narrow = web.authorization_url(&[("scope", "openid email")]);
    browser.sign_in_and_consent(&narrow, "ada").await;
    assert!(matches!(browser.open(&narrow).await, Landed::Client(_)));

    let wide = web.authorization_url(&[("scope", "openid email read")]);
    let page = browser.open(&wide).await.page();
    assert!(page.text("body").to_lowercase().contains("read your data"));
    let _ = browser.allow(&page).await.client();
    assert!(matches!(browser.open(&wide).await, Landed::Client(_)));
    assert!(matches!(browser.open(&narrow).await, Landed::Client(_)), "the earlier consent is remembered");

    let again = web.authorization_url(&[("prompt", "consent")]);
    assert!(browser.open(&again).await.page().has("#allow"), "the client can ask again");
}

#[tokio::test]
async fn a_public_client_that_any_app_could_pose_as_is_asked_about_every_time() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    for (id, uri) in [("loopback", "http://127.0.0.1/cb"), ("scheme", "com.example.app:/cb")] {
        let app = RelyingParty::register(&server, id, |client| {
            client.authentication = ClientAuthentication::None;
            client.redirect_uris = vec![uri.parse().unwrap()];
        })
        .await;
        browser.sign_in_and_consent(&app.authorization_url(&[]), "ada").await;
        assert!(browser.open(&app.authorization_url(&[])).await.page().has("#allow"), "{id}");
    }
    let https = RelyingParty::public(&server, "https").await;
    browser.sign_in_and_consent(&https.authorization_url(&[]), "ada").await;
    assert!(matches!(browser.open(&https.authorization_url(&[])).await, Landed::Client(_)));
}

#[tokio::test]
async fn an_operators_own_client_is_not_asked_about() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| client.first_party = true).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    assert!(matches!(browser.sign_in(&login, "ada").await, Landed::Client(_)));
}

#[tokio::test]
async fn an_operators_own_native_app_is_asked_about_all_the_same() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.authentication = ClientAuthentication::None;
        client.first_party = true;
        client.redirect_uris = vec!["http://127.0.0.1/cb".parse().unwrap()];
    })
    .await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&app.authorization_url(&[]), "ada").await;
    assert!(browser.open(&app.authorization_url(&[])).await.page().has("#allow"));
}

#[tokio::test]
async fn what_was_shown_to_one_person_is_not_granted_for_another() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    // In another tab, another user signs in with the same browser.
    let login = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
    let other = browser.sign_in(&login, "eve").await.page();
    assert!(browser.allow(&consent).await.page().has("#error"));
    let _ = browser.allow(&other).await.client();
}

#[tokio::test]
async fn a_client_that_is_gone_by_the_time_of_the_answer_gets_nothing() {
    use domain::Actor;
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    server.clients.delete(&web.id.parse().unwrap(), Actor::CommandLine).await.unwrap();
    let page = browser.allow(&consent).await.page();
    assert!(page.text("#error-code").contains("unauthorized_client"));
}

#[tokio::test]
async fn consent_needs_the_form_of_this_browsers_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let (action, hidden) = consent.form();
    let with = |name: &str, value: &str| {
        let mut fields = hidden.clone();
        fields.retain(|(key, _)| key != name);
        fields.push((name.to_owned(), value.to_owned()));
        fields.push(("decision".to_owned(), "allow".to_owned()));
        fields
    };
    let other_token = "A".repeat(43);
    for fields in [with("form_token", ""), with("form_token", &other_token)] {
        assert!(browser.post(&action, &fields).await.page().has("#error"));
    }
    assert!(browser.post(&action, &with("interaction", "x")).await.page().has("#signed-in"));
    // The same form from another browser, or from another site.
    let mut fields = hidden.clone();
    fields.push(("decision".to_owned(), "allow".to_owned()));
    assert!(Browser::new(&server.issuer).post(&action, &fields).await.page().has("#error"));
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
    {
        let request = browser.http().post(server.url(&action)).header(name, value).form(&fields);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400, "{name}: {value}");
    }
    // The refused forms changed nothing: the valid form works.
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    web.redeemed(callback.code()).await;
}

#[tokio::test]
async fn a_scope_is_granted_as_asked_and_no_more() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid read")]).await;
    assert_eq!(tokens.0["scope"], "openid read");
    let claims: Value = web.userinfo(tokens.text("access_token")).await.json().await.unwrap();
    assert_eq!(claims.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
}

#[tokio::test]
async fn the_page_says_how_long_the_access_lasts() {
    let lasts = async |refresh: bool, scope: &str, language: &str| {
        let server = TestServer::with(|settings| settings.refresh_token_grant = refresh).await;
        server.user("ada").await;
        let web = RelyingParty::confidential(&server, "web").await;
        let browser = Browser::new(&server.issuer);
        let url = web.authorization_url(&[("scope", scope), ("ui_locales", language)]);
        let login = browser.open(&url).await.page();
        browser.sign_in(&login, "ada").await.page().text("#lasts")
    };
    assert_eq!(lasts(false, "openid", "en").await, "This access ends after 1 hour at the latest.");
    assert_eq!(lasts(true, "openid", "en").await, "This access ends after 12 hours at the latest.");
    let offline = "openid offline_access";
    assert_eq!(lasts(true, offline, "en").await, "This access ends after 30 days at the latest.");
    assert_eq!(lasts(true, offline, "de").await, "Der Zugriff endet spätestens nach 30 Tagen.");
    assert_eq!(lasts(true, offline, "ja").await, "このアクセスは遅くとも 30 日後に終了します。");
}
