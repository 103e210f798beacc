//! Client authentication: every method and algorithm at every endpoint that lists them (RFC 8414
//! §2). PAR and the device authorization endpoint use the token endpoint's list (RFC 9126 §5, RFC
//! 8628 §3.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{ClientSigner, Pkce, RelyingParty};

use super::walk::{SIGNERS, Walk, error_of};

/// Each endpoint that authenticates clients, and the prefix of the members that describe its
/// authentication.
const ENDPOINTS: [(&str, &str); 5] = [
    ("token_endpoint", "token_endpoint"),
    ("introspection_endpoint", "introspection_endpoint"),
    ("revocation_endpoint", "revocation_endpoint"),
    ("pushed_authorization_request_endpoint", "token_endpoint"),
    ("device_authorization_endpoint", "token_endpoint"),
];

/// The methods of the IANA registry, without those that need a client certificate.
const METHODS: [&str; 7] = [
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "none",
    "tls_client_auth",
    "self_signed_tls_client_auth",
];

/// The algorithms of the IANA registry that libraries use.
const ALGORITHMS: [&str; 15] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA",
    "HS256", "HS384", "HS512", "none",
];

/// The parameters that the endpoint needs in addition to client authentication.
async fn form(walk: &Walk, endpoint: &str, by: &str) -> Vec<(&'static str, String)> {
    let text = |fields: &[(&'static str, &str)]| {
        fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    match endpoint {
        // A public client cannot get a token for itself, so it redeems a code.
        "token_endpoint" if by == "none" => text(&[
            ("grant_type", "authorization_code"),
            ("code", walk.granted(&walk.app, &[]).await.code()),
            ("code_verifier", &Pkce::new().verifier),
        ]),
        "token_endpoint" => text(&[("grant_type", "client_credentials"), ("scope", "read")]),
        "introspection_endpoint" | "revocation_endpoint" => text(&[("token", &token_of(walk, by).await)]),
        "device_authorization_endpoint" => text(&[("scope", "read")]),
        _ => text(&[
            ("response_type", "code"),
            ("redirect_uri", &walk.web.redirect_uri),
            ("scope", "openid"),
            ("code_challenge", &Pkce::new().challenge),
            ("code_challenge_method", "S256"),
        ]),
    }
}

/// An access token of the client that authenticates with this method.
async fn token_of(walk: &Walk, method: &str) -> String {
    match method {
        "private_key_jwt" => {
            let form = [("grant_type", "client_credentials"), ("scope", "read")];
            let assertion = SIGNERS[1].sign(&walk.claims(&walk.keys));
            let answer = walk.assert_to(walk.endpoint("token_endpoint"), &assertion, &form).await;
            RelyingParty::successful(answer).await.text("access_token").to_owned()
        }
        "none" => walk.tokens(&walk.app, &[]).await.text("access_token").to_owned(),
        _ => walk.own_token().await,
    }
}

pub(super) async fn each_listed_method_is_accepted_and_every_other_refused(walk: &Walk) {
    for (endpoint, list) in ENDPOINTS {
        let listed = walk.list(&format!("{list}_auth_methods_supported"));
        assert!(
            listed.iter().all(|method| METHODS.contains(&method.as_str())),
            "this test does not try all of {listed:?}"
        );
        for method in METHODS {
            let answer = by(walk, endpoint, method).await;
            let why = format!("{}: {method} at {endpoint}", walk.name);
            // Without a certificate, such a caller has no credentials.
            let without_credentials =
                endpoint == "introspection_endpoint" && method.ends_with("tls_client_auth");
            if listed.contains(method) || (without_credentials && listed.contains("none")) {
                assert_success(endpoint, answer, &why).await;
            } else {
                assert_eq!(error_of(answer).await, (401, "invalid_client".to_owned()), "{why}");
            }
        }
    }
}

/// A request that is valid except, possibly, for its client authentication.
async fn by(walk: &Walk, endpoint: &str, method: &str) -> Response {
    let form = form(walk, endpoint, method).await;
    let mut form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let url = walk.endpoint(endpoint);
    let secret = walk.web.secret.as_deref().unwrap();
    match method {
        "client_secret_basic" => {
            walk.web.http().post(url).basic_auth("web", Some(secret)).form(&form).send().await.unwrap()
        }
        "client_secret_post" => {
            form.extend([("client_id", "web"), ("client_secret", secret)]);
            walk.post(url, &form).await
        }
        "client_secret_jwt" => {
            let header = json!({"alg": "HS256"});
            let key = EncodingKey::from_secret(secret.as_bytes());
            let assertion = hmac(Algorithm::HS256, &key, &header, &walk.claims(&walk.web));
            walk.assert_to(url, &assertion, &form).await
        }
        "private_key_jwt" => {
            let assertion = SIGNERS[1].sign(&walk.claims(&walk.keys));
            walk.assert_to(url, &assertion, &form).await
        }
        // At the introspection endpoint, "none" means a request without any client.
        "none" if endpoint == "introspection_endpoint" => walk.post(url, &form).await,
        "none" => {
            form.push(("client_id", "app"));
            walk.post(url, &form).await
        }
        // With these methods, the request itself contains only the client id.
        _ => {
            form.push(("client_id", "web"));
            walk.post(url, &form).await
        }
    }
}

pub(super) async fn each_listed_algorithm_is_accepted_and_every_other_refused(walk: &Walk) {
    for (endpoint, list) in &ENDPOINTS[..3] {
        let listed = walk.list(&format!("{list}_auth_signing_alg_values_supported"));
        assert!(
            listed.iter().all(|alg| ALGORITHMS.contains(&alg.as_str())),
            "this test does not try all of {listed:?}"
        );
        let form = form(walk, endpoint, "private_key_jwt").await;
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for alg in ALGORITHMS {
            let assertion = signed(alg, &walk.claims(&walk.keys));
            let answer = walk.assert_to(walk.endpoint(endpoint), &assertion, &form).await;
            let why = format!("{}: {alg} at {endpoint}", walk.name);
            if listed.contains(alg) {
                assert_success(endpoint, answer, &why).await;
            } else {
                assert_eq!(error_of(answer).await, (401, "invalid_client".to_owned()), "{why}");
            }
        }
    }
}

/// Asserts that the endpoint has succeeded.
async fn assert_success(endpoint: &str, answer: Response, why: &str) {
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    let json: Value = serde_json::from_str(&body).unwrap_or_default();
    let (expected, works) = match endpoint {
        "token_endpoint" => (200, json["access_token"].is_string()),
        "introspection_endpoint" => (200, json["active"] == true),
        "revocation_endpoint" => (200, body.is_empty()),
        "device_authorization_endpoint" => (200, json["device_code"].is_string()),
        _ => (201, json["request_uri"].is_string()),
    };
    assert!(status == expected && works, "{why}: {status} {body}");
}

/// An assertion with this algorithm. If asymmetric keys cannot sign with it, the test forges it as
/// an attacker would.
fn signed(alg: &str, claims: &Value) -> String {
    let [rsa, p256, p384, ed25519] = &SIGNERS[..] else { panic!("four keys") };
    let with = |signer: &ClientSigner, algorithm| {
        signer.sign_as(algorithm, &json!({"alg": alg, "kid": signer.jwk()["kid"]}), claims)
    };
    // With the public key as the secret: algorithm confusion (RFC 8725 §2.1).
    let confused = |algorithm| {
        let key = EncodingKey::from_secret(rsa.jwk()["n"].as_str().unwrap().as_bytes());
        hmac(algorithm, &key, &json!({"alg": alg, "kid": rsa.jwk()["kid"]}), claims)
    };
    match alg {
        "RS256" => with(rsa, Algorithm::RS256),
        "RS384" => with(rsa, Algorithm::RS384),
        "RS512" => with(rsa, Algorithm::RS512),
        "PS256" => with(rsa, Algorithm::PS256),
        "PS384" => with(rsa, Algorithm::PS384),
        "PS512" => with(rsa, Algorithm::PS512),
        "ES256" | "ES256K" => with(p256, Algorithm::ES256),
        "ES384" | "ES512" => with(p384, Algorithm::ES384),
        "EdDSA" => with(ed25519, Algorithm::EdDSA),
        "HS256" => confused(Algorithm::HS256),
        "HS384" => confused(Algorithm::HS384),
        "HS512" => confused(Algorithm::HS512),
        _ => format!("{}.", message(&json!({"alg": alg}), claims)),
    }
}

fn hmac(algorithm: Algorithm, key: &EncodingKey, header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn message(header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}", encode(header), encode(claims))
}
