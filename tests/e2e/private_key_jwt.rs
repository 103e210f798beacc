//! Client authentication by `private_key_jwt` (RFC 7523, OpenID Connect Core §9).

use application::client::administration::ClientAdministrationError;
use application::settings::RegistrationMode;
use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::{Actor, ClientKeys, GrantType, KeySource};
use jsonwebtoken::Algorithm;
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{ASSERTION_TYPE, Browser, ClientSigner, Pkce, RelyingParty, TestServer};

/// A service, and its signing key.
struct Service {
    client: RelyingParty,
    signer: ClientSigner,
}

impl Service {
    async fn new(server: &TestServer, id: &str, algorithm: Algorithm) -> Self {
        let signer = ClientSigner::new(algorithm);
        let client = RelyingParty::register(server, id, |client| {
            client.authentication =
                ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(signer.jwks()) };
            client.grant_types = [GrantType::ClientCredentials].into();
            client.redirect_uris.clear();
        })
        .await;
        assert!(client.secret.is_none(), "it has no secret");
        Self { client, signer }
    }

    /// Valid claims with these members replaced; null removes a member.
    fn claims(&self, server: &TestServer, members: &Value) -> Value {
        let (now, id) = (server.now().timestamp(), &self.client.id);
        let mut claims = json!({
            "iss": id, "sub": id, "aud": server.issuer, "exp": now + 300, "iat": now, "jti": "one",
        });
        let claims_members = claims.as_object_mut().unwrap();
        claims_members.extend(members.as_object().unwrap().clone());
        claims_members.retain(|_, value| !value.is_null());
        claims
    }

    fn assertion(&self, server: &TestServer, members: &Value) -> String {
        self.signer.sign(&self.claims(server, members))
    }

    async fn grant(&self, assertion: &str) -> Response {
        self.post("/oauth/token", assertion, &[("grant_type", "client_credentials"), ("scope", "read")]).await
    }

    async fn post(&self, path: &str, assertion: &str, fields: &[(&str, &str)]) -> Response {
        let mut form = vec![("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)];
        form.extend(fields);
        let url = format!("{}{path}", self.client.issuer);
        self.client.http().post(url).form(&form).send().await.unwrap()
    }
}

async fn assert_refused(answer: Response, status: u16, code: &str, why: &str) {
    let found = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!((found.as_u16(), body["error"].as_str()), (status, Some(code)), "{why}: {body}");
    if code == "invalid_client" {
        assert_eq!(body["error_description"], "client authentication failed", "{why}");
    }
}

#[tokio::test]
async fn a_client_signs_who_it_is_with_every_kind_of_key() {
    let server = TestServer::start().await;
    for algorithm in [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA] {
        let id = format!("service-{algorithm:?}");
        let service = Service::new(&server, &id, algorithm).await;
        let assertion = service.assertion(&server, &json!({}));
        let tokens = RelyingParty::successful(service.grant(&assertion).await).await;
        assert_eq!(tokens.claims("access_token")["client_id"], json!(id));
    }
}

#[tokio::test]
async fn it_works_at_introspection_and_revocation_too() {
    let server = TestServer::start().await;
    let service = Service::new(&server, "service", Algorithm::ES256).await;
    let sign =
        |jti: &str, path: &str| service.assertion(&server, &json!({"jti": jti, "aud": server.url(path)}));
    let tokens = RelyingParty::successful(service.grant(&sign("1", "/oauth/token")).await).await;
    let token = [("token", tokens.text("access_token"))];
    for (jti, path, active) in [("2", "/oauth/introspect", true), ("3", "/oauth/token", true)] {
        let answer = service.post("/oauth/introspect", &sign(jti, path), &token).await;
        assert_eq!(answer.json::<Value>().await.unwrap()["active"], active, "{path}");
    }
    let revoked = service.post("/oauth/revoke", &sign("4", "/oauth/revoke"), &token).await;
    assert_eq!(revoked.status(), 200);
    let answer = service.post("/oauth/introspect", &sign("5", "/oauth/introspect"), &token).await;
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({"active": false}));
    let elsewhere = service.post("/oauth/revoke", &sign("6", "/oauth/introspect"), &token).await;
    assert_refused(elsewhere, 401, "invalid_client", "for another endpoint than the one called").await;
}

