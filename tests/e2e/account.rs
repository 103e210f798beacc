//! The pages below `/account`: what a person sees and changes there, and that it is their own.

mod attacks;
mod data;
mod password;
mod profile;

use domain::{AccountPage, User};
use reqwest::StatusCode;
use tests::support::{Browser, Landed, Page, RelyingParty, TestServer};

/// The pages that are open to everybody who is signed in.
const PAGES: [AccountPage; 7] = [
    AccountPage::Applications,
    AccountPage::Profile,
    AccountPage::Security,
    AccountPage::Devices,
    AccountPage::Connections,
    AccountPage::Activity,
    AccountPage::Data,
];

async fn signed_in(server: &TestServer, name: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    browser.sign_in(&browser.open("/login").await.page(), name).await;
    browser
}

/// The server with ada, who is signed in.
async fn world() -> (TestServer, User, Browser) {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    (server, ada, browser)
}

/// Posts a form of this page with these fields.
async fn post(browser: &Browser, page: &Page, fields: &[(&str, &str)]) -> Landed {
    let token = page.attribute("input[name=form_token]", "value");
    let own = [("form_token", token.as_str())];
    let fields = own.iter().chain(fields).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let fields: Vec<_> = fields.collect();
    browser.post(&page.resolved(&page.attribute("form", "action")), &fields).await
}

/// The session that the first form of the page about devices would end.
fn other_session(page: &Page) -> String {
    page.attribute("input[name=session]", "value")
}

#[tokio::test]
async fn a_login_that_no_application_asked_for_leads_to_the_account() {
    let (server, _, browser) = world().await;
    for path in ["/", "/login"] {
        let landed = Browser::new(&server.issuer).open(path).await.page();
        assert!(landed.has("#login"), "{path}: {}", landed.html);
    }
    let account = browser.open("/").await.page();
    assert_eq!(account.url, server.url("/account"));
    assert!(account.text("header").contains("You are signed in as ada."), "{}", account.html);
    assert_eq!(account.attribute("header a", "href"), "/oauth/logout");
}

