//! The scopes that an operator declares, and the custom claims that they open (docs/decisions/groups-and-claims.md).

use application::settings::RegistrationMode;
use domain::{Actor, GrantType};
use reqwest::{Client, Method};
use serde_json::{Map, Value, json};
use server::config::Config;
use tests::support::{Browser, Page, RelyingParty, TestServer, Tokens};

const DECLARED: &str = r#"
[scopes.staff]
description = { en = "Know where you work", de = "Wissen, wo Sie arbeiten" }
claims = ["department", "https://example.com/rooms", "email"]

[scopes.calendar]
description = "See your calendar"
for_registered_clients = true

[scopes.silent]
default = false
"#;

/// A server with the scopes above, and Ada, who has custom claims.
async fn server_with(change: impl FnOnce(&mut application::Settings)) -> TestServer {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), DECLARED).unwrap();
    let declared = Config::load(Some(file.path()), std::iter::empty()).unwrap().settings();
    let server = TestServer::with(|settings| {
        settings.scopes = declared.scopes;
        settings.declared_scopes = declared.declared_scopes;
        settings.registration.allowed_scopes = declared.registration.allowed_scopes;
        change(settings);
    })
    .await;
    let ada = server.user("ada").await;
    let custom = json!({"department": "research", "https://example.com/rooms": ["a", {"floor": 2}], "secret": "unopened"});
    let set = |user: &mut domain::User| {
        user.claims = user.claims.amended(object(&custom))?;
        Ok(())
    };
    server.users.update(ada.id, set, Actor::CommandLine).await.unwrap();
    server
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

async fn web(server: &TestServer) -> RelyingParty {
    let scope = "openid profile email offline_access staff calendar silent";
    RelyingParty::register(server, "web", |client| client.scope = scope.parse().unwrap()).await
}

async fn userinfo(client: &RelyingParty, tokens: &Tokens) -> Value {
    client.userinfo(tokens.text("access_token")).await.json().await.unwrap()
}

/// The claims that the scope `staff` opens.
fn of_staff(claims: &Value) -> Value {
    let names = ["department", "https://example.com/rooms", "email", "email_verified", "secret"];
    let found = names.into_iter().filter_map(|name| Some((name.to_owned(), claims.get(name)?.clone())));
    Value::Object(found.collect())
}

fn everything() -> Value {
    json!({
        "department": "research", "https://example.com/rooms": ["a", {"floor": 2}],
        "email": "ada@example.com", "email_verified": true,
    })
}

#[tokio::test]
async fn what_a_declared_scope_opens_is_at_userinfo_and_in_the_id_token_and_at_introspection() {
    for opaque in [false, true] {
        let server = server_with(|settings| settings.opaque_access_tokens = opaque).await;
        let web = web(&server).await;
        let api = RelyingParty::register(&server, "api", |client| {
            client.grant_types = [GrantType::ClientCredentials].into();
            client.scope = domain::Scope::default();
            client.resource_server = true;
        })
        .await;
        let browser = Browser::new(&server.issuer);
        let tokens = web.tokens(&browser, "ada", &[("scope", "openid staff")]).await;
        assert_eq!(of_staff(&tokens.claims("id_token")), everything());
        assert_eq!(of_staff(&userinfo(&web, &tokens).await), everything());
        for caller in [&web, &api] {
            assert_eq!(of_staff(&caller.introspect(tokens.text("access_token")).await), everything());
            let refresh_token = caller.introspect(tokens.text("refresh_token")).await;
            assert_eq!(of_staff(&refresh_token), json!({}));
        }
        let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        assert_eq!(of_staff(&refreshed.claims("id_token")), everything());

        let without = web.tokens(&browser, "ada", &[("scope", "openid calendar")]).await;
        assert_eq!(of_staff(&without.claims("id_token")), json!({}));
        assert_eq!(of_staff(&userinfo(&web, &without).await), json!({}));
        assert_eq!(of_staff(&web.introspect(without.text("access_token")).await), json!({}));

        let off = |client: &mut domain::Client| client.tokens.id_token_claims = false;
        server.update_client(&"web".parse().unwrap(), off).await.unwrap();
        let tokens = web.tokens(&browser, "ada", &[("scope", "openid staff")]).await;
        assert_eq!(of_staff(&tokens.claims("id_token")), json!({}));
        assert_eq!(of_staff(&userinfo(&web, &tokens).await), everything());
    }
}

