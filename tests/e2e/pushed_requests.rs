//! Pushed authorization requests (RFC 9126).

use std::collections::HashSet;

use chrono::Duration;
use domain::Actor;
use reqwest::Response;
use serde_json::Value;
use tests::contract::race::concurrently;
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};

/// Pushes the default authorization request with changes, as [`RelyingParty::authorization_url`]
/// takes them.
async fn push(client: &RelyingParty, fields: &[(&str, &str)]) -> Response {
    let url = url::Url::parse(&client.authorization_url(fields)).unwrap();
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    // `RelyingParty` adds the id of a public client.
    let sent = pairs.iter().filter(|(name, _)| client.secret.is_some() || name != "client_id");
    let form: Vec<_> = sent.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post("/oauth/par", &form).await
}

/// The `request_uri` of a push, which must succeed.
async fn pushed(client: &RelyingParty, fields: &[(&str, &str)]) -> String {
    let answer = push(client, fields).await;
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(status, 201, "{body}");
    body["request_uri"].as_str().unwrap().to_owned()
}

/// An authorization URL with only `client_id` and `request_uri`.
fn link(client: &RelyingParty, request_uri: &str) -> String {
    let sent = [("client_id", client.id.as_str()), ("request_uri", request_uri)];
    url::Url::parse_with_params(&format!("{}/oauth/authorize", client.issuer), sent).unwrap().into()
}

async fn assert_unusable(browser: &Browser, url: &str) {
    let page = browser.open(url).await.page();
    assert_eq!(page.status, 400);
    assert!(page.text("#error-code").contains("invalid_request_uri"), "{}", page.text("#error-code"));
    assert_eq!(page.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_pushed_request_is_answered_like_one_in_the_query() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let answer = push(&web, &[]).await;
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    assert_eq!(body["expires_in"], 60);
    let request_uri = body["request_uri"].as_str().unwrap();
    let random = request_uri.strip_prefix("urn:ietf:params:oauth:request_uri:").unwrap();
    assert_eq!(random.len(), 43);

    let url = Browser::new(&server.issuer).sign_in_and_consent(&link(&web, request_uri), "ada").await;
    assert!(url.as_str().starts_with("https://client.example/callback?"), "{url}");
    let callback = Callback::from_url(&url);
    assert_eq!(callback.get("state"), Some("state-1"));
    assert_eq!(callback.get("iss"), Some(server.issuer.as_str()));
    let tokens = web.redeemed(callback.code()).await;
    assert_eq!(tokens.claims("id_token")["nonce"], "nonce-1");
}

#[tokio::test]
async fn clients_authenticate_as_at_the_token_endpoint() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::public(&server, "app").await;
    let url = link(&app, &pushed(&app, &[]).await);
    let callback = Callback::from_url(&Browser::new(&server.issuer).sign_in_and_consent(&url, "ada").await);
    app.redeemed(callback.code()).await;

    // client_secret_post: the credentials are in the form, as the id of a public client is.
    let web = RelyingParty::confidential(&server, "web").await;
    let secret = web.secret.clone().unwrap();
    let posting = RelyingParty::registered(&server.issuer, "web", None, &web.redirect_uri);
    assert_eq!(push(&posting, &[("client_secret", &secret)]).await.status(), 201);
    for answer in [push(&posting, &[]).await, push(&posting, &[("client_secret", "wrong")]).await] {
        assert_eq!(answer.status(), 401);
        assert!(answer.headers().contains_key("www-authenticate"));
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_client");
    }
    // The Authorization header alone also identifies the client.
    assert_eq!(push(&web, &[("client_id", "")]).await.status(), 201);
}

#[tokio::test]
async fn a_push_is_refused_as_the_authorization_endpoint_would_refuse() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    RelyingParty::confidential(&server, "shop").await;
    for (fields, code) in [
        (vec![("client_id", "shop")], "invalid_request"),
        (vec![("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
        (vec![("request_uri", "https://client.example/r")], "invalid_request"),
        (vec![("redirect_uri", "https://evil.example/")], "invalid_request"),
        (vec![("redirect_uri", "https://client.example/callback/")], "invalid_request"),
        (vec![("redirect_uri", "")], "invalid_request"),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("response_mode", "web_message")], "invalid_request"),
        (vec![("scope", "admin")], "invalid_scope"),
        (vec![("scope", "openid \"profile\"")], "invalid_scope"),
        (vec![("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge", "too-short")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("prompt", "none login")], "invalid_request"),
        (vec![("prompt", "dance")], "invalid_request"),
        (vec![("max_age", "-1")], "invalid_request"),
        (vec![("id_token_hint", "nonsense")], "invalid_request"),
        (vec![("request", "e30.e30.")], "invalid_request_object"),
        (vec![("registration", "{}")], "registration_not_supported"),
    ] {
        let answer = push(&web, &fields).await;
        assert_eq!(answer.status(), 400, "{fields:?}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], code, "{fields:?}: {body}");
        assert!(body["error_description"].is_string() && body.get("request_uri").is_none());
    }
}

#[tokio::test]
async fn a_client_without_the_code_grant_cannot_push() {
    let server = TestServer::start().await;
    let other = RelyingParty::register(&server, "other", |client| {
        client.grant_types = [domain::GrantType::ClientCredentials].into();
    })
    .await;
    let answer = push(&other, &[]).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "unauthorized_client");
}

