//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use application::settings::RegistrationMode;
use chrono::Duration;
use domain::subject::SubjectType;
use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{Browser, Landed, RelyingParty, TestServer, Tokens};
use url::Url;

struct SignedIn {
    server: TestServer,
    web: RelyingParty,
    browser: Browser,
    tokens: Tokens,
}

async fn signed_in() -> SignedIn {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    SignedIn { server, web, browser, tokens }
}

fn logout(parameters: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://x/oauth/logout", parameters).unwrap();
    format!("/oauth/logout?{}", url.query().unwrap_or_default())
}

impl SignedIn {
    async fn is_signed_in(&self) -> bool {
        let landed = self.browser.open(&self.web.authorization_url(&[("prompt", "none")])).await;
        landed.client().query_pairs().any(|(name, _)| name == "code")
    }
}

#[tokio::test]
async fn a_hint_of_this_session_ends_it_and_leads_back() {
    let it = signed_in().await;
    let state = "s".repeat(128);
    let url = logout(&[
        ("id_token_hint", it.tokens.text("id_token")),
        ("post_logout_redirect_uri", "https://client.example/bye"),
        ("state", &state),
    ]);
    let back = it.browser.open(&url).await.client();
    assert_eq!(back.as_str(), format!("https://client.example/bye?state={state}"));
    assert!(!it.is_signed_in().await);
    // Everything that was granted in the session has ended with it.
    assert_eq!(it.web.userinfo(it.tokens.text("access_token")).await.status(), 401);
    assert_eq!(it.web.refresh(it.tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn without_a_state_none_comes_back_and_without_a_uri_the_page_says_so() {
    let it = signed_in().await;
    let hint = it.tokens.text("id_token");
    let url = logout(&[("id_token_hint", hint), ("post_logout_redirect_uri", "https://client.example/bye")]);
    assert_eq!(it.browser.open(&url).await.client().as_str(), "https://client.example/bye");

    let it = signed_in().await;
    let page = it.browser.open(&logout(&[("id_token_hint", it.tokens.text("id_token"))])).await.page();
    assert!(page.has("#logged-out"));
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn an_expired_hint_is_as_good() {
    let it = signed_in().await;
    it.server.clock.advance(Duration::hours(2));
    let page = it.browser.open(&logout(&[("id_token_hint", it.tokens.text("id_token"))])).await.page();
    assert!(page.has("#logged-out"));
}

#[tokio::test]
async fn without_a_hint_the_user_is_asked() {
    let it = signed_in().await;
    for parameters in [
        vec![],
        vec![("state", "x")],
        vec![("client_id", "web"), ("post_logout_redirect_uri", "https://client.example/bye")],
        vec![("post_logout_redirect_uri", "https://evil.example/")],
        vec![("ui_locales", "tlh fr-CA"), ("logout_hint", "ada")],
    ] {
        let page = it.browser.open(&logout(&parameters)).await.page();
        assert!(page.has("#logout"), "{parameters:?}");
        assert!(it.is_signed_in().await, "{parameters:?}");
    }
    let known = logout(&[("client_id", "web"), ("post_logout_redirect_uri", "https://client.example/bye")]);
    let page = it.browser.open(&known).await.page();
    assert!(page.text("body").contains("The web application"));
    let back = it.browser.submit(&page, &[]).await.client();
    assert_eq!(back.as_str(), "https://client.example/bye");
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn nothing_ends_and_nobody_is_redirected_by_a_bad_request() {
    let it = signed_in().await;
    let hint = it.tokens.text("id_token");
    let (head, _) = hint.rsplit_once('.').unwrap();
    let payload = head.split_once('.').unwrap().1;
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
    let tampered = format!("{head}.{}", "A".repeat(342));
    let other = RelyingParty::confidential(&it.server, "other").await;
    // The same claims with the same `kid`, signed with another server's key.
    let stranger = signed_in().await;
    let theirs = stranger.tokens.text("id_token");
    let forged = format!("{head}.{}", theirs.rsplit_once('.').unwrap().1);
    let back = ("post_logout_redirect_uri", "https://client.example/bye");
    for parameters in [
        vec![("id_token_hint", theirs), back],
        vec![("id_token_hint", forged.as_str()), back],
        vec![("id_token_hint", unsigned.as_str())],
        vec![("id_token_hint", tampered.as_str())],
        vec![("id_token_hint", it.tokens.text("access_token"))],
        vec![("id_token_hint", "nonsense")],
        vec![("id_token_hint", hint), ("client_id", &other.id)],
        vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://client.example/other")],
        vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://client.example/bye?x=1")],
        vec![("client_id", "nobody")],
        vec![("client_id", "web"), ("post_logout_redirect_uri", "https://evil.example/")],
    ] {
        let page = it.browser.open(&logout(&parameters)).await.page();
        assert_eq!(page.status, 400, "{parameters:?}");
        assert!(page.text("#error-code").contains("invalid_request"), "{parameters:?}");
        assert!(it.is_signed_in().await, "{parameters:?}");
    }
}

#[tokio::test]
async fn somebody_elses_hint_does_not_end_this_session() {
    let it = signed_in().await;
    it.server.user("eve").await;
    let eve = it.web.tokens(&Browser::new(&it.server.issuer), "eve", &[]).await;
    let page = it.browser.open(&logout(&[("id_token_hint", eve.text("id_token"))])).await.page();
    assert!(page.has("#logout"), "the user is asked");
    assert!(it.is_signed_in().await);
}

#[tokio::test]
async fn a_posted_logout_is_repeated_by_our_own_get() {
    let it = signed_in().await;
    let fields = [
        ("id_token_hint".to_owned(), it.tokens.text("id_token").to_owned()),
        ("post_logout_redirect_uri".to_owned(), "https://client.example/bye".to_owned()),
    ];
    let back = it.browser.post("/oauth/logout", &fields).await;
    assert_eq!(back.client().as_str(), "https://client.example/bye");
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn the_confirmation_works_only_on_its_own_page() {
    let it = signed_in().await;
    let page = it.browser.open("/oauth/logout").await.page();
    let (action, fields) = page.form();
    let request =
        it.browser.http().post(it.server.url(&action)).header("origin", "https://evil.example").form(&fields);
    assert_eq!(request.send().await.unwrap().status(), 400);
    let mut forged = fields.clone();
    forged.retain(|(name, _)| name != "form_token");
    forged.push(("form_token".to_owned(), "A".repeat(43)));
    assert!(it.browser.post(&action, &forged).await.page().has("#error"));
    assert!(it.is_signed_in().await);
    assert!(it.browser.submit(&page, &[]).await.page().has("#logged-out"));
}

#[tokio::test]
async fn an_offline_grant_survives_the_logout_and_others_do_not() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let sync = RelyingParty::confidential(&server, "sync").await;
    let browser = Browser::new(&server.issuer);
    let online = web.tokens(&browser, "ada", &[]).await;
    let offline = sync.tokens(&browser, "ada", &[("scope", "openid offline_access")]).await;
    let page = browser.open(&logout(&[("id_token_hint", online.text("id_token"))])).await;
    assert!(matches!(page, Landed::Page(page) if page.has("#logged-out")));
    assert_eq!(web.refresh(online.text("refresh_token")).await.status(), 400);
    assert_eq!(sync.refresh(offline.text("refresh_token")).await.status(), 200);
    assert_eq!(sync.userinfo(offline.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn signing_out_twice_is_fine() {
    let it = signed_in().await;
    let url = logout(&[
        ("id_token_hint", it.tokens.text("id_token")),
        ("post_logout_redirect_uri", "https://client.example/bye"),
    ]);
    for _ in 0..2 {
        assert_eq!(it.browser.open(&url).await.client().as_str(), "https://client.example/bye");
    }
    // Without a hint the server cannot trust the URI, and no session is left to end.
    let url = logout(&[("client_id", "web"), ("post_logout_redirect_uri", "https://client.example/bye")]);
    assert!(it.browser.open(&url).await.page().has("#not-signed-in"));
}

#[tokio::test]
async fn a_client_s_own_server_ends_the_session_that_its_hint_names() {
    for subject_type in [SubjectType::Public, SubjectType::Pairwise] {
        for method in [Method::GET, Method::POST] {
            let server = TestServer::start().await;
            server.user("ada").await;
            server.user("eve").await;
            let web = RelyingParty::register(&server, "web", |client| {
                client.subject.subject_type = subject_type;
                client.post_logout_redirect_uris = vec!["https://client.example/bye".parse().unwrap()];
            })
            .await;
            let (browser, other) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
            let tokens = web.tokens(&browser, "ada", &[]).await;
            let eve = web.tokens(&other, "eve", &[]).await;
            // The client's server has no cookies, and a program says not where it comes from.
            let program = Browser::new(&server.issuer);
            let url = server.url(&logout(&[("id_token_hint", tokens.text("id_token"))]));
            let url = Url::parse(&url).unwrap();
            let fields: Vec<_> = url.query_pairs().into_owned().collect();
            let send = || match method {
                Method::GET => program.http().get(url.clone()).send(),
                _ => program.http().post(server.url("/oauth/logout")).form(&fields).send(),
            };
            let answer = send().await.unwrap();
            assert_eq!(answer.status(), 200, "{subject_type:?} {method}");
            assert!(answer.text().await.unwrap().contains("id=\"logged-out\""), "{subject_type:?} {method}");
            assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));
            assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
            assert_eq!(web.userinfo(eve.text("access_token")).await.status(), 200, "another session lives");
            // Once more: nobody is signed in, and the page does not say otherwise.
            let again = send().await.unwrap().text().await.unwrap();
            assert!(
                again.contains("id=\"not-signed-in\"") && !again.contains("You are signed out"),
                "{again}"
            );
        }
    }
}

#[tokio::test]
async fn a_page_does_not_say_that_somebody_was_signed_out_when_nobody_was() {
    let it = signed_in().await;
    let nobody = Browser::new(&it.server.issuer);
    let page = nobody.open("/oauth/logout").await.page();
    assert!(page.has("#not-signed-in") && !page.text("body").contains("signed out"), "{}", page.html);
    let page = nobody.open(&logout(&[("client_id", "web")])).await.page();
    assert!(page.has("#not-signed-in"), "{}", page.html);
    assert!(it.is_signed_in().await);
}

#[tokio::test]
async fn a_hint_for_another_client_s_name_of_the_session_ends_nothing() {
    let it = signed_in().await;
    let other = RelyingParty::confidential(&it.server, "other").await;
    let url = logout(&[("id_token_hint", it.tokens.text("id_token")), ("client_id", &other.id)]);
    assert!(Browser::new(&it.server.issuer).open(&url).await.page().has("#error"));
    assert!(it.is_signed_in().await);
}

#[tokio::test]
async fn an_old_hint_leads_back_to_an_operator_s_application_also_without_a_session() {
    let it = signed_in().await;
    let url = logout(&[
        ("id_token_hint", it.tokens.text("id_token")),
        ("post_logout_redirect_uri", "https://client.example/bye"),
    ]);
    it.server.clock.advance(Duration::days(2));
    let nobody = Browser::new(&it.server.issuer);
    assert_eq!(nobody.open(&url).await.client().as_str(), "https://client.example/bye");
    // Never elsewhere, and never without the hint.
    let elsewhere = url.replace("client.example%2Fbye", "evil.example%2F");
    assert!(nobody.open(&elsewhere).await.page().has("#error"));
    let unproven =
        logout(&[("client_id", "web"), ("post_logout_redirect_uri", "https://client.example/bye")]);
    assert!(nobody.open(&unproven).await.page().has("#not-signed-in"));
}

/// A client that registered itself, with the tokens of a user, and the browser of that user.
async fn self_registered(more: &Value) -> (TestServer, RelyingParty, Browser, Tokens) {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    server.user("eve").await;
    let uri = "https://evil.example/callback";
    let mut document = json!({
        "redirect_uris": [uri], "post_logout_redirect_uris": ["https://evil.example/bye"],
        "token_endpoint_auth_method": "none",
    });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let request = reqwest::Client::new().post(server.url("/connect/register")).json(&document);
    let registered: Value = request.send().await.unwrap().json().await.unwrap();
    let id = registered["client_id"].as_str().unwrap();
    let own = RelyingParty::registered(&server.issuer, id, None, uri);
    let browser = Browser::new(&server.issuer);
    let tokens = own.tokens(&browser, "eve", &[]).await;
    (server, own, browser, tokens)
}

#[tokio::test]
async fn a_genuine_hint_makes_no_open_redirector_of_the_server() {
    let (server, own, eve, tokens) = self_registered(&json!({})).await;
    let bye = ("post_logout_redirect_uri", "https://evil.example/bye");
    let url = logout(&[("id_token_hint", tokens.text("id_token")), bye, ("state", "x")]);
    let victim = Browser::new(&server.issuer);
    // The first request ends the attacker's own session, the second one finds none; then the hint is old.
    for (heading, hours) in [("#logged-out", 0), ("#not-signed-in", 0), ("#not-signed-in", 48)] {
        server.clock.advance(Duration::hours(hours));
        let page = victim.open(&url).await.page();
        assert!(page.has(heading) && page.text("#way-back").contains("evil.example"), "{}", page.html);
        assert_eq!(page.attribute("#continue", "href"), "https://evil.example/bye?state=x");
        assert!(!page.has("meta[http-equiv=refresh]"), "the page goes nowhere by itself");
    }
    // Who is signed in with the client goes back to it, as everywhere.
    let tokens = own.tokens(&eve, "eve", &[]).await;
    let url = logout(&[("id_token_hint", tokens.text("id_token")), bye]);
    assert_eq!(eve.open(&url).await.client().as_str(), "https://evil.example/bye");
    // A signed-in user who is asked sees whom the sign-out leads to.
    let ada = Browser::new(&server.issuer);
    let login = ada.open("/login").await.page();
    ada.sign_in(&login, "ada").await;
    let page = ada.open(&logout(&[("client_id", &own.id), bye])).await.page();
    assert_eq!((page.has("#logout"), page.text(".host")), (true, "evil.example".to_owned()));
}

#[tokio::test]
async fn one_hint_is_not_searched_for_without_end() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.subject.subject_type = SubjectType::Pairwise;
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let url = logout(&[("id_token_hint", tokens.text("id_token"))]);
    // The session lives, but the hint is one of the names before the client moved to another host.
    let elsewhere = |host: &str| {
        let uri = format!("https://{host}/callback");
        move |client: &mut domain::Client| client.redirect_uris = vec![uri.parse().unwrap()]
    };
    let id = web.id.parse().unwrap();
    server.update_client(&id, elsewhere("other.example")).await.unwrap();
    for _ in 0..3 {
        assert!(Browser::new(&server.issuer).open(&url).await.page().has("#not-signed-in"));
    }
    // With the old names the hint would be found again, but not within the hour.
    server.update_client(&id, elsewhere("client.example")).await.unwrap();
    assert!(Browser::new(&server.issuer).open(&url).await.page().has("#not-signed-in"));
    server.clock.advance(Duration::hours(1));
    assert!(Browser::new(&server.issuer).open(&url).await.page().has("#logged-out"));
}

#[tokio::test]
async fn a_hint_with_public_names_is_found_after_the_client_chose_pairwise_ones() {
    let it = signed_in().await;
    let pairwise = |client: &mut domain::Client| client.subject.subject_type = SubjectType::Pairwise;
    it.server.update_client(&it.web.id.parse().unwrap(), pairwise).await.unwrap();
    let url = logout(&[("id_token_hint", it.tokens.text("id_token"))]);
    assert!(Browser::new(&it.server.issuer).open(&url).await.page().has("#logged-out"));
    assert!(!it.is_signed_in().await);
}
