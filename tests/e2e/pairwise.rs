//! Pairwise subject identifiers (OpenID Connect Core §8, OpenID Connect Dynamic Registration §5).

use application::keys::Urgency;
use application::settings::{RegistrationMode, Settings};
use domain::subject::SubjectType;
use domain::{Actor, SigningAlgorithm};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tests::support::{
    Browser, Callback, Landed, LogoutReceiver, Publisher, RelyingParty, TestServer, TwoNodes,
};

async fn pairwise_with(
    server: &TestServer,
    id: &str,
    host: &str,
    change: impl FnOnce(&mut domain::Client),
) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.redirect_uris = vec![format!("https://{host}/{id}").parse().unwrap()];
        client.subject.subject_type = SubjectType::Pairwise;
        change(client);
    })
    .await
}

/// A client with pairwise subjects whose redirect URI is at this host.
async fn pairwise(server: &TestServer, id: &str, host: &str) -> RelyingParty {
    pairwise_with(server, id, host, |_| {}).await
}

async fn sub(client: &RelyingParty, browser: &Browser, username: &str) -> String {
    let tokens = client.tokens(browser, username, &[]).await;
    tokens.claims("id_token")["sub"].as_str().unwrap().to_owned()
}

fn error(landed: Landed) -> Option<String> {
    Callback::from_url(&landed.client()).get("error").map(str::to_owned)
}

fn open(settings: &mut Settings) {
    settings.registration.mode = RegistrationMode::Open;
    settings.registration.device_grant = true;
    settings.outbound_allow_private = true;
}

async fn register(server: &TestServer, metadata: &Value) -> Response {
    let request = Client::builder().no_proxy().build().unwrap().post(server.url("/connect/register"));
    request.json(metadata).send().await.unwrap()
}

async fn manage(method: Method, registered: &Value, metadata: Option<&Value>) -> Response {
    let text = |member: &str| registered[member].as_str().unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let request = http.request(method, text("registration_client_uri"));
    let request = request.bearer_auth(text("registration_access_token"));
    metadata.iter().fold(request, |request, metadata| request.json(metadata)).send().await.unwrap()
}

async fn body(answer: Response, status: u16) -> Value {
    let found = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(found, status, "{body}");
    body
}