#[tokio::test]
async fn what_an_assertion_says_must_be_right() {
    let server = TestServer::start().await;
    let service = Service::new(&server, "service", Algorithm::EdDSA).await;
    Service::new(&server, "other", Algorithm::EdDSA).await;
    let now = server.now().timestamp();
    for (number, members) in [
        json!({}),
        json!({"aud": server.url("/oauth/token")}),
        json!({"aud": [server.issuer]}),
        json!({"aud": [server.url("/oauth/token"), server.issuer]}),
        json!({"exp": now + 3660, "iat": now + 60, "nbf": now + 60}),
        json!({"exp": now as f64 - 59.5}),
        json!({"iat": null}),
        json!({"iat": now - 1_000_000, "unknown": {"a": 1}}),
    ]
    .iter()
    .enumerate()
    {
        let mut members = members.clone();
        members["jti"] = json!(format!("good {number}"));
        let answer = service.grant(&service.assertion(&server, &members)).await;
        assert_eq!(answer.status(), 200, "{members}");
    }
    for members in [
        json!({"iss": "other"}),
        json!({"sub": "other"}),
        json!({"iss": "other", "sub": "other"}),
        json!({"iss": null}),
        json!({"sub": null}),
        json!({"sub": 1}),
        json!({"sub": "unknown", "iss": "unknown"}),
        json!({"aud": null}),
        json!({"aud": []}),
        json!({"aud": ""}),
        json!({"aud": ["https://elsewhere.example", server.issuer]}),
        json!({"aud": [server.issuer, "https://elsewhere.example"]}),
        json!({"aud": [server.issuer, server.url("/oauth/token"), "https://elsewhere.example/oauth/token"]}),
        json!({"aud": [server.issuer, server.url("/oauth/authorize")]}),
        json!({"aud": [server.issuer, format!("{}/", server.issuer)]}),
        json!({"aud": [server.issuer, ""]}),
        json!({"aud": [server.issuer, 7]}),
        json!({"aud": "https://elsewhere.example"}),
        json!({"aud": format!("{}/", server.issuer)}),
        json!({"aud": server.url("/oauth/authorize")}),
        json!({"exp": null}),
        json!({"exp": now - 60}),
        json!({"exp": now + 3661}),
        json!({"exp": 1e300}),
        json!({"exp": (now + 300).to_string()}),
        json!({"nbf": now + 61}),
        json!({"iat": now + 61}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": 7}),
        json!({"padding": "x".repeat(20_000)}),
    ] {
        let answer = service.grant(&service.assertion(&server, &members)).await;
        assert_refused(answer, 401, "invalid_client", &members.to_string()).await;
    }
    // None of the refused assertions spent the `jti`.
    assert_eq!(service.grant(&service.assertion(&server, &json!({}))).await.status(), 200);
}

#[tokio::test]
async fn who_signed_must_be_the_client_with_its_own_algorithm() {
    let server = TestServer::start().await;
    let service = Service::new(&server, "service", Algorithm::RS256).await;
    let thief = ClientSigner::new(Algorithm::RS256);
    let claims = service.claims(&server, &json!({}));
    let good = service.signer.sign(&claims);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (_, payload) = message.split_once('.').unwrap();
    let kid = service.signer.jwk()["kid"].clone();
    let header = |header: Value| service.signer.sign_with_header(&header, &claims);
    let unsigned = |alg: &str| {
        use base64::Engine;
        let header = json!({"alg": alg}).to_string();
        format!("{}.{payload}.", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header))
    };
    for (why, assertion) in [
        ("another key", thief.sign(&claims)),
        (
            "another key under this one's name",
            thief.sign_with_header(&json!({"alg": "RS256", "kid": kid}), &claims),
        ),
        ("no signature", format!("{message}.")),
        ("alg none", unsigned("none")),
        ("alg HS256 without a signature", unsigned("HS256")),
        ("alg HS256", header(json!({"alg": "HS256", "kid": kid}))),
        ("alg PS256 where the key says RS256", header(json!({"alg": "PS256", "kid": kid}))),
        ("an unknown kid", header(json!({"alg": "RS256", "kid": "unknown"}))),
        ("an access token's typ", header(json!({"alg": "RS256", "typ": "at+jwt"}))),
        ("a critical extension", header(json!({"alg": "RS256", "crit": ["x"], "x": 1}))),
        ("no JWT", "nonsense".to_owned()),
        ("not even base64", "!.!.!".to_owned()),
        ("a fourth part", format!("{good}.x")),
        ("a signature of nothing", format!(".{payload}.{signature}")),
    ] {
        assert_refused(service.grant(&assertion).await, 401, "invalid_client", why).await;
    }
    assert_eq!(service.grant(&good).await.status(), 200, "none of this spent the jti");
}

