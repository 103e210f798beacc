//! How the certificate files are loaded, at the start and while the server runs.

use std::fs;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio_rustls::TlsConnector;

use super::*;

/// A folder for both files.
struct Folder(TempDir);

impl Folder {
    fn with(certificate: &str, key: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write_certificate(certificate);
        folder.write_key(key);
        folder
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.0.path().join("cert.pem"), key: self.0.path().join("key.pem") }
    }

    fn write_certificate(&self, text: &str) {
        fs::write(self.files().certificate, text).unwrap();
    }

    fn write_key(&self, text: &str) {
        fs::write(self.files().key, text).unwrap();
    }
}

/// A certificate and its key, in PEM.
fn pair() -> (String, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    (cert.pem(), signing_key.serialize_pem())
}

/// Whether a client that trusts only this certificate is content.
async fn serves(tls: &Tls, certificate: &str) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let connected = TlsConnector::from(Arc::new(client)).connect("localhost".try_into().unwrap(), theirs);
    let (_, connected) = tokio::join!(tls.acceptor().accept(ours), connected);
    connected.is_ok()
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    let (certificate, key) = pair();
    let (_, other) = pair();
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let torn = certificate.replace("-----END", "-----");
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (certificate, key, named, expected) in [
        ("", key.as_str(), "cert.pem", "no certificate in the file"),
        (&key, &key, "cert.pem", "no certificate in the file"),
        (&torn, &key, "cert.pem", "not PEM"),
        (garbage, &key, "cert.pem", "cannot be used"),
        (&certificate, "", "key.pem", "no private key in the file"),
        (&certificate, &certificate, "key.pem", "no private key in the file"),
        (&certificate, &encrypted, "key.pem", "passphrase"),
        (&certificate, &other, "key.pem", "does not belong to the certificate in"),
    ] {
        let refused = Tls::load(Folder::with(certificate, key).files()).await.err().unwrap();
        let of_the_key = matches!(refused, TlsError::Key { .. });
        assert_eq!(of_the_key, named == "key.pem", "{refused}");
        let said = refused.to_string();
        assert!(said.contains(&format!("/{named}: ")) && said.contains(expected), "{said}");
        assert!(!said.contains("BEGIN"), "{said}");
    }
    let folder = Folder::with(&certificate, &key);
    fs::remove_file(folder.files().key).unwrap();
    assert!(matches!(Tls::load(folder.files()).await, Err(TlsError::Key { .. })));
    fs::remove_file(folder.files().certificate).unwrap();
    assert!(matches!(Tls::load(folder.files()).await, Err(TlsError::Certificate { .. })));
}

#[tokio::test]
async fn keys_of_every_usual_kind_are_taken() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519] {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let names = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = names.self_signed(&key).unwrap().pem();
        let folder = Folder::with(&certificate, &key.serialize_pem());
        assert!(serves(&Tls::load(folder.files()).await.unwrap(), &certificate).await);
    }
}

#[tokio::test(start_paused = true)]
async fn new_files_are_served_and_what_cannot_be_used_changes_nothing() {
    let ((first, first_key), (second, second_key)) = (pair(), pair());
    let folder = Folder::with(&first, &first_key);
    let tls = Arc::new(Tls::load(folder.files()).await.unwrap());
    let following = Arc::clone(&tls);
    tokio::spawn(async move { following.follow().await });
    let looked = || tokio::time::sleep(2 * CHECK_INTERVAL);

    // A renewal that is seen halfway.
    folder.write_key(&second_key);
    looked().await;
    assert!(serves(&tls, &first).await);
    folder.write_certificate(&second);
    looked().await;
    assert!(serves(&tls, &second).await && !serves(&tls, &first).await);

    for broken in ["", "not PEM", first.as_str()] {
        folder.write_certificate(broken);
        looked().await;
        assert!(serves(&tls, &second).await, "{broken:?}");
    }
    fs::remove_file(folder.files().certificate).unwrap();
    looked().await;
    assert!(serves(&tls, &second).await);

    folder.write_certificate(&first);
    folder.write_key(&first_key);
    looked().await;
    assert!(serves(&tls, &first).await);
}

#[tokio::test]
async fn a_byte_order_mark_before_a_certificate_or_a_key_does_not_matter() {
    let (certificate, key) = pair();
    for (before_certificate, before_key) in [("\u{feff}", ""), ("", "\u{feff}"), ("\u{feff}", "\u{feff}")] {
        let folder =
            Folder::with(&format!("{before_certificate}{certificate}"), &format!("{before_key}{key}"));
        let tls = Tls::load(folder.files()).await.unwrap();
        assert!(serves(&tls, &certificate).await, "{before_certificate:?} {before_key:?}");
    }
}
