//! What nobody can do on the pages of administrators.

use chrono::Duration;
use domain::admin_page::{ApplicationKind, ApplicationTab, GroupTab, PersonTab};
use domain::{Actor, AdminPage, User};
use reqwest::StatusCode;
use reqwest::header::ORIGIN;
use tests::support::{Browser, RelyingParty, TestServer};

use super::{events, send, signed_in, submit, world};

/// Every page, about these things. A page that is missing here does not compile.
async fn every_page(server: &TestServer, ada: &User) -> Vec<AdminPage> {
    let new = application::client::initial_access_tokens::NewToken {
        uses: 1,
        lifetime: Duration::days(1),
        limits: domain::self_registration::RegistrationLimits::default(),
    };
    let (token, _) = server.registration_tokens.create(new, Actor::CommandLine).await.unwrap();
    let (group, client) =
        ("staff".parse::<domain::GroupName>().unwrap(), "web".parse::<domain::ClientId>().unwrap());
    let mut pages = Vec::new();
    let mut first = Some(AdminPage::Dashboard);
    while let Some(page) = first.take() {
        first = match &page {
            AdminPage::Dashboard => Some(AdminPage::People),
            AdminPage::People => Some(AdminPage::NewPerson),
            AdminPage::NewPerson => Some(AdminPage::Person(ada.id, PersonTab::Profile)),
            AdminPage::Person(..) => Some(AdminPage::Groups),
            AdminPage::Groups => Some(AdminPage::NewGroup),
            AdminPage::NewGroup => Some(AdminPage::Group(group.clone(), GroupTab::Details)),
            AdminPage::Group(..) => Some(AdminPage::Applications),
            AdminPage::Applications => Some(AdminPage::NewApplication),
            AdminPage::NewApplication => Some(AdminPage::NewApplicationOf(ApplicationKind::Web)),
            AdminPage::NewApplicationOf(_) => {
                Some(AdminPage::Application(client.clone(), ApplicationTab::Overview))
            }
            AdminPage::Application(..) => Some(AdminPage::Apis),
            AdminPage::Apis => Some(AdminPage::RegistrationTokens),
            AdminPage::RegistrationTokens => Some(AdminPage::NewRegistrationToken),
            AdminPage::NewRegistrationToken => Some(AdminPage::RevokeRegistrationToken(token.id)),
            AdminPage::RevokeRegistrationToken(_) => Some(AdminPage::Keys),
            AdminPage::Keys => Some(AdminPage::RotateKeys),
            AdminPage::RotateKeys => Some(AdminPage::Activity),
            AdminPage::Activity => Some(AdminPage::Changes),
            AdminPage::Changes => Some(AdminPage::Settings),
            AdminPage::Settings => None,
        };
        pages.extend(tabs(page));
    }
    pages
}

/// The page with each of its tabs, or of each of its kinds.
fn tabs(page: AdminPage) -> Vec<AdminPage> {
    if let AdminPage::Person(id, _) = page {
        PersonTab::ALL.iter().map(|(tab, _)| AdminPage::Person(id, *tab)).collect()
    } else if let AdminPage::Group(name, _) = &page {
        GroupTab::ALL.iter().map(|(tab, _)| AdminPage::Group(name.clone(), *tab)).collect()
    } else if let AdminPage::Application(id, _) = &page {
        ApplicationTab::ALL.iter().map(|(tab, _)| AdminPage::Application(id.clone(), *tab)).collect()
    } else if let AdminPage::NewApplicationOf(_) = page {
        ApplicationKind::ALL.iter().map(|(kind, _)| AdminPage::NewApplicationOf(*kind)).collect()
    } else {
        vec![page]
    }
}

/// The server with everything that a page can be about.
async fn full() -> (TestServer, Browser, Vec<AdminPage>, User) {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    server.group("staff", &[&ada]).await;
    RelyingParty::confidential(&server, "web").await;
    let pages = every_page(&server, &ada).await;
    (server, browser, pages, ada)
}

