//! Signed request objects by value (RFC 9101; OpenID Connect Core §6).
//! `bad_input/request_object.rs` tests refused ones.

mod by_reference;

use application::settings::RegistrationMode;
use domain::client::ClientAuthentication;
use domain::{KeySource, RequestObjectAlgorithm};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use tests::support::{
    Browser, Callback, ClientSigner, Landed, Publisher, RelyingParty, TestServer, logged, request_claims,
};

/// A server, a client that signs its requests, and a browser without a session.
struct Signed {
    server: TestServer,
    web: RelyingParty,
    signer: ClientSigner,
    browser: Browser,
}

impl Signed {
    async fn begin(algorithm: Algorithm) -> Self {
        let (server, signer) = (TestServer::start().await, ClientSigner::new(algorithm));
        server.user("ada").await;
        let web = RelyingParty::register(&server, "web", |client| {
            client.request_objects.keys = Some(KeySource::Jwks(signer.jwks()));
        })
        .await;
        let browser = Browser::new(&server.issuer);
        Self { server, web, signer, browser }
    }

    /// The parameters of an authorization request with these fields, as claims.
    fn claims(&self, fields: &[(&str, &str)]) -> Value {
        request_claims(&self.server.issuer, &self.web.authorization_url(fields))
    }

    /// An authorization URL with only `client_id` and the request object.
    fn url(&self, claims: &Value) -> String {
        self.url_with(&self.signer.sign(claims), &[])
    }

    fn url_with(&self, object: &str, outside: &[(&str, &str)]) -> String {
        let query = [("client_id", self.web.id.as_str()), ("request", object)];
        let query = query.iter().chain(outside);
        url::Url::parse_with_params(&self.server.url("/oauth/authorize"), query).unwrap().into()
    }

    async fn callback(&self, url: &str) -> Callback {
        Callback::from_url(&self.browser.sign_in_and_consent(url, "ada").await)
    }

    /// The error on the page that an authorization request shows.
    async fn page_error(&self, url: &str) -> String {
        match self.browser.open(url).await {
            Landed::Page(page) if page.has("#error") => {
                assert_eq!(
                    (page.status.as_u16(), &page.headers["cache-control"]),
                    (400, &"no-store".parse().unwrap())
                );
                page.text("#error-code")
            }
            Landed::Page(page) => panic!("no error: {}", page.html),
            Landed::Client(url) => panic!("sent to {url}"),
        }
    }
}

#[tokio::test]
async fn what_is_signed_is_answered_with_each_algorithm() {
    for algorithm in [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA] {
        let signed = Signed::begin(algorithm).await;
        let url = signed.url(&signed.claims(&[("state", "signed"), ("nonce", "inside")]));
        let callback = signed.callback(&url).await;
        assert_eq!(callback.get("state"), Some("signed"), "{algorithm:?}");
        let tokens = signed.web.redeemed(callback.code()).await;
        assert_eq!(tokens.claims("id_token")["nonce"], "inside");
    }
}

