//! openid-client and Authlib authenticate with their own key (RFC 7523); Authlib also registers its
//! key (RFC 7591).

use application::client::initial_access_tokens::NewToken;
use application::keys::jose::PrivateKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::self_registration::RegistrationLimits;
use domain::{Actor, GrantType, KeySource, SigningAlgorithm};
use serde_json::json;
use tests::support::{RelyingParty, TestServer};

use super::script::{node, passes, python};

#[tokio::test]
async fn openid_client_authenticates_with_its_key() {
    let server = TestServer::in_real_time().await;
    let key = PrivateKey::generate(SigningAlgorithm::Es256).expect("a key");
    let public = PrivateKey::from_pkcs8(SigningAlgorithm::Es256, &key).expect("a key");
    let public = json!(public.public_jwk());
    let keys = KeySource::Jwks(json!({"keys": [public]}).try_into().expect("public keys"));
    let client = RelyingParty::register(&server, "service", |client| {
        client.authentication = ClientAuthentication::PrivateKeyJwt { keys };
        client.grant_types = [GrantType::ClientCredentials].into();
        client.redirect_uris.clear();
    })
    .await;
    let mut script = node("private_key_jwt.mjs");
    script
        .env("ISSUER", &server.issuer)
        .env("CLIENT_ID", &client.id)
        .env("CLIENT_KEY", STANDARD.encode(&key))
        .env("KEY_ID", public["kid"].as_str().expect("a kid"));
    passes(script, &["discovery", "token", "another key", "introspection", "revocation"]).await;
}

#[tokio::test]
async fn authlib_registers_its_key_and_manages_its_registration() {
    let server = TestServer::in_real_time().await;
    let grant_types = [GrantType::ClientCredentials].into();
    let limits = RegistrationLimits { scope: None, grant_types };
    let new = NewToken { uses: 1, lifetime: Duration::hours(1), limits };
    let (_, token) = server.registration_tokens.create(new, Actor::CommandLine).await.expect("a token");
    let mut script = python("registration.py");
    script.env("ISSUER", &server.issuer).env("INITIAL_ACCESS_TOKEN", token.expose());
    let steps =
        ["registration", "private_key_jwt", "another key", "introspection", "revocation", "management"];
    passes(script, &steps).await;
}