#[tokio::test]
async fn an_assertion_works_once_until_it_has_expired() {
    let server = TestServer::start().await;
    let service = Service::new(&server, "service", Algorithm::EdDSA).await;
    let assertion = service.assertion(&server, &json!({}));
    let answers = concurrent_statuses(&service, &assertion).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), answers.len() - 1, "{answers:?}");
    // Also re-signed with other claims, at another endpoint, and after its `exp` within the clock
    // skew.
    let renewed = service.assertion(&server, &json!({"iat": server.now().timestamp() - 1}));
    assert_refused(service.grant(&renewed).await, 401, "invalid_client", "the same jti").await;
    let elsewhere = service.post("/oauth/introspect", &assertion, &[("token", "x")]).await;
    assert_refused(elsewhere, 401, "invalid_client", "elsewhere").await;
    server.clock.advance(Duration::seconds(359));
    server.ports.expired.purge(server.now(), 100).await.unwrap();
    assert_refused(service.grant(&assertion).await, 401, "invalid_client", "within the skew").await;
    // A `jti` is unique per client: another client may use it.
    let other = Service::new(&server, "other", Algorithm::EdDSA).await;
    assert_eq!(other.grant(&other.assertion(&server, &json!({}))).await.status(), 200);
}

/// The statuses of concurrent requests with one assertion.
async fn concurrent_statuses(service: &Service, assertion: &str) -> Vec<u16> {
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let form = [
            ("client_assertion_type", ASSERTION_TYPE.to_owned()),
            ("client_assertion", assertion.to_owned()),
            ("grant_type", "client_credentials".to_owned()),
        ];
        let url = format!("{}/oauth/token", service.client.issuer);
        let request = service.client.http().post(url).form(&form).send();
        requests.spawn(async move { request.await.unwrap().status().as_u16() });
    }
    requests.join_all().await
}

#[tokio::test]
async fn one_method_per_request_and_the_one_that_is_registered() {
    let server = TestServer::start().await;
    let service = Service::new(&server, "service", Algorithm::EdDSA).await;
    let secret = RelyingParty::service(&server, "secret").await;
    let grant = ("grant_type", "client_credentials");
    let fresh = |jti: &str| service.assertion(&server, &json!({"jti": jti}));

    let both = service.post("/oauth/token", &fresh("1"), &[grant, ("client_secret", "x")]).await;
    assert_refused(both, 400, "invalid_request", "with a secret").await;
    let form = [grant, ("client_assertion", &fresh("2")), ("client_assertion_type", ASSERTION_TYPE)];
    assert_refused(secret.token(&form).await, 400, "invalid_request", "with Basic").await;
    let other = service.post("/oauth/token", &fresh("3"), &[grant, ("client_id", "secret")]).await;
    assert_refused(other, 400, "invalid_request", "another client_id").await;
    let same = service.post("/oauth/token", &fresh("4"), &[grant, ("client_id", "service")]).await;
    assert_eq!(same.status(), 200, "the same client_id");

    let http = service.client.http();
    let url = server.url("/oauth/token");
    for (why, form, status) in [
        ("no assertion", vec![grant, ("client_id", "service")], 401),
        ("a secret", vec![grant, ("client_id", "service"), ("client_secret", "x")], 401),
        (
            "a type alone",
            vec![grant, ("client_id", "service"), ("client_assertion_type", ASSERTION_TYPE)],
            400,
        ),
        ("no type", vec![grant, ("client_assertion", &fresh("5"))], 401),
        (
            "another type",
            vec![
                grant,
                ("client_assertion", &fresh("5")),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
            ],
            401,
        ),
    ] {
        let answer = http.post(&url).form(&form).send().await.unwrap();
        let code = if status == 401 { "invalid_client" } else { "invalid_request" };
        assert_refused(answer, status, code, why).await;
    }
    // A client with a secret cannot be impersonated with any key.
    let claims = service.claims(&server, &json!({"iss": "secret", "sub": "secret"}));
    let impersonation = service.grant(&service.signer.sign(&claims)).await;
    assert_refused(impersonation, 401, "invalid_client", "a client with a secret").await;
    let id = service.client.id.parse().unwrap();
    assert!(matches!(
        server.clients.rotate_secret(&id, Actor::CommandLine).await,
        Err(ClientAdministrationError::NoSecret)
    ));
    server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
    assert_refused(service.grant(&fresh("6")).await, 401, "invalid_client", "a disabled client").await;
}