#[tokio::test]
async fn nothing_outside_of_the_object_counts() {
    let signed = Signed::begin(Algorithm::ES256).await;
    let object = signed.signer.sign(&signed.claims(&[("state", "inside"), ("scope", "openid read")]));
    let outside = [
        ("state", "outside"),
        ("nonce", "outside"),
        ("response_mode", "fragment"),
        ("prompt", "none"),
        ("acr_values", "x"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("redirect_uri", &signed.web.redirect_uri),
    ];
    let callback = signed.callback(&signed.url_with(&object, &outside)).await;
    assert_eq!(callback.get("state"), Some("inside"));
    let tokens = signed.web.redeemed(callback.code()).await;
    assert_eq!(
        (&tokens.0["scope"], &tokens.claims("id_token")["nonce"]),
        (&json!("openid read"), &json!("nonce-1"))
    );
    // Parameters outside the request object are ignored.
    let mut claims = signed.claims(&[]);
    claims.as_object_mut().unwrap().remove("state");
    let url = signed.url_with(&signed.signer.sign(&claims), &[("state", "outside")]);
    assert_eq!(signed.callback(&url).await.get("state"), None);
}

#[tokio::test]
async fn json_inside_is_what_text_is_outside() {
    let signed = Signed::begin(Algorithm::EdDSA).await;
    signed.callback(&signed.url(&signed.claims(&[]))).await;
    signed.server.clock.advance(chrono::Duration::seconds(10));
    let mut claims = signed.claims(&[("scope", "openid"), ("prompt", "none")]);
    claims["claims"] = json!({"id_token": {"given_name": {"essential": true}, "nickname": null}});
    claims["resource"] = json!([signed.server.issuer]);
    claims["unknown"] = json!([{"is": ["ignored", null, true]}]);
    claims["exp"] = json!(signed.server.now().timestamp() as f64 + 30.5);
    claims["nbf"] = json!(signed.server.now().timestamp());
    claims["aud"] = json!(["https://other.example", signed.server.issuer]);
    claims["max_age"] = json!(5);
    let callback = signed.callback(&signed.url(&claims)).await;
    assert_eq!(callback.get("error"), Some("login_required"), "max_age counts, and prompt=none is silent");
    claims["max_age"] = json!(60);
    claims["prompt"] = json!("consent");
    let callback = signed.callback(&signed.url(&claims)).await;
    let tokens = signed.web.redeemed(callback.code()).await;
    assert_eq!(tokens.claims("id_token")["given_name"], "Ada");
}

#[tokio::test]
async fn what_is_wrong_with_a_genuine_request_goes_back_to_its_client() {
    let signed = Signed::begin(Algorithm::ES256).await;
    signed.callback(&signed.url(&signed.claims(&[]))).await;
    for (field, error) in [
        (("scope", "admin"), "invalid_scope"),
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", "short"), "invalid_request"),
        (("registration", "{}"), "registration_not_supported"),
        (("prompt", "none login"), "invalid_request"),
    ] {
        let callback = signed.callback(&signed.url(&signed.claims(&[field]))).await;
        assert_eq!(
            (callback.get("error"), callback.get("state")),
            (Some(error), Some("state-1")),
            "{field:?}"
        );
    }
    for field in [("redirect_uri", "https://evil.example/"), ("redirect_uri", "")] {
        assert_eq!(signed.page_error(&signed.url(&signed.claims(&[field]))).await, "invalid_request");
    }
}

#[tokio::test]
async fn a_genuine_object_for_another_time_or_server_is_told_to_its_client_at_the_redirect_uri_in_it() {
    let signed = Signed::begin(Algorithm::ES256).await;
    signed.callback(&signed.url(&signed.claims(&[]))).await;
    let now = signed.server.now().timestamp();
    for (name, value) in [
        ("exp", json!(now - 60)),
        ("exp", json!("tomorrow")),
        ("nbf", json!(now + 61)),
        ("iat", json!(now + 86_400)),
        ("aud", Value::Null),
        ("aud", json!("https://other.example")),
        ("aud", json!(signed.server.url("/oauth/token"))),
        ("aud", json!(["https://a.example", "https://b.example"])),
        ("request", json!("e30.e30.e30")),
        ("request_uri", json!("https://client.example/r")),
        ("nonce", json!(1)),
        ("scope", json!(["openid"])),
        ("nonce", Value::Null),
        ("resource", json!([1])),
        ("claims", json!([])),
    ] {
        for prompt in ["", "none"] {
            let mut claims = signed.claims(&[("prompt", prompt), ("state", "inside")]);
            claims[name] = value.clone();
            let url = signed.url_with(&signed.signer.sign(&claims), &[("state", "outside")]);
            let answers = [
                signed.browser.open(&url).await,
                signed.browser.post("/oauth/authorize", &pairs(&url)).await,
            ];
            for callback in answers.map(|landed| Callback::from_url(&landed.client())) {
                let error = (callback.get("error"), callback.get("state"), callback.get("code"));
                assert_eq!(error, (Some("invalid_request_object"), Some("inside"), None), "{name} {value}");
                let line = logged(callback.get("error_uri").unwrap().rsplit('/').next().unwrap());
                assert_eq!(line["client"], "web", "{line}");
                assert!(line["reason"].as_str().unwrap().contains(name), "{name}: {line}");
            }
        }
    }
    // The redirect URI in it must be the client's, and a user who is not signed in signs in first.
    let mut claims = signed.claims(&[("redirect_uri", "https://evil.example/")]);
    claims["exp"] = json!(now - 60);
    assert_eq!(signed.page_error(&signed.url(&claims)).await, "invalid_request");
    claims["redirect_uri"] = json!(signed.web.redirect_uri);
    let login = Browser::new(&signed.server.issuer).open(&signed.url(&claims)).await.page();
    assert!(login.has("#login"));
    // A client that pushes such an object gets the error itself.
    let object = signed.signer.sign(&claims);
    let pushed = signed.web.post("/oauth/par", &[("request", object.as_str())]).await;
    assert_eq!(pushed.json::<Value>().await.unwrap()["error"], "invalid_request_object");
}

fn pairs(url: &str) -> Vec<(String, String)> {
    url::Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn what_stands_outside_of_an_object_is_ignored_and_not_judged() {
    let signed = Signed::begin(Algorithm::ES256).await;
    let object = signed.signer.sign(&signed.claims(&[("state", "inside")]));
    for outside in [
        ("redirect_uri", "https://evil.example/"),
        ("scope", "openid phone write \""),
        ("response_mode", "web_message"),
        ("prompt", "dance"),
        ("max_age", "soon"),
        ("id_token_hint", "nonsense"),
        ("registration", "{}"),
        ("resource", "nonsense#"),
    ] {
        for twice in [&[outside][..], &[outside, outside]] {
            let callback = signed.callback(&signed.url_with(&object, twice)).await;
            assert_eq!(callback.get("state"), Some("inside"), "{outside:?}");
            let _ = callback.code();
        }
    }
    // Only `response_type` has to agree (OpenID Connect Core §6.1), and `client_id`.
    let callback = signed.callback(&signed.url_with(&object, &[("response_type", "token")])).await;
    assert_eq!(callback.get("error"), Some("invalid_request_object"));
}

#[tokio::test]
async fn a_client_is_held_to_the_algorithm_it_registered() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let signer = ClientSigner::new(Algorithm::RS256);
    let mut keys = json!({"keys": [signer.jwk()]});
    keys["keys"][0].as_object_mut().unwrap().remove("alg");
    let web = RelyingParty::register(&server, "web", |client| {
        client.request_objects.keys = Some(KeySource::Jwks(keys.try_into().unwrap()));
        client.request_objects.algorithm = Some(RequestObjectAlgorithm::Ps256);
    })
    .await;
    let signed = Signed { browser: Browser::new(&server.issuer), server, web, signer };
    let claims = signed.claims(&[]);
    for (algorithm, taken) in [(Algorithm::PS256, true), (Algorithm::RS256, false), (Algorithm::PS512, false)]
    {
        let header = json!({"alg": format!("{algorithm:?}"), "typ": "oauth-authz-req+jwt"});
        let url = signed.url_with(&signed.signer.sign_as(algorithm, &header, &claims), &[]);
        if taken {
            let _ = signed.callback(&url).await.code();
        } else {
            assert_eq!(signed.page_error(&url).await, "invalid_request_object", "{algorithm:?}");
        }
    }
}

#[tokio::test]
async fn a_client_that_has_to_sign_is_not_answered_otherwise() {
    let (server, signer) = (TestServer::start().await, ClientSigner::new(Algorithm::ES256));
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.request_objects.keys = Some(KeySource::Jwks(signer.jwks()));
        client.request_objects.required = true;
    })
    .await;
    let signed = Signed { browser: Browser::new(&server.issuer), server, web, signer };
    let _ = signed.callback(&signed.url(&signed.claims(&[]))).await.code();
    let plain = signed.web.authorization_url(&[]);
    let form: Vec<_> = url::Url::parse(&plain).unwrap().query_pairs().into_owned().collect();
    let fields: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed: Value = signed.web.post("/oauth/par", &fields).await.json().await.unwrap();
    assert_eq!(pushed["error"], "invalid_request");
    // The client is told at its own redirect URI, and nobody at any other.
    let posted = signed.browser.post("/oauth/authorize", &form).await;
    for answer in [signed.browser.open(&plain).await, posted] {
        let url = answer.client();
        assert!(url.as_str().starts_with("https://client.example/callback?"), "{url}");
        let callback = Callback::from_url(&url);
        assert_eq!(
            (callback.get("error"), callback.get("state")),
            (Some("invalid_request"), Some("state-1"))
        );
        assert!(callback.get("error_description").unwrap().contains("sign its requests"));
        let line = logged(callback.get("error_uri").unwrap().rsplit('/').next().unwrap());
        assert_eq!(line["client"], "web", "{line}");
    }
    let silent = signed.web.authorization_url(&[("prompt", "none"), ("scope", "unknown")]);
    let callback = Callback::from_url(&Browser::new(&signed.server.issuer).open(&silent).await.client());
    assert_eq!(callback.get("error"), Some("invalid_request"), "no other fault of it is judged");
    for redirect_uri in ["https://evil.example/", "https://client.example/callback/", ""] {
        let url = signed.web.authorization_url(&[("redirect_uri", redirect_uri)]);
        assert_eq!(signed.page_error(&url).await, "invalid_request", "{redirect_uri}");
    }
    let stranger = Browser::new(&signed.server.issuer);
    assert!(stranger.open(&plain).await.page().has("#login"), "held until a user signs in");
}

