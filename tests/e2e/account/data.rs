//! `/account/data`: what is kept of a person, and the deletion of their account.

use chrono::Duration;
use reqwest::StatusCode;
use serde_json::Value;
use tests::support::{Browser, PASSWORD, RelyingParty, TestServer};

use super::{post, signed_in, world};

#[tokio::test]
async fn a_person_downloads_everything_that_is_kept_of_them_without_secrets() {
    let (server, ada, browser) = world().await;
    server.group("staff", &[&ada]).await;
    let web = RelyingParty::confidential(&server, "web").await;
    web.tokens(&browser, "ada", &[]).await;
    server.user("eve").await;
    signed_in(&server, "eve").await;
    let page = browser.open("/account/data").await.page();
    let file = page.resolved(&page.attribute("#download", "href"));
    let answer = browser.http().get(file).send().await.unwrap();
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let text = answer.text().await.unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["account"]["username"], "ada");
    assert_eq!(document["groups"][0], "staff");
    assert_eq!(document["applications"][0]["client"], "web");
    assert_eq!(document["sessions"][0]["address"], "127.0.0.1");
    assert_eq!(document["activity"][0]["kind"], "signed_in");
    let hash = ada.password.unwrap();
    for secret in [hash.expose(), "eve", "cookie", "sid"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn an_old_sign_in_and_a_stranger_download_nothing() {
    let (server, _, browser) = world().await;
    server.clock.advance(Duration::minutes(6));
    for browser in [browser, Browser::new(&server.issuer)] {
        for path in ["/account/data", "/account/data/download"] {
            assert!(browser.open(path).await.page().has("#login"), "{path}");
        }
    }
}

async fn deletable() -> TestServer {
    TestServer::with(|settings| settings.account_deletion = true).await
}

#[tokio::test]
async fn a_person_deletes_their_account_by_typing_its_name() {
    let server = deletable().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (browser, phone) = (signed_in(&server, "ada").await, signed_in(&server, "ada").await);
    let page = browser.open("/account/data").await.page();
    let page = browser.open(&page.attribute("#delete", "href")).await.page();
    for typed in ["", "eve", "ADA"] {
        let page = post(&browser, &page, &[("confirm", typed)]).await.page();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
    }
    assert!(server.ports.users.find(ada.id).await.unwrap().is_some());
    let page = post(&browser, &page, &[("confirm", "ada")]).await.page();
    assert!(page.has("#login") && page.text("main").contains("Your account is deleted."), "{}", page.html);
    assert!(server.ports.users.find(ada.id).await.unwrap().is_none());
    assert!(server.ports.users.find(eve.id).await.unwrap().is_some());
    assert!(phone.open("/account").await.page().has("#login"));
    let login = Browser::new(&server.issuer);
    let refused = login.open("/login").await.page();
    let refused = login.submit(&refused, &[("username", "ada"), ("password", PASSWORD)]).await.page();
    assert!(refused.has("#login"));
}

#[tokio::test]
async fn without_the_setting_nobody_deletes_their_account() {
    let (server, ada, browser) = world().await;
    let page = browser.open("/account/data").await.page();
    assert!(!page.has("#delete"));
    let page = browser.open("/account/data/delete").await.page();
    assert!(page.url.ends_with("/account/data"), "{}", page.url);
    // The page about devices has a form when there is a second session.
    signed_in(&server, "ada").await;
    let token = browser.open("/account/devices").await.page().attribute("input[name=form_token]", "value");
    let fields = [("form_token".to_owned(), token), ("confirm".to_owned(), "ada".to_owned())];
    let refused = browser.post("/account/data/delete", &fields).await.page();
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.html);
    assert!(server.ports.users.find(ada.id).await.unwrap().is_some());
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = deletable().await;
    let root = server.user("root").await;
    let promote = |user: &mut domain::User| {
        user.administrator = true;
        Ok(())
    };
    server.users.update(root.id, promote, domain::Actor::CommandLine).await.unwrap();
    let browser = signed_in(&server, "root").await;
    let page = browser.open("/account/data/delete").await.page();
    let page = post(&browser, &page, &[("confirm", "root")]).await.page();
    assert!(page.text("#problem").contains("only administrator"), "{}", page.html);
    assert!(server.ports.users.find(root.id).await.unwrap().is_some());
}
