//! What administrators do about applications.

use domain::{Actor, GrantType};
use reqwest::StatusCode;
use serde_json::Value;
use tests::support::{Browser, Page, RelyingParty, TestServer};

use super::{last_event, send, submit, world};

/// Makes an application of this kind, and gives the page that shows its secret.
async fn make(browser: &Browser, kind: &str, fields: &[(&str, &str)]) -> Page {
    let page = submit(browser, &format!("/admin/apps/new/of/{kind}"), fields).await;
    assert_eq!(page.status, StatusCode::OK, "{kind}: {}", page.html);
    page
}

async fn found(server: &TestServer, id: &str) -> domain::Client {
    server.clients.show(&id.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn an_application_of_each_kind_is_made_with_what_its_kind_needs() {
    let (server, root, browser) = world().await;
    let web =
        make(&browser, "web", &[("client_name", "Wiki"), ("redirect_uris", "https://wiki.example/cb")]).await;
    let client = found(&server, &web.text("#client-id")).await;
    assert!(client.require_pkce && !client.is_public() && web.has("#secret"));
    assert_eq!(client.scope.to_string(), "email openid profile");
    assert!(client.grant_types.contains(&GrantType::RefreshToken));
    let event = last_event(&server).await;
    assert_eq!((event.action.as_str(), event.actor), ("client.create", Actor::Administrator(root.id)));
    let spa =
        make(&browser, "single-page", &[("client_name", "Map"), ("redirect_uris", "https://map.example/")])
            .await;
    assert!(found(&server, &spa.text("#client-id")).await.is_public() && !spa.has("#secret"));
    let native =
        make(&browser, "native", &[("client_name", "Phone"), ("redirect_uris", "http://127.0.0.1/cb")]).await;
    let client = found(&server, &native.text("#client-id")).await;
    assert_eq!(client.details.application_type, domain::client::ApplicationType::Native);
    let device = make(&browser, "device", &[("client_name", "Television")]).await;
    let client = found(&server, &device.text("#client-id")).await;
    assert!(client.grant_types.contains(&GrantType::DeviceCode) && client.redirect_uris.is_empty());
    let api = make(&browser, "api", &[("client_name", "Archive")]).await;
    assert!(found(&server, &api.text("#client-id")).await.resource_server);
    let list = browser.open("/admin/apps").await.page().text("tbody");
    for part in ["Web application", "Single-page", "Native", "Device", "API"] {
        assert!(list.contains(part), "{part}: {list}");
    }
}

#[tokio::test]
async fn the_secret_that_is_shown_works_and_is_shown_once() {
    let (server, _, browser) = world().await;
    let page = make(&browser, "machine", &[("client_name", "Backup")]).await;
    let (id, secret) = (page.text("#client-id"), page.text("#secret"));
    let token = async |secret: &str| {
        let request = reqwest::Client::new().post(server.url("/oauth/token")).basic_auth(&id, Some(secret));
        request.form(&[("grant_type", "client_credentials")]).send().await.unwrap().status()
    };
    assert_eq!(token(&secret).await, StatusCode::OK);
    for path in ["", "/proof"] {
        assert!(!browser.open(&format!("/admin/apps/{id}{path}")).await.page().html.contains(&secret));
    }
    let page = submit(&browser, &format!("/admin/apps/{id}/secret"), &[]).await;
    let renewed = page.text("#secret");
    assert_ne!(renewed, secret);
    assert_eq!((token(&secret).await, token(&renewed).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    assert_eq!(last_event(&server).await.action, "client.rotate-secret");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_application() {
    let (server, _, browser) = world().await;
    let page = browser.open("/admin/apps/new/of/device").await.page();
    send(&browser, &page, &[("client_name", "Television")]).await;
    let again = send(&browser, &page, &[("client_name", "Television")]).await.page();
    assert_eq!(again.text("h1"), "Television");
    assert_eq!(server.ports.clients.list(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_registered_is_said_at_the_field_and_nothing_typed_is_lost() {
    let (server, _, browser) = world().await;
    let fields = [("client_name", "Wiki"), ("redirect_uris", "http://wiki.example/cb")];
    let page = submit(&browser, "/admin/apps/new/of/web", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#redirect_uris-problem").contains("http://wiki.example/cb"), "{}", page.html);
    assert_eq!(page.text("#redirect_uris"), "http://wiki.example/cb");
    assert_eq!(page.attribute("#client_name", "value"), "Wiki");
    let page =
        send(&browser, &page, &[("client_name", "Wiki"), ("redirect_uris", "https://wiki.example/cb")]);
    let id = page.await.page().text("#client-id");
    let path = format!("/admin/apps/{id}/access");
    let page = submit(&browser, &path, &[("scopes", "openid"), ("resources", "https://x.example")]).await;
    assert!(page.text("#resources-problem").contains("https://x.example"), "{}", page.html);
    assert!(server.clients.show(&id.parse().unwrap()).await.unwrap().resources.allowed.is_empty());
}

#[tokio::test]
async fn a_tab_changes_its_members_and_no_other() {
    let (server, _, browser) = world().await;
    server.group("staff", &[]).await;
    let before = RelyingParty::register(&server, "web", |client| {
        client.name = Some("Wiki".to_owned());
        client.details.contacts = vec!["ops@wiki.example".to_owned()];
        client.first_party = true;
        client.scope = "openid email read".parse().unwrap();
    })
    .await;
    drop(before);
    let before = found(&server, "web").await;
    let path = |tab: &str| format!("/admin/apps/web/{tab}");
    let fields = [
        ("client_name", "The wiki"),
        ("client_uri", "https://wiki.example/"),
        ("contacts", "ops@wiki.example\nroot@wiki.example"),
    ];
    let page = submit(&browser, &path("overview"), &fields).await;
    assert_eq!((page.text("#notice").as_str(), page.text("h1").as_str()), ("Saved.", "The wiki"));
    let after = found(&server, "web").await;
    assert_eq!(after.details.contacts.len(), 2);
    let same = domain::Client { name: before.name.clone(), details: before.details.clone(), ..after.clone() };
    assert_eq!(same, before);
    let fields =
        [("entry", "groups"), ("allowed_groups", "staff"), ("scopes", "openid"), ("scopes", "email")];
    submit(&browser, &path("access"), &fields).await;
    let after = found(&server, "web").await;
    assert_eq!(after.scope.to_string(), "email openid");
    assert_eq!(after.allowed_groups.as_ref().unwrap().len(), 1);
    assert!(!after.first_party, "a box that is not ticked is off");
    // No group means nobody, and is not the same as everybody.
    submit(&browser, &path("access"), &[("entry", "groups"), ("scopes", "openid")]).await;
    assert!(found(&server, "web").await.allowed_groups.unwrap().is_empty());
    let page = browser.open(&path("access")).await.page();
    assert_eq!(page.attribute("#entry option[selected]", "value"), "groups");
    submit(&browser, &path("access"), &[("entry", "everybody"), ("scopes", "openid")]).await;
    assert_eq!(found(&server, "web").await.allowed_groups, None);
}

#[tokio::test]
async fn every_member_that_the_editor_shows_is_saved_as_it_is_shown() {
    let (server, _, browser) = world().await;
    RelyingParty::confidential(&server, "web").await;
    for tab in ["overview", "sign-in", "access", "told", "proof", "advanced"] {
        let before = found(&server, "web").await;
        let path = format!("/admin/apps/web/{tab}");
        let page = browser.open(&path).await.page();
        let fields = filled(&page);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = send(&browser, &page, &fields).await.page();
        assert_eq!(page.text("#notice"), "Saved.", "{tab}: {}", page.html);
        assert_eq!(found(&server, "web").await, before, "{tab}");
    }
}

/// What a browser sends of the form of a page if nobody touches it.
fn filled(page: &Page) -> Vec<(String, String)> {
    use scraper::{Html, Selector};
    let document = Html::parse_document(&page.html);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .map(|it| (it.value().clone(), it.text().collect::<String>()))
            .collect::<Vec<_>>()
    };
    let attribute =
        |element: &scraper::node::Element, name: &str| element.attr(name).unwrap_or_default().to_owned();
    let mut fields = Vec::new();
    for (input, _) in all("main form.narrow input:not([type=hidden])") {
        if input.attr("type") != Some("checkbox") || input.attr("checked").is_some() {
            fields.push((attribute(&input, "name"), attribute(&input, "value")));
        }
    }
    for (area, text) in all("main form.narrow textarea") {
        fields.push((attribute(&area, "name"), text));
    }
    for (select, _) in all("main form.narrow select") {
        let name = attribute(&select, "name");
        let chosen = page.attribute(&format!("#{name} option[selected]"), "value");
        fields.push((name, chosen));
    }
    fields
}

#[tokio::test]
async fn who_changed_an_application_first_is_not_overwritten() {
    let (server, _, browser) = world().await;
    RelyingParty::confidential(&server, "web").await;
    let page = browser.open("/admin/apps/web").await.page();
    let mut draft = domain::client::ClientDraft::default();
    draft.set("client_name", Value::from("First"));
    server.clients.patch(&"web".parse().unwrap(), &draft, Actor::CommandLine).await.unwrap();
    let page = send(&browser, &page, &[("client_name", "Second")]).await.page();
    assert!(page.text("#client_name-now").contains("First"), "{}", page.html);
    let page = send(&browser, &page, &[("client_name", "Second")]).await.page();
    assert_eq!(page.text("h1"), "Second");
}

#[tokio::test]
async fn an_application_is_disabled_enabled_and_deleted() {
    let (server, _, browser) = world().await;
    RelyingParty::register(&server, "web", |client| client.name = Some("Wiki".to_owned())).await;
    let page = submit(&browser, "/admin/apps/web/disable", &[]).await;
    assert_eq!(page.text("#notice"), "Wiki is disabled.");
    assert!(!found(&server, "web").await.is_enabled());
    let page = submit(&browser, "/admin/apps/web/disable", &[]).await;
    assert_eq!(page.text("#notice"), "Wiki is enabled again.");
    let page = submit(&browser, "/admin/apps/web/delete", &[("confirm", "web")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = submit(&browser, "/admin/apps/web/delete", &[("confirm", "Wiki")]).await;
    assert_eq!(page.text("#notice"), "Wiki is deleted.");
    assert_eq!(browser.open("/admin/apps/web").await.page().status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn applications_are_found_by_the_beginning_of_a_name_or_an_id() {
    let (server, _, browser) = world().await;
    for (id, name) in [("w-1", "Notes"), ("x-2", "Wiki"), ("x-3", "Archive")] {
        RelyingParty::register(&server, id, |client| client.name = Some(name.to_owned())).await;
    }
    let page = browser.open("/admin/apps?q=W").await.page().text("tbody");
    assert!(page.contains("Wiki") && !page.contains("Notes"), "{page}");
    let page = browser.open("/admin/apps?q=w-").await.page().text("tbody");
    assert!(page.contains("Notes") && !page.contains("Wiki"), "{page}");
    for query in ["q=zz", "q=%00x", "cursor=AA", "status=disabled"] {
        let page = browser.open(&format!("/admin/apps?{query}")).await.page();
        assert_eq!(page.status, StatusCode::OK, "{query}");
    }
}
