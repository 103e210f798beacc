//! Names and passwords that another keyboard composes in another way (RFC 8265).

use application::users::NewUser;
use domain::claims::ProfileClaims;
use domain::{Actor, Secret};
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};

/// Composed as most keyboards do, and decomposed as a Mac may send it.
const NAMES: [&str; 3] =
    ["Zo\u{eb} \u{c5}str\u{f6}m", "Zoe\u{308} A\u{30a}stro\u{308}m", "ZO\u{cb} \u{e5}stro\u{308}m"];
const PASSWORDS: [&str; 3] =
    ["p\u{e4}sswo\u{308}rd 1", "pa\u{308}ssw\u{f6}rd 1", "p\u{e4}ssw\u{f6}rd\u{a0}1"];

fn new_user(username: &str, password: &str) -> NewUser {
    NewUser {
        username: username.parse().unwrap(),
        password: Some(Secret::from(password)),
        claims: ProfileClaims::default(),
        administrator: false,
    }
}

#[tokio::test]
async fn every_way_to_type_a_name_and_a_password_signs_in() {
    for created in 0..2 {
        let server = TestServer::start().await;
        let new = new_user(NAMES[created], PASSWORDS[created]);
        server.users.create(new, Actor::CommandLine).await.unwrap();
        let web = RelyingParty::register(&server, "web", |client| client.first_party = true).await;
        for (name, password) in NAMES.into_iter().zip(PASSWORDS) {
            let browser = Browser::new(&server.issuer);
            let login = browser.open(&web.authorization_url(&[])).await.page();
            let landed = browser.submit(&login, &[("username", name), ("password", password)]).await;
            let Landed::Client(url) = landed else { panic!("{name:?} {password:?}: {landed:?}") };
            let tokens = web.redeemed(Callback::from_url(&url).code()).await;
            let claims =
                web.userinfo(tokens.text("access_token")).await.json::<serde_json::Value>().await.unwrap();
            assert_eq!(claims["preferred_username"], NAMES[0], "one name for applications");
        }
        let browser = Browser::new(&server.issuer);
        let login = browser.open("/login").await.page();
        let wrong = [("username", NAMES[0]), ("password", "passwo\u{308}rd 1")];
        assert_eq!(browser.submit(&login, &wrong).await.page().status, 422);
    }
}

#[tokio::test]
async fn a_name_is_taken_however_it_is_typed() {
    let server = TestServer::start().await;
    server.users.create(new_user(NAMES[0], PASSWORDS[0]), Actor::CommandLine).await.unwrap();
    for name in NAMES {
        let taken = server.users.create(new_user(name, PASSWORDS[0]), Actor::CommandLine).await;
        assert!(taken.unwrap_err().to_string().contains("exists already"), "{name:?}");
    }
}

#[tokio::test]
async fn a_new_password_typed_in_another_way_works_too() {
    let server = TestServer::start().await;
    let user = server.user("ada").await;
    server.users.set_password(&user, &Secret::from(PASSWORDS[1]), Actor::CommandLine).await.unwrap();
    for password in PASSWORDS {
        let browser = Browser::new(&server.issuer);
        let login = browser.open("/login").await.page();
        let home = browser.submit(&login, &[("username", "ADA"), ("password", password)]).await.page();
        assert!(home.text("body").contains("signed in as ada"), "{password:?}");
    }
}
