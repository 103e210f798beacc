//! What operators may register, and which of their changes are refused.

use std::collections::BTreeSet;

use application::client::administration::ClientAdministrationError;
use application::users::{NewUser, UserAdministrationError};
use domain::claims::ProfileClaims;
use domain::{Actor, GrantType, Secret};
use tests::support::{Browser, PASSWORD, RelyingParty, TestServer};

#[tokio::test]
async fn a_rotated_secret_replaces_the_old_one() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let grant = [("grant_type", "client_credentials")];
    assert_eq!(service.token(&grant).await.status(), 200);
    let id = service.id.parse().unwrap();
    let (_, secret) = server.clients.rotate_secret(&id, Actor::CommandLine).await.unwrap();
    assert_eq!(service.token(&grant).await.status(), 401);
    let renewed = service.with_secret(secret.expose());
    assert_eq!(renewed.token(&grant).await.status(), 200);
}

#[tokio::test]
async fn a_registration_that_cannot_work_is_refused() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let id = web.id.parse().unwrap();
    let update = async |change: fn(&mut domain::Client)| server.update_client(&id, change).await;
    let refused = update(|client| client.redirect_uris.clear()).await.unwrap_err().to_string();
    assert!(refused.starts_with("redirect_uris: a client of the grant type"), "{refused}");
    let refused = update(|client| client.scope = "openid nonsense".parse().unwrap()).await.unwrap_err();
    assert!(refused.to_string().starts_with("scope: unknown scope: nonsense"), "{refused}");
    let refused = update(|client| client.logo_uri = Some("http://client.example/logo.png".to_owned())).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.starts_with("logo_uri: must be an https URL"), "{refused}");
    let app = RelyingParty::public(&server, "app").await.id.parse().unwrap();
    let change =
        |client: &mut domain::Client| client.grant_types = BTreeSet::from([GrantType::ClientCredentials]);
    let own = server.update_client(&app, change).await.unwrap_err().to_string();
    assert!(own.starts_with("grant_types: a public client cannot use"), "{own}");
    assert!(matches!(
        server.clients.rotate_secret(&app, Actor::CommandLine).await,
        Err(ClientAdministrationError::NoSecret)
    ));
    // The refused change has stored nothing.
    assert!(Browser::new(&server.issuer).open(&web.authorization_url(&[])).await.page().has("#login"));
}

#[tokio::test]
async fn a_change_of_a_client_is_seen_by_the_next_request() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let id = web.id.parse().unwrap();
    let change = |client: &mut domain::Client| client.name = Some("Renamed".to_owned());
    server.update_client(&id, change).await.unwrap();
    let login = Browser::new(&server.issuer).open(&web.authorization_url(&[])).await.page();
    assert!(login.text("body").contains("Renamed"));
}

#[tokio::test]
async fn weak_passwords_and_taken_names_are_refused() {
    let server = TestServer::start().await;
    let new = |username: &str, password: &str| NewUser {
        username: username.parse().unwrap(),
        password: Some(Secret::from(password)),
        claims: ProfileClaims::default(),
        administrator: false,
    };
    for (username, password) in
        [("ada", "short"), ("ada-lovelace", "Ada-Lovelace"), ("ada", &"x".repeat(1025))]
    {
        let created = server.users.create(new(username, password), Actor::CommandLine).await;
        assert!(matches!(created, Err(UserAdministrationError::Weak(_))), "{password}");
    }
    server.users.create(new("Ada", PASSWORD), Actor::CommandLine).await.unwrap();
    let again = server.users.create(new("aDA", PASSWORD), Actor::CommandLine).await;
    assert!(matches!(again, Err(UserAdministrationError::UsernameTaken(_))));
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[("scope", "openid offline_access")]).await;
    server
        .users
        .set_password(&ada, &Secret::from("another battery staple"), Actor::CommandLine)
        .await
        .unwrap();
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let new = Secret::from("another battery staple");
    server.users.set_password(&ada, &new, Actor::CommandLine).await.unwrap();
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    assert_eq!(browser.sign_in(&login, "ada").await.page().status, 422);
    let fields = [("username", "ada"), ("password", new.expose())];
    assert_eq!(browser.submit(&login, &fields).await.page().status, 200);
}