#[tokio::test]
async fn a_user_is_asked_before_an_unsigned_request_is_answered_to_a_client_that_registered_itself() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    let signer = ClientSigner::new(Algorithm::ES256);
    let document = json!({
        "redirect_uris": ["https://own.example/callback"], "token_endpoint_auth_method": "none",
        "require_signed_request_object": true, "jwks": signer.jwks(), "scope": "openid",
    });
    let request = reqwest::Client::new().post(server.url("/connect/register")).json(&document);
    let registered: Value = request.send().await.unwrap().json().await.unwrap();
    let id = registered["client_id"].as_str().unwrap_or_else(|| panic!("{registered}"));
    let own = RelyingParty::registered(&server.issuer, id, None, "https://own.example/callback");
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&own.authorization_url(&[])).await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (400, "invalid_request"));
    assert!(
        page.attribute("#continue", "href").starts_with("https://own.example/callback?error=invalid_request")
    );
}

#[tokio::test]
async fn a_posted_object_is_answered_and_a_bad_one_is_not_kept() {
    let signed = Signed::begin(Algorithm::EdDSA).await;
    let form =
        |object: String| vec![("client_id".to_owned(), "web".to_owned()), ("request".to_owned(), object)];
    let object = signed.signer.sign(&signed.claims(&[("acr_values", "x")]));
    let login = signed.browser.post("/oauth/authorize", &form(object)).await.page();
    assert!(login.has("#login"));
    let consent = signed.browser.sign_in(&login, "ada").await.page();
    let _ = Callback::from_url(&signed.browser.allow(&consent).await.client()).code();
    let foreign = ClientSigner::new(Algorithm::EdDSA).sign(&signed.claims(&[]));
    let refused = signed.browser.post("/oauth/authorize", &form(foreign)).await.page();
    assert_eq!(refused.text("#error-code"), "invalid_request_object");
    let elsewhere = signed.signer.sign(&signed.claims(&[("redirect_uri", "https://evil.example/")]));
    let refused = signed.browser.post("/oauth/authorize", &form(elsewhere)).await.page();
    assert_eq!(refused.text("#error-code"), "invalid_request");
}

