//! Request objects by reference (RFC 9101 §5.2; OpenID Connect Core §6.2), from a real web server
//! of the client.

use std::sync::Arc;

use chrono::Duration;
use domain::{Digest, KeySource};
use jsonwebtoken::Algorithm;
use tests::support::{Browser, Callback, ClientSigner, Publisher, RelyingParty, TestServer};

use super::Signed;

/// A client that publishes its request objects, and a server that may send requests to this
/// machine.
async fn begin(uris: impl FnOnce(&Publisher) -> Vec<String>) -> (Signed, Publisher) {
    let server = TestServer::with(|settings| settings.outbound_allow_private = true).await;
    server.user("ada").await;
    let signer = ClientSigner::new(Algorithm::RS256);
    let publisher = Publisher::start(String::new()).await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.request_objects.keys = Some(KeySource::Jwks(signer.jwks()));
        client.request_objects.uris = uris(&publisher).iter().map(|uri| uri.parse().unwrap()).collect();
    })
    .await;
    let signed = Signed { browser: Browser::new(&server.issuer), server, web, signer };
    publisher.publish(signed.signer.sign(&signed.claims(&[])));
    (signed, publisher)
}

fn url(signed: &Signed, request_uri: &str, outside: &[(&str, &str)]) -> String {
    let query = [("client_id", signed.web.id.as_str()), ("request_uri", request_uri)];
    let query = query.iter().chain(outside);
    url::Url::parse_with_params(&signed.server.url("/oauth/authorize"), query).unwrap().into()
}

#[tokio::test]
async fn a_registered_object_is_fetched_and_answered_whatever_its_fragment_says() {
    let (signed, publisher) = begin(|publisher| vec![format!("{}#registered", publisher.uri())]).await;
    // As the conformance suite registers it: with the hash of another text.
    let other = Digest::of(b"something else").to_base64url();
    for (fetched, fragment) in ["", "#registered", "#", &format!("#{other}")].into_iter().enumerate() {
        let uri = format!("{}{fragment}", publisher.uri());
        let outside = [("response_type", "code"), ("scope", "openid"), ("state", "outside")];
        let callback = signed.callback(&url(&signed, &uri, &outside)).await;
        assert_eq!(callback.get("state"), Some("state-1"), "{fragment}");
        signed.web.redeemed(callback.code()).await;
        assert_eq!(publisher.requests() as usize, fetched + 1, "another fragment is another version");
    }
}

#[tokio::test]
async fn an_object_whose_hash_is_in_its_uri_is_kept_and_any_other_only_for_a_moment() {
    let (signed, publisher) = begin(|publisher| vec![publisher.uri()]).await;
    let publish = |state: &str| {
        let object = format!("{}\n", signed.signer.sign(&signed.claims(&[("state", state)])));
        let hash = Digest::of(object.as_bytes()).to_base64url();
        publisher.publish(object);
        hash
    };
    let ask = async |fragment: &str| {
        let uri = format!("{}{fragment}", publisher.uri());
        signed.callback(&url(&signed, &uri, &[])).await.get("state").unwrap().to_owned()
    };
    let hash = format!("#{}", publish("first"));
    assert_eq!((ask(&hash).await.as_str(), publisher.requests()), ("first", 1));
    let next = format!("#{}", publish("second"));
    signed.server.clock.advance(Duration::seconds(299));
    assert_eq!(
        (ask(&hash).await.as_str(), publisher.requests()),
        ("first", 1),
        "a document with a hash is not fetched again"
    );
    assert_eq!((ask(&next).await.as_str(), publisher.requests()), ("second", 2));
    publish("third");
    assert_eq!((ask("").await.as_str(), publisher.requests()), ("third", 3));
    publish("fourth");
    signed.server.clock.advance(Duration::seconds(4));
    assert_eq!((ask("").await.as_str(), publisher.requests()), ("third", 3));
    signed.server.clock.advance(Duration::seconds(1));
    assert_eq!((ask("").await.as_str(), publisher.requests()), ("fourth", 4));
}

#[tokio::test]
async fn many_who_come_at_once_make_one_request() {
    let (signed, publisher) = begin(|publisher| vec![publisher.uri()]).await;
    let signed = Arc::new(signed);
    let url = url(&signed, &publisher.uri(), &[]);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (signed, url) = (signed.clone(), url.clone());
        calls.spawn(async move { Browser::new(&signed.server.issuer).open(&url).await.page().has("#login") });
    }
    assert!(calls.join_all().await.into_iter().all(|asked| asked));
    assert_eq!(publisher.requests(), 1);
}