#[tokio::test]
async fn clients_of_one_host_share_a_name_of_each_user_and_no_others_do() {
    let server = TestServer::start().await;
    let (ada, _eve) = (server.user("ada").await, server.user("eve").await);
    let one = pairwise(&server, "one", "a.example").await;
    let same = pairwise(&server, "same", "a.example").await;
    let other = pairwise(&server, "other", "b.example").await;
    let public = RelyingParty::confidential(&server, "public").await;
    let native = |client: &mut domain::Client| {
        client.redirect_uris = vec!["http://127.0.0.1/callback".parse().unwrap()];
    };
    let app = pairwise_with(&server, "app", "x", native).await;
    let second_app = pairwise_with(&server, "second-app", "x", native).await;
    let (browser, of_eve) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    assert_eq!(sub(&public, &browser, "ada").await, ada.id.to_string());
    let mut names = vec![ada.id.to_string()];
    for client in [&one, &other, &app, &second_app] {
        names.push(sub(client, &browser, "ada").await);
    }
    names.push(sub(&one, &of_eve, "eve").await);
    assert_eq!(sub(&same, &browser, "ada").await, names[1]);
    let different: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn it_is_the_same_wherever_a_client_or_its_resource_servers_are_told_of_the_user() {
    for opaque in [false, true] {
        let server = TestServer::with(|settings| settings.opaque_access_tokens = opaque).await;
        let ada = server.user("ada").await;
        let web = pairwise(&server, "web", "a.example").await;
        let signed = |client: &mut domain::Client| {
            client.userinfo_signed_response_alg = Some(SigningAlgorithm::Es256);
        };
        let signed = pairwise_with(&server, "signed", "a.example", signed).await;
        let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
        let browser = Browser::new(&server.issuer);
        let tokens = web.tokens(&browser, "ada", &[("scope", "openid offline_access")]).await;
        let name = tokens.claims("id_token")["sub"].clone();
        assert_ne!(name, ada.id.to_string());
        let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        assert_eq!(refreshed.claims("id_token")["sub"], name);
        for tokens in [&tokens, &refreshed] {
            let token = tokens.text("access_token");
            if !opaque {
                assert_eq!(tokens.claims("access_token")["sub"], name);
            }
            assert_eq!(body(web.userinfo(token).await, 200).await["sub"], name);
            for caller in [&web, &api] {
                let told = caller.introspect(token).await;
                assert_eq!((&told["active"], &told["sub"]), (&json!(true), &name));
                assert!(!told.to_string().contains(&ada.id.to_string()), "{told}");
            }
        }
        assert_eq!(web.introspect(refreshed.text("refresh_token")).await["sub"], name);
        let tokens = signed.tokens(&browser, "ada", &[]).await;
        let jwt = signed.userinfo(tokens.text("access_token")).await.text().await.unwrap();
        assert_eq!(tests::support::Tokens(json!({"userinfo": jwt})).claims("userinfo")["sub"], name);
    }
}

#[tokio::test]
async fn every_node_knows_the_same_names_and_no_rotation_of_keys_changes_them() {
    let nodes = TwoNodes::start().await;
    nodes.a.user("ada").await;
    let web = pairwise(&nodes.b, "web", "a.example").await;
    let mut tokens = web.tokens(&Browser::new(&nodes.issuer), "ada", &[]).await;
    let name = tokens.claims("id_token")["sub"].clone();
    for _ in 0..2 {
        let (urgency, actor) = (Urgency::Compromised, Actor::CommandLine);
        nodes.a.keys.rotate(SigningAlgorithm::Rs256, urgency, actor).await.unwrap();
        nodes.a.clock.advance(chrono::Duration::seconds(2));
        for node in [&nodes.a, &nodes.b] {
            let refreshed = web.at(&node.listening).refresh(tokens.text("refresh_token")).await;
            tokens = RelyingParty::successful(refreshed).await;
            assert_eq!(tokens.claims("id_token")["sub"], name);
        }
    }
}

#[tokio::test]
async fn a_hint_and_a_wanted_subject_name_the_user_as_the_client_knows_them() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.user("eve").await;
    let web = pairwise(&server, "web", "a.example").await;
    let other = pairwise(&server, "other", "b.example").await;
    let (browser, of_eve) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let eve_s = web.tokens(&of_eve, "eve", &[]).await;
    let elsewhere = sub(&other, &browser, "ada").await;

    let hinted = |hint: &str| web.authorization_url(&[("prompt", "none"), ("id_token_hint", hint)]);
    assert_eq!(error(browser.open(&hinted(tokens.text("id_token"))).await), None);
    let refused = error(browser.open(&hinted(eve_s.text("id_token"))).await);
    assert_eq!(refused.as_deref(), Some("login_required"));

    let wanting = |sub: &str| {
        let claims = json!({"id_token": {"sub": {"value": sub}}}).to_string();
        web.authorization_url(&[("prompt", "none"), ("claims", &claims)])
    };
    let name = tokens.claims("id_token")["sub"].as_str().unwrap().to_owned();
    assert_eq!(error(browser.open(&wanting(&name)).await), None);
    // Otherwise a client could find out whether two identifiers belong to the same user.
    for known_elsewhere in [ada.id.to_string(), elsewhere] {
        let refused = error(browser.open(&wanting(&known_elsewhere)).await);
        assert_eq!(refused.as_deref(), Some("login_required"));
    }
}

#[tokio::test]
async fn a_logout_is_hinted_and_told_with_the_name_the_client_knows() {
    let server = TestServer::with(|settings| settings.outbound_allow_private = true).await;
    let ada = server.user("ada").await;
    let mut receiver = LogoutReceiver::start().await;
    let back = |client: &mut domain::Client| {
        client.logout.back.uri = Some(receiver.uri("web").parse().unwrap());
    };
    let web = pairwise_with(&server, "web", "a.example", back).await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let logout = format!("/oauth/logout?id_token_hint={}", tokens.text("id_token"));
    assert!(browser.open(&logout).await.page().has("#logged-out"), "the user need not confirm");
    let (_, token) = receiver.next_logout().await;
    let told = tests::support::Tokens(json!({ "logout_token": token })).claims("logout_token");
    assert_eq!(told["sub"], tokens.claims("id_token")["sub"]);
    assert_ne!(told["sub"], ada.id.to_string());
    assert_eq!(told["sid"], tokens.claims("id_token")["sid"]);
}

#[tokio::test]
async fn clients_of_different_sectors_cannot_join_their_users_by_the_session() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let mut sids = Vec::new();
    for (id, host) in [("one", "a.example"), ("two", "a.example"), ("other", "b.example")] {
        let client = pairwise(&server, id, host).await;
        sids.push(client.tokens(&browser, "ada", &[]).await.claims("id_token")["sid"].clone());
    }
    let public = RelyingParty::confidential(&server, "public").await;
    sids.push(public.tokens(&browser, "ada", &[]).await.claims("id_token")["sid"].clone());
    assert_eq!(sids[0], sids[1]);
    assert!(sids[0] != sids[2] && sids[0] != sids[3] && sids[2] != sids[3], "{sids:?}");
}

