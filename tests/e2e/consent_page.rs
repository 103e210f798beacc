//! What the consent page and the page about a device tell people: whom they could be dealing with, how to withdraw, and how to go on as
//! another person.

use domain::client::ClientAuthentication;
use domain::{Client, GrantType};
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, TestServer};

async fn server() -> TestServer {
    let server = TestServer::with(|settings| {
        settings.branding.support = Some("help@example.com".parse().unwrap());
    })
    .await;
    server.user("ada").await;
    server.user("bob").await;
    server
}

/// The page of a signed-in user about this client.
async fn consent(server: &TestServer, id: &str, change: impl FnOnce(&mut Client)) -> Page {
    let party = RelyingParty::register(server, id, change).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&party.authorization_url(&[])).await.page();
    browser.sign_in(&login, "ada").await.page()
}

fn tv(client: &mut Client) {
    client.authentication = ClientAuthentication::None;
    client.grant_types = [GrantType::DeviceCode].into();
    client.redirect_uris.clear();
}

#[tokio::test]
async fn a_client_on_the_device_itself_could_be_any_program() {
    let server = server().await;
    for (id, uri, is_public, warns) in [
        ("loopback", "http://127.0.0.1/cb", true, true),
        ("localhost", "http://localhost:3000/cb", true, true),
        ("scheme", "com.example.app:/cb", true, true),
        ("web", "https://a.example/cb", true, false),
        // Its secret proves which program it is.
        ("server", "http://127.0.0.1:9000/cb", false, false),
    ] {
        let page = consent(&server, id, |client| {
            if is_public {
                client.authentication = ClientAuthentication::None;
            }
            client.redirect_uris = vec![uri.parse().unwrap()];
        })
        .await;
        assert_eq!(page.has("#claimable"), warns, "{id}");
        if warns {
            let expected = format!("Any program on this device could claim to be The {id} application.");
            assert_eq!(page.text("#claimable"), expected);
        }
        assert_eq!(page.text("#withdraw"), "You can withdraw this later, in your account.", "{id}");
    }
}

#[tokio::test]
async fn another_person_takes_over_and_the_client_hears_of_that_one_only() {
    let server = server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("login_hint", "ada")])).await.page();
    assert_eq!(login.attribute("#username", "value"), "ada");
    let consent = browser.sign_in(&login, "ada").await.page();
    assert_eq!(consent.text("#switch"), "Not ada?");

    let switch = consent.resolved(&consent.attribute("#switch", "href"));
    let login = browser.open(&switch).await.page();
    assert_eq!((login.attribute("#username", "value").as_str(), login.status.as_u16()), ("", 200));
    // Ada stays signed in until the other one is.
    assert!(browser.open(&server.url("/")).await.page().text("header").contains("ada"));
    let consent = browser.sign_in(&login, "bob").await.page();
    assert!(consent.text(".account").contains("You are signed in as bob."), "{}", consent.html);
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    let tokens = web.redeemed(callback.code()).await;
    let userinfo = web.userinfo(tokens.text("access_token")).await.text().await.unwrap();
    assert!(userinfo.contains("bob@example.com"), "{userinfo}");
    assert!(browser.open(&server.url("/")).await.page().text("header").contains("bob"));
}

#[tokio::test]
async fn the_page_of_a_person_who_is_gone_allows_nothing() {
    let server = server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let of_ada = browser.sign_in(&login, "ada").await.page();
    let login = browser.open(&of_ada.resolved(&of_ada.attribute("#switch", "href"))).await.page();
    assert!(browser.sign_in(&login, "bob").await.page().has("#allow"));
    let Landed::Page(page) = browser.allow(&of_ada).await else { panic!("a code for bob by ada's page") };
    assert!(page.has("#error"), "{}", page.html);
}

#[tokio::test]
async fn the_page_about_a_device_warns_too_and_another_person_can_take_over() {
    let server = server().await;
    let tv = RelyingParty::register(&server, "tv", tv).await;
    let answer = tv.post("/oauth/device_authorization", &[("scope", "openid")]).await;
    let device = RelyingParty::successful(answer).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(device.text("verification_uri_complete")).await.page();
    let approval = browser.sign_in(&login, "ada").await.page();
    assert_eq!(approval.text("#claimable"), "Any device could claim to be The tv application.");
    assert_eq!(approval.text("#withdraw"), "You can withdraw this later, in your account.");
    assert_eq!(approval.text("#switch"), "Not ada?");
    let login = browser.open(&approval.resolved(&approval.attribute("#switch", "href"))).await.page();
    let approval = browser.sign_in(&login, "bob").await.page();
    assert!(approval.text(".account").contains("bob") && approval.has("#user-code"), "{}", approval.html);
    assert!(browser.allow(&approval).await.page().has("#device-allowed"));
}