#[tokio::test]
async fn an_object_can_be_pushed_by_the_client_that_signed_it() {
    let signed = Signed::begin(Algorithm::PS256).await;
    let object = signed.signer.sign(&signed.claims(&[("state", "inside")]));
    let fields = [("request", object.as_str()), ("state", "outside"), ("nonce", "outside")];
    let pushed = RelyingParty::successful_with(signed.web.post("/oauth/par", &fields).await, 201).await;
    let query = [("client_id", "web"), ("request_uri", pushed.text("request_uri"))];
    let url = url::Url::parse_with_params(&signed.server.url("/oauth/authorize"), query).unwrap();
    let callback = signed.callback(url.as_str()).await;
    assert_eq!(callback.get("state"), Some("inside"));
    assert_eq!(signed.web.redeemed(callback.code()).await.claims("id_token")["nonce"], "nonce-1");

    let shop = RelyingParty::register(&signed.server, "shop", |client| {
        client.request_objects.keys = Some(KeySource::Jwks(signed.signer.jwks()));
    })
    .await;
    let mut claims = signed.claims(&[]);
    claims["sub"] = json!("web");
    for (client, object) in [
        (&shop, object.as_str()),
        (&signed.web, "e30.e30."),
        (&signed.web, &signed.signer.sign(&claims)),
        (&signed.web, &ClientSigner::new(Algorithm::PS256).sign(&signed.claims(&[]))),
    ] {
        let answer = client.post("/oauth/par", &[("request", object)]).await;
        let (status, body): (_, Value) = (answer.status(), answer.json().await.unwrap());
        assert_eq!((status.as_u16(), &body["error"]), (400, &json!("invalid_request_object")), "{body}");
    }
}