#[tokio::test]
async fn what_was_granted_to_one_host_is_not_told_by_the_name_of_another() {
    let server = TestServer::with(open).await;
    let at = |uri: &str, subject_type: &str| json!({"redirect_uris": [uri], "subject_type": subject_type});
    let moved = at("https://victim.example/x", "pairwise");
    for subject_type in ["pairwise", "public"] {
        let evil = body(register(&server, &at("https://evil.example/cb", subject_type)).await, 201).await;
        let refused = body(manage(Method::PUT, &evil, Some(&moved)).await, 400).await;
        assert_eq!(refused["error"], "invalid_client_metadata", "{subject_type}");
    }
    let device =
        json!({"grant_types": ["urn:ietf:params:oauth:grant-type:device_code"], "subject_type": "pairwise"});
    let alone = body(register(&server, &device).await, 201).await;
    assert_eq!(manage(Method::PUT, &alone, Some(&moved)).await.status(), 400);
    // Within the same host, the redirect URI may change.
    let own = body(register(&server, &at("https://own.example/cb", "pairwise")).await, 201).await;
    let elsewhere = at("https://own.example/other", "pairwise");
    assert_eq!(manage(Method::PUT, &own, Some(&elsewhere)).await.status(), 200);
}

#[tokio::test]
async fn a_list_with_addresses_that_any_application_could_have_lets_nobody_in_by_them() {
    let server = TestServer::with(open).await;
    let uris = ["https://victim.example/cb", "com.victim.app:/cb", "http://127.0.0.1/cb"];
    let list = Publisher::start(json!(uris).to_string()).await;
    let with = |uri: &str| {
        json!({
            "redirect_uris": [uri], "subject_type": "pairwise", "sector_identifier_uri": list.uri(),
            "token_endpoint_auth_method": "none", "application_type": "native",
        })
    };
    for nobodys in &uris[1..] {
        let refused = body(register(&server, &with(nobodys)).await, 400).await;
        assert_eq!(refused["error"], "invalid_client_metadata", "{nobodys}");
    }
}

#[tokio::test]
async fn a_client_shares_a_sector_with_those_who_are_on_its_list() {
    let server = TestServer::with(open).await;
    server.user("ada").await;
    let uris = ["https://a.example/cb", "https://b.example/cb"];
    let list = Publisher::start(json!([uris[0], uris[1], "https://c.example/"]).to_string()).await;
    let pairwise = |uris: Value| json!({"redirect_uris": uris, "subject_type": "pairwise", "sector_identifier_uri": list.uri()});
    let several = body(register(&server, &pairwise(json!(uris))).await, 201).await;
    assert_eq!(
        (&several["subject_type"], &several["sector_identifier_uri"]),
        (&json!("pairwise"), &json!(list.uri()))
    );
    let known = body(manage(Method::GET, &several, None).await, 200).await;
    assert_eq!(known["sector_identifier_uri"], list.uri());
    let one = body(register(&server, &pairwise(json!([uris[1]]))).await, 201).await;

    let browser = Browser::new(&server.issuer);
    let mut names = Vec::new();
    for (registered, uri) in [(&several, uris[0]), (&one, uris[1])] {
        let secret = registered["client_secret"].as_str().map(str::to_owned);
        let id = registered["client_id"].as_str().unwrap();
        let client = RelyingParty::registered(&server.issuer, id, secret, uri);
        names.push(sub(&client, &browser, "ada").await);
    }
    assert_eq!(names[0], names[1]);

    // The server checks an update like a registration, and fetches the list only if the sector
    // depends on it.
    let (asked, mut update) = (list.requests(), pairwise(json!([uris[1]])));
    update["client_name"] = json!("Renamed");
    assert_eq!(manage(Method::PUT, &one, Some(&update)).await.status(), 200);
    assert_eq!(list.requests(), asked);
    let taken = pairwise(json!([uris[1], "https://evil.example/cb"]));
    assert_eq!(
        body(manage(Method::PUT, &one, Some(&taken)).await, 400).await["error"],
        "invalid_client_metadata"
    );
    let known = body(manage(Method::GET, &one, None).await, 200).await;
    assert_eq!(known["redirect_uris"], json!([uris[1]]));
}

