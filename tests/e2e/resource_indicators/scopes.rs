//! Scope and audience of a token agree (RFC 9068 §2.2.3).

use serde_json::{Value, json};
use tests::support::{Browser, Callback, PASSWORD, RelyingParty, TestServer, Tokens};

use super::{API, FILES, assert_refused, audience, client, naming, request};

/// A resource that declares nothing.
const ANY: &str = "https://any.example";

/// A server where [`API`] declares `read`, [`FILES`] declares `write`, and [`ANY`] nothing.
async fn server() -> TestServer {
    let server = TestServer::with(|settings| {
        settings.password_grant = true;
        settings.scopes = settings.scopes.union(&"other".parse().unwrap());
    })
    .await;
    server.user("ada").await;
    for (id, scope) in [(API, "read"), (FILES, "write"), (ANY, "")] {
        server.resource(id, |resource| resource.scope = scope.parse().unwrap()).await;
    }
    server
}

async fn web(server: &TestServer, default: Option<&str>) -> RelyingParty {
    let web = client(server, if default.is_some() { "with-default" } else { "web" }, default).await;
    let change = |client: &mut domain::Client| {
        client.scope = "openid profile offline_access read write other".parse().unwrap();
        client.resources.allowed.insert(ANY.parse().unwrap());
    };
    server.update_client(&web.id.parse().unwrap(), change).await.unwrap();
    web
}

/// The scope of the access token, which the answer repeats.
fn scope(tokens: &Tokens) -> String {
    let claims = tokens.claims("access_token");
    let scope = claims["scope"].as_str().unwrap_or_default().to_owned();
    assert_eq!(tokens.member("scope"), claims.get("scope").cloned(), "the answer says what was granted");
    scope
}

async fn tokens(server: &TestServer, web: &RelyingParty, scope: &str, named: &[&str]) -> Tokens {
    let url = Browser::new(&server.issuer).sign_in_and_consent(&request(web, scope, named), "ada").await;
    web.redeemed(Callback::from_url(&url).code()).await
}

#[tokio::test]
async fn a_token_has_only_the_scopes_that_its_resources_declare() {
    let server = server().await;
    let (plain, with_default) = (web(&server, None).await, web(&server, Some(API)).await);
    let issuer = server.issuer.as_str();
    for (web, asked, named, expected) in [
        (&plain, "read write", &[API][..], "read"),
        (&plain, "read write", &[FILES], "write"),
        (&plain, "other read write", &[API, FILES], "read write"),
        // A resource that declares nothing takes what no other resource of the client and not the issuer has for its own.
        (&plain, "read write profile other", &[ANY], "other"),
        (&plain, "read write other", &[API, ANY], "other read"),
        (&plain, "openid profile read other", &[ANY], "openid other profile"),
        // The issuer's own scopes, where the issuer is in the audience.
        (&plain, "openid profile read write", &[API], "openid profile read"),
        (&plain, "profile read write", &[API], "read"),
        (&plain, "profile read write", &[API, issuer], "profile read"),
        (&plain, "openid read write", &[], "openid read write"),
        (&plain, "read write", &[issuer], "read write"),
        (&with_default, "read write", &[], "read"),
        (&with_default, "openid read write", &[], "openid read"),
        (&with_default, "read write", &[FILES], "write"),
        (&with_default, "read write", &[issuer], "read write"),
        // Offline access is about the grant: an API has no use for it.
        (&plain, "offline_access read write", &[API], "read"),
    ] {
        let tokens = tokens(&server, web, asked, named).await;
        assert_eq!(scope(&tokens), expected, "{asked} at {named:?}");
        assert_eq!(web.introspect(tokens.text("access_token")).await["scope"], expected);
        let renewed = super::refreshed(web, tokens.text("refresh_token"), &[]).await;
        assert_eq!(scope(&renewed), expected, "{asked} at {named:?}");
        assert_eq!(audience(&renewed), audience(&tokens));
    }
}

#[tokio::test]
async fn offline_access_at_a_resource_survives_the_logout() {
    let server = server().await;
    let web = web(&server, None).await;
    let (offline, bound) = (
        tokens(&server, &web, "offline_access read", &[API]).await,
        tokens(&server, &web, "read", &[API]).await,
    );
    server.clock.advance(server.settings.lifetimes.session);
    assert_eq!(super::refresh(&web, bound.text("refresh_token"), &[]).await.status(), 400);
    let renewed = super::refreshed(&web, offline.text("refresh_token"), &[API]).await;
    assert_eq!((scope(&renewed).as_str(), audience(&renewed)), ("read", json!(API)));
}

