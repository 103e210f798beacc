//! The database files contain no usable secret.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tests::support::{Browser, Landed, PASSWORD};

use crate::USERNAME;
use crate::installation::Installation;

/// The first bytes of private keys: PKCS#8 of RSA, P-256 and Ed25519, the RSA key inside, and their
/// base64 forms.
const PRIVATE_KEYS: [(&str, &[u8]); 8] = [
    ("PEM", b"PRIVATE KEY"),
    ("base64 of PKCS#8", b"MIIEv"),
    ("base64 of PKCS#1", b"MIIEo"),
    ("a private JWK", b"\"d\":"),
    ("PKCS#8 of RSA", b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x04\x82"),
    ("PKCS#1", b"\x02\x01\x00\x02\x82\x01\x01\x00"),
    ("PKCS#8 of P-256", b"\x2a\x86\x48\xce\x3d\x03\x01\x07\x04"),
    ("PKCS#8 of Ed25519", b"\x06\x03\x2b\x65\x70\x04"),
];

/// The bytes of every database file, including the write-ahead log.
fn database(installation: &Installation) -> Vec<u8> {
    let files = installation.files();
    let files = files.iter().filter(|file| !file.ends_with("oauth2.key"));
    files.flat_map(|file| fs::read(file).expect("a file")).collect()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    assert!(!wanted.is_empty());
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Fails if the secret occurs, literally or as the bytes that its base64url text encodes.
fn assert_free_of(bytes: &[u8], what: &str, secret: &str) {
    assert!(secret.len() >= 16, "{what} is too short to be looked for: {secret}");
    assert!(!contains(bytes, secret.as_bytes()), "{what} can be read");
    if let Ok(decoded) = URL_SAFE_NO_PAD.decode(secret) {
        assert!(!contains(bytes, &decoded), "the bytes of {what} can be read");
    }
}

/// Registers a client with an initial access token. Returns the secrets of both.
async fn registration(installation: &Installation) -> Vec<(&'static str, String)> {
    let line = ["registration-token", "create", "--json"];
    let made = installation.answers(&line, "").await;
    let text = |document: &Value, member: &str| document[member].as_str().expect("a text").to_owned();
    let token = text(&made, "token");
    let request = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let request = request.post(format!("{}/connect/register", installation.issuer)).bearer_auth(&token);
    let metadata = json!({"redirect_uris": ["https://client.example/callback"]});
    let answer = request.json(&metadata).send().await.expect("an answer");
    let registered: Value = answer.json().await.expect("JSON");
    vec![
        ("the initial access token", token),
        ("the registration access token", text(&registered, "registration_access_token")),
        ("the secret of a client that registered itself", text(&registered, "client_secret")),
    ]
}

#[tokio::test]
async fn the_database_files_contain_no_usable_secret() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let said = running.says("The link is valid once").await;
    let link = said.split_whitespace().find_map(|word| word.split_once("/setup?token="));
    let mut secrets = vec![("the set-up token", link.expect("a link").1.to_owned())];
    let client = crate::client(&installation, &[]).await;
    crate::user(&installation).await;

    let browser = Browser::new(&installation.issuer);
    let scope = [("scope", "openid offline_access read")];
    let code = client.code(&browser, USERNAME, &scope).await;
    let tokens = client.redeemed(&code).await;
    // Within the replay window the server keeps the successor for a legitimate retry, but
    // encrypted.
    let refreshed = client.refresh(tokens.text("refresh_token")).await;
    let refreshed: Value = refreshed.json().await.expect("JSON");
    let unspent = client.code(&browser, USERNAME, &scope).await;
    let waiting = Browser::new(&installation.issuer);
    let Landed::Page(login) = waiting.open(&client.authorization_url(&scope)).await else {
        panic!("no login page")
    };
    let (_, fields) = login.form();
    let fields = fields.into_iter().filter(|(name, _)| name != "ui_locales");
    secrets.extend(fields.map(|(_, value)| ("a field of the login page", value)));
    let cookies = browser.cookies().into_iter().chain(waiting.cookies());
    let cookies: Vec<_> = cookies.map(|(_, value)| ("a cookie", value)).collect();
    assert_eq!(cookies.len(), 4, "a session, a known browser and two bindings: {cookies:?}");
    secrets.extend(cookies);
    secrets.extend([
        ("the client secret", client.secret.clone().expect("a secret")),
        ("the password", PASSWORD.to_owned()),
        ("a spent code", code),
        ("an unspent code", unspent),
        ("a spent refresh token", tokens.text("refresh_token").to_owned()),
        ("a refresh token", refreshed["refresh_token"].as_str().unwrap().to_owned()),
        ("an access token", tokens.text("access_token").to_owned()),
        ("an ID token", tokens.text("id_token").to_owned()),
    ]);
    secrets.extend(registration(&installation).await);
    let key = fs::read_to_string(installation.files().pop().expect("the key file"));
    let key = key.expect("the key").trim().trim_end_matches('=').to_owned();
    let key_bytes = STANDARD_NO_PAD.decode(&key).or_else(|_| URL_SAFE_NO_PAD.decode(&key));
    let key_bytes = key_bytes.expect("base64");
    assert_eq!(key_bytes.len(), 32);

    let check = |when: &str| {
        let bytes = database(&installation);
        for public in ["http://127.0.0.1/callback", USERNAME] {
            let found = contains(&bytes, public.as_bytes());
            assert!(found, "{when}: not even {public} is found");
        }
        for (what, secret) in &secrets {
            assert_free_of(&bytes, &format!("{when}: {what}"), secret);
        }
        for (what, beginning) in PRIVATE_KEYS {
            assert!(!contains(&bytes, beginning), "{when}: a private key, {what}");
        }
        assert_free_of(&bytes, "the encryption key", &key);
        assert!(!contains(&bytes, &key_bytes), "{when}: the encryption key");
    };
    check("while it runs");
    running.ends().await;
    check("after its end");
}
