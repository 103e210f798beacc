//! The policy that everybody needs a second factor.

use application::settings::SecondFactor;
use domain::{Actor, GrantType};
use tests::support::{Authenticator, Browser, Callback, PASSWORD, RelyingParty, TestServer};

use super::{codes, is_signed_in, second_step};

async fn start() -> TestServer {
    let server = TestServer::with(|settings| {
        settings.second_factor = SecondFactor::Required;
        settings.password_grant = true;
    })
    .await;
    server.user("ada").await;
    server
}

#[tokio::test]
async fn a_person_without_a_factor_turns_one_on_while_signing_in_and_goes_on_to_the_application() {
    let server = start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.text("body").contains("You need a second step"), "{}", page.html);
    assert!(!is_signed_in(&browser).await);
    let app = Authenticator::scan(&page);
    let wrong = browser.submit(&page, &[("code", &app.wrong_code(server.now()))]).await.page();
    assert_eq!(wrong.status, 422);
    let done = browser.submit(&wrong, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(codes(&done).len(), 10);
    assert!(!is_signed_in(&browser).await, "not before the codes are saved");
    let again = browser.submit(&wrong, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(codes(&done), codes(&again), "sent twice, the same answer");
    let consent = browser.submit(&done, &[]).await.page();
    let back = browser.allow(&consent).await.client();
    web.redeemed(Callback::from_url(&back).code()).await;
    assert!(is_signed_in(&browser).await);
    // The next time the app is asked for.
    server.clock.advance(chrono::Duration::seconds(60));
    let other = Browser::new(&server.issuer);
    let step = second_step(&other, "ada").await;
    assert_eq!(other.submit(&step, &[("code", &app.code(server.now()))]).await.page().status, 200);
}

#[tokio::test]
async fn a_session_of_a_password_counts_no_longer_and_can_still_be_ended() {
    let server = start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    // A session as it was begun before the operator demanded more.
    let ada = server.users.find_by_sign_in_name(&"ada".parse().unwrap()).await.unwrap();
    let cookie = domain::Secret::from("a cookie");
    let session = domain::Session {
        id: domain::SessionId::from_random([9; 16]),
        sid: "sid".to_owned(),
        user: ada.id,
        auth_time: server.now(),
        acr: None,
        amr: domain::Methods::Password.amr(),
        expires_at: server.now() + chrono::Duration::hours(1),
    };
    let event = domain::SignInEvent {
        id: domain::SignInEventId::ordered(server.now(), [9; 10]),
        user: ada.id,
        kind: domain::SignInKind::SignedIn,
        client: None,
        address: None,
        user_agent: None,
        until: None,
    };
    server.ports.sessions.begin(&session, cookie.digest(), 10, &event).await.unwrap();
    let port = server.issuer.rsplit(':').next().unwrap();
    let cookies = [(format!("oauth2_session.{port}"), "a cookie".to_owned())];
    let browser = Browser::with_cookies(&server.issuer, &cookies);
    assert!(!is_signed_in(&browser).await);
    let silent = browser.open(&web.authorization_url(&[("prompt", "none")])).await.client();
    assert_eq!(Callback::from_url(&silent).get("error"), Some("login_required"));
    for path in ["/account/security/app", "/oauth/device/verify"] {
        assert!(browser.open(path).await.page().has("#login"), "{path}");
    }
    server
        .users
        .update(
            ada.id,
            |user: &mut domain::User| {
                user.administrator = true;
                Ok(())
            },
            Actor::CommandLine,
        )
        .await
        .unwrap();
    let api = browser.http().get(server.url("/admin/api/users")).send().await.unwrap();
    assert_eq!(api.status(), 401, "an administrator too");
    let logout = browser.open("/oauth/logout").await.page();
    assert!(browser.submit(&logout, &[("decision", "logout")]).await.page().has("#logged-out"));
    assert!(server.ports.sessions.find(cookie.digest(), server.now()).await.unwrap().is_none());
}

#[tokio::test]
async fn the_password_grant_is_refused_to_everybody() {
    let server = start().await;
    let legacy = RelyingParty::register(&server, "legacy", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
    })
    .await;
    let fields = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD), ("scope", "read")];
    assert_eq!(legacy.token(&fields).await.status(), 400);
}