#[tokio::test]
async fn without_a_person_the_scope_is_fitted_too() {
    let server = server().await;
    let (plain, with_default) = (web(&server, None).await, web(&server, Some(API)).await);
    let own = vec![("grant_type", "client_credentials")];
    let password = vec![("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    for grant in [own, password] {
        for (web, asked, named, expected) in [
            (&plain, "read write", &[API][..], "read"),
            (&plain, "read write", &[API, FILES], "read write"),
            (&plain, "read write", &[], "read write"),
            (&with_default, "read write", &[], "read"),
            // The client's default, where it names no scope.
            (&plain, "", &[FILES], "write"),
            (&with_default, "", &[], "read"),
        ] {
            let fields = [&grant[..], &[("scope", asked)]].concat();
            let tokens = RelyingParty::successful(web.token(&naming(&fields, named)).await).await;
            assert_eq!(scope(&tokens), expected, "{asked} at {named:?}");
        }
    }
}

#[tokio::test]
async fn nothing_left_is_invalid_scope() {
    let server = server().await;
    let web = web(&server, None).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    let cases = [
        ("write", &[API][..]),
        ("other", &[API, FILES]),
        ("profile", &[API]),
        ("write", &[ANY]),
        ("profile", &[ANY]),
    ];
    for (asked, named) in cases {
        let callback = Callback::from_url(&browser.open(&request(&web, asked, named)).await.client());
        assert_eq!(callback.get("error"), Some("invalid_scope"), "{asked} at {named:?}");
        assert!(callback.get("error_description").unwrap().contains(asked));
        let own = [("grant_type", "client_credentials"), ("scope", asked)];
        let device = [("scope", asked)];
        for (path, form) in [("/oauth/token", &own[..]), ("/oauth/device_authorization", &device)] {
            let answer = web.post(path, &naming(form, named)).await;
            assert_refused(answer, "invalid_scope", &format!("{path} {asked} at {named:?}")).await;
        }
    }
}

#[tokio::test]
async fn narrowing_the_resource_narrows_the_scope_and_spends_nothing_of_the_grant() {
    let server = server().await;
    let web = web(&server, None).await;
    let issuer = server.issuer.as_str();
    let asked = request(&web, "openid read write other", &[API, FILES, ANY]);
    let url = Browser::new(&server.issuer).sign_in_and_consent(&asked, "ada").await;
    let verifier = tests::support::Pkce::new().verifier;
    let code = Callback::from_url(&url).code().to_owned();
    let fields = [("grant_type", "authorization_code"), ("code", &code), ("code_verifier", &verifier)];
    let first = RelyingParty::successful(web.token(&naming(&fields, &[API])).await).await;
    assert_eq!((scope(&first).as_str(), audience(&first)), ("openid read", json!([issuer, API])));
    let mut token = first.text("refresh_token").to_owned();
    for (named, expected) in [
        (&[FILES][..], "openid write"),
        (&[issuer], "openid other"),
        (&[ANY], "openid other"),
        (&[API, ANY], "openid other read"),
        (&[API, FILES], "openid read write"),
        (&[], "openid other read write"),
        (&[API], "openid read"),
    ] {
        let tokens = super::refreshed(&web, &token, named).await;
        assert_eq!(scope(&tokens), expected, "{named:?}");
        tokens.text("refresh_token").clone_into(&mut token);
    }
    // A scope of one resource and another resource have nothing in common. The token is not spent.
    let only = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", "read")];
    assert_refused(web.token(&naming(&only, &[FILES])).await, "invalid_scope", "read at files").await;
    let tokens = RelyingParty::successful(web.token(&naming(&only, &[API])).await).await;
    assert_eq!((scope(&tokens).as_str(), audience(&tokens)), ("read", json!(API)));
}

#[tokio::test]
async fn a_device_gets_the_scopes_of_its_resources() {
    let server = server().await;
    let device = web(&server, None).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    for (named, narrowed, expected) in [(&[API][..], &[][..], "read"), (&[API, FILES], &[FILES], "write")] {
        let form = naming(&[("scope", "read write other")], named);
        let begun = RelyingParty::successful(device.post("/oauth/device_authorization", &form).await).await;
        let page = browser.open(begun.text("verification_uri_complete")).await.page();
        browser.submit(&page, &[("decision", "allow")]).await;
        let grant = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", begun.text("device_code")),
        ];
        let tokens = RelyingParty::successful(device.token(&naming(&grant, narrowed)).await).await;
        assert_eq!(scope(&tokens), expected, "{named:?}");
    }
}

#[tokio::test]
async fn a_request_without_scope_gets_what_the_resource_grants_then_else_an_empty_scope() {
    let server = TestServer::with(|settings| settings.issuer_default_scope = "write".parse().unwrap()).await;
    server.user("ada").await;
    for (id, default) in [(API, "read"), (FILES, "")] {
        let change = |resource: &mut application::resource::servers::NewResource| {
            resource.scope = "read write".parse().unwrap();
            resource.default_scope = default.parse().unwrap();
        };
        server.resource(id, change).await;
    }
    let issuer = server.issuer.clone();
    // Its registration has a scope about the user only, which is never a default.
    let allowed = |scope: &'static str| {
        move |client: &mut domain::Client| {
            client.grant_types = domain::GrantType::ALL.into();
            client.scope = scope.parse().unwrap();
            client.resources = super::resources(None);
        }
    };
    let reader = RelyingParty::register(&server, "reader", allowed("openid read write")).await;
    let nobody = RelyingParty::register(&server, "nobody", allowed("openid profile")).await;
    let browser = Browser::new(&server.issuer);
    for (client, named, expected) in [
        // The client has a default of its own.
        (&reader, API, Some("read write")),
        // What a client may not have, a resource does not grant it.
        (&nobody, API, None),
        (&nobody, FILES, None),
        (&nobody, issuer.as_str(), None),
    ] {
        let url = browser.sign_in_and_consent(&request(client, "", &[named]), "ada").await;
        let tokens = client.redeemed(Callback::from_url(&url).code()).await;
        assert_eq!(tokens.member("scope"), expected.map(Value::from), "{} at {named}", client.id);
        assert_eq!(audience(&tokens), json!(named));
        let renewed = super::refreshed(client, tokens.text("refresh_token"), &[named]).await;
        assert_eq!(renewed.member("scope"), expected.map(Value::from));
        let own = naming(&[("grant_type", "client_credentials")], &[named]);
        let own = RelyingParty::successful(client.token(&own).await).await;
        assert_eq!(own.member("scope"), expected.map(Value::from));
    }
    // Without a resource there is nothing to grant.
    let callback = Callback::from_url(&browser.open(&request(&nobody, "", &[])).await.client());
    assert_eq!(callback.get("error"), Some("invalid_scope"));
}
