//! Which resource servers accept a token, and which may introspect it.

use domain::{Actor, GrantType};
use serde_json::{Value, json};
use tests::support::{Browser, Callback, RelyingParty};

use super::{API, FILES, OTHER, client, naming, request, server_with};

#[tokio::test]
async fn userinfo_takes_no_token_that_is_for_others_only() {
    for opaque in [false, true] {
        let server = server_with(opaque).await;
        let web = client(&server, "web", Some(API)).await;
        let browser = Browser::new(&server.issuer);
        for (scope, named, status, error) in [
            ("openid", &[][..], 200, None),
            ("openid", &[API], 200, None),
            ("read", &[], 401, Some("invalid_token")),
            ("read", &[API, FILES], 401, Some("invalid_token")),
            ("profile read", &[API], 401, Some("invalid_token")),
            ("read", &[&server.issuer], 403, Some("insufficient_scope")),
            ("read", &[API, &server.issuer], 403, Some("insufficient_scope")),
        ] {
            let url = browser.sign_in_and_consent(&request(&web, scope, named), "ada").await;
            let tokens = web.redeemed(Callback::from_url(&url).code()).await;
            let answer = web.userinfo(tokens.text("access_token")).await;
            assert_eq!(answer.status(), status, "{scope} {named:?}");
            if let Some(error) = error {
                let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
                assert!(challenge.contains(&format!("error=\"{error}\"")), "{challenge}");
                let body: Value = answer.json().await.unwrap();
                assert_eq!(body["error"], error);
            }
        }
    }
}

#[tokio::test]
async fn a_resource_server_may_look_into_the_tokens_that_are_for_it() {
    for opaque in [false, true] {
        let server = server_with(opaque).await;
        let web = client(&server, "web", None).await;
        // Two resources of one client, and one resource without a client.
        let api = RelyingParty::service(&server, "api").await;
        let (first, second) = ("https://first.example", "https://second.example");
        for id in [first, second] {
            server.resource(id, |resource| resource.client = Some("api".parse().unwrap())).await;
        }
        let allowed = |client: &mut domain::Client| {
            client.resources.allowed.extend([first, second].map(|id| id.parse().unwrap()));
        };
        server.update_client(&web.id.parse().unwrap(), allowed).await.unwrap();
        let own = [("grant_type", "client_credentials"), ("scope", "read")];
        for (named, seen) in [
            (&[][..], false),
            (&[API], false),
            (&[API, FILES], false),
            (&[first], true),
            (&[second], true),
            (&[API, second], true),
        ] {
            let tokens = RelyingParty::successful(web.token(&naming(&own, named)).await).await;
            let token = tokens.text("access_token");
            let answer = api.introspect(token).await;
            assert_eq!(answer["active"], json!(seen), "{named:?}");
            if seen {
                assert_eq!(answer, web.introspect(token).await);
                let several = if let [only] = named { json!(only) } else { json!(named) };
                assert_eq!(answer["aud"], several);
            } else {
                assert_eq!(answer, json!({"active": false}));
            }
        }
        // A client that is registered later under the same id is not that resource server.
        let tokens = RelyingParty::successful(web.token(&naming(&own, &[first])).await).await;
        server.clients.delete(&"api".parse().unwrap(), Actor::CommandLine).await.unwrap();
        let heir = RelyingParty::service(&server, "api").await;
        assert_eq!(heir.introspect(tokens.text("access_token")).await, json!({"active": false}));
    }
}

#[tokio::test]
async fn a_refresh_token_is_no_business_of_a_resource_server() {
    let server = server_with(false).await;
    let web = client(&server, "web", None).await;
    let api = RelyingParty::service(&server, "api").await;
    let id = "https://first.example";
    server.resource(id, |resource| resource.client = Some("api".parse().unwrap())).await;
    let allowed = |client: &mut domain::Client| {
        client.resources.allowed.insert(id.parse().unwrap());
    };
    server.update_client(&web.id.parse().unwrap(), allowed).await.unwrap();
    let url = Browser::new(&server.issuer).sign_in_and_consent(&request(&web, "read", &[id]), "ada").await;
    let tokens = web.redeemed(Callback::from_url(&url).code()).await;
    assert_eq!(api.introspect(tokens.text("access_token")).await["active"], true);
    assert_eq!(api.introspect(tokens.text("refresh_token")).await, json!({"active": false}));
}

#[tokio::test]
async fn a_resource_server_needs_a_client_scopes_and_links_that_are_there() {
    let server = server_with(false).await;
    RelyingParty::register(&server, "api", |client| client.grant_types = [GrantType::DeviceCode].into())
        .await;
    let new = |id: &str| application::resource::servers::NewResource {
        id: id.parse().unwrap(),
        name: None,
        scope: "read".parse().unwrap(),
        default_scope: domain::Scope::default(),
        for_registered_clients: false,
        access_token_typ: domain::client::AccessTokenTyp::AtJwt,
        documentation: None,
        client: Some("api".parse().unwrap()),
    };
    let create = async |resource| server.resources.register(resource, Actor::CommandLine).await;
    let made = create(new("https://made.example")).await.unwrap();
    assert_eq!(made.name, "https://made.example");
    for (resource, reason) in [
        (new(OTHER), "registered already"),
        (new(&server.issuer), "this server itself"),
        (
            {
                let mut it = new("https://a.example");
                it.client = Some("nobody".parse().unwrap());
                it
            },
            "client not found",
        ),
        (
            {
                let mut it = new("https://a.example");
                it.scope = "strange".parse().unwrap();
                it
            },
            "strange",
        ),
        (
            {
                let mut it = new("https://a.example");
                it.documentation = Some("http://a.example".to_owned());
                it
            },
            "https",
        ),
    ] {
        let refused = create(resource).await.unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
    }
    let id = "https://a.example".parse().unwrap();
    assert!(server.resources.show(&id).await.is_err());
    assert!(server.resources.delete(&id, Actor::CommandLine).await.is_err());
}
