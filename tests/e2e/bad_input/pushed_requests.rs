//! Pushed requests (RFC 9126 §2.3). `pushed_requests.rs` tests what the authorization endpoint
//! would refuse.

use chrono::Duration;
use domain::GrantType;
use tests::support::{Browser, Pkce, RelyingParty, TestServer};
use url::Url;

use super::{Endpoint, refused, with, without};

const PATH: &str = "/oauth/par";

#[tokio::test]
async fn a_push_is_refused_for_every_fault() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    RelyingParty::confidential(&server, "other").await;
    let service = RelyingParty::register(&server, "service", |client| {
        client.grant_types = [GrantType::ClientCredentials].into();
    })
    .await;
    let pkce = Pkce::new();
    let honest = [
        ("response_type", "code"),
        ("redirect_uri", web.redirect_uri.as_str()),
        ("scope", "openid profile"),
        ("code_challenge", pkce.challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let endpoint = Endpoint { server: &server, path: PATH, client: &web };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;

    let (long, invalid_request) = ("x".repeat(20_000), (400, "invalid_request"));
    let changed = |name, value| with(&honest, name, value);
    endpoint
        .refuses(&[
            ("no response type", without(&honest, "response_type"), invalid_request),
            ("no challenge", without(&honest, "code_challenge"), invalid_request),
            ("an oversized challenge", changed("code_challenge", &long), invalid_request),
            ("a malformed redirect URI", changed("redirect_uri", "nonsense"), invalid_request),
            ("an oversized redirect URI", changed("redirect_uri", &long), invalid_request),
            ("a request URI", changed("request_uri", "urn:ietf:params:oauth:request_uri:x"), invalid_request),
            ("another client's name", changed("client_id", "other"), invalid_request),
            ("an oversized scope", changed("scope", &long), (400, "invalid_scope")),
        ])
        .await;
    refused(service.post(PATH, &honest).await, (400, "unauthorized_client"), "a client without codes").await;
    assert_eq!(web.post(PATH, &honest).await.status(), 201);
}

#[tokio::test]
async fn a_request_uri_is_refused_for_every_fault() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::register(&server, "other", |client| {
        client.grant_types = [GrantType::AuthorizationCode].into();
    })
    .await;
    let pushed = async || {
        let url = Url::parse(&web.authorization_url(&[])).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = RelyingParty::successful_with(web.post(PATH, &form).await, 201).await;
        answer.text("request_uri").to_owned()
    };
    let link = |client: &str, request_uri: &str| {
        let query = [("client_id", client), ("request_uri", request_uri)];
        Url::parse_with_params(&server.url("/oauth/authorize"), query).unwrap().to_string()
    };
    let browser = Browser::new(&server.issuer);
    let good = pushed().await;
    let used = pushed().await;
    browser.sign_in_and_consent(&link("web", &used), "ada").await;
    let long = format!("{good}{}", "x".repeat(4_000));
    for (why, url) in [
        ("unknown", link("web", "urn:ietf:params:oauth:request_uri:nonsense")),
        ("empty", link("web", "urn:ietf:params:oauth:request_uri:")),
        ("oversized", link("web", &long)),
        ("replayed", link("web", &used)),
        ("another client's", link(&other.id, &good)),
        ("of an unknown client", link("nobody", &good)),
        ("of no client", link("", &good)),
    ] {
        let page = browser.open(&url).await.page();
        assert_eq!(page.status, 400, "{why}");
        assert_eq!(page.headers["cache-control"], "no-store", "{why}");
        let expected = match why {
            "of an unknown client" => "invalid_client",
            "of no client" => "invalid_request",
            _ => "invalid_request_uri",
        };
        assert_eq!(page.text("#error-code"), expected, "{why}");
    }
    let twice = browser.open(&format!("{}&request_uri=x", link("web", &good))).await.client();
    assert!(twice.as_str().contains("error=invalid_request&"), "{twice}");
    assert!(browser.sign_in_and_consent(&link("web", &good), "ada").await.as_str().contains("code="));
    let late = pushed().await;
    server.clock.advance(Duration::seconds(60));
    assert_eq!(
        browser.open(&link("web", &late)).await.page().text("#error-code"),
        "invalid_request_uri",
        "expired"
    );
}
