//! The dashboard, and the pages about the server itself.

use chrono::Duration;
use domain::Actor;
use reqwest::StatusCode;
use tests::support::{Browser, RelyingParty};

use super::{last_event, signed_in, submit, world};

#[tokio::test]
async fn a_new_server_shows_three_steps_and_later_what_happens() {
    let (server, _, browser) = world().await;
    let page = browser.open("/admin").await.page();
    for (id, address) in [
        ("first-app", "/admin/apps/new"),
        ("first-person", "/admin/people/new"),
        ("first-factor", "/account/security"),
    ] {
        assert_eq!(page.attribute(&format!("#{id}"), "href"), address);
    }
    RelyingParty::confidential(&server, "web").await;
    server.user("ada").await;
    let stranger = Browser::new(&server.issuer);
    let login = stranger.open("/login").await.page();
    stranger.submit(&login, &[("username", "ada"), ("password", "wrong")]).await;
    server.sign_in_recorder.flush().await;
    let page = browser.open("/admin").await.page();
    assert!(!page.has("#first-app"), "{}", page.html);
    assert!(page.text("tbody").contains("Signed in"), "{}", page.html);
    assert!(page.text("main").contains(env!("CARGO_PKG_VERSION")), "{}", page.html);
    // An administrator finds the way from the account and back; nobody else sees one.
    assert_eq!(browser.open("/account").await.page().attribute("#other-side", "href"), "/admin");
    assert_eq!(page.attribute("#other-side", "href"), "/account");
    assert!(!signed_in(&server, "ada").await.open("/account").await.page().has("#other-side"));
}

#[tokio::test]
async fn the_keys_are_rotated_after_a_warning() {
    let (server, root, browser) = world().await;
    let page = browser.open("/admin/keys").await.page();
    let current = |html: &str| html.matches("Signs now").count();
    assert!(current(&page.html) >= 1, "{}", page.html);
    let page = submit(&browser, "/admin/keys/rotate", &[("urgency", "scheduled")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "clients may not know the next key yet");
    server.clock.advance(Duration::minutes(4));
    let page = submit(&browser, "/admin/keys/rotate", &[("urgency", "emergency")]).await;
    assert_eq!(page.text("#notice"), "The next keys sign from now on.");
    assert!(page.text("tbody").contains("Signs no more"), "{}", page.html);
    let event = last_event(&server).await;
    assert_eq!(
        (event.action.as_str(), event.actor),
        ("key.rotate-in-emergency", Actor::Administrator(root.id))
    );
}

#[tokio::test]
async fn a_registration_token_is_made_shown_once_and_revoked() {
    let (server, _, browser) = world().await;
    for (uses, days) in [("0", "7"), ("1", "0"), ("x", "7"), ("10001", "7"), ("1", "366"), ("-1", "7")] {
        let page =
            submit(&browser, "/admin/registration-tokens/new", &[("uses", uses), ("days", days)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{uses} {days}");
        assert_eq!(page.attribute("#uses", "value"), uses);
    }
    let page = submit(&browser, "/admin/registration-tokens/new", &[("uses", "1"), ("days", "7")]).await;
    let token = page.text("#token");
    let register = async || {
        let request = reqwest::Client::new().post(server.url("/connect/register")).bearer_auth(&token);
        let client = serde_json::json!({"redirect_uris": ["https://app.example/cb"]});
        request.json(&client).send().await.unwrap().status()
    };
    let list = browser.open("/admin/registration-tokens").await.page();
    assert!(list.text("tbody").contains("0 / 1") && !list.html.contains(&token), "{}", list.html);
    let page = submit(&browser, &list.attribute("tbody a", "href"), &[]).await;
    assert_eq!(page.text("#notice"), "The token is revoked.");
    assert_eq!(register().await, StatusCode::UNAUTHORIZED);
    assert_eq!(last_event(&server).await.action, "registration-token.revoke");
}

#[tokio::test]
async fn sign_ins_and_changes_are_listed_with_their_people() {
    let (server, _, browser) = world().await;
    let ada = server.user("ada").await;
    signed_in(&server, "ada").await;
    let page = browser.open("/admin/activity?q=ada").await.page();
    assert!(page.text("tbody").contains("ada") && !page.text("tbody").contains("root"), "{}", page.html);
    assert!(browser.open("/admin/activity?q=nobody").await.page().has("#empty"));
    let page = browser.open("/admin/activity?kind=wrong_password").await.page();
    assert!(page.has("#empty"), "{}", page.html);
    for (since, is_there) in [("2000-01-01", true), ("2999-01-01", false), ("nonsense", true)] {
        let page = browser.open(&format!("/admin/activity?q=ada&since={since}")).await.page();
        assert_eq!(page.has("tbody"), is_there, "{since}");
    }
    submit(&browser, &format!("/admin/people/{}", ada.id), &[("username", "ada"), ("name", "Ada L")]).await;
    let page = browser.open(&format!("/admin/activity/changes?q={}", ada.id)).await.page();
    for part in ["user.update", "root", "127.0.0.1", "name: – → Ada L"] {
        assert!(page.text("tbody").contains(part), "{part}: {}", page.html);
    }
}

#[tokio::test]
async fn apis_and_settings_are_listed() {
    let (server, _, browser) = world().await;
    assert!(browser.open("/admin/apis").await.page().has("#empty"));
    server.resource("https://api.example/v1", |_| {}).await;
    let page = browser.open("/admin/apis").await.page();
    assert!(page.text("tbody").contains("https://api.example/v1"), "{}", page.html);
    assert_eq!(browser.open("/admin/settings").await.page().status, StatusCode::OK);
}
