//! Redirects of the browser (RFC 9700 §2.1, §2.6, §4.1.3, §4.4.2.1, §4.11.2, §4.12).

use application::settings::RegistrationMode;
use domain::client::ClientAuthentication;
use serde_json::json;
use tests::support::{Browser, Callback, PASSWORD, RelyingParty, TestServer};

use super::{answered, error, metadata, server};

#[tokio::test]
async fn section_2_1_and_4_1_3_redirect_uris_are_compared_character_by_character() {
    let (_server, web, browser) = server().await;
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for near in [
        "https://client.example/callback/",
        "https://client.example/callback?",
        "https://client.example/callback?a=b",
        "https://client.example/callback#",
        "https://client.example/Callback",
        "https://client.example/%63allback",
        "https://client.example/x/../callback",
        "https://client.example/callback/../evil",
        "https://CLIENT.example/callback",
        "https://client.example:443/callback",
        "https://client.example:8443/callback",
        "https://client.example./callback",
        "https://a.client.example/callback",
        "https://client.example.evil.example/callback",
        "https://client.example@evil.example/callback",
        "https://user@client.example/callback",
        "https:client.example/callback",
        "http://client.example/callback",
        "//client.example/callback",
        "https://client.example\\@evil.example/callback",
        "javascript:alert(1)//https://client.example/callback",
    ] {
        let page = browser.open(&web.authorization_url(&[("redirect_uri", near)])).await.page();
        assert_eq!(page.status, 400, "{near}");
        assert!(page.text("#error-code").contains("invalid_request"), "{near}");
    }
}

#[tokio::test]
async fn section_2_1_only_the_port_of_a_loopback_address_may_differ() {
    let (server, _, browser) = server().await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.authentication = ClientAuthentication::None;
        client.redirect_uris = vec!["http://127.0.0.1/callback".parse().unwrap()];
    })
    .await;
    let url = app.authorization_url(&[("redirect_uri", "http://127.0.0.1:50123/callback")]);
    let landed = browser.sign_in_and_consent(&url, "ada").await;
    assert!(landed.as_str().starts_with("http://127.0.0.1:50123/callback?code="), "{landed}");
    for other in [
        "http://127.0.0.1:50123/callback/",
        "http://127.0.0.1:50123/other",
        "http://127.0.0.2:50123/callback",
        "http://[::1]:50123/callback",
        "https://127.0.0.1:50123/callback",
        "http://127.0.0.1:50123@evil.example/callback",
    ] {
        let page = browser.open(&app.authorization_url(&[("redirect_uri", other)])).await.page();
        assert_eq!(page.status, 400, "{other}");
    }
}

#[tokio::test]
async fn section_2_1_no_address_of_ours_leads_to_an_arbitrary_one() {
    let (_server, web, browser) = server().await;
    let evil = "https%3A%2F%2Fevil.example%2F";
    let names = [
        "next",
        "return_to",
        "redirect",
        "redirect_uri",
        "continue",
        "url",
        "post_logout_redirect_uri",
        "target_link_uri",
    ];
    let query: String = names.iter().map(|name| format!("{name}={evil}&")).collect();
    for signed_in in [false, true] {
        if signed_in {
            browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
        }
        for path in [
            "/",
            "/login",
            "/consent",
            "/oauth/authorize",
            "/oauth/logout",
            "/oauth/device/verify",
            "/set-up",
            "/docs",
        ] {
            // A page, or a redirect within the server: the browser stops at every other URL.
            let page = browser.open(&format!("{path}?{query}")).await.page();
            let leads_there = page.addresses().iter().any(|address| address.contains("evil.example"));
            assert!(!leads_there && page.headers.get("refresh").is_none(), "{path}");
        }
    }
}

#[tokio::test]
async fn section_2_6_redirect_uris_over_unencrypted_http_cannot_be_registered() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let http = reqwest::Client::new();
    for (uri, status) in [
        ("http://client.example/callback", 400),
        ("http://10.0.0.1/callback", 400),
        ("http://127.0.0.1.evil.example/callback", 400),
        ("https://client.example/callback", 201),
    ] {
        let metadata = json!({"redirect_uris": [uri]});
        let answer = http.post(server.url("/connect/register")).json(&metadata).send().await.unwrap();
        assert_eq!(answer.status(), status, "{uri}");
        if status == 400 {
            assert_eq!(error(answer).await, "invalid_redirect_uri", "{uri}");
        }
    }
    // Nor by an operator: the type of a redirect URI rejects it.
    assert!("http://client.example/callback".parse::<domain::RedirectUri>().is_err());
    assert!("http://127.0.0.1/callback".parse::<domain::RedirectUri>().is_ok());
}

