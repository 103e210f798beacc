//! Authorization requests of openid-client and Authlib for a user who is signed in already:
//! `prompt=none`, `max_age`, single claims, `form_post`, and request objects signed with the
//! client's key (OpenID Connect Core §3.1.2.1, §5.5, §6; RFC 9101).

use application::keys::jose::PrivateKey;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{KeySource, SigningAlgorithm};
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer};
use tokio::process::Command;

use super::USERNAME;
use super::script::{node, pass_credentials, passes, python};

/// The bytes of the private half of a P-256 key in its PKCS#8 form. The version, the algorithm and
/// the wrapping of RFC 5915 precede it.
const PRIVATE_HALF: std::ops::Range<usize> = 36..68;

/// A new P-256 key: its PKCS#8 form, and its public half as a JWK.
fn key() -> (Vec<u8>, Value) {
    let key = PrivateKey::generate(SigningAlgorithm::Es256).expect("a key");
    let public = PrivateKey::from_pkcs8(SigningAlgorithm::Es256, &key).expect("a key");
    (key.to_vec(), json!(public.public_jwk()))
}

async fn walk(mut script: Command, public: &Value, steps: &[&str]) {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let client = RelyingParty::register(&server, "interop", |client| {
        let keys = json!({"keys": [public]}).try_into().expect("public keys");
        client.request_objects.keys = Some(KeySource::Jwks(keys));
    })
    .await;
    pass_credentials(&mut script, &server, &client);
    passes(script, steps).await;
}

#[tokio::test]
async fn openid_client_asks_silently_by_age_for_claims_by_form_and_signed() {
    let (key, public) = key();
    let mut script = node("requests.mjs");
    script.env("CLIENT_KEY", STANDARD.encode(&key)).env("KEY_ID", public["kid"].as_str().expect("a kid"));
    let steps = [
        "prompt=none",
        "max_age",
        "claims",
        "acr_values",
        "form_post",
        "request object",
        "pushed request object",
    ];
    walk(script, &public, &steps).await;
}

#[tokio::test]
async fn authlib_asks_silently_by_age_for_claims_by_form_and_signed() {
    let (key, public) = key();
    let mut private = public.clone();
    private["d"] = URL_SAFE_NO_PAD.encode(&key[PRIVATE_HALF]).into();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key.json");
    std::fs::write(&file, private.to_string()).expect("a file");
    let mut script = python("requests_of_a_session.py");
    script.env("KEY_FILE", &file);
    let steps = ["prompt=none", "max_age", "claims", "acr_values", "form_post", "request object", "refusal"];
    walk(script, &public, &steps).await;
}
