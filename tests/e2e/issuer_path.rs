//! An issuer with a path: every endpoint is below it, and no page links outside it (RFC 8414 §3.1,
//! RFC 8615 §3).

use application::users::set_up::OfferedLink;
use domain::client::ClientAuthentication;
use std::collections::{BTreeSet, VecDeque};

use ::server::compose;
use domain::GrantType;
use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, TestServer};

const PATH: &str = "/tenant/auth";

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Checks that every URL on the page is below the issuer or on another host.
fn checked(server: &TestServer, page: Page) -> Page {
    let below = format!("{}/", server.issuer);
    for address in page.addresses() {
        let elsewhere = !address.starts_with(&server.listening);
        assert!(elsewhere || address.starts_with(&below), "{} leads to {address}", page.url);
    }
    assert!(
        page.addresses().iter().any(|address| address.ends_with(".css")),
        "{} has no style sheet",
        page.url
    );
    page
}

async fn document(url: String) -> (String, Value) {
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    (tag, answer.json().await.unwrap())
}

#[tokio::test]
async fn the_metadata_is_one_document_in_every_form_of_its_address() {
    let server = TestServer::below(PATH).await;
    let host = &server.listening;
    let openid = document(server.url("/.well-known/openid-configuration")).await;
    assert_eq!(openid.1["issuer"], server.issuer);
    for form in [
        format!("{host}/.well-known/oauth-authorization-server{PATH}"),
        format!("{host}/.well-known/openid-configuration{PATH}"),
        server.url("/.well-known/oauth-authorization-server"),
    ] {
        assert_eq!(document(form.clone()).await, openid, "{form}");
        let preflight = reqwest::Client::new()
            .request(Method::OPTIONS, &form)
            .header("origin", "https://spa.example")
            .header("access-control-request-method", "GET");
        let allowed = preflight.send().await.unwrap();
        assert_eq!(allowed.headers()["access-control-allow-origin"], "*", "{form}");
    }
    // Without the path, these URLs would belong to another issuer (RFC 8414 §3.3).
    for other in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        assert_eq!(reqwest::get(format!("{host}{other}")).await.unwrap().status(), 404, "{other}");
    }
    let urls = openid.1.as_object().unwrap().iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    for (name, url) in urls.filter(|(_, value)| value.starts_with("http")) {
        assert!(url.starts_with(&server.issuer), "{name} is {url}");
        let answer = reqwest::get(url).await.unwrap();
        assert_ne!(answer.status(), 404, "{name}");
    }
}

#[tokio::test]
async fn a_person_signs_in_consents_and_signs_out_below_the_path() {
    let server = TestServer::below(PATH).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = checked(&server, browser.open(&web.authorization_url(&[])).await.page());
    let wrong = [("username", "ada"), ("password", "wrong")];
    let login = checked(&server, browser.submit(&login, &wrong).await.page());
    let consent = checked(&server, browser.sign_in(&login, "ada").await.page());
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    assert_eq!(callback.get("iss"), Some(server.issuer.as_str()));
    let tokens = web.redeemed(callback.code()).await;
    for token in ["id_token", "access_token"] {
        assert_eq!(tokens.claims(token)["iss"], server.issuer, "{token}");
    }
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    assert_eq!(web.introspect(tokens.text("access_token")).await["active"], true);
    let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;

    let pushed = web
        .post(
            "/oauth/par",
            &[
                ("response_type", "code"),
                ("redirect_uri", &web.redirect_uri),
                ("scope", "openid"),
                ("code_challenge", &tests::support::Pkce::new().challenge),
                ("code_challenge_method", "S256"),
            ],
        )
        .await;
    let pushed: Value = pushed.json().await.unwrap();
    let request = [("client_id", "web"), ("request_uri", pushed["request_uri"].as_str().unwrap())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(request).finish();
    assert!(matches!(browser.open(&format!("/oauth/authorize?{query}")).await, Landed::Client(_)));

    let question = checked(&server, browser.open("/oauth/logout").await.page());
    let signed_out = checked(&server, browser.submit(&question, &[]).await.page());
    assert!(signed_out.has("#logged-out"));
    assert_eq!(web.userinfo(refreshed.text("access_token")).await.status(), 401);
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));
}