#[tokio::test]
async fn only_post_pushes() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let answer = web.http().get(server.url("/oauth/par")).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "POST");
    assert_eq!(push(&web, &[("state", &"x".repeat(70_000))]).await.status(), 413);
}

#[tokio::test]
async fn besides_the_two_every_parameter_is_ignored() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let url = link(&web, &pushed(&web, &[]).await);
    let more =
        "scope=admin&state=evil&redirect_uri=https%3A%2F%2Fevil.example%2F&response_type=token&prompt=none";
    let url = Browser::new(&server.issuer)
        .sign_in_and_consent(&format!("{url}&{more}&request=e30.e30."), "ada")
        .await;
    assert!(url.as_str().starts_with("https://client.example/callback?code="), "{url}");
    assert_eq!(Callback::from_url(&url).get("state"), Some("state-1"));
}

#[tokio::test]
async fn it_opens_until_it_expires_and_for_its_client_only() {
    let server = TestServer::with(|settings| {
        settings.lifetimes.pushed_request = Duration::seconds(5);
    })
    .await;
    let web = RelyingParty::confidential(&server, "web").await;
    let shop = RelyingParty::confidential(&server, "shop").await;
    let answer: Value = push(&web, &[]).await.json().await.unwrap();
    assert_eq!(answer["expires_in"], 5);
    let request_uri = answer["request_uri"].as_str().unwrap();
    let browser = Browser::new(&server.issuer);
    assert_unusable(&browser, &link(&shop, request_uri)).await;
    for unknown in ["urn:ietf:params:oauth:request_uri:", "urn:ietf:params:oauth:request_uri:guess"] {
        assert_unusable(&browser, &link(&web, unknown)).await;
    }
    let nobody = link(&web, request_uri).replace("client_id=web", "client_id=nobody");
    assert!(browser.open(&nobody).await.page().text("#error-code").contains("invalid_client"));
    let nameless = link(&web, request_uri).replace("client_id=web", "");
    assert!(browser.open(&nameless).await.page().text("#error-code").contains("invalid_request"));

    server.clock.advance(Duration::seconds(4));
    assert!(browser.open(&link(&web, request_uri)).await.page().has("#login"));
    // After its client has used it, it is still not valid for another client.
    assert_unusable(&browser, &link(&shop, request_uri)).await;
    server.clock.advance(Duration::seconds(1));
    assert_unusable(&Browser::new(&server.issuer), &link(&web, request_uri)).await;
}

#[tokio::test]
async fn its_pages_work_after_the_link_has_expired() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let url = link(&web, &pushed(&web, &[("prompt", "login"), ("login_hint", "ada")]).await);
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&url).await.page();
    server.clock.advance(Duration::minutes(10));
    assert_unusable(&browser, &url).await;
    let again = browser.open(&login.url).await.page();
    assert_eq!(again.attribute("input[name=username]", "value"), "ada");
    let consent = browser.sign_in(&login, "ada").await.page();
    let again = browser.open(&consent.url).await.page();
    assert!(again.has("#allow"), "the login is not asked for again");
    server.clock.advance(Duration::minutes(10));
    let answer = browser.allow(&again).await.client();
    web.redeemed(Callback::from_url(&answer).code()).await;
    assert_unusable(&browser, &url).await;
    assert_eq!(browser.allow(&consent).await.client(), answer);
}

#[tokio::test]
async fn it_completes_in_one_of_the_browsers_that_opened_it() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let url = link(&web, &pushed(&web, &[]).await);
    let (one, two) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let (first, second) = (one.open(&url).await.page(), two.open(&url).await.page());
    assert_ne!(first.url, second.url);
    assert!(two.open(&first.url).await.page().has("#error"), "each browser has its own interaction");
    let first = one.sign_in(&first, "ada").await.page();
    let second = two.sign_in(&second, "ada").await.page();
    assert!(Callback::from_url(&two.allow(&second).await.client()).get("code").is_some());
    let page = one.allow(&first).await.page();
    assert!(page.text("#error-code").contains("invalid_request_uri"));
}