#[tokio::test]
async fn section_2_6_no_script_of_another_origin_reads_the_authorization_endpoint() {
    let (_server, web, browser) = server().await;
    let (url, origin) = (web.authorization_url(&[]), "https://spa.example");
    for method in [reqwest::Method::OPTIONS, reqwest::Method::GET, reqwest::Method::POST] {
        let request = browser.http().request(method.clone(), &url).header("origin", origin);
        let answer = request.header("access-control-request-method", "GET").send().await.unwrap();
        let shared = answer.headers().keys().any(|name| name.as_str().starts_with("access-control-"));
        assert!(!shared, "{method}: {:?}", answer.headers());
    }
}

#[tokio::test]
async fn section_4_4_2_1_every_answer_names_its_issuer() {
    let (server, web, browser) = server().await;
    assert_eq!(metadata(&server).await["authorization_response_iss_parameter_supported"], true);
    let code = browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let refused = browser.open(&web.authorization_url(&[("scope", "admin")])).await.client();
    for answer in [code, refused] {
        assert_eq!(Callback::from_url(&answer).get("iss"), Some(server.issuer.as_str()), "{answer}");
    }
}

#[tokio::test]
async fn section_4_11_2_nobody_is_redirected_by_a_wrong_pair_of_client_and_redirect_uri() {
    let (server, web, browser) = server().await;
    let evil = RelyingParty::register(&server, "evil", |client| {
        client.redirect_uris = vec!["https://evil.example/".parse().unwrap()];
    })
    .await;
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for fields in
        [[("client_id", evil.id.as_str())], [("redirect_uri", &evil.redirect_uri)], [("client_id", "nobody")]]
    {
        for prompt in ["", "none"] {
            let url = web.authorization_url(&[fields[0], ("prompt", prompt)]);
            assert_eq!(browser.open(&url).await.page().status, 400, "{url}");
        }
    }
}

#[tokio::test]
async fn section_4_11_2_the_user_is_authenticated_before_any_redirect_but_the_silent_one() {
    let (_server, web, browser) = server().await;
    for wrong in
        [("scope", "admin"), ("response_type", "token"), ("code_challenge", "x"), ("prompt", "dance")]
    {
        let page = browser.open(&web.authorization_url(&[wrong])).await.page();
        assert!(page.has("#login"), "{wrong:?}: a user who is not signed in was redirected");
    }
    let page = browser.open(&web.authorization_url(&[("code_challenge", "")])).await.page();
    assert!(page.has("#error"), "the application cannot work, so nobody should sign in for it");
    let silent = answered(&browser, &web.authorization_url(&[("prompt", "none")])).await;
    assert_eq!(silent.get("error"), Some("login_required"));
}

#[tokio::test]
async fn section_2_1_and_4_12_credentials_are_never_forwarded() {
    let (_server, web, browser) = server().await;
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let (action, mut fields) = login.form();
    fields.extend([("username".to_owned(), "ada".to_owned()), ("password".to_owned(), PASSWORD.to_owned())]);
    let origin = login.resolved("/").trim_end_matches('/').to_owned();
    let request = browser.http().post(login.resolved(&action)).header("origin", origin).form(&fields);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 303, "307 and 308 forward the form, and 302 may");
    let location = answer.headers()["location"].to_str().unwrap();
    // The interaction is sealed: by chance, it may contain any three letters.
    assert!(!location.contains("horse") && !location.contains("username"), "{location}");

    let consent = browser.open(&web.authorization_url(&[])).await.page();
    let (action, mut fields) = consent.form();
    fields.push(("decision".to_owned(), "allow".to_owned()));
    let origin = consent.resolved("/").trim_end_matches('/').to_owned();
    let request = browser.http().post(consent.resolved(&action)).header("origin", origin).form(&fields);
    assert_eq!(request.send().await.unwrap().status(), 303);
    // A posted authorization request, which may contain anything, is not forwarded as a POST
    // either.
    let url = web.authorization_url(&[]);
    let (endpoint, query) = url.split_once('?').unwrap();
    let posted = Browser::new(&web.issuer).http().post(endpoint).body(query.to_owned());
    let posted = posted.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(posted.status(), 303);
}