#[tokio::test]
async fn the_keys_of_assertions_verify_requests_too_and_an_assertion_is_none() {
    let (server, signer) = (TestServer::start().await, ClientSigner::new(Algorithm::ES256));
    server.user("ada").await;
    let publisher = Publisher::start(json!({"keys": []}).to_string()).await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(signer.jwks()) };
    })
    .await;
    let signed = Signed { browser: Browser::new(&server.issuer), server, web, signer };
    let _ = signed.callback(&signed.url(&signed.claims(&[]))).await.code();
    let mut assertion = signed.claims(&[]);
    assertion["sub"] = json!("web");
    assertion["jti"] = json!("1");
    assertion["exp"] = json!(signed.server.now().timestamp() + 60);
    assert_eq!(signed.page_error(&signed.url(&assertion)).await, "invalid_request_object");
    assert_eq!(publisher.requests(), 0);
}

#[tokio::test]
async fn a_client_registers_its_keys_for_requests_beside_its_secret() {
    let server = TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
    })
    .await;
    server.user("ada").await;
    let signer = ClientSigner::new(Algorithm::RS256);
    let metadata = json!({
        "redirect_uris": ["https://client.example/callback"],
        "jwks": {"keys": [signer.jwk()]},
        "request_object_signing_alg": "RS256",
        "request_uris": ["https://client.example/request.jwt#GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM"],
        "require_signed_request_object": true,
    });
    let http = reqwest::Client::new();
    let register = async |metadata: &Value| -> (u16, Value) {
        let answer = http.post(server.url("/connect/register")).json(metadata).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let (status, registered) = register(&metadata).await;
    assert_eq!(status, 201, "{registered}");
    for (name, value) in metadata.as_object().unwrap() {
        assert_eq!(&registered[name], value, "{name}");
    }
    let id = registered["client_id"].as_str().unwrap();
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    let web = RelyingParty::registered(&server.issuer, id, secret, "https://client.example/callback");
    let read = http.get(registered["registration_client_uri"].as_str().unwrap());
    let read =
        read.bearer_auth(registered["registration_access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(read.json::<Value>().await.unwrap()["request_uris"], metadata["request_uris"]);

    let (jwks, wrong) = (metadata["jwks"].clone(), |name: &str, value: Value| {
        let mut metadata = metadata.clone();
        metadata[name] = value;
        metadata
    });
    let mut none = jwks.clone();
    none["keys"][0]["use"] = json!("enc");
    for metadata in [
        wrong("jwks", Value::Null),
        wrong("jwks", json!({"keys": []})),
        wrong("jwks", none),
        wrong("request_object_signing_alg", json!("none")),
        wrong("request_object_signing_alg", json!("HS256")),
        wrong("request_object_signing_alg", json!("RS512")),
        wrong("request_object_encryption_alg", json!("RSA-OAEP")),
        wrong("request_uris", json!("https://client.example/r")),
        wrong("request_uris", json!(["http://client.example/r"])),
        wrong("request_uris", json!(["http://127.0.0.1/r"])),
        wrong("request_uris", json!(["urn:ietf:params:oauth:request_uri:x"])),
        wrong("request_uris", json!(vec!["https://client.example/r"; 21])),
        wrong("require_signed_request_object", json!("true")),
    ] {
        let (status, body) = register(&metadata).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_client_metadata")), "{metadata}: {body}");
    }
    let signed = Signed { browser: Browser::new(&server.issuer), server, web, signer };
    let claims = signed.claims(&[("scope", "openid")]);
    let _ = signed.callback(&signed.url(&claims)).await.code();
}