#[tokio::test]
async fn every_answer_completes_it() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let silent = link(&web, &pushed(&web, &[("prompt", "none")]).await);
    let callback = Callback::from_url(&browser.open(&silent).await.client());
    assert_eq!(callback.get("error"), Some("login_required"));
    assert_unusable(&browser, &silent).await;

    let denied = link(&web, &pushed(&web, &[]).await);
    let login = browser.open(&denied).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let callback = Callback::from_url(&browser.submit(&consent, &[("decision", "deny")]).await.client());
    assert_eq!(callback.get("error"), Some("access_denied"));
    assert_unusable(&browser, &denied).await;
}

#[tokio::test]
async fn what_fits_into_no_address_is_refused_before_anybody_waits_for_it() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    // Two quotes become four bytes of JSON.
    let (quotes, short) = ("\"".repeat(4_096), "\"".repeat(2_048));
    let long = [("state", short.as_str()), ("nonce", &quotes), ("login_hint", &quotes[..1_024])];
    // Everything that is accepted can be shown.
    for fields in [&long[..2], &long[..]] {
        let answer = push(&web, fields).await;
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().await.unwrap();
        let url = link(&web, body["request_uri"].as_str().unwrap());
        assert!(Browser::new(&server.issuer).open(&url).await.page().has("#login"));
    }
    let long = [("state", quotes.as_str()), ("nonce", &quotes), ("login_hint", &quotes[..1_024])];
    let answer = push(&web, &long).await;
    assert_eq!(answer.status(), 400);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], "invalid_request", "{body}");
    let url = web.authorization_url(&long);
    let answer = Browser::new(&server.issuer).open(&format!("{url}&prompt=none")).await;
    assert_eq!(Callback::from_url(&answer.client()).get("error"), Some("invalid_request"));
}

#[tokio::test]
async fn what_is_cancelled_in_one_tab_is_cancelled_in_the_other() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.open("/login").await;
    let url = link(&web, &pushed(&web, &[]).await);
    let (one, two) = (browser.open(&url).await.page(), browser.open(&url).await.page());
    assert_ne!(one.url, two.url);
    let cancel = [("decision", "cancel"), ("username", ""), ("password", "")];
    let denied = Callback::from_url(&browser.submit(&one, &cancel).await.client());
    let late = Callback::from_url(&browser.sign_in(&two, "ada").await.client());
    for answer in [denied, late] {
        assert_eq!((answer.get("error"), answer.get("code")), (Some("access_denied"), None));
    }
}

#[tokio::test]
async fn a_client_that_changed_since_the_push_is_not_answered() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let url = link(&web, &pushed(&web, &[]).await);
    let id = web.id.parse().unwrap();
    let narrowed = |client: &mut domain::Client| client.scope = "read".parse().unwrap();
    server.update_client(&id, narrowed).await.unwrap();
    assert!(browser.open(&url).await.page().text("#error-code").contains("unauthorized_client"));
    server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
    assert!(browser.open(&url).await.page().text("#error-code").contains("invalid_client"));
    assert_eq!(push(&web, &[]).await.status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_concurrent_openings_one_gets_a_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for _ in 0..5 {
        let url = link(&web, &pushed(&web, &[]).await);
        let statuses = concurrently(16, |_| {
            let request = browser.http().get(&url);
            async move { request.send().await.unwrap().status().as_u16() }
        })
        .await;
        let redirected = statuses.iter().filter(|status| **status == 303).count();
        let refused = statuses.iter().filter(|status| **status == 400).count();
        assert_eq!((redirected, refused), (1, 15));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_concurrent_openings_in_one_browser_all_end_with_one_answer() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.open("/login").await;
    for _ in 0..3 {
        let url = link(&web, &pushed(&web, &[("prompt", "login consent")]).await);
        let locations = concurrently(16, |_| {
            let request = browser.http().get(&url);
            async move {
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), 303);
                answer.headers()["location"].to_str().unwrap().to_owned()
            }
        })
        .await;
        // Whichever of these pages the user goes on with, and with several of them: there is one code.
        let mut pages = Vec::new();
        for location in locations.iter().take(3) {
            pages.push(browser.open(location).await.page());
        }
        let mut answers = HashSet::new();
        for page in &pages {
            let answer = match browser.sign_in(page, "ada").await {
                Landed::Page(consent) => browser.allow(&consent).await.client(),
                Landed::Client(answer) => answer,
            };
            answers.insert(answer.to_string());
        }
        assert_eq!(answers.len(), 1, "{answers:?}");
    }
}

