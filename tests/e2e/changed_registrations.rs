//! A client that registered itself changes its registration (RFC 7592 §2.2): what an operator took away stays away, and what
//! users agreed to ends when it is no longer what they saw.

use application::settings::RegistrationMode;
use domain::ClientId;
use reqwest::Client;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, TestServer};

const REDIRECT_URI: &str = "https://own.example/callback";

/// A client that registered itself.
struct Own {
    server: TestServer,
    document: Value,
    registered: Value,
    client: RelyingParty,
}

impl Own {
    async fn register(more: &Value) -> Self {
        let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
        server.user("ada").await;
        let mut document = json!({
            "client_name": "Notes", "redirect_uris": [REDIRECT_URI], "scope": "openid profile email offline_access",
            "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "client_secret_basic",
            "logo_uri": "https://own.example/logo", "policy_uri": "https://own.example/policy",
            "tos_uri": "https://own.example/terms", "client_name#de": "Notizen",
        });
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let request = Client::new().post(server.url("/connect/register")).json(&document);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let registered: Value = answer.json().await.unwrap();
        let secret = registered["client_secret"].as_str().map(str::to_owned);
        let id = registered["client_id"].as_str().unwrap();
        let client = RelyingParty::registered(&server.issuer, id, secret, REDIRECT_URI);
        Self { server, document, registered, client }
    }

    fn id(&self) -> ClientId {
        self.client.id.parse().unwrap()
    }

    /// Replaces the registration by its first document with these members.
    async fn put(&self, more: &Value) -> Value {
        let mut document = self.document.clone();
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let text = |member: &str| self.registered[member].as_str().unwrap();
        let request = Client::new().put(text("registration_client_uri")).json(&document);
        let answer = request.bearer_auth(text("registration_access_token")).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn operator(&self, change: impl FnOnce(&mut domain::Client)) {
        self.server.update_client(&self.id(), change).await.unwrap();
    }

    /// A browser in which the user agreed to the client.
    async fn agreed(&self) -> Browser {
        let browser = Browser::new(&self.server.issuer);
        browser.sign_in_and_consent(&self.client.authorization_url(&[]), "ada").await;
        assert!(self.is_remembered(&browser).await);
        browser
    }

    /// Whether the client gets a code without a question.
    async fn is_remembered(&self, browser: &Browser) -> bool {
        match browser.open(&self.client.authorization_url(&[])).await {
            Landed::Client(url) => Callback::from_url(&url).get("code").is_some(),
            Landed::Page(page) => {
                assert!(page.has("#allow"), "{}", page.html);
                false
            }
        }
    }
}

#[tokio::test]
async fn what_an_operator_took_away_stays_away() {
    let own = Own::register(&json!({})).await;
    own.operator(|client| client.scope = "openid".parse().unwrap()).await;
    own.operator(|client| client.grant_types = [domain::GrantType::AuthorizationCode].into()).await;
    for more in [json!({}), json!({"scope": null}), json!({"scope": "openid profile"})] {
        let answer = own.put(&more).await;
        assert_eq!(
            (&answer["scope"], &answer["grant_types"]),
            (&json!("openid"), &json!(["authorization_code"]))
        );
    }
    // It is no longer the client's: the code flow gets no more either.
    let browser = Browser::new(&own.server.issuer);
    let asked = own.client.authorization_url(&[("scope", "openid email offline_access")]);
    let url = browser.sign_in_and_consent(&asked, "ada").await;
    let tokens = own.client.redeemed(Callback::from_url(&url).code()).await;
    assert_eq!(tokens.text("scope"), "openid");
    assert_eq!(tokens.member("refresh_token"), None);
    // What the operator gives back is there again.
    own.operator(|client| client.scope = "openid email".parse().unwrap()).await;
    assert_eq!(own.put(&json!({})).await["scope"], "email openid");
}

#[tokio::test]
async fn a_scope_that_an_operator_chose_holds_at_opened_resources_too() {
    let own = Own::register(&json!({})).await;
    let api = "https://api.example.com";
    own.server
        .resource(api, |resource| {
            resource.scope = "read write".parse().unwrap();
            resource.for_registered_clients = true;
        })
        .await;
    let asked = own.client.authorization_url(&[("resource", api), ("scope", "read write")]);
    for (chosen, expected) in [(None, "read write"), (Some("openid read"), "read")] {
        if let Some(chosen) = chosen {
            own.operator(|client| client.scope = chosen.parse().unwrap()).await;
        }
        let browser = Browser::new(&own.server.issuer);
        let url = browser.sign_in_and_consent(&asked, "ada").await;
        let tokens = own.client.redeemed(Callback::from_url(&url).code()).await;
        assert_eq!(tokens.text("scope"), expected);
    }
}

#[tokio::test]
async fn every_member_that_an_operator_changed_is_the_operator_s() {
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]});
    for (member, chosen, sent) in [
        ("redirect_uris", json!([REDIRECT_URI]), json!([REDIRECT_URI, "https://own.example/other"])),
        ("client_name", json!("Notes (unverified)"), json!("Bank")),
        ("client_name#de", json!("Notizen (ungepr\u{fc}ft)"), json!("Bank")),
        ("logo_uri", Value::Null, json!("https://own.example/logo")),
        ("subject_type", json!("pairwise"), json!("public")),
        ("id_token_claims", json!(false), json!(true)),
        ("require_pushed_authorization_requests", json!(true), json!(false)),
        ("default_max_age", json!(60), json!(86_400)),
        ("token_endpoint_auth_method", json!("none"), json!("client_secret_basic")),
        ("jwks", Value::Null, keys),
        ("backchannel_logout_uri", Value::Null, json!("https://own.example/logout")),
        ("contacts", json!(["ops@own.example"]), json!(["me@own.example"])),
    ] {
        // The client has it as it wants it.
        let own = Own::register(&json!({member: sent})).await;
        let draft: serde_json::Map<_, _> = [(member.to_owned(), chosen.clone())].into_iter().collect();
        own.server.clients.patch(&own.id(), &draft.into(), domain::Actor::CommandLine).await.unwrap();
        let mut expected = own.put(&json!({})).await;
        for again in [json!({member: sent}), json!({member: null})] {
            let answer = own.put(&again).await;
            assert_eq!(answer.get(member).cloned().unwrap_or_default(), chosen, "{member}: {again}");
        }
        // Everything else is still the client's.
        let other = if member == "policy_uri" { "tos_uri" } else { "policy_uri" };
        let answer = own.put(&json!({other: "https://own.example/new", member: sent})).await;
        assert_eq!(answer[other], "https://own.example/new", "{member}");
        expected[other] = answer[other].clone();
        assert_eq!(answer, expected, "{member}");
    }
}