#[tokio::test]
async fn without_a_sector_that_is_proven_there_are_no_pairwise_subjects() {
    let server = TestServer::with(open).await;
    let uris = json!(["https://a.example/cb", "https://b.example/cb"]);
    let none = json!({"redirect_uris": uris, "subject_type": "pairwise"});
    let refused = async |metadata: Value| {
        let answer = body(register(&server, &metadata).await, 400).await;
        assert_eq!(answer["error"], "invalid_client_metadata", "{metadata}");
    };
    refused(none.clone()).await;
    let with = |uri: &str| {
        let mut metadata = none.clone();
        metadata["sector_identifier_uri"] = json!(uri);
        metadata
    };
    for document in
        ["", "[]", "{}", "null", "[1]", r#"["https://a.example/cb"]"#, r#""https://a.example/cb""#]
    {
        let list = Publisher::start(document.to_owned()).await;
        refused(with(&list.uri())).await;
        assert_eq!(list.requests(), 1);
    }
    let list = Publisher::start(uris.to_string()).await;
    refused(with(&list.redirecting_uri())).await;
    list.fail(404);
    refused(with(&list.uri())).await;
    refused(with("http://a.example/list")).await;
    refused(with("https://a.example/list#x")).await;
    refused(with("http://127.0.0.1:1/list")).await;
    // A list that lacks a redirect URI is an error for public subjects too.
    let mut public = with(&Publisher::start("[]".to_owned()).await.uri());
    public["subject_type"] = json!("public");
    refused(public).await;

    // A client learns the subject identifiers of a host only if it has a redirect URI there.
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let redirect = json!(["https://a.example/cb"]);
    let mut elsewhere = json!({"redirect_uris": redirect, "subject_type": "pairwise"});
    elsewhere["grant_types"] = json!(["authorization_code", device]);
    refused(elsewhere.clone()).await;
    elsewhere["redirect_uris"] = json!([]);
    elsewhere["grant_types"] = json!([device]);
    assert_eq!(register(&server, &elsewhere).await.status(), 201, "alone in its sector");
    elsewhere["sector_identifier_uri"] = json!(list.uri());
    refused(elsewhere).await;

    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let list = Publisher::start(uris.to_string()).await;
    let answer = body(register(&server, &with(&list.uri())).await, 400).await;
    assert_eq!((&answer["error"], list.connections()), (&json!("invalid_client_metadata"), 0));
}

#[tokio::test]
async fn reads_of_lists_are_limited_per_client_and_address() {
    let server = TestServer::with(|settings| {
        open(settings);
        settings.registration.limit.attempts = 3;
    })
    .await;
    let list = Publisher::start(json!(["https://a.example/cb"]).to_string()).await;
    let metadata = |path: &str| {
        json!({
            "redirect_uris": [format!("https://a.example/{path}")], "subject_type": "pairwise",
            "sector_identifier_uri": list.uri(),
        })
    };
    let registered = body(register(&server, &metadata("cb")).await, 201).await;
    for _ in 0..2 {
        assert_eq!(register(&server, &metadata("other")).await.status(), 400);
    }
    assert_eq!(
        register(&server, &metadata("cb")).await.status(),
        429,
        "a failed registration counts, because it read the list"
    );
    for status in [400, 400, 400, 429] {
        let answer = manage(Method::PUT, &registered, Some(&metadata("other"))).await;
        assert_eq!(answer.status(), status);
    }
    assert_eq!(list.requests(), 6);
}

#[tokio::test]
async fn an_operator_vouches_for_the_list_but_names_a_sector() {
    let server = TestServer::start().await;
    let several = |client: &mut domain::Client| {
        client.redirect_uris =
            ["https://a.example/", "https://b.example/"].map(|uri| uri.parse().unwrap()).into();
    };
    pairwise(&server, "web", "a.example").await;
    let id = "web".parse().unwrap();
    let refused = server.update_client(&id, several).await.unwrap_err();
    assert!(refused.to_string().contains("sector_identifier_uri"), "{refused}");
    let with_list = |uri: &'static str| {
        move |client: &mut domain::Client| {
            several(client);
            client.subject.sector_identifier_uri = Some(uri.parse().unwrap());
        }
    };
    let plain = with_list("http://localhost/list");
    assert!(server.update_client(&id, plain).await.is_err());
    let unread = with_list("https://nobody.invalid/list");
    assert!(server.update_client(&id, unread).await.is_ok());
}

/// The claims of the next logout token of this client.
async fn told(receiver: &mut LogoutReceiver) -> Value {
    let (_, token) = receiver.next_logout().await;
    tests::support::Tokens(json!({ "logout_token": token })).claims("logout_token")
}