#[tokio::test]
async fn keys_are_rotated_by_registering_both_and_then_the_new_one() {
    let server = TestServer::start().await;
    let service = Service::new(&server, "service", Algorithm::EdDSA).await;
    let new = ClientSigner::new(Algorithm::RS256);
    let id = "service".parse().unwrap();
    let register = async |keys: Value| {
        let keys: ClientKeys = keys.try_into().expect("public keys");
        let change = |client: &mut domain::Client| {
            client.authentication =
                ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(keys.clone()) };
        };
        server.update_client(&id, change).await
    };
    let answers = async |jti: &str| {
        let claims = |which: &str| service.claims(&server, &json!({"jti": format!("{jti} {which}")}));
        let old = service.grant(&service.signer.sign(&claims("old"))).await.status().as_u16();
        (old, service.grant(&new.sign(&claims("new"))).await.status().as_u16())
    };
    // The server ignores keys that it does not understand (RFC 7517 §5).
    let unknown = json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"});
    let encryption = json!({"kty": "RSA", "use": "enc", "n": new.jwk()["n"], "e": "AQAB"});
    assert_eq!(answers("1").await, (200, 401));
    register(json!({"keys": [unknown, encryption, service.signer.jwk(), new.jwk()]})).await.unwrap();
    assert_eq!(answers("2").await, (200, 200));
    register(json!({"keys": [new.jwk()]})).await.unwrap();
    assert_eq!(answers("3").await, (401, 200));
    for useless in [unknown, encryption] {
        let refused = register(json!({"keys": [useless]})).await.unwrap_err().to_string();
        assert!(refused.starts_with("jwks: has no key for signatures"), "{refused}");
    }
}

#[tokio::test]
async fn a_confidential_client_may_use_it_for_codes_and_refresh_tokens() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let signer = ClientSigner::new(Algorithm::ES256);
    let client = RelyingParty::register(&server, "web", |client| {
        client.authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(signer.jwks()) };
    })
    .await;
    let code = client.code(&Browser::new(&server.issuer), "ada", &[]).await;
    let web = Service { client, signer };
    let verifier = Pkce::new().verifier;
    let redemption =
        [("grant_type", "authorization_code"), ("code", code.as_str()), ("code_verifier", &verifier)];
    let unauthenticated = web.client.token(&redemption).await;
    assert_refused(unauthenticated, 401, "invalid_client", "a code alone is not enough").await;
    let assertion = web.assertion(&server, &json!({}));
    let tokens = RelyingParty::successful(web.post("/oauth/token", &assertion, &redemption).await).await;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
    let assertion = web.assertion(&server, &json!({"jti": "two"}));
    assert_eq!(web.post("/oauth/token", &assertion, &refresh).await.status(), 200);
}

