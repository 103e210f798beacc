//! Requests for resources that the client may not request, and repeated parameters.

use domain::GrantType;
use tests::support::{Browser, Callback, PASSWORD, RelyingParty};
use url::Url;

use super::{API, FILES, OTHER, UNKNOWN, assert_refused, client, naming, request, server, with};

/// Each is refused alone, and together with a valid resource.
const BAD: [&str; 13] = [
    UNKNOWN,
    OTHER,
    "https://api.example",
    "https://api.example/v1/",
    "https://api.example/V1",
    "https://api.example:8443/v1",
    "https://api.example/v1#top",
    "https://api.example/v1#",
    "/v1",
    "api",
    "urn:example:api",
    "http://api.example/v1",
    "https://api.example/v1 https://files.example",
];

#[tokio::test]
async fn the_authorization_endpoint_says_so_by_redirect() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    for bad in BAD {
        for named in [&[bad][..], &[API, bad]] {
            let callback = Callback::from_url(&browser.open(&request(&web, "read", named)).await.client());
            assert_eq!(callback.get("error"), Some("invalid_target"), "{named:?}");
            assert_eq!(callback.get("state"), Some("state-1"));
            assert_eq!(callback.get("iss"), Some(server.issuer.as_str()));
        }
    }
    // A user who is not signed in is not redirected, unless with prompt=none.
    let stranger = Browser::new(&server.issuer);
    assert!(stranger.open(&request(&web, "read", &[UNKNOWN])).await.page().has("#login"));
    let silent = with(&request(&web, "read", &[UNKNOWN]), "prompt", &["none"]);
    let callback = Callback::from_url(&stranger.open(&silent).await.client());
    assert_eq!(callback.get("error"), Some("invalid_target"));
}

#[tokio::test]
async fn the_endpoints_of_clients_say_so_directly() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let url = Url::parse(&web.authorization_url(&[("scope", "read")])).unwrap();
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let pushed: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let own = vec![("grant_type", "client_credentials"), ("scope", "read")];
    let password =
        vec![("grant_type", "password"), ("scope", "read"), ("username", "ada"), ("password", PASSWORD)];
    for (path, form) in [
        ("/oauth/par", pushed),
        ("/oauth/device_authorization", vec![("scope", "read")]),
        ("/oauth/token", own),
        ("/oauth/token", password),
    ] {
        for bad in BAD {
            for named in [&[bad][..], &[API, bad]] {
                let answer = web.post(path, &naming(&form, named)).await;
                assert_refused(answer, "invalid_target", &format!("{path} {named:?}")).await;
            }
        }
        let answer = web.post(path, &naming(&form, &[API, FILES])).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }
}

#[tokio::test]
async fn a_client_without_resources_may_only_name_the_issuer() {
    let server = server().await;
    let service = RelyingParty::service(&server, "service").await;
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    let (slash, path) = (format!("{}/", server.issuer), format!("{}/x", server.issuer));
    for (named, status) in [(API, 400), (&server.issuer, 200), (&slash, 200), (&path, 400)] {
        assert_eq!(service.token(&naming(&own, &[named])).await.status(), status, "{named}");
    }
}

#[tokio::test]
async fn every_other_parameter_is_refused_when_it_is_repeated() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let asked = request(&web, "read", &[API, FILES]);
    let pairs: Vec<_> = Url::parse(&asked).unwrap().query_pairs().into_owned().collect();
    let browser = Browser::new(&server.issuer);
    for (name, value) in pairs.iter().filter(|(name, _)| name != "resource") {
        let page = browser.open(&with(&asked, name, &[value])).await.page();
        // Any other error goes to the application, after the login.
        let stays = ["client_id", "redirect_uri"].contains(&name.as_str());
        assert_eq!((page.has("#error"), page.has("#login")), (stays, !stays), "{name}");
        let mut form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        form.push((name, value));
        assert_refused(web.post("/oauth/par", &form).await, "invalid_request", name).await;
    }
    for (path, form) in [
        ("/oauth/device_authorization", vec![("scope", "read")]),
        ("/oauth/token", vec![("grant_type", "client_credentials"), ("scope", "read")]),
    ] {
        for repeated in &form {
            let mut form = naming(&form, &[API, FILES]);
            form.push(*repeated);
            assert_refused(web.post(path, &form).await, "invalid_request", repeated.0).await;
        }
    }
}

#[tokio::test]
async fn a_client_cannot_give_itself_resources() {
    use application::settings::RegistrationMode;
    use serde_json::{Value, json};
    use tests::support::TestServer;
    let server = TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
        settings.registration.device_grant = true;
    })
    .await;
    server.user("ada").await;
    server.resource(API, |_| {}).await;
    let metadata = json!({
        "redirect_uris": ["https://client.example/callback"], "scope": "openid",
        "resources": [API], "resource": API, "default_resource": API, "allowed": [API],
        "grant_types": ["authorization_code", GrantType::DeviceCode.as_str()],
    });
    let http = reqwest::Client::new();
    let answer = http.post(server.url("/connect/register")).json(&metadata).send().await.unwrap();
    let registered: Value = answer.json().await.unwrap();
    assert!(!registered.to_string().contains(API), "{registered}");
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    let id = registered["client_id"].as_str().unwrap();
    let client = RelyingParty::registered(&server.issuer, id, secret, "https://client.example/callback");
    let asked = naming(&[("scope", "openid")], &[API]);
    let answer = client.post("/oauth/device_authorization", &asked).await;
    assert_refused(answer, "invalid_target", "a client that registered itself").await;

    // An update by the client itself does not change the resources that an operator allowed.
    let resources = domain::client::ClientResources {
        allowed: [API.parse().unwrap()].into(),
        default: Some(API.parse().unwrap()),
    };
    let change = |client: &mut domain::Client| client.resources = resources.clone();
    server.update_client(&id.parse().unwrap(), change).await.unwrap();
    let answer = http
        .put(registered["registration_client_uri"].as_str().unwrap())
        .bearer_auth(registered["registration_access_token"].as_str().unwrap())
        .json(&json!({"redirect_uris": ["https://client.example/callback"], "resources": []}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(server.clients.show(&id.parse().unwrap()).await.unwrap().resources, resources);
}

#[tokio::test]
async fn a_resource_that_clients_may_ask_for_is_not_deleted_and_then_it_is_unknown() {
    use domain::Actor;
    use domain::client::ClientResources;
    let server = server().await;
    let web = client(&server, "web", Some(API)).await;
    let id = API.parse().unwrap();
    let refused = server.resources.delete(&id, Actor::CommandLine).await.unwrap_err();
    assert!(refused.to_string().contains("web"), "{refused}");
    let own = naming(&[("grant_type", "client_credentials"), ("scope", "read")], &[API]);
    assert_eq!(web.token(&own).await.status(), 200);

    let nothing = |client: &mut domain::Client| client.resources = ClientResources::default();
    server.update_client(&web.id.parse().unwrap(), nothing).await.unwrap();
    server.resources.delete(&id, Actor::CommandLine).await.unwrap();
    assert_refused(web.token(&own).await, "invalid_target", "deleted").await;
    // A client cannot be allowed a deleted resource again.
    let again = |client: &mut domain::Client| client.resources = super::resources(None);
    let refused = server.update_client(&web.id.parse().unwrap(), again).await;
    assert!(refused.unwrap_err().to_string().contains(API));
}