#[tokio::test]
async fn every_page_asks_for_a_login_and_is_shown_after_it() {
    let (server, _, signed_in) = world().await;
    for page in PAGES {
        let browser = Browser::new(&server.issuer);
        let login = browser.open(page.path()).await.page();
        assert!(login.has("#login"), "{page:?}");
        let shown = browser.sign_in(&login, "ada").await.page();
        assert_eq!((shown.url, shown.status), (server.url(page.path()), StatusCode::OK), "{page:?}");
        let shown = signed_in.open(page.path()).await.page();
        assert_eq!(shown.attribute("#menu a[aria-current=page]", "href"), page.path());
        assert_eq!(shown.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn the_language_that_an_address_names_stays_on_the_way() {
    let (server, _, browser) = world().await;
    let page = browser.open("/account/devices?ui_locales=de").await.page();
    assert_eq!(page.text("h1"), "Wo Sie angemeldet sind");
    for link in ["#menu li:first-child a", "#menu li:last-child a"] {
        assert!(page.attribute(link, "href").ends_with("?ui_locales=de"), "{}", page.html);
    }
    let other = Browser::new(&server.issuer);
    let login = other.open("/account/devices?ui_locales=de").await.page();
    assert_eq!(login.attribute("html", "lang"), "de");
    let page = other.sign_in(&login, "ada").await.page();
    assert_eq!(page.attribute("html", "lang"), "de");
    let page = post(&other, &page, &[("session", "others"), ("ui_locales", "de")]).await.page();
    assert_eq!(page.text("#notice"), "Auf 1 anderen Gerät abgemeldet.");
}

#[tokio::test]
async fn pages_are_in_the_language_of_the_person_unless_the_address_names_another() {
    let (server, ada, browser) = world().await;
    let event = domain::AuditEvent::new(server.now(), domain::Actor::CommandLine, "user.update", &ada.id);
    let locale = serde_json::Map::from_iter([("locale".to_owned(), "fr-CA".into())]);
    let after = User { claims: ada.claims.amended(locale).unwrap(), ..ada.clone() };
    server.ports.users.amend(&ada, &after, &event).await.unwrap();
    let lang = async |path: &str| browser.open(path).await.page().attribute("html", "lang");
    assert_eq!(lang("/account").await, "fr");
    assert_eq!(lang("/account?ui_locales=ja").await, "ja");
}

#[tokio::test]
async fn only_applications_that_a_person_may_enter_and_that_have_a_start_page_are_shown() {
    let (server, ada, browser) = world().await;
    server.group("staff", &[&ada]).await;
    server.group("others", &[]).await;
    assert!(browser.open("/account").await.page().text("#empty").contains("No applications yet."));
    for (name, groups, home, start) in [
        ("notes", None, Some("https://notes.example/"), Some("https://notes.example/start")),
        ("wiki", Some("staff"), Some("https://wiki.example/"), None),
        ("secret", Some("others"), Some("https://secret.example/"), None),
        ("without-page", None, None, None),
    ] {
        RelyingParty::register(&server, name, |client| {
            client.name = Some(name.to_owned());
            client.allowed_groups = groups.map(|group| [group.parse().unwrap()].into());
            client.details.client_uri = home.map(str::to_owned);
            client.details.initiate_login_uri = start.map(str::to_owned);
        })
        .await;
    }
    let page = browser.open("/account").await.page();
    let tiles: Vec<_> = page.addresses().into_iter().filter(|address| address.contains(".example")).collect();
    assert_eq!(tiles, ["https://notes.example/start", "https://wiki.example/"], "{}", page.html);
    assert_eq!(page.text(".tile"), "Nnotes");
}

#[tokio::test]
async fn a_person_signs_out_on_another_device_and_everywhere_else() {
    let (server, _, browser) = world().await;
    let [phone, tablet, laptop] = [(); 3].map(|()| Browser::new(&server.issuer));
    for other in [&phone, &tablet, &laptop] {
        server.clock.advance(chrono::Duration::minutes(1));
        other.sign_in(&other.open("/login").await.page(), "ada").await;
    }
    let page = browser.open("/account/devices").await.page();
    assert_eq!(page.text(".device .badge"), "This device");
    assert!(page.text(".device").contains("127.0.0.1"), "{}", page.html);
    assert_eq!(page.html.matches("class=\"card device\"").count(), 4);
    // The one that signed in last comes first of the others.
    let page = post(&browser, &page, &[("session", &other_session(&page))]).await.page();
    assert_eq!((page.text("#notice").as_str(), page.status), ("Signed out on that device.", StatusCode::OK));
    assert!(laptop.open("/account").await.page().has("#login"));
    assert!(!phone.open("/account").await.page().has("#login"));
    let page = browser.open("/account/devices").await.page();
    assert!(!page.has("#notice"), "it is shown once");
    let page = post(&browser, &page, &[("session", "others")]).await.page();
    assert_eq!(page.text("#notice"), "Signed out on 2 other devices.");
    for other in [&phone, &tablet] {
        assert!(other.open("/account").await.page().has("#login"));
    }
    assert!(!browser.open("/account").await.page().has("#login"));
}

#[tokio::test]
async fn a_person_sees_what_an_application_may_do_and_withdraws_it() {
    let (server, _, browser) = world().await;
    assert!(
        browser
            .open("/account/connections")
            .await
            .page()
            .text("#empty")
            .contains("No application has access.")
    );
    let web =
        RelyingParty::register(&server, "web", |client| client.name = Some("Harbour Notes".into())).await;
    let asked = [("scope", "openid email offline_access"), ("prompt", "consent")];
    let tokens = web.tokens(&browser, "ada", &asked).await;
    server.clock.advance(chrono::Duration::minutes(5));
    let page = browser.open("/account/connections").await.page();
    let card = page.text(".connection");
    for part in ["Harbour Notes", "See your e-mail address", "after you sign out", "5 minutes ago"] {
        assert!(card.contains(part), "{part}: {card}");
    }
    let client = page.attribute("input[name=client]", "value");
    let page = post(&browser, &page, &[("client", &client)]).await.page();
    assert_eq!(page.text("#notice"), "Harbour Notes no longer has access.");
    assert!(page.has("#empty"), "{}", page.html);
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn a_person_reads_their_own_history_part_by_part() {
    let (server, ada, browser) = world().await;
    server.user("eve").await;
    signed_in(&server, "eve").await;
    let page = browser.open("/account/activity").await.page();
    assert_eq!(page.html.matches("<th role=\"rowheader\"").count(), 1, "{}", page.html);
    assert!(page.text("tbody").contains("You signed in"), "{}", page.html);
    assert!(!page.has("#next"));
    for second in 1..=60 {
        let at = server.now() + chrono::Duration::seconds(second);
        let event = domain::AuditEvent::new(at, domain::Actor::CommandLine, "user.unlock", &ada.id);
        server.ports.users.change(ada.id, &application::port::UserChange::Unlock, at, &event).await.unwrap();
    }
    let page = browser.open("/account/activity").await.page();
    let rows = |page: &Page| page.html.matches("<th role=\"rowheader\"").count();
    assert_eq!(rows(&page), 50);
    let next = browser.open(&page.resolved(&page.attribute("#next", "href"))).await.page();
    assert_eq!((rows(&next), next.has("#next")), (11, false));
}