#[tokio::test]
async fn a_caller_without_a_credential_learns_no_claim() {
    let server = server_with(|settings| settings.public_introspection = true).await;
    let web = web(&server).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid staff")]).await;
    let form = [("token", tokens.text("access_token"))];
    let plain = Client::builder().no_proxy().build().unwrap();
    let seen: Value =
        plain.post(server.url("/oauth/introspect")).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!((&seen["active"], of_staff(&seen)), (&json!(true), json!({})));
}

#[tokio::test]
async fn the_metadata_lists_the_declared_scopes_and_their_claims() {
    let server = server_with(|_| {}).await;
    let url = server.url("/.well-known/openid-configuration");
    let metadata: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    for (member, names) in [
        ("scopes_supported", &["staff", "calendar", "silent", "openid"][..]),
        ("claims_supported", &["department", "https://example.com/rooms", "email", "sub"]),
    ] {
        let listed = metadata[member].as_array().unwrap();
        for name in names {
            assert_eq!(listed.iter().filter(|it| it == name).count(), 1, "{name} in {listed:?}");
        }
        assert!(!listed.contains(&json!("secret")));
    }
}

#[tokio::test]
async fn the_pages_describe_a_declared_scope_in_the_words_of_the_operator() {
    let server = server_with(|_| {}).await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.scope = "openid staff calendar silent".parse().unwrap();
        client.grant_types.insert(GrantType::DeviceCode);
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    let _ = browser.sign_in(&login, "ada").await.page();
    let shows = |page: &Page, staff: &str| {
        let text = page.text(".scopes");
        for words in [staff, "See your calendar", "silent", "staff"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    };
    let scope = ("scope", "openid staff calendar silent");
    for (language, staff) in
        [("en", "Know where you work"), ("de", "Wissen, wo Sie arbeiten"), ("ja", "Know where you work")]
    {
        let asked = web.authorization_url(&[scope, ("ui_locales", language)]);
        shows(&browser.open(&asked).await.page(), staff);
        let begun = RelyingParty::successful(web.post("/oauth/device_authorization", &[scope]).await).await;
        let page = format!("{}&ui_locales={language}", begun.text("verification_uri_complete"));
        shows(&browser.open(&page).await.page(), staff);
    }
}

#[tokio::test]
async fn a_scope_with_claims_has_to_be_requested_unless_the_operator_makes_it_a_default() {
    let server = server_with(|_| {}).await;
    let web = web(&server).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "")]).await;
    assert_eq!(tokens.text("scope"), "calendar");
}

#[tokio::test]
async fn a_client_that_registers_itself_gets_only_the_scopes_that_are_for_such_clients() {
    let server = server_with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let document =
        json!({"redirect_uris": ["https://own.example/cb"], "scope": "openid staff calendar silent"});
    let http = Client::builder().no_proxy().build().unwrap();
    let sent = http.request(Method::POST, server.url("/connect/register")).json(&document).send().await;
    let registered: Value = sent.unwrap().json().await.unwrap();
    assert_eq!(registered["scope"], "calendar openid");
}

#[tokio::test]
async fn a_custom_claim_is_requested_by_name_only_by_a_client_that_may_have_its_scope() {
    let server = server_with(|_| {}).await;
    let (web, other) = (
        web(&server).await,
        RelyingParty::register(&server, "other", |client| {
            client.scope = "openid calendar".parse().unwrap();
        })
        .await,
    );
    let claims = json!({"userinfo": {"department": null, "secret": null}, "id_token": {"department": null}});
    let fields = [("scope", "openid"), ("claims", &claims.to_string())];
    for (client, expected) in [(&web, json!({"department": "research"})), (&other, json!({}))] {
        let tokens = client.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
        assert_eq!(of_staff(&userinfo(client, &tokens).await), expected);
        assert_eq!(of_staff(&tokens.claims("id_token")), expected);
    }
}
