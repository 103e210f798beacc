//! Who may enter which application: by the groups that it allows.

use application::port::SignInFilter;
use application::settings::RegistrationMode;
use domain::{Actor, Client, GrantType, User};
use reqwest::Response;
use serde_json::{Map, Value, json};
use tests::support::{Browser, Callback, Landed, PASSWORD, Page, RelyingParty, TestServer, TwoNodes};

use super::device;

/// Ada, who is in `staff`, and ben, who is not.
async fn ada_and_ben(server: &TestServer) -> (User, User) {
    let (ada, ben) = (server.user("ada").await, server.user("ben").await);
    server.group("staff", &[&ada]).await;
    (ada, ben)
}

/// A client that only members of these groups may enter.
async fn for_members(server: &TestServer, id: &str, groups: &[&str]) -> RelyingParty {
    RelyingParty::register(server, id, |client| allow_only(client, groups)).await
}

fn allow_only(client: &mut Client, groups: &[&str]) {
    client.allowed_groups = Some(groups.iter().map(|name| name.parse().unwrap()).collect());
}

async fn change_client(server: &TestServer, client: &RelyingParty, members: Value) -> Client {
    let draft = serde_json::from_value::<Map<String, Value>>(members).unwrap().into();
    let id = client.id.parse().unwrap();
    server.clients.patch(&id, &draft, Actor::CommandLine).await.unwrap().0
}

async fn leave(server: &TestServer, user: &User, group: &str) {
    let users = std::slice::from_ref(user);
    let left = server.groups.remove(&group.parse().unwrap(), users, Actor::CommandLine).await;
    assert_eq!(left.unwrap(), 1);
}

async fn join(server: &TestServer, user: &User, group: &str) {
    let users = std::slice::from_ref(user);
    server.groups.add(&group.parse().unwrap(), users, Actor::CommandLine).await.unwrap();
}

/// The page that ben sees at this client.
async fn turned_away(browser: &Browser, url: &str, username: &str) -> Page {
    let login = browser.open(url).await.page();
    browser.sign_in(&login, username).await.page()
}

fn error(url: &url::Url) -> (Option<String>, Option<String>) {
    let callback = Callback::from_url(url);
    (callback.get("error").map(str::to_owned), callback.get("state").map(str::to_owned))
}

fn denied() -> (Option<String>, Option<String>) {
    (Some("access_denied".to_owned()), Some("state-1".to_owned()))
}

async fn code_of(answer: Response) -> String {
    assert_eq!(answer.status(), 400);
    answer.json::<Value>().await.unwrap()["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn members_enter_and_others_see_who_they_are_whom_to_ask_and_the_way_back() {
    let server = TestServer::start().await;
    ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;

    let (browser, url) = (Browser::new(&server.issuer), web.authorization_url(&[]));
    let page = turned_away(&browser, &url, "ben").await;
    assert_eq!(page.status, 403);
    assert_eq!(page.text("#no-access"), "You don’t have access to The web application");
    assert!(page.text(".account").contains("ben"), "{}", page.html);
    assert!(page.text("#explanation").contains("for access"), "{}", page.html);
    assert!(!page.has("#allow"));
    let back = browser.submit(&page, &[("decision", "deny")]).await.client();
    assert_eq!(error(&back), denied());
    let again = browser.open(&url).await.page();
    assert!(again.has("#no-access"), "also with a session");
}

#[tokio::test]
async fn the_page_says_where_a_client_leads_that_registered_itself() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    ada_and_ben(&server).await;
    let uri = "https://evil.example/callback";
    let document =
        json!({"client_name": "Your Bank", "redirect_uris": [uri], "token_endpoint_auth_method": "none"});
    let request = reqwest::Client::new().post(server.url("/connect/register")).json(&document);
    let registered: Value = request.send().await.unwrap().json().await.unwrap();
    let id = registered["client_id"].as_str().unwrap();
    let bank = RelyingParty::registered(&server.issuer, id, None, uri);
    change_client(&server, &bank, json!({"allowed_groups": ["staff"]})).await;
    let page = turned_away(&Browser::new(&server.issuer), &bank.authorization_url(&[]), "ben").await;
    assert!(page.has("#no-access") && page.has("#unverified"), "{}", page.html);
    assert!(page.text(".host").contains("evil.example"), "{}", page.html);
}

#[tokio::test]
async fn the_page_names_the_support_contact_where_there_is_one() {
    let server = TestServer::with(|settings| {
        settings.branding.support = Some("IT desk <help@example.com>".parse().unwrap());
    })
    .await;
    ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let page = turned_away(&Browser::new(&server.issuer), &web.authorization_url(&[]), "ben").await;
    assert_eq!(page.text("#explanation"), "Ask IT desk for access.");
    assert_eq!(page.attribute("#explanation a", "href"), "mailto:help@example.com");
}