#[tokio::test]
async fn nothing_but_what_the_client_registered_is_ever_asked() {
    let (signed, publisher) = begin(|publisher| vec![publisher.uri()]).await;
    let foreign = Publisher::start(signed.signer.sign(&signed.claims(&[]))).await;
    let shop = RelyingParty::confidential(&signed.server, "shop").await;
    let at = publisher.uri();
    for request_uri in [
        foreign.uri().as_str(),
        &format!("{at}?x=1"),
        &format!("{at}/"),
        &format!("{at}/../jwks"),
        &at.replace("http:", "https:"),
        &at.replace("127.0.0.1", "localhost"),
        &at.replace("http://", "http://me@"),
        publisher.redirecting_uri().as_str(),
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "urn:example:request",
        "urn:ietf:params:oauth:request_uri:nothing",
        "nonsense",
        &"x".repeat(5_000),
    ] {
        assert_eq!(
            signed.page_error(&url(&signed, request_uri, &[])).await,
            "invalid_request_uri",
            "{request_uri}"
        );
    }
    // A URI that another client registered is not valid for this client.
    let page =
        signed.browser.open(&url(&signed, &at, &[]).replace("client_id=web", "client_id=shop")).await.page();
    assert_eq!((page.text("#error-code").as_str(), shop.id.as_str()), ("invalid_request_uri", "shop"));
    // The server sends no request before it knows the client.
    let page = signed
        .browser
        .open(&url(&signed, &at, &[]).replace("client_id=web", "client_id=nobody"))
        .await
        .page();
    assert_eq!(page.text("#error-code"), "invalid_client");
    let both = [("request", "e30.e30.")];
    assert_eq!(signed.page_error(&url(&signed, &at, &both)).await, "invalid_request");
    assert_eq!((publisher.connections(), foreign.connections()), (0, 0));
    // A redirect URI outside is ignored.
    let elsewhere = [("redirect_uri", "https://evil.example/")];
    let _ = signed.callback(&url(&signed, &at, &elsewhere)).await.code();
}

#[tokio::test]
async fn what_is_not_a_request_object_there_is_refused_and_the_address_left_alone_for_a_moment() {
    let uris = |publisher: &Publisher| vec![publisher.uri(), publisher.redirecting_uri()];
    let (signed, publisher) = begin(uris).await;
    let at = url(&signed, &publisher.uri(), &[]);
    assert_eq!(
        signed.page_error(&url(&signed, &publisher.redirecting_uri(), &[])).await,
        "invalid_request_uri"
    );
    assert_eq!(publisher.requests(), 0, "no redirect is followed");
    for (document, error) in [
        (String::new(), "invalid_request_object"),
        ("<html></html>".to_owned(), "invalid_request_object"),
        ("e30.e30.".to_owned(), "invalid_request_object"),
        (ClientSigner::new(Algorithm::RS256).sign(&signed.claims(&[])), "invalid_request_object"),
        ("x".repeat(20_000), "invalid_request_uri"),
        ("x".repeat(70_000), "invalid_request_uri"),
    ] {
        publisher.publish(document);
        assert_eq!(signed.page_error(&at).await, error);
        signed.server.clock.advance(Duration::seconds(5));
    }
    publisher.fail(500);
    let asked = publisher.requests();
    for fragment in ["", "", "#x", "#y"] {
        let uri = format!("{}{fragment}", publisher.uri());
        assert_eq!(signed.page_error(&url(&signed, &uri, &[])).await, "invalid_request_uri");
    }
    assert_eq!(publisher.requests(), asked + 1);
    publisher.publish(signed.signer.sign(&signed.claims(&[])));
    signed.server.clock.advance(Duration::seconds(5));
    let _ = signed.callback(&at).await.code();
}

#[tokio::test]
async fn nobody_makes_us_fetch_again_and_again_with_other_fragments() {
    let (signed, publisher) = begin(|publisher| vec![publisher.uri()]).await;
    let at = |version: usize| url(&signed, &format!("{}#{version}", publisher.uri()), &[]);
    let _ = signed.callback(&at(0)).await.code();
    for version in 1..5 {
        let _ = signed.callback(&at(version)).await.code();
    }
    assert_eq!(signed.page_error(&at(5)).await, "invalid_request_uri");
    assert_eq!(publisher.requests(), 5);
    signed.server.clock.advance(Duration::seconds(5));
    let _ = signed.callback(&at(6)).await.code();
}

#[tokio::test]
async fn a_posted_reference_is_fetched_once_by_our_own_request() {
    let (signed, publisher) = begin(|publisher| vec![publisher.uri()]).await;
    let form =
        |uri: String| vec![("client_id".to_owned(), "web".to_owned()), ("request_uri".to_owned(), uri)];
    let login = signed.browser.post("/oauth/authorize", &form(publisher.uri())).await.page();
    let consent = signed.browser.sign_in(&login, "ada").await.page();
    let _ = Callback::from_url(&signed.browser.allow(&consent).await.client()).code();
    assert_eq!(publisher.requests(), 1);
    let refused =
        signed.browser.post("/oauth/authorize", &form(format!("{}x", publisher.uri()))).await.page();
    assert_eq!(refused.text("#error-code"), "invalid_request_uri");
}

#[tokio::test]
async fn an_address_that_may_not_be_called_is_not_registered() {
    let server = TestServer::start().await;
    let signer = ClientSigner::new(Algorithm::ES256);
    let web = RelyingParty::register(&server, "web", |client| {
        client.request_objects.keys = Some(KeySource::Jwks(signer.jwks()));
    })
    .await;
    let change = |uri: &'static str| {
        let change =
            move |client: &mut domain::Client| client.request_objects.uris = vec![uri.parse().unwrap()];
        let (server, id) = (&server, web.id.parse().unwrap());
        async move { server.update_client(&id, change).await }
    };
    assert!(change("https://client.example/r").await.is_ok());
    assert!(change("http://127.0.0.1/r").await.is_err());
}