#[tokio::test]
async fn what_was_granted_keeps_its_names_when_the_registration_changes() {
    let server = TestServer::with(|settings| settings.outbound_allow_private = true).await;
    let ada = server.user("ada").await;
    let mut receiver = LogoutReceiver::start().await;
    for (id, before, after) in [
        ("to-public", ("a.example", SubjectType::Pairwise), ("a.example", SubjectType::Public)),
        ("to-pairwise", ("a.example", SubjectType::Public), ("a.example", SubjectType::Pairwise)),
        ("to-another-host", ("a.example", SubjectType::Pairwise), ("b.example", SubjectType::Pairwise)),
    ] {
        let web = RelyingParty::register(&server, id, |client| {
            client.redirect_uris = vec![format!("https://{}/{id}", before.0).parse().unwrap()];
            client.subject.subject_type = before.1;
            client.logout.back.uri = Some(receiver.uri(id).parse().unwrap());
        })
        .await;
        let browser = Browser::new(&server.issuer);
        let tokens = web.tokens(&browser, "ada", &[]).await;
        let code = web.code(&browser, "ada", &[]).await;
        let old = tokens.claims("id_token");
        let (host, subject_type) = after;
        let uri = format!("https://{host}/{id}");
        let change = |client: &mut domain::Client| {
            client.redirect_uris = vec![uri.parse().unwrap()];
            client.subject.subject_type = subject_type;
        };
        server.update_client(&id.parse().unwrap(), change).await.unwrap();

        // The code that was issued before, its refresh token, UserInfo and introspection.
        let pkce = tests::support::Pkce::new();
        let form =
            [("grant_type", "authorization_code"), ("code", &*code), ("code_verifier", &*pkce.verifier)];
        let redeemed = RelyingParty::successful(web.token(&form).await).await;
        let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        for tokens in [&redeemed, &refreshed] {
            let new = tokens.claims("id_token");
            assert_eq!((&new["sub"], &new["sid"]), (&old["sub"], &old["sid"]), "{id}");
            let userinfo = body(web.userinfo(tokens.text("access_token")).await, 200).await;
            assert_eq!(userinfo["sub"], old["sub"], "{id}");
            for token in ["access_token", "refresh_token"] {
                assert_eq!(web.introspect(tokens.text(token)).await["sub"], old["sub"], "{id}");
            }
        }

        // The next authorization asks again, and has the new names.
        let moved = RelyingParty::registered(&server.issuer, id, web.secret.clone(), &uri);
        let silent = error(browser.open(&moved.authorization_url(&[("prompt", "none")])).await);
        assert_eq!(silent.as_deref(), Some("consent_required"), "{id}");
        let later = moved.tokens(&browser, "ada", &[]).await.claims("id_token");
        assert!(later["sub"] != old["sub"] && later["sid"] != old["sid"], "{id}");
        assert_eq!(later["sub"] == ada.id.to_string(), subject_type == SubjectType::Public, "{id}");

        // The end of the session is told under both names.
        let page = browser.open("/oauth/logout").await.page();
        let _ = browser.submit(&page, &[]).await.page();
        let tokens = [told(&mut receiver).await, told(&mut receiver).await];
        for names in [&old, &later] {
            let is_told = |token: &&Value| token["sub"] == names["sub"] && token["sid"] == names["sid"];
            assert_eq!(tokens.iter().filter(is_told).count(), 1, "{id}: {tokens:?}");
        }
    }
}

#[tokio::test]
async fn a_client_that_registered_itself_learns_no_other_name_by_a_change_of_its_registration() {
    let server = TestServer::with(open).await;
    let ada = server.user("ada").await;
    let uri = "https://own.example/cb";
    let own = json!({"redirect_uris": [uri], "subject_type": "pairwise", "grant_types": ["authorization_code", "refresh_token"]});
    let registered = body(register(&server, &own).await, 201).await;
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    let client =
        RelyingParty::registered(&server.issuer, registered["client_id"].as_str().unwrap(), secret, uri);
    let browser = Browser::new(&server.issuer);
    let tokens = client.tokens(&browser, "ada", &[]).await;
    let mut public = own.clone();
    public["subject_type"] = json!("public");
    assert_eq!(manage(Method::PUT, &registered, Some(&public)).await.status(), 200);
    let refreshed = RelyingParty::successful(client.refresh(tokens.text("refresh_token")).await).await;
    assert_eq!(refreshed.claims("id_token")["sub"], tokens.claims("id_token")["sub"]);
    assert!(!refreshed.0.to_string().contains(&ada.id.to_string()));
    let silent = error(browser.open(&client.authorization_url(&[("prompt", "none")])).await);
    assert_eq!(silent.as_deref(), Some("consent_required"));
}