#[tokio::test]
async fn what_another_site_posts_is_kept_and_answered_below_the_path() {
    let server = TestServer::below(PATH).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let request = web.authorization_url(&[]);
    let parameters: Vec<(String, String)> =
        url::Url::parse(&request).unwrap().query_pairs().into_owned().collect();
    assert!(browser.post("/oauth/authorize", &parameters).await.page().has("#login"));
    let hint = web.tokens(&browser, "ada", &[]).await.text("id_token").to_owned();
    let logout = [("id_token_hint".to_owned(), hint)];
    assert!(browser.post("/oauth/logout", &logout).await.page().has("#logged-out"));
}

#[tokio::test]
async fn a_device_is_approved_below_the_path() {
    let server = TestServer::below(PATH).await;
    server.user("ada").await;
    let television = RelyingParty::register(&server, "tv", |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await;
    let begun = television.post("/oauth/device_authorization", &[("scope", "openid")]).await;
    let begun = RelyingParty::successful(begun).await;
    for member in ["verification_uri", "verification_uri_complete"] {
        assert!(begun.text(member).starts_with(&server.url("/oauth/device/verify")), "{begun:?}");
    }
    let browser = Browser::new(&server.issuer);
    let login = checked(&server, browser.open(begun.text("verification_uri")).await.page());
    let entry = checked(&server, browser.sign_in(&login, "ada").await.page());
    let wrong = checked(&server, browser.submit(&entry, &[("user_code", "WRONG")]).await.page());
    let code = [("user_code", begun.text("user_code"))];
    let approval = checked(&server, browser.submit(&wrong, &code).await.page());
    let done = checked(&server, browser.submit(&approval, &[("decision", "allow")]).await.page());
    assert!(done.has("#device-allowed"));
    let poll = television.token(&[("grant_type", DEVICE), ("device_code", begun.text("device_code"))]).await;
    assert_eq!(RelyingParty::successful(poll).await.claims("id_token")["iss"], server.issuer);
}

#[tokio::test]
async fn the_first_administrator_is_made_below_the_path() {
    let server = TestServer::below(PATH).await;
    let set_up = compose::set_up(&server.ports, &server.settings);
    let OfferedLink::New(token) = set_up.offer().await.unwrap() else { panic!("no link") };
    let browser = Browser::new(&server.issuer);
    let page = checked(&server, browser.open(&format!("/setup?token={}", token.expose())).await.page());
    let password = "a long enough password";
    let fields = [("username", "root"), ("password", password), ("password_again", password)];
    let done = checked(&server, browser.submit(&page, &fields).await.page());
    assert_eq!(done.status, 200);
}

/// Opens these URLs and every URL of this host that they link to. Returns the titles of the pages.
async fn crawled(server: &TestServer, browser: &Browser, from: &[String]) -> BTreeSet<String> {
    let mut waiting: VecDeque<String> = from.iter().cloned().collect();
    let (mut seen, mut titles) = (BTreeSet::new(), BTreeSet::new());
    while let Some(url) = waiting.pop_front() {
        if !seen.insert(url.clone()) {
            continue;
        }
        let page = browser.open(&url).await.page();
        assert!(page.status != 404 || url.ends_with("/nowhere"), "{url} is a dead link");
        if page.headers["content-type"].to_str().unwrap().starts_with("text/html") {
            let page = checked(server, page);
            titles.insert(page.text("title").trim_end_matches(" - 127.0.0.1").to_owned());
            // The same pages in other languages.
            let links = page.addresses().into_iter().filter(|link| !link.contains("?ui_locales="));
            waiting.extend(links.filter(|link| link.starts_with(&server.listening)));
        }
    }
    titles
}

#[tokio::test]
async fn every_link_of_every_page_leads_to_something_below_the_path() {
    let server = TestServer::below(PATH).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let silent = web.authorization_url(&[("scope", "read")]);
    let starts = [
        server.issuer.clone(),
        server.url("/"),
        server.url("/oauth/device/verify"),
        web.authorization_url(&[]),
        web.authorization_url(&[("redirect_uri", "https://evil.example/")]),
        // These URLs do not exist, on the host and below the issuer.
        format!("{}/nowhere", server.listening),
        server.url("/nowhere"),
    ];
    let mut expected: BTreeSet<String> = [
        "Error reference",
        "Sign in",
        "The application sent a wrong request",
        "There is nothing at this address",
    ]
    .map(str::to_owned)
    .into();
    assert_eq!(crawled(&server, &browser, &starts).await, expected);

    browser.sign_in_and_consent(&silent, "ada").await;
    let returning = web.authorization_url(&[("scope", "read"), ("response_mode", "form_post")]);
    let starts = [&starts[..], &[server.url("/login"), returning]].concat();
    expected.extend(
        [
            "Activity - Your account",
            "Allow access",
            "Authenticator app - Your account",
            "Change password - Your account",
            "Connect a device",
            "Connected applications - Your account",
            "Passkeys - Your account",
            "Profile - Your account",
            "Returning to the application",
            "Sign out",
            "This page has expired",
            "Ways to sign in - Your account",
            "Where you’re signed in - Your account",
            "Your applications - Your account",
            "Your data - Your account",
        ]
        .map(str::to_owned),
    );
    assert_eq!(crawled(&server, &browser, &starts).await, expected);
}

#[tokio::test]
async fn errors_and_registrations_name_addresses_below_the_path() {
    let server = TestServer::below(PATH).await;
    let stranger = RelyingParty::registered(&server.issuer, "nobody", Some("x".into()), "");
    let refused = stranger.token(&[("grant_type", "client_credentials")]).await;
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert!(challenge.contains(&format!("realm=\"{}\"", server.issuer)), "{challenge}");
    let refused: Value = refused.json().await.unwrap();
    let explained = refused["error_uri"].as_str().unwrap();
    assert!(explained.starts_with(&server.url("/errors/")), "{explained}");
    assert_eq!(reqwest::get(explained).await.unwrap().status(), 200);

    let open = TestServer::with(|settings| {
        settings.issuer = format!("{}{PATH}", settings.issuer).parse().unwrap();
        settings.registration.mode = application::settings::RegistrationMode::Open;
    })
    .await;
    let metadata = json!({"redirect_uris": ["https://client.example/callback"]});
    let registered = reqwest::Client::new().post(open.url("/connect/register")).json(&metadata).send().await;
    let registered: Value = registered.unwrap().json().await.unwrap();
    let address = registered["registration_client_uri"].as_str().unwrap();
    assert!(address.starts_with(&open.url("/connect/register/")), "{address}");
    let token = registered["registration_access_token"].as_str().unwrap();
    let read = reqwest::Client::new().get(address).bearer_auth(token).send().await.unwrap();
    assert_eq!(read.status(), 200);
}

#[tokio::test]
async fn nothing_but_the_probes_is_beside_the_path() {
    let server = TestServer::below(PATH).await;
    for probe in ["/health", "/ready"] {
        for start in [&server.listening, &server.issuer] {
            assert_eq!(
                reqwest::get(format!("{start}{probe}")).await.unwrap().status(),
                200,
                "{start}{probe}"
            );
        }
    }
    for path in ["/", "/login", "/docs", "/oauth/token", "/oauth/authorize", "/.well-known/jwks.json"] {
        for start in [server.listening.clone(), format!("{}/tenant", server.listening)] {
            let answer = reqwest::get(format!("{start}{path}")).await.unwrap();
            assert_eq!(answer.status(), 404, "{start}{path}");
        }
    }
}

#[tokio::test]
async fn issuers_side_by_side_on_one_host_keep_their_own_sessions() {
    // Cookies ignore ports (RFC 6265 §8.5), so a browser sees these three servers as one host.
    let servers = [TestServer::start().await, TestServer::below("/a").await, TestServer::below("/a/b").await];
    let browser = Browser::new("http://127.0.0.1");
    for (server, name) in servers.iter().zip(["ada", "bob", "eve"]) {
        server.user(name).await;
        let here = browser.at(&server.issuer);
        let login = here.open("/login").await.page();
        here.sign_in(&login, name).await;
    }
    for (server, name) in servers.iter().zip(["ada", "bob", "eve"]) {
        let home = browser.at(&server.issuer).open("/").await.page();
        assert!(home.text("body").contains(&format!("You are signed in as {name}.")), "{}", home.html);
    }
    let here = browser.at(&servers[1].issuer);
    let question = here.open("/oauth/logout").await.page();
    here.submit(&question, &[]).await;
    for (server, signed_in) in servers.iter().zip([true, false, true]) {
        let home = browser.at(&server.issuer).open("/").await.page();
        assert_eq!(home.text("body").contains("You are signed in as"), signed_in, "{}", server.issuer);
    }
}
