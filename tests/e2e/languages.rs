//! The pages are in the user's language (OpenID Connect Core §3.1.2.1, `ui_locales`; RFC 9110
//! §12.5.4).

use adapters_http::language::Language;
use domain::GrantType;
use domain::client::ClientAuthentication;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, VARY};
use serde_json::Value;
use tests::support::{Browser, Page, RelyingParty, TestServer};

struct World {
    server: TestServer,
    web: RelyingParty,
    browser: Browser,
}

async fn world() -> World {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    World { server, web, browser }
}

fn is_in(page: &Page, tag: &str) {
    assert_eq!(page.attribute("html", "lang"), tag, "{}", page.html);
    assert_eq!(page.attribute("html", "dir"), "ltr");
    assert_eq!(page.headers[CONTENT_LANGUAGE], tag);
    assert_eq!(page.headers[VARY], "Accept-Language");
}

fn says(page: &Page, selector: &str, key: &str) {
    let language = Language::find(&page.attribute("html", "lang")).unwrap();
    assert_eq!(page.text(selector), language.text(key), "{}", page.html);
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_prefers() {
    let it = world().await;
    for (accept, expected) in [
        ("de-CH, de;q=0.9, en;q=0.8", "de"),
        ("en;q=0.5, fr", "fr"),
        ("es-MX", "es"),
        ("tr;q=0.1, de;q=0", "tr"),
        ("ja", "ja"),
        ("se, nb", "en"),
        ("*", "en"),
        ("%%%;q=9", "en"),
    ] {
        for path in ["/errors/K7QM-2D4X", "/nowhere", "/setup?token=wrong"] {
            let answer = it.browser.http().get(it.server.url(path)).header(ACCEPT_LANGUAGE, accept);
            let answer = answer.send().await.unwrap();
            let page = Page {
                url: answer.url().to_string(),
                status: answer.status(),
                headers: answer.headers().clone(),
                html: answer.text().await.unwrap(),
            };
            is_in(&page, expected);
        }
    }
}

#[tokio::test]
async fn the_language_of_a_request_is_kept_from_the_login_to_the_answer() {
    let it = world().await;
    for language in Language::shipped() {
        let tag = language.tag();
        let browser = Browser::new(&it.server.issuer);
        let asked = format!("tlh {tag}-x-any en");
        let url = it.web.authorization_url(&[
            ("ui_locales", &asked),
            ("response_mode", "form_post"),
            ("prompt", "consent"),
        ]);
        let login = browser.open(&url).await.page();
        is_in(&login, tag);
        says(&login, "h1", "sign-in");
        says(&login, "label[for=password]", "password");

        let refused = browser.submit(&login, &[("username", "ada"), ("password", "wrong")]).await.page();
        is_in(&refused, tag);
        says(&refused, "#problem", "login-wrong");

        let consent = browser.sign_in(&refused, "ada").await.page();
        is_in(&consent, tag);
        says(&consent, "#allow", "allow");
        assert_eq!(consent.text("h1 bdi"), "The web application");

        let interaction = consent.attribute("input[name=interaction]", "value");
        let forged = [("form_token", "forged"), ("interaction", &interaction), ("ui_locales", tag)];
        let forged: Vec<_> = forged.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let error = browser.post("/consent", &forged).await.page();
        is_in(&error, tag);
        assert_eq!(error.text("#error-code"), "invalid_request");
        says(&error, "#explanation", "error-start-again");
        assert_eq!(error.attribute("#description", "lang"), "en");

        let returning = browser.allow(&consent).await.page();
        is_in(&returning, tag);
        says(&returning, "h1", "return-heading");
    }
}

#[tokio::test]
async fn the_language_is_kept_whatever_way_a_request_comes() {
    let it = world().await;
    let url = it.web.authorization_url(&[("ui_locales", "fr")]);
    let query = url::Url::parse(&url).unwrap();
    let pairs: Vec<(String, String)> = query.query_pairs().into_owned().collect();

    let posted = it.browser.post("/oauth/authorize", &pairs).await.page();
    says(&posted, "h1", "sign-in");
    is_in(&posted, "fr");

    let fields: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed: Value = it.web.post("/oauth/par", &fields).await.json().await.unwrap();
    let uri = pushed["request_uri"].as_str().unwrap();
    let opened = format!("/oauth/authorize?client_id=web&ui_locales=de&request_uri={uri}");
    is_in(&it.browser.open(&opened).await.page(), "fr");

    let bad = it.web.authorization_url(&[("ui_locales", "fr"), ("scope", "openid nothing")]);
    is_in(&it.browser.open(&bad).await.page(), "fr");
    let unknown = "/oauth/authorize?client_id=nobody&ui_locales=es";
    is_in(&it.browser.open(unknown).await.page(), "es");
}

#[tokio::test]
async fn unknown_languages_are_ignored_without_an_error() {
    let it = world().await;
    for ui_locales in ["se", "x", "de_DE", "%", "<script>", "e\u{301}", "-", &"a ".repeat(500)] {
        let login = it.browser.open(&it.web.authorization_url(&[("ui_locales", ui_locales)])).await.page();
        assert!(login.has("#login"), "{ui_locales}");
        is_in(&login, "en");
    }
}

#[tokio::test]
async fn a_device_and_a_logout_are_asked_about_in_the_language_too() {
    let it = world().await;
    let tv = RelyingParty::register(&it.server, "tv", |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await;
    let fields = [("scope", "openid read"), ("ui_locales", "ja")];
    let device = RelyingParty::successful(tv.post("/oauth/device_authorization", &fields).await).await;
    let link = device.text("verification_uri_complete");
    let login = it.browser.open(link).await.page();
    is_in(&login, "ja");
    let question = it.browser.sign_in(&login, "ada").await.page();
    is_in(&question, "ja");
    says(&question, "#allow", "allow");
    let done = it.browser.allow(&question).await.page();
    is_in(&done, "ja");
    says(&done, "#device-allowed", "device-allowed");

    let entry = it.browser.open("/oauth/device/verify?ui_locales=tr").await.page();
    is_in(&entry, "tr");
    let wrong = it.browser.submit(&entry, &[("user_code", "BCDF-GHJK")]).await.page();
    is_in(&wrong, "tr");
    says(&wrong, "#problem", "device-wrong");

    let question = it.browser.open("/oauth/logout?ui_locales=de").await.page();
    is_in(&question, "de");
    says(&question, "#logout", "sign-out");
    let done = it.browser.submit(&question, &[]).await.page();
    is_in(&done, "de");
    says(&done, "#logged-out", "logged-out-heading");
}

#[tokio::test]
async fn a_client_s_name_is_only_ever_text() {
    let it = world().await;
    // Markup, a placeholder of a message, and characters that reverse the text direction. The
    // server no longer accepts such names, but a stored client may have one.
    for (number, name) in ["<script>alert(1)</script>", "{ $account }", "\u{202e}nimda\u{2066}", "</bdi><b>x"]
        .into_iter()
        .enumerate()
    {
        let id = format!("client{number}");
        let client = RelyingParty::confidential(&it.server, &id).await;
        let id = id.parse().unwrap();
        let before = it.server.clients.show(&id).await.unwrap();
        let named = domain::Client { name: Some(name.to_owned()), ..before.clone() };
        let event =
            domain::AuditEvent::new(it.server.now(), domain::Actor::CommandLine, "client.update", &id);
        assert!(it.server.ports.clients.amend(&before, &named, &event).await.unwrap());
        for language in Language::shipped() {
            let browser = Browser::new(&it.server.issuer);
            let url = client.authorization_url(&[("ui_locales", language.tag())]);
            let login = browser.open(&url).await.page();
            assert_eq!(login.text("main p bdi"), name);
            let consent = browser.sign_in(&login, "ada").await.page();
            assert_eq!(consent.text("h1 bdi"), name);
            for page in [login, consent] {
                assert!(!page.has("script") && !page.has("b"), "{}", page.html);
            }
        }
    }
}

#[tokio::test]
async fn an_operator_decides_which_languages_are_offered() {
    let server = TestServer::with(|settings| settings.ui_locales = vec!["fr".into(), "de".into()]).await;
    let browser = Browser::new(&server.issuer);
    let metadata: Value = browser
        .http()
        .get(server.url("/.well-known/openid-configuration"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(metadata["ui_locales_supported"], serde_json::json!(["fr", "de"]));
    for (asked, expected) in [("de", "de"), ("ja", "fr"), ("en", "fr"), ("", "fr")] {
        let page = browser.open(&format!("/oauth/authorize?ui_locales={asked}")).await.page();
        is_in(&page, expected);
    }
}

#[tokio::test]
async fn the_metadata_lists_every_language_there_is() {
    let it = world().await;
    let url = it.server.url("/.well-known/oauth-authorization-server");
    let metadata: Value = it.browser.http().get(url).send().await.unwrap().json().await.unwrap();
    let shipped: Vec<_> = Language::shipped().map(Language::tag).collect();
    assert_eq!(metadata["ui_locales_supported"], serde_json::json!(shipped));
    for tag in shipped {
        is_in(&it.browser.open(&format!("/oauth/authorize?ui_locales={tag}")).await.page(), tag);
    }
}