#[tokio::test]
async fn another_account_can_be_used() {
    let server = TestServer::start().await;
    ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let browser = Browser::new(&server.issuer);
    let page = turned_away(&browser, &web.authorization_url(&[]), "ben").await;
    let login = browser.open(&page.resolved(&page.attribute("#switch", "href"))).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let code = Callback::from_url(&browser.allow(&consent).await.client()).code().to_owned();
    assert_eq!(web.redeemed(&code).await.claims("id_token")["preferred_username"], "ada");
}

#[tokio::test]
async fn a_silent_request_gets_access_denied_and_no_page() {
    let server = TestServer::start().await;
    ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let browser = Browser::new(&server.issuer);
    turned_away(&browser, &web.authorization_url(&[]), "ben").await;
    let silent = browser.open(&web.authorization_url(&[("prompt", "none")])).await.client();
    assert_eq!(error(&silent), denied());
}

#[tokio::test]
async fn the_page_is_in_the_language_of_its_reader() {
    let server = TestServer::start().await;
    ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let browser = Browser::new(&server.issuer);
    let german = web.authorization_url(&[("ui_locales", "de")]);
    let page = turned_away(&browser, &german, "ben").await;
    assert_eq!(page.text("#no-access"), "Sie haben keinen Zugang zu The web application");
}

#[tokio::test]
async fn who_becomes_a_member_goes_on_where_they_were_turned_away() {
    let server = TestServer::start().await;
    let (_, ben) = ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let browser = Browser::new(&server.issuer);
    let page = turned_away(&browser, &web.authorization_url(&[]), "ben").await;
    join(&server, &ben, "staff").await;
    let consent = browser.open(page.url.as_str()).await.page();
    let code = Callback::from_url(&browser.allow(&consent).await.client()).code().to_owned();
    web.redeemed(&code).await;
}

#[tokio::test]
async fn who_loses_the_group_while_the_consent_page_is_open_gets_no_code() {
    let server = TestServer::start().await;
    let (ada, _) = ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let browser = Browser::new(&server.issuer);
    let consent = turned_away(&browser, &web.authorization_url(&[]), "ada").await;
    assert!(consent.has("#allow"));
    leave(&server, &ada, "staff").await;
    assert!(browser.allow(&consent).await.page().has("#no-access"));
    let denied_by_form = browser.submit(&consent, &[("decision", "deny")]).await.client();
    assert_eq!(error(&denied_by_form), denied());
}

/// Every way to lose the entry, done on one node and seen on the other.
#[tokio::test]
async fn what_somebody_held_ends_on_every_node_at_once_and_stays_ended() {
    let nodes = TwoNodes::start().await;
    let (ada, _) = ada_and_ben(&nodes.a).await;
    nodes.a.group("others", &[]).await;
    for way in ["removed", "deleted", "other groups", "nobody"] {
        let group = format!("group-{}", way.replace(' ', "-"));
        nodes.a.group(&group, &[&ada]).await;
        let web = for_members(&nodes.a, &format!("web-{}", way.replace(' ', "-")), &[&group]).await;
        let (a, b) = (web.at(&nodes.a.listening), web.at(&nodes.b.listening));
        let browser = Browser::new(&nodes.issuer);
        let scope = [("scope", "openid offline_access")];
        let tokens = web.at(&nodes.issuer).tokens(&browser, "ada", &scope).await;
        let code = web.at(&nodes.issuer).code(&browser, "ada", &scope).await;
        let access_token = tokens.text("access_token");
        assert_eq!(b.userinfo(access_token).await.status(), 200);

        match way {
            "removed" => leave(&nodes.a, &ada, &group).await,
            "deleted" => nodes.a.groups.delete(&group.parse().unwrap(), Actor::CommandLine).await.unwrap(),
            "other groups" => {
                change_client(&nodes.a, &web, json!({"allowed_groups": ["others"]})).await;
            }
            _ => {
                change_client(&nodes.a, &web, json!({"allowed_groups": []})).await;
            }
        }
        for client in [&b, &a] {
            assert_eq!(client.introspect(access_token).await, json!({"active": false}), "{way}");
            assert_eq!(client.userinfo(access_token).await.status(), 401, "{way}");
            assert_eq!(
                code_of(client.refresh(tokens.text("refresh_token")).await).await,
                "invalid_grant",
                "{way}"
            );
        }
        assert_eq!(code_of(b.redeem(&code).await).await, "invalid_grant", "{way}");
        let landed = browser.open(&web.at(&nodes.issuer).authorization_url(&scope)).await;
        assert!(landed.page().has("#no-access"), "{way}");

        match way {
            "removed" => join(&nodes.a, &ada, &group).await,
            _ => {
                change_client(&nodes.a, &web, json!({"allowed_groups": ["staff"]})).await;
            }
        }
        assert_eq!(b.introspect(access_token).await, json!({"active": false}), "{way}: it stays ended");
        let again = browser.open(&web.at(&nodes.issuer).authorization_url(&scope)).await;
        assert!(matches!(again, Landed::Client(_)), "{way}: the consent stays");
    }
}