#[tokio::test]
async fn a_changed_client_is_asked_about_again() {
    for (more, stays) in [
        (json!({"client_name": "Bank"}), false),
        (json!({"client_name#de": "Bank"}), false),
        (json!({"logo_uri": "https://own.example/bank"}), false),
        (json!({"policy_uri": null}), false),
        (json!({"tos_uri": "https://own.example/other"}), false),
        (json!({"redirect_uris": [REDIRECT_URI, "https://bank.example/callback"]}), false),
        (json!({"redirect_uris": [REDIRECT_URI, "com.example.bank:/callback"]}), false),
        (json!({"scope": null}), false),
        (json!({"redirect_uris": [REDIRECT_URI, "https://own.example/other"]}), true),
        (json!({"scope": "openid profile email"}), true),
        (json!({"contacts": ["me@own.example"]}), true),
    ] {
        let own = Own::register(&json!({})).await;
        let browser = own.agreed().await;
        own.put(&more).await;
        assert_eq!(own.is_remembered(&browser).await, stays, "{more}");
        // What the user agrees to now is remembered again.
        if !stays {
            let page = browser.open(&own.client.authorization_url(&[])).await.page();
            let _ = browser.allow(&page).await.client();
            assert!(own.is_remembered(&browser).await, "{more}");
        }
    }
}

#[tokio::test]
async fn the_marks_of_an_operator_end_with_what_the_operator_saw() {
    for (more, stays) in [
        (json!({"client_name": "Bank"}), false),
        (json!({"redirect_uris": ["https://bank.example/callback"]}), false),
        (json!({"scope": null}), false),
        (json!({"token_endpoint_auth_method": "none"}), false),
        (json!({"grant_types": ["authorization_code"]}), false),
        (json!({"backchannel_logout_uri": "https://own.example/logout"}), false),
        (json!({"post_logout_redirect_uris": ["https://own.example/bye"]}), false),
        (json!({"initiate_login_uri": "https://own.example/start"}), false),
        (json!({"contacts": ["me@own.example"]}), true),
        (json!({"software_version": "2"}), true),
    ] {
        let own = Own::register(&json!({})).await;
        own.operator(|client| (client.first_party, client.resource_server) = (true, true)).await;
        own.put(&more).await;
        let kept = own.server.clients.show(&own.id()).await.unwrap();
        assert_eq!((kept.first_party, kept.resource_server), (stays, stays), "{more}");
    }
}

#[tokio::test]
async fn a_consent_to_what_the_page_showed_is_none_to_what_the_client_became_meanwhile() {
    let own = Own::register(&json!({})).await;
    let browser = Browser::new(&own.server.issuer);
    let login = browser.open(&own.client.authorization_url(&[])).await.page();
    let shown = browser.sign_in(&login, "ada").await.page();
    assert!(shown.text("body").contains("Notes"));
    own.put(&json!({"client_name": "Bank"})).await;
    let again: Page = browser.allow(&shown).await.page();
    assert!(again.has("#allow") && again.text("body").contains("Bank"), "{}", again.html);
    assert!(!own.is_remembered(&browser).await);
    assert!(Callback::from_url(&browser.allow(&again).await.client()).get("code").is_some());
    assert!(own.is_remembered(&browser).await);
}