/// Fields with which each form would do something.
const FIELDS: [(&str, &str); 14] = [
    ("username", "mallory"),
    ("name", "mallory"),
    ("client_name", "mallory"),
    ("redirect_uris", "https://evil.example/"),
    ("confirm", "ada"),
    ("decision", "unlock"),
    ("session", "all"),
    ("client", "web"),
    ("member", "root"),
    ("display_name", "mallory"),
    ("uses", "1"),
    ("days", "1"),
    ("urgency", "emergency"),
    ("administrator", "true"),
];

fn fields(token: &str) -> Vec<(String, String)> {
    let own = std::iter::once(("form_token", token)).filter(|(_, token)| !token.is_empty());
    own.chain(FIELDS).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[tokio::test]
async fn every_page_is_for_administrators_alone() {
    let (server, root, pages, _) = full().await;
    let ada = signed_in(&server, "ada").await;
    let token = ada.open("/account/profile").await.page().attribute("input[name=form_token]", "value");
    let before = events(&server).await;
    for page in &pages {
        let path = page.path();
        let stranger = Browser::new(&server.issuer);
        assert!(stranger.open(&path).await.page().has("#login"), "{path}");
        let shown = ada.open(&path).await.page();
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{path}");
        assert!(shown.has("#error") && shown.text("header").contains("as ada."), "{path}: {}", shown.html);
        assert!(shown.headers.contains_key("error-reference"), "{path}");
        let shown = root.open(&path).await.page();
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.html);
        assert_eq!(shown.headers["cache-control"], "no-store", "{path}");
        assert_eq!(shown.headers["cross-origin-opener-policy"], "same-origin", "{path}");
        let policy = shown.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"),
            "{path}: {policy}"
        );
        let posted = ada.http().post(server.url(&path)).form(&fields(&token)).send().await.unwrap();
        let expected =
            if page.changes().is_some() { StatusCode::FORBIDDEN } else { StatusCode::METHOD_NOT_ALLOWED };
        assert_eq!(posted.status(), expected, "{path}");
        if page.changes().is_some() {
            assert!(stranger.post(&path, &fields(&token)).await.page().has("#login"), "{path}");
        }
    }
    assert_eq!(events(&server).await, before, "nothing was changed");
}

#[tokio::test]
async fn every_form_needs_its_token_its_site_and_a_fresh_sign_in() {
    let (server, root, pages, _) = full().await;
    let token = async |browser: &Browser| {
        let page = browser.open("/account/profile").await.page();
        page.attribute("input[name=form_token]", "value")
    };
    let (own, foreign) = (token(&root).await, token(&signed_in(&server, "root").await).await);
    let before = events(&server).await;
    let forms: Vec<_> = pages.iter().filter(|page| page.changes().is_some()).collect();
    assert!(forms.len() > 20);
    for page in &forms {
        let path = page.path();
        for token in ["", foreign.as_str(), "x"] {
            let refused = root.post(&path, &fields(token)).await.page();
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path}: {token}");
        }
        let request = root.http().post(server.url(&path)).header(ORIGIN, "https://evil.example");
        let answer = request.form(&fields(&own)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        // To open a page changes nothing, whatever its address says.
        let query: Vec<_> = fields(&own).iter().map(|(name, value)| format!("{name}={value}")).collect();
        root.open(&format!("{path}?{}", query.join("&"))).await;
    }
    server.clock.advance(Duration::minutes(6));
    for page in &forms {
        let path = page.path();
        assert!(root.post(&path, &fields(&own)).await.page().has("#login"), "{path}");
        let opened = root.open(&path).await.page();
        assert_eq!(opened.has("#login"), page.is_sensitive(), "{path}");
        assert!(!opened.has("main form.narrow") || page.is_sensitive(), "{path}: {}", opened.html);
    }
    assert_eq!(events(&server).await, before, "nothing was changed");
}