#[tokio::test]
async fn who_may_still_enter_by_another_group_keeps_everything() {
    let server = TestServer::start().await;
    let (ada, _) = ada_and_ben(&server).await;
    server.group("ops", &[&ada]).await;
    let web = for_members(&server, "web", &["staff", "ops"]).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    leave(&server, &ada, "staff").await;
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
}

#[tokio::test]
async fn a_device_is_approved_by_members_only() {
    let server = TestServer::start().await;
    let (ada, _) = ada_and_ben(&server).await;
    let television = device::television(&server, "television").await;
    change_client(&server, &television, json!({"allowed_groups": ["staff"]})).await;
    let begun = device::begin(&television, "openid").await;
    let browser = device::signed_in(&server, "ben").await;
    let page = device::page_for(&browser, &begun).await;
    assert_eq!((page.status.as_u16(), page.has("#allow")), (403, false));
    assert!(page.text("#no-access").contains("The television application"), "{}", page.html);
    assert!(browser.submit(&page, &[("decision", "allow")]).await.page().has("#no-access"));
    assert!(browser.submit(&page, &[("decision", "deny")]).await.page().has("#device-denied"));
    assert_eq!(device::polled(&television, &begun).await, "access_denied");

    let begun = device::begin(&television, "openid").await;
    device::approve(&device::signed_in(&server, "ada").await, &begun).await;
    leave(&server, &ada, "staff").await;
    assert_eq!(device::polled(&television, &begun).await, "invalid_grant");
}

#[tokio::test]
async fn the_password_grant_is_for_members_only() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    let (ada, ben) = ada_and_ben(&server).await;
    let legacy = RelyingParty::register(&server, "legacy", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
        allow_only(client, &["staff"]);
    })
    .await;
    let grant = async |username: &str| {
        let fields = [("grant_type", "password"), ("username", username), ("password", PASSWORD)];
        legacy.token(&fields).await
    };
    RelyingParty::successful(grant("ada").await).await;
    assert_eq!(code_of(grant("ben").await).await, "invalid_grant");
    for (user, signed_in) in [(&ada, 1), (&ben, 0)] {
        let filter = SignInFilter { user: Some(user.id), ..SignInFilter::default() };
        assert_eq!(server.users.list_events(&filter, None, 10).await.unwrap().len(), signed_in);
    }
}

#[tokio::test]
async fn where_nobody_enters_unless_allowed_a_client_without_groups_is_closed() {
    let server = TestServer::with(|settings| settings.require_allowed_groups = true).await;
    let (ada, _) = ada_and_ben(&server).await;
    let web = for_members(&server, "web", &["staff"]).await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let code = web.code(&browser, "ada", &[]).await;
    change_client(&server, &web, json!({"allowed_groups": null})).await;
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#no-access"));
    for token in ["access_token", "refresh_token"] {
        assert_eq!(web.introspect(tokens.text(token)).await, json!({"active": false}), "{token}");
    }
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(code_of(web.refresh(tokens.text("refresh_token")).await).await, "invalid_grant");
    assert_eq!(code_of(web.redeem(&code).await).await, "invalid_grant");
    let service = RelyingParty::service(&server, "service").await;
    let own = service.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
    RelyingParty::successful(own).await;
    server.group("guests", &[&ada]).await;
    change_client(&server, &web, json!({"allowed_groups": ["guests"]})).await;
    assert!(matches!(browser.open(&web.authorization_url(&[])).await, Landed::Client(_)));
}

#[tokio::test]
async fn the_groups_of_a_client_are_registered_as_they_were_created_and_must_exist() {
    let server = TestServer::start().await;
    server.group("Domain Admins", &[]).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let changed = change_client(&server, &web, json!({"allowed_groups": ["domain admins"]})).await;
    assert_eq!(changed.allowed_groups, Some(["Domain Admins".parse().unwrap()].into()));
    let id = web.id.parse().unwrap();
    for (groups, reason) in [
        (json!(["nobody"]), "there is no group with the name nobody"),
        (json!(["a,b"]), "a group name has"),
        (json!("Domain Admins"), "must be a list"),
    ] {
        let draft = serde_json::from_value::<Map<String, Value>>(json!({"allowed_groups": groups})).unwrap();
        let refused = server.clients.patch(&id, &draft.into(), Actor::CommandLine).await.unwrap_err();
        assert!(refused.to_string().contains(reason), "{refused}");
    }
    let open = change_client(&server, &web, json!({"allowed_groups": null})).await;
    assert_eq!(open.allowed_groups, None);
}
