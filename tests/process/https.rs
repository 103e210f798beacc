//! The binary serves https with the operator's certificate files.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tests::support::SelfSigned;

use crate::installation::Installation;

const H2: &[u8] = b"h2";

#[tokio::test]
async fn it_serves_https_and_the_health_check_knows() {
    let certificate = SelfSigned::new();
    let installation = Installation::over_https(&certificate);
    let down = installation.runs(&["healthcheck"], "").await;
    assert_eq!(down.status.code(), Some(1));
    let running = installation.serves().await;
    let said = running.says("The link is valid once").await;
    assert!(said.contains(&format!("{}/setup?token=", installation.issuer)), "{said}");
    assert!(!said.contains("OAUTH2_TLS_KEY_FILE"), "{said}");
    let client = certificate.client(installation.port);
    assert_eq!(client.get("/health", &[H2]).await.unwrap().status(), 200);
    let healthy = installation.runs(&["healthcheck"], "").await;
    assert!(healthy.status.success(), "{}", healthy.errors);

    // The files are broken now, and the server keeps the certificate that it has loaded.
    fs::write(certificate.files().certificate, "").unwrap();
    running.says("could not load the new TLS certificate").await;
    assert_eq!(client.get("/health", &[H2]).await.unwrap().status(), 200);
    assert!(installation.runs(&["healthcheck"], "").await.status.success());

    let renewed = certificate.renewed();
    running.says("loaded a new TLS certificate").await;
    assert_eq!(renewed.client(installation.port).get("/health", &[H2]).await.unwrap().status(), 200);
    assert!(running.ends().await.status.success());
}

#[tokio::test]
async fn a_key_that_everybody_may_read_is_warned_about() {
    let certificate = SelfSigned::new();
    fs::set_permissions(certificate.files().key, fs::Permissions::from_mode(0o644)).unwrap();
    let running = Installation::over_https(&certificate).serves().await;
    let said = running.says("OAUTH2_TLS_KEY_FILE").await;
    assert!(said.contains("WARN"), "{said}");
}

#[tokio::test]
async fn files_that_cannot_be_used_stop_the_start_and_are_named() {
    let (certificate, other) = (SelfSigned::new(), SelfSigned::new());
    let installation = Installation::over_https(&certificate);
    let path = |file: &std::path::Path| file.display().to_string();
    let (cert, key) = (path(&certificate.files().certificate), path(&certificate.files().key));
    let other = path(&other.files().key);
    for (name, value, says) in [
        ("OAUTH2_TLS_CERT_FILE", "/missing/cert.pem", "cannot be read"),
        ("OAUTH2_TLS_CERT_FILE", &key, "no certificate"),
        ("OAUTH2_TLS_KEY_FILE", "/missing/key.pem", "cannot be read"),
        ("OAUTH2_TLS_KEY_FILE", &cert, "no private key"),
        ("OAUTH2_TLS_KEY_FILE", &other, "does not belong to the certificate"),
    ] {
        let ended = installation.runs_with(&[], "", &[(name, value)]).await;
        assert_eq!(ended.status.code(), Some(1), "{name}={value}");
        let named = format!("oauth2-server: {name}: {value}: ");
        assert!(ended.errors.contains(&named) && ended.errors.contains(says), "{}", ended.errors);
        assert!(!ended.errors.contains("PRIVATE KEY"), "{}", ended.errors);
    }
}