#[tokio::test]
async fn a_person_who_is_no_longer_an_administrator_is_one_no_longer_at_once() {
    let (server, browser, _, ada) = full().await;
    let page = browser.open(&format!("/admin/people/{}", ada.id)).await.page();
    let other = server.user("other").await;
    let role = |is: bool| {
        move |user: &mut User| {
            user.administrator = is;
            Ok(())
        }
    };
    server.users.update(other.id, role(true), Actor::CommandLine).await.unwrap();
    let root = server.users.find_by_sign_in_name(&"root".parse().unwrap()).await.unwrap();
    server.users.update(root.id, role(false), Actor::CommandLine).await.unwrap();
    let refused = send(&browser, &page, &[("username", "mallory")]).await.page();
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.open("/admin").await.page().status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn no_name_that_a_stranger_chooses_runs_as_a_script() {
    const HOSTILE: &str = "\"'><script>alert(1)</script>";
    let (server, browser, _, ada) = full().await;
    let name = |user: &mut User| {
        let members = [("name", HOSTILE), ("department", HOSTILE)];
        let members = members.map(|(name, value)| (name.to_owned(), serde_json::Value::from(value)));
        user.claims = user.claims.amended(members.into_iter().collect())?;
        Ok(())
    };
    server.users.update(ada.id, name, Actor::CommandLine).await.unwrap();
    RelyingParty::register(&server, "hostile", |client| {
        client.name = Some(HOSTILE.to_owned());
        client.details.contacts = vec![HOSTILE.to_owned()];
    })
    .await;
    submit(&browser, "/admin/groups/staff", &[("display_name", HOSTILE), ("description", HOSTILE)]).await;
    let mut shown = 0;
    for page in every_page(&server, &ada).await {
        let page = if let AdminPage::Application(_, tab) = page {
            AdminPage::Application("hostile".parse().unwrap(), tab)
        } else {
            page
        };
        let html = browser.open(&page.path()).await.page().html;
        assert!(!html.contains("<script"), "{}: {html}", page.path());
        shown += usize::from(html.contains("&#60;script&#62;"));
    }
    assert!(shown > 10, "{shown}");
    let searched = browser.open("/admin/people?q=%22%3E%3Cscript%3E&list=%3Cscript%3E").await.page();
    assert!(!searched.html.contains("<script"), "{}", searched.html);
}

#[tokio::test]
async fn a_field_that_a_form_does_not_have_changes_nothing() {
    let (server, browser, _, ada) = full().await;
    let fields = [
        ("username", "ada"),
        ("admin", "true"),
        ("administrator", "true"),
        ("password", "mallory mallory"),
        ("id", "00000000-0000-4000-8000-000000000000"),
        ("disabled_at", "x"),
        ("picture", "https://evil.example/"),
    ];
    let page = submit(&browser, &format!("/admin/people/{}", ada.id), &fields).await;
    assert_eq!(page.text("#notice"), "Saved.");
    let after = server.users.find(ada.id).await.unwrap();
    assert_eq!((after.administrator, after.password, after.id), (false, ada.password.clone(), ada.id));
    assert_eq!(after.claims.get("picture"), ada.claims.get("picture"));
    let before = server.clients.show(&"web".parse().unwrap()).await.unwrap();
    let fields = [
        ("client_name", "Web"),
        ("administrative", "true"),
        ("first_party", "true"),
        ("client_secret", "mallory"),
        ("redirect_uris", "https://evil.example/"),
        ("scopes", "openid administration"),
    ];
    submit(&browser, "/admin/apps/web", &fields).await;
    let after = server.clients.show(&"web".parse().unwrap()).await.unwrap();
    assert_eq!(domain::Client { name: before.name.clone(), ..after }, before);
    let page = submit(
        &browser,
        "/admin/people/new",
        &[("username", "new"), ("administrator", "true"), ("admin", "true"), ("password", "mallory mallory")],
    )
    .await;
    assert_eq!(page.status, StatusCode::OK);
    let new = server.users.find_by_sign_in_name(&"new".parse().unwrap()).await.unwrap();
    assert!(!new.administrator && new.password.is_none());
}

#[tokio::test]
async fn an_address_that_names_nothing_is_a_page_and_below_the_api_json() {
    let (server, browser, ..) = full().await;
    for path in [
        "/admin/people/00000000-0000-4000-8000-000000000000",
        "/admin/groups/nothing",
        "/admin/apps/nothing",
        "/admin/apps/nothing/advanced",
        "/admin/people/x",
        "/admin/apps/web/nothing",
        "/admin/nothing",
    ] {
        let page = browser.open(path).await.page();
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.html.contains("<h1"), "{path}: {}", page.html);
    }
    let answer = browser.http().get(server.url("/admin/api/nothing")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
}
