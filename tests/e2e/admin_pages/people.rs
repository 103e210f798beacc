//! What administrators do about people.

use chrono::Duration;
use domain::Actor;
use reqwest::StatusCode;
use tests::support::{Browser, PASSWORD, RelyingParty, TestServer};

use super::{last_event, send, signed_in, submit, with_administrator, world};

#[tokio::test]
async fn a_person_is_invited_by_a_link_that_is_shown_once() {
    let (server, root, browser) = world().await;
    server.group("staff", &[]).await;
    let fields = [
        ("username", "grace"),
        ("name", "Grace Hopper"),
        ("email", "grace@example.com"),
        ("groups", "staff"),
    ];
    let page = submit(&browser, "/admin/people/new", &fields).await;
    let link = page.text("#link");
    assert_eq!(page.headers["cache-control"], "no-store");
    let event = last_event(&server).await;
    assert_eq!((event.action.as_str(), &event.actor), ("user.invite", &Actor::Administrator(root.id)));
    assert_eq!(event.address.as_deref(), Some("127.0.0.1"));
    let list = browser.open("/admin/people?q=GRACE@").await.page();
    for part in ["grace", "Grace Hopper", "grace@example.com", "staff", "Invited"] {
        assert!(list.text("tbody").contains(part), "{part}: {}", list.html);
    }
    assert!(!list.html.contains(&link));
    let grace = Browser::new(&server.issuer);
    let accept = grace.open(&link).await.page();
    grace.submit(&accept, &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    let account = grace.sign_in(&grace.open("/login").await.page(), "grace").await.page();
    assert!(account.text("header").contains("as grace."), "{}", account.html);
    assert!(browser.open("/admin/people?q=grace").await.page().text("tbody").contains("Active"));
}

#[tokio::test]
async fn with_mail_the_link_goes_to_the_person_alone() {
    let (server, _, browser) = with_administrator(TestServer::with_mail().await).await;
    let page =
        submit(&browser, "/admin/people/new", &[("username", "grace"), ("email", "grace@example.com")]).await;
    assert!(page.text("#notice").contains("grace@example.com"), "{}", page.html);
    assert!(!page.html.contains("token="), "{}", page.html);
    drop(server);
}

#[tokio::test]
async fn what_cannot_be_a_person_is_said_at_the_field_and_nothing_typed_is_lost() {
    let (server, _, browser) = world().await;
    server.user("ada").await;
    for (fields, problem, sentence) in [
        ([("username", "ada"), ("name", "Other")], "#username-problem", "That username is taken."),
        ([("username", ""), ("name", "Other")], "#username-problem", "Choose a username"),
        ([("username", "a  b"), ("name", "Other")], "#username-problem", "Choose a username"),
    ] {
        let page = submit(&browser, "/admin/people/new", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text(problem).contains(sentence), "{}", page.html);
        assert_eq!(page.attribute("#name", "value"), "Other");
        assert_eq!(page.attribute("#username", "aria-invalid"), "true");
    }
    let page = submit(&browser, "/admin/people/new", &[("username", "x"), ("email", "nothing")]).await;
    assert!(page.has("#email-problem"), "{}", page.html);
    assert_eq!(page.attribute("#email", "value"), "nothing");
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_a_name_by_group_and_by_state() {
    let (server, _, browser) = world().await;
    let (ada, _bob) = (server.user("ada").await, server.user("bob").await);
    server.group("staff", &[&ada]).await;
    server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
    let found = async |query: &str| browser.open(&format!("/admin/people?{query}")).await.page();
    let page = found("q=AD").await;
    assert!(page.text("tbody").contains("ada") && !page.text("tbody").contains("bob"));
    assert_eq!(page.attribute("#q", "value"), "AD");
    let link = page.attribute("tbody a", "href");
    assert!(link.starts_with(&format!("/admin/people/{}?", ada.id)), "{link}");
    // The way back is to the list as it was.
    let person = browser.open(&link).await.page();
    assert_eq!(person.attribute("#up", "href"), "/admin/people?q=AD");
    assert!(found("group=staff").await.text("tbody").contains("ada"));
    assert!(!found("status=enabled").await.text("tbody").contains("ada"));
    assert!(found("status=disabled").await.text("tbody").contains("Disabled"));
    for query in ["q=zz", "q=%00", "q=a%09b", "q=%25", "cursor=!", "group=staff&status=enabled"] {
        let page = found(query).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(page.has("#empty"), query != "cursor=!", "{query}: {}", page.html);
    }
}

#[tokio::test]
async fn a_long_list_is_read_part_by_part() {
    let (server, _, browser) = world().await;
    for number in 0..60 {
        let new = application::users::NewUser {
            username: format!("user-{number:02}").parse().unwrap(),
            password: None,
            claims: Default::default(),
            administrator: false,
        };
        server.users.create(new, Actor::CommandLine).await.unwrap();
    }
    let page = browser.open("/admin/people?q=user-").await.page();
    let rows = |html: &str| html.matches("role=\"rowheader\"").count();
    assert_eq!(rows(&page.html), 50);
    let next = browser.open(&page.resolved(&page.attribute("#next", "href"))).await.page();
    assert_eq!((rows(&next.html), next.has("#next")), (10, false));
    assert!(next.text("tbody").starts_with("user-50"), "{}", next.html);
    let first = browser.open(&next.resolved(&next.attribute("#first", "href"))).await.page();
    assert!(first.text("tbody").starts_with("user-00"));
}

#[tokio::test]
async fn the_profile_of_a_person_is_changed_and_only_what_the_form_shows() {
    let (server, root, browser) = world().await;
    let ada = server.user("ada").await;
    let picture = serde_json::Map::from_iter([("picture".to_owned(), "https://pictures.example/ada".into())]);
    let keep = |user: &mut domain::User| {
        user.claims = user.claims.amended(picture.clone())?;
        Ok(())
    };
    server.users.update(ada.id, keep, Actor::CommandLine).await.unwrap();
    let path = format!("/admin/people/{}", ada.id);
    let fields = [
        ("username", "ada"),
        ("name", "Ada Lovelace"),
        ("email", "ada@example.com"),
        ("email_verified", "true"),
        ("custom", r#"{"department": "research"}"#),
    ];
    let page = submit(&browser, &path, &fields).await;
    assert_eq!(page.text("#notice"), "Saved.");
    assert_eq!(page.text("h1"), "Ada Lovelace");
    let after = server.users.find(ada.id).await.unwrap();
    for (name, value) in [
        ("name", "Ada Lovelace".into()),
        ("email_verified", true.into()),
        ("department", "research".into()),
        ("picture", "https://pictures.example/ada".into()),
    ] {
        assert_eq!(after.claims.get(name), Some(&value), "{name}");
    }
    let event = last_event(&server).await;
    assert_eq!((event.action.as_str(), &event.actor), ("user.update", &Actor::Administrator(root.id)));
    for (custom, part) in
        [("[1]", "JSON object"), (r#"{"name": "x"}"#, "own field"), (r#"{"sub": "x"}"#, "sub")]
    {
        let page = submit(&browser, &path, &[("username", "ada"), ("custom", custom)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{custom}");
        assert!(page.text("#custom-problem").contains(part), "{custom}: {}", page.html);
        assert!(page.has("details[open]"), "the section with the error is open");
    }
}

#[tokio::test]
async fn who_changed_it_first_is_not_overwritten() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    let page = browser.open(&format!("/admin/people/{}", ada.id)).await.page();
    let rename = |user: &mut domain::User| {
        user.claims =
            user.claims.amended(serde_json::Map::from_iter([("name".to_owned(), "First".into())]))?;
        Ok(())
    };
    server.users.update(ada.id, rename, Actor::CommandLine).await.unwrap();
    let page = send(&browser, &page, &[("username", "ada"), ("name", "Second")]).await.page();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#problem").contains("Somebody changed this meanwhile"), "{}", page.html);
    assert!(page.text("#name-now").contains("First"), "{}", page.html);
    assert_eq!(page.attribute("#name", "value"), "Second");
    let page = send(&browser, &page, &[("username", "ada"), ("name", "Second")]).await.page();
    assert_eq!(page.text("#notice"), "Saved.");
}

#[tokio::test]
async fn a_person_is_disabled_enabled_and_deleted() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    let theirs = signed_in(&server, "ada").await;
    let path = |tab: &str| format!("/admin/people/{}/{tab}", ada.id);
    let page = submit(&browser, &path("disable"), &[]).await;
    assert_eq!(page.text("#notice"), "Ada Lovelace is disabled.");
    assert!(theirs.open("/account").await.page().has("#login"));
    let page = submit(&browser, &path("disable"), &[]).await;
    assert_eq!(page.text("#notice"), "Ada Lovelace is enabled again.");
    let page = submit(&browser, &path("delete"), &[("confirm", "bob")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(server.users.find(ada.id).await.is_ok());
    let page = submit(&browser, &path("delete"), &[("confirm", "ada")]).await;
    assert_eq!(page.text("#notice"), "Ada Lovelace is deleted.");
    assert!(server.users.find(ada.id).await.is_err());
    let page = browser.open(&path("profile")).await.page();
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.attribute("#up", "href"), "/admin/people");
}

#[tokio::test]
async fn the_only_administrator_stays() {
    let (server, root, browser) = world().await;
    let path = |tab: &str| format!("/admin/people/{}/{tab}", root.id);
    for (tab, fields) in
        [("disable", vec![]), ("delete", vec![("confirm", "root")]), ("groups", vec![("decision", "role")])]
    {
        let page = submit(&browser, &path(tab), &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{tab}");
        assert!(page.text("#problem").contains("only administrator"), "{tab}: {}", page.html);
    }
    assert!(server.users.find(root.id).await.unwrap().administrator);
}

#[tokio::test]
async fn an_administrator_helps_a_person_to_sign_in_again() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    let path = format!("/admin/people/{}/sign-in", ada.id);
    let link = submit(&browser, &path, &[("decision", "link")]).await.text("#link");
    assert!(link.contains("/reset?token="), "{link}");
    let page = submit(&browser, &path, &[("decision", "unlock")]).await;
    assert_eq!(page.text("#notice"), "Ada Lovelace can try to sign in again.");
    assert_eq!(last_event(&server).await.action, "user.unlock");
    assert!(!browser.open(&path).await.page().has("#reset-factors"), "there is none");
    let app = domain::AuthenticatorApp {
        incarnation: domain::Incarnation::from_random([1; 16]),
        sealed_secret: Vec::new(),
        last_step: 0,
        enrolled_at: server.now(),
        used_at: None,
    };
    let event = domain::AuditEvent::new(server.now(), Actor::CommandLine, "user.add-factor", &ada.id);
    server.ports.second_factors.enrol_app(ada.id, &app, &[], &event).await.unwrap();
    let page = submit(&browser, &path, &[("decision", "factors")]).await;
    assert_eq!(page.text("#notice"), "Ada Lovelace has no second step any more.");
    assert!(server.ports.second_factors.find(ada.id).await.unwrap().app.is_none());
}

#[tokio::test]
async fn devices_and_connections_of_a_person_are_ended() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    let theirs = Browser::new(&server.issuer);
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens =
        web.tokens(&theirs, "ada", &[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    let path = |tab: &str| format!("/admin/people/{}/{tab}", ada.id);
    let page = browser.open(&path("connections")).await.page();
    assert!(page.text("tbody").contains("openid"), "{}", page.html);
    send(&browser, &page, &[("client", "web")]).await;
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
    let page = browser.open(&path("devices")).await.page();
    let session = page.attribute("main input[name=session]", "value");
    let page = send(&browser, &page, &[("session", &session)]).await.page();
    assert!(page.has("#notice") && page.has("#empty"), "{}", page.html);
    assert!(theirs.open("/account").await.page().has("#login"));
    let others = signed_in(&server, "ada").await;
    let page = browser.open(&path("devices")).await.page();
    let page = send(&browser, &page, &[("session", "all")]).await.page();
    assert_eq!(page.text("#notice"), "Ada Lovelace is signed out everywhere.");
    assert!(others.open("/account").await.page().has("#login"));
    let page = browser.open(&path("activity")).await.page();
    assert!(page.text("tbody").contains("Signed in"), "{}", page.html);
}

#[tokio::test]
async fn a_person_gets_groups_and_the_role() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    server.group("staff", &[]).await;
    let path = format!("/admin/people/{}/groups", ada.id);
    let page = submit(&browser, &path, &[("decision", "add"), ("group", "staff")]).await;
    assert!(page.text("tbody").contains("staff"), "{}", page.html);
    let page = submit(&browser, &path, &[("remove", "staff")]).await;
    assert!(page.has("#empty"), "{}", page.html);
    submit(&browser, &path, &[("decision", "role"), ("administrator", "true")]).await;
    assert!(server.users.find(ada.id).await.unwrap().administrator);
    assert_eq!(last_event(&server).await.action, "user.promote");
}

#[tokio::test]
async fn without_a_fresh_sign_in_everything_is_text_and_nothing_is_changed() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    let fresh = browser.open(&format!("/admin/people/{}", ada.id)).await.page();
    server.clock.advance(Duration::minutes(6));
    let page = browser.open(&format!("/admin/people/{}", ada.id)).await.page();
    assert!(!page.has("main form[method=post]") && page.text("main").contains("ada"), "{}", page.html);
    // The link leads to the login page, and back to the form.
    let login = browser.open(&page.resolved(&page.attribute("#unlock", "href"))).await.page();
    assert!(login.has("#login"), "{}", login.html);
    let refused = send(&browser, &fresh, &[("username", "mallory")]).await.page();
    assert!(refused.has("#login"), "{}", refused.html);
    assert_eq!(server.users.find(ada.id).await.unwrap().username.as_str(), "ada");
    assert!(browser.open("/admin/people/new").await.page().has("#login"));
    let page = browser.sign_in(&login, "root").await.page();
    assert_eq!(page.url, server.url(&format!("/admin/people/{}", ada.id)));
    assert!(page.has("#save"), "{}", page.html);
}
