//! Request objects (RFC 9101 §6, §10; OpenID Connect Core §6.1): not from the client, not for this
//! server, or ambiguous.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::KeySource;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tests::support::{Browser, ClientSigner, RelyingParty, TestServer, request_claims};

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Signed with a symmetric secret (RFC 8725 §2.1).
fn symmetric(secret: &[u8], claims: &Value) -> String {
    let message = format!("{}.{}", encoded(r#"{"alg":"HS256"}"#), encoded(&claims.to_string()));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

#[tokio::test]
async fn what_a_client_did_not_sign_so_for_us_stays_on_our_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let signer = ClientSigner::new(Algorithm::RS256);
    let web = RelyingParty::register(&server, "web", |client| {
        client.request_objects.keys = Some(KeySource::Jwks(signer.jwks()));
    })
    .await;
    RelyingParty::confidential(&server, "keyless").await;
    let good = request_claims(&server.issuer, &web.authorization_url(&[]));
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signer.sign(&claims)
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        signer.sign(&claims)
    };
    let headed = |header: Value| signer.sign_with_header(&header, &good);
    let honest = signer.sign(&good);
    let [header, payload, signature] = honest.split('.').collect::<Vec<_>>()[..] else { panic!("no JWS") };
    let twice = good.to_string().replacen('{', r#"{"scope":"openid","#, 1);
    let twice = {
        // Signed with a duplicate member, so that a parser that keeps the first and one that keeps
        // the last see different requests.
        let message = format!("{header}.{}", encoded(&twice));
        signer.sign_text(&message)
    };
    let keyless = good.to_string().replace("\"web\"", "\"keyless\"");
    let keyless: Value = serde_json::from_str(&keyless).unwrap();
    let unsigned = format!("{}.{payload}.", encoded(r#"{"alg":"none"}"#));
    for (why, client, object) in [
        ("no JWS", "web", "nonsense".to_owned()),
        ("two parts", "web", format!("{header}.{payload}")),
        ("encrypted", "web", format!("{header}.{payload}.{signature}.{payload}.{signature}")),
        ("unsigned", "web", unsigned.clone()),
        ("unsigned, with a signature", "web", format!("{unsigned}{signature}")),
        ("unsigned in another spelling", "web", format!("{}.{payload}.", encoded(r#"{"alg":"nOnE"}"#))),
        ("signed with its secret", "web", symmetric(web.secret.as_deref().unwrap().as_bytes(), &good)),
        (
            "signed with its public key as a secret",
            "web",
            symmetric(signer.jwk()["n"].as_str().unwrap().as_bytes(), &good),
        ),
        ("another key", "web", ClientSigner::new(Algorithm::RS256).sign(&good)),
        ("its key under another name", "web", headed(json!({"alg": "RS256", "kid": "other"}))),
        (
            "another algorithm of its key",
            "web",
            signer.sign_as(Algorithm::RS512, &json!({"alg": "RS512"}), &good),
        ),
        ("no signature", "web", format!("{header}.{payload}.")),
        (
            "another payload",
            "web",
            format!("{header}.{}.{signature}", encoded(&good.to_string().replace("state-1", "state-2"))),
        ),
        ("a critical extension", "web", headed(json!({"alg": "RS256", "crit": ["exp"], "exp": 1}))),
        ("an access token", "web", headed(json!({"alg": "RS256", "typ": "at+jwt"}))),
        ("a client assertion", "web", headed(json!({"alg": "RS256", "typ": "client-authentication+jwt"}))),
        ("a client assertion without a type", "web", with("sub", json!("web"))),
        ("too long", "web", with("state", json!("x".repeat(20_000)))),
        ("no object", "web", signer.sign(&json!(["web"]))),
        ("a member twice", "web", twice),
        ("no issuer", "web", without("iss")),
        ("another issuer", "web", with("iss", json!("other"))),
        ("no client", "web", without("client_id")),
        ("another client", "web", with("client_id", json!("keyless"))),
        ("another client outside", "keyless", honest.clone()),
        ("a client without keys", "keyless", signer.sign(&keyless)),
    ] {
        let page = ask(&server, client, &[("request", &object)]).await;
        assert_eq!(page, (400, "invalid_request_object".to_owned()), "{why}");
    }
    for (why, outside) in [
        ("a reference beside it", ("request_uri", "https://client.example/r")),
        ("its client twice", ("client_id", "keyless")),
    ] {
        let page = ask(&server, "web", &[("request", &honest), outside]).await;
        assert_eq!(page, (400, "invalid_request".to_owned()), "{why}");
    }
    let browser = Browser::new(&server.issuer);
    let good = url(&server, "web", &[("request", &honest)]);
    let arrived = browser.sign_in_and_consent(&good, "ada").await;
    assert!(arrived.as_str().contains("code="), "the honest one");
    // It is unknown which of the two is meant. The client has one redirect URI.
    let twice = url(&server, "web", &[("request", &honest), ("request", &honest)]);
    let refused = browser.open(&twice).await.client();
    assert!(refused.as_str().contains("error=invalid_request&"), "{refused}");
}

fn url(server: &TestServer, client: &str, fields: &[(&str, &str)]) -> String {
    let all = [("client_id", client)];
    let all = all.iter().chain(fields);
    url::Url::parse_with_params(&server.url("/oauth/authorize"), all).unwrap().into()
}

async fn ask(server: &TestServer, client: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let page = Browser::new(&server.issuer).open(&url(server, client, fields)).await.page();
    assert!(!page.has("#login"), "the server accepted it");
    assert_eq!(page.headers["cache-control"], "no-store");
    (page.status.as_u16(), page.text("#error-code"))
}