#[tokio::test]
async fn it_works_where_requests_are_pushed_and_devices_ask() {
    let server = TestServer::start().await;
    let signer = ClientSigner::new(Algorithm::PS256);
    let client = RelyingParty::register(&server, "web", |client| {
        client.authentication = ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(signer.jwks()) };
        client.grant_types.insert(GrantType::DeviceCode);
    })
    .await;
    let web = Service { client, signer };
    let challenge = Pkce::new().challenge;
    let request = [
        ("response_type", "code"),
        ("scope", "read"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    for (path, fields, status) in
        [("/oauth/par", &request[..], 201), ("/oauth/device_authorization", &[("scope", "read")], 200)]
    {
        let sign = |jti: &str, aud: &str| {
            web.assertion(&server, &json!({"jti": format!("{path} {jti}"), "aud": server.url(aud)}))
        };
        for (jti, aud) in [("1", path), ("2", "/oauth/token"), ("0", "")] {
            let answer = web.post(path, &sign(jti, aud), fields).await;
            assert_eq!(answer.status(), status, "{path} {aud}");
        }
        let again = web.post(path, &sign("1", path), fields).await;
        assert_refused(again, 401, "invalid_client", "again").await;
        let elsewhere = web.post(path, &sign("3", "/oauth/revoke"), fields).await;
        assert_refused(elsewhere, 401, "invalid_client", "for another endpoint").await;
    }
}

#[tokio::test]
async fn a_client_registers_its_keys_itself() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let signer = ClientSigner::new(Algorithm::ES256);
    let http = reqwest::Client::new();
    let register = async |jwks: Value| {
        let metadata = json!({
            "redirect_uris": ["https://client.example/callback"],
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": jwks,
        });
        http.post(server.url("/connect/register")).json(&metadata).send().await.unwrap()
    };
    let answer = register(json!({"keys": [signer.jwk()]})).await;
    assert_eq!(answer.status(), 201);
    let registered: Value = answer.json().await.unwrap();
    assert_eq!(registered["token_endpoint_auth_method"], "private_key_jwt");
    assert_eq!(registered["jwks"], json!({"keys": [signer.jwk()]}));
    assert!(
        registered.get("client_secret").is_none() && registered.get("client_secret_expires_at").is_none()
    );
    let id = &registered["client_id"];
    let claims = json!({
        "iss": id, "sub": id, "aud": server.issuer, "exp": server.now().timestamp() + 60, "jti": "one",
    });
    let assertion = signer.sign(&claims);
    let form = [("token", "x"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)];
    let answer = http.post(server.url("/oauth/introspect")).form(&form).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({"active": false}));

    let private = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA"});
    for bad in
        [Value::Null, json!({"keys": []}), json!({"keys": [{"kty": "new"}]}), json!({"keys": [private]})]
    {
        let answer = register(bad.clone()).await;
        assert_eq!(answer.status(), 400, "{bad}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_client_metadata", "{bad}");
    }
}

/// Each leaves a mark for two hours, and strangers can register clients.
#[tokio::test]
async fn a_client_that_registered_itself_leaves_a_bounded_number_of_marks() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let signer = ClientSigner::new(Algorithm::EdDSA);
    let http = reqwest::Client::new();
    let metadata = json!({
        "redirect_uris": ["https://client.example/callback"],
        "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [signer.jwk()]},
    });
    let answer = http.post(server.url("/connect/register")).json(&metadata).send().await.unwrap();
    let id = answer.json::<Value>().await.unwrap()["client_id"].clone();
    let revoke = async |jti: usize| {
        let claims = json!({
            "iss": id, "sub": id, "aud": server.issuer, "exp": server.now().timestamp() + 60, "jti": jti.to_string(),
        });
        let assertion = signer.sign(&claims);
        let form =
            [("token", "x"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)];
        http.post(server.url("/oauth/revoke")).form(&form).send().await.unwrap().status().as_u16()
    };
    for jti in 0..1_000 {
        assert_eq!(revoke(jti).await, 200, "{jti}");
    }
    assert_eq!(revoke(1_000).await, 429);
    // An operator's client is not counted with it.
    let service = Service::new(&server, "service", Algorithm::EdDSA).await;
    assert_eq!(service.grant(&service.assertion(&server, &json!({}))).await.status(), 200);
    server.clock.advance(Duration::hours(1));
    assert_eq!(revoke(1_001).await, 200);
}

#[tokio::test]
async fn the_metadata_names_the_method_and_the_algorithms() {
    let server = TestServer::start().await;
    let url = server.url("/.well-known/openid-configuration");
    let metadata: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    for endpoint in ["token", "introspection", "revocation"] {
        let methods = &metadata[format!("{endpoint}_endpoint_auth_methods_supported")];
        assert!(methods.as_array().unwrap().contains(&json!("private_key_jwt")), "{endpoint}");
        let algorithms = metadata[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")].clone();
        for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
            assert!(algorithms.as_array().unwrap().contains(&json!(algorithm)), "{endpoint} {algorithm}");
        }
        assert!(!algorithms.to_string().contains("HS") && !algorithms.to_string().contains("none"));
    }
}
