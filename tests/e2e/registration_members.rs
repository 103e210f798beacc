//! Members of a registration are enforced or refused, never dropped (RFC 7591 §2, RFC 9126 §6, RFC 9701 §6).

use application::settings::{RegistrationMode, Settings};
use domain::SigningAlgorithm;
use jsonwebtoken::Algorithm;
use reqwest::Client;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, ClientSigner, Pkce, RelyingParty, TestServer};

const URI: &str = "https://own.example/callback";

async fn open_with(change: impl FnOnce(&mut Settings)) -> TestServer {
    TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
        change(settings);
    })
    .await
}

async fn post(server: &TestServer, document: String) -> (u16, Value) {
    let request = Client::builder().no_proxy().build().unwrap().post(server.url("/connect/register"));
    let answer = request.header("content-type", "application/json").body(document).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The document of a client that registers itself with these members.
async fn registered(server: &TestServer, members: &Value) -> Value {
    let mut document = json!({"redirect_uris": [URI]});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let (status, answer) = post(server, document.to_string()).await;
    assert_eq!(status, 201, "{answer}");
    answer
}

fn party(server: &TestServer, registered: &Value) -> RelyingParty {
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    RelyingParty::registered(&server.issuer, registered["client_id"].as_str().unwrap(), secret, URI)
}

#[tokio::test]
async fn a_client_that_wants_its_requests_pushed_gets_them_in_no_other_way() {
    let server = open_with(|_| {}).await;
    server.user("ada").await;
    let strict =
        party(&server, &registered(&server, &json!({"require_pushed_authorization_requests": true})).await);
    let browser = Browser::new(&server.issuer);
    let refused = browser.open(&strict.authorization_url(&[("prompt", "none")])).await.client();
    assert_eq!(Callback::from_url(&refused).get("error"), Some("invalid_request"));
    let url = url::Url::parse(&strict.authorization_url(&[])).unwrap();
    let form: Vec<_> = url.query_pairs().into_owned().collect();
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = RelyingParty::successful_with(strict.post("/oauth/par", &form).await, 201).await;
    let link = format!("/oauth/authorize?client_id={}&request_uri={}", strict.id, pushed.text("request_uri"));
    let code = Callback::from_url(&browser.sign_in_and_consent(&link, "ada").await).code().to_owned();
    assert_eq!(strict.redeem(&code).await.status(), 200);
}

#[tokio::test]
async fn an_assertion_is_signed_with_the_algorithm_that_was_registered_and_no_other() {
    let server = open_with(|_| {}).await;
    let keys = [Algorithm::RS256, Algorithm::ES256].map(ClientSigner::new);
    let jwks = json!({"keys": keys.iter().map(ClientSigner::jwk).collect::<Vec<_>>()});
    for (alg, accepted) in
        [(json!("ES256"), [400, 401]), (json!("RS256"), [401, 400]), (Value::Null, [400, 400])]
    {
        let client = registered(
            &server,
            &json!({
                "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks,
                "token_endpoint_auth_signing_alg": alg,
            }),
        )
        .await;
        assert_eq!(client.get("token_endpoint_auth_signing_alg").cloned().unwrap_or_default(), alg);
        // The ES256 key is tried with the algorithm of index 1.
        for (signer, expected) in keys.iter().rev().zip(accepted) {
            let id = client["client_id"].as_str().unwrap();
            let (exp, jti) = (server.now().timestamp() + 60, signer.jwk()["kid"].clone());
            let claims = json!({"iss": id, "sub": id, "aud": server.issuer, "exp": exp, "jti": jti});
            let assertion = signer.sign(&claims);
            let form = [
                ("grant_type", "authorization_code"),
                ("code", "unknown"),
                ("code_verifier", &*Pkce::new().verifier),
                ("client_assertion_type", application::client_auth::ASSERTION_TYPE),
                ("client_assertion", &assertion),
            ];
            let http = Client::builder().no_proxy().build().unwrap();
            let answer = http.post(server.url("/oauth/token")).form(&form).send().await.unwrap();
            assert_eq!(answer.status(), expected, "{alg}");
        }
    }
}

#[tokio::test]
async fn a_signed_introspection_has_the_algorithm_that_its_reader_registered() {
    let server = open_with(|_| {}).await;
    server.user("ada").await;
    for alg in SigningAlgorithm::ALL.map(SigningAlgorithm::as_str) {
        let client = registered(&server, &json!({"introspection_signed_response_alg": alg})).await;
        let client = party(&server, &client);
        let tokens = client.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
        let request = client.http().post(server.url("/oauth/introspect"));
        let request = request.basic_auth(&client.id, client.secret.as_deref());
        let request = request.header(ACCEPT, "application/token-introspection+jwt");
        let jwt = request.form(&[("token", tokens.text("access_token"))]).send().await.unwrap();
        let header = jsonwebtoken::decode_header(jwt.text().await.unwrap()).unwrap();
        assert_eq!(format!("{:?}", header.alg), alg);
    }
}

#[tokio::test]
async fn names_and_links_are_shown_in_the_language_of_the_page() {
    let server = open_with(|_| {}).await;
    server.user("ada").await;
    let client = registered(
        &server,
        &json!({
            "client_name": "Plain", "client_name#de-CH": "Schlicht", "client_name#ja": "簡素",
            "policy_uri": "https://own.example/policy", "policy_uri#ja": "https://own.example/policy/ja",
            "tos_uri#fr": "https://own.example/cgu",
        }),
    )
    .await;
    let client = party(&server, &client);
    let browser = Browser::new(&server.issuer);
    let mut page = browser.open(&client.authorization_url(&[("ui_locales", "de")])).await.page();
    assert!(page.text("body").contains("Schlicht"), "the login page");
    page = browser.sign_in(&page, "ada").await.page();
    assert!(page.text("body").contains("Schlicht"), "{}", page.html);
    for (language, name, link) in [
        ("ja", "簡素", "https://own.example/policy/ja"),
        ("de", "Schlicht", "\"https://own.example/policy\""),
        ("es", "Plain", "\"https://own.example/policy\""),
        ("fr", "Plain", "https://own.example/cgu"),
    ] {
        let page = browser.open(&client.authorization_url(&[("ui_locales", language)])).await.page();
        assert!(page.text("body").contains(name), "{language}: {}", page.html);
        assert!(page.html.contains(link), "{language}: {}", page.html);
    }
}

#[tokio::test]
async fn a_name_in_a_language_is_replaced_and_removed_like_any_other_member() {
    let server = open_with(|_| {}).await;
    let own =
        registered(&server, &json!({"client_name#ja": "簡素", "logo_uri#fr": "https://own.example/fr.png"}))
            .await;
    let http = Client::builder().no_proxy().build().unwrap();
    let put = http.put(own["registration_client_uri"].as_str().unwrap());
    let put = put.bearer_auth(own["registration_access_token"].as_str().unwrap());
    let replaced: Value = put
        .json(&json!({"redirect_uris": [URI], "client_name#de": "Neu"}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(replaced["client_name#de"], "Neu");
    assert!(replaced.get("client_name#ja").is_none() && replaced.get("logo_uri#fr").is_none(), "{replaced}");
    let mut draft = domain::client::ClientDraft::default();
    draft.set("client_name#fr", "Nouveau");
    draft.set("client_name#de", Value::Null);
    let id = own["client_id"].as_str().unwrap().parse().unwrap();
    let (client, _) = server.clients.patch(&id, &draft, domain::Actor::CommandLine).await.unwrap();
    assert_eq!(client.details.localized, [("client_name#fr".to_owned(), "Nouveau".to_owned())].into());
}

#[tokio::test]
async fn keys_that_are_secret_or_share_a_kid_are_refused_whatever_they_are_for() {
    let server = open_with(|_| {}).await;
    let public = ClientSigner::new(Algorithm::ES256).jwk().clone();
    let with = |members: Value| {
        let mut key = public.clone();
        key.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        key
    };
    for method in ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"] {
        for (keys, is_refused) in [
            (json!([public]), false),
            (json!([with(json!({"kid": "a"})), with(json!({"kid": "b"}))]), false),
            (json!([with(json!({"d": "AA"}))]), true),
            (json!([public, {"kty": "oct", "k": "AA"}]), true),
            (json!([public, {"kty": "oct"}]), true),
            (json!([with(json!({"kid": "a"})), with(json!({"kid": "a"}))]), true),
        ] {
            let document = json!({
                "redirect_uris": [URI], "token_endpoint_auth_method": method, "jwks": {"keys": keys},
            });
            let (status, answer) = post(&server, document.to_string()).await;
            if is_refused {
                assert_eq!(
                    (status, &answer["error"]),
                    (400, &json!("invalid_client_metadata")),
                    "{document}"
                );
            } else {
                assert_eq!((status, &answer["jwks"]["keys"]), (201, &keys), "{document}");
            }
        }
    }
}

#[tokio::test]
async fn a_document_that_says_a_thing_twice_says_nothing() {
    let server = open_with(|_| {}).await;
    for document in [
        r#"{"redirect_uris":["https://a.example/"],"redirect_uris":["https://b.example/"]}"#,
        r#"{"redirect_uris":["https://a.example/"],"client_name":"A","client\u005fname":"B"}"#,
        r#"{"redirect_uris":["https://a.example/"],"jwks":{"keys":[],"keys":[]}}"#,
        r#"{"redirect_uris":["https://a.example/"],"unknown":1,"unknown":1}"#,
    ] {
        let (status, answer) = post(&server, document.to_owned()).await;
        assert_eq!((status, &answer["error"]), (400, &json!("invalid_client_metadata")), "{document}");
    }
}