#[tokio::test]
async fn where_pushing_is_required_nothing_else_is_answered() {
    for server_wide in [true, false] {
        let server =
            TestServer::with(|settings| settings.require_pushed_authorization_requests = server_wide).await;
        server.user("ada").await;
        let web = RelyingParty::register(&server, "web", |client| {
            client.require_pushed_authorization_requests = !server_wide;
        })
        .await;
        let browser = Browser::new(&server.issuer);
        let answered = browser.sign_in_and_consent(&link(&web, &pushed(&web, &[]).await), "ada").await;
        assert!(Callback::from_url(&answered).get("code").is_some());

        // In the query, posted, or with a request_uri that was never pushed.
        let plain = web.authorization_url(&[]);
        let by_reference = web.authorization_url(&[("request_uri", "https://client.example/r")]);
        let fields: Vec<_> = url::Url::parse(&plain).unwrap().query_pairs().into_owned().collect();
        for landed in [browser.open(&plain).await, browser.post("/oauth/authorize", &fields).await] {
            let callback = Callback::from_url(&landed.client());
            assert_eq!(callback.get("error"), Some("invalid_request"));
            assert_eq!(callback.get("state"), Some("state-1"));
        }
        let unregistered = browser.open(&by_reference).await.page();
        assert_eq!(unregistered.text("#error-code"), "invalid_request", "the request object was read");
        // An invalid redirect URI takes precedence.
        let evil = web.authorization_url(&[("redirect_uri", "https://evil.example/")]);
        assert_eq!(browser.open(&evil).await.page().status, 400);

        let metadata = reqwest::get(server.url("/.well-known/oauth-authorization-server")).await.unwrap();
        let metadata: Value = metadata.json().await.unwrap();
        assert_eq!(metadata["require_pushed_authorization_requests"], server_wide);
        assert_eq!(metadata["pushed_authorization_request_endpoint"], server.url("/oauth/par"));
    }
}

#[tokio::test]
async fn what_a_browser_posted_is_not_what_a_client_pushed() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.require_pushed_authorization_requests = true;
    })
    .await;
    let url = url::Url::parse(&web.authorization_url(&[])).unwrap();
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    let kept = web.http().post(server.url("/oauth/authorize")).form(&fields).send().await.unwrap();
    let location = kept.headers()["location"].to_str().unwrap().to_owned();
    let posted = location.split_once("posted=").unwrap().1;
    let browser = Browser::new(&server.issuer);
    assert_unusable(&browser, &link(&web, &format!("urn:ietf:params:oauth:request_uri:{posted}"))).await;

    // A posted form may contain a pushed request_uri, as a query may.
    let request_uri = pushed(&web, &[]).await;
    let form = [("client_id".to_owned(), web.id.clone()), ("request_uri".to_owned(), request_uri)];
    let login = browser.post("/oauth/authorize", &form).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    assert!(Callback::from_url(&browser.allow(&consent).await.client()).get("code").is_some());
}

/// The status and `Retry-After` of a push that is over a bound. Its error is that of a server that is too busy.
async fn refused_for_now(client: &RelyingParty) -> (u16, String) {
    let answer = push(client, &[]).await;
    let (status, seconds) =
        (answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap().to_owned());
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], "temporarily_unavailable");
    (status, seconds)
}

#[tokio::test]
async fn what_one_address_pushes_for_clients_without_a_credential_is_bounded() {
    let server = TestServer::with(|settings| settings.push_limit.attempts = 3).await;
    let (app, other) =
        (RelyingParty::public(&server, "app").await, RelyingParty::public(&server, "other").await);
    // What is refused is not kept, and does not count.
    for _ in 0..5 {
        assert_eq!(push(&app, &[("response_type", "token")]).await.status(), 400);
    }
    for client in [&app, &other, &app] {
        pushed(client, &[]).await;
    }
    assert_eq!(refused_for_now(&app).await, (429, "3600".to_owned()));
    assert_eq!(refused_for_now(&other).await, (429, "3600".to_owned()), "another client is no way around it");
    // A client of an operator that authenticates answers for itself.
    let web = RelyingParty::confidential(&server, "web").await;
    for _ in 0..5 {
        pushed(&web, &[]).await;
    }
    server.clock.advance(Duration::hours(1));
    pushed(&app, &[]).await;
}

#[tokio::test]
async fn what_all_strangers_push_is_bounded_and_leaves_room_for_others() {
    let server = TestServer::with(|settings| {
        settings.push_limit.attempts = 4;
        settings.shared_limit.attempts = 2;
    })
    .await;
    let app = RelyingParty::public(&server, "app").await;
    for _ in 0..2 {
        pushed(&app, &[]).await;
    }
    for _ in 0..2 {
        assert_eq!(refused_for_now(&app).await, (503, "3600".to_owned()));
    }
    // What was refused counts for the address, which is now at its own bound.
    assert_eq!(refused_for_now(&app).await, (429, "3600".to_owned()));
    pushed(&RelyingParty::confidential(&server, "web").await, &[]).await;
}
