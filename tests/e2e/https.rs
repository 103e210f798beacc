//! The server terminates TLS itself (RFC 8446, RFC 7301).

use std::time::Duration;

use http::Version;
use http::header::{SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use rustls::version::{TLS12, TLS13};
use serde_json::Value;
use tests::support::{SelfSigned, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

const H2: &[u8] = b"h2";
const H1: &[u8] = b"http/1.1";

#[tokio::test]
async fn both_versions_of_http_are_spoken_and_the_client_s_offer_decides() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    let client = certificate.client(server.port());
    for (offered, spoken) in [
        (&[H1, H2][..], Version::HTTP_2),
        (&[H2], Version::HTTP_2),
        (&[H1], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ] {
        let answer = client.get("/.well-known/openid-configuration", offered).await.unwrap();
        assert_eq!((answer.version(), answer.status().as_u16()), (spoken, 200), "{offered:?}");
        assert!(answer.headers().contains_key(STRICT_TRANSPORT_SECURITY));
        let metadata: Value = serde_json::from_str(answer.body()).unwrap();
        assert_eq!(metadata["issuer"], server.issuer);
        assert!(server.issuer.starts_with("https://"));
    }
    assert!(client.connect(&[b"spdy/3"]).await.is_err(), "a protocol that the server does not support");
}

#[tokio::test]
async fn http_1_0_is_answered_whether_or_not_it_is_offered() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    let client = certificate.client(server.port());
    for offered in [&[&b"http/1.0"[..]][..], &[], &[H1], &[b"http/1.0", H1]] {
        let mut stream = client.connect(offered).await.unwrap();
        stream.write_all(b"GET /health HTTP/1.0\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        let read = timeout(Duration::from_secs(20), stream.read_to_string(&mut answer)).await;
        read.expect("the connection does not end").unwrap();
        assert!(answer.starts_with("HTTP/1.0 200 OK\r\n"), "{offered:?}: {answer}");
        assert!(answer.ends_with("{\"status\":\"ok\"}"), "{offered:?}: {answer}");
    }
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    for version in [&TLS12, &TLS13] {
        let client = certificate.client(server.port()).with_versions(&[version]);
        let connection = client.connect(&[H1]).await.unwrap();
        assert_eq!(connection.get_ref().1.protocol_version(), Some(version.version));
        assert_eq!(client.get("/health", &[H2]).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn its_cookies_are_bound_to_this_host_and_to_tls() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    let client = certificate.client(server.port());
    let answer = client.get("/login", &[H2]).await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-browser.") && cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn another_certificate_is_not_shown() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    assert!(SelfSigned::new().client(server.port()).get("/health", &[H2]).await.is_err());
}

#[tokio::test]
async fn a_client_that_sends_plain_http_gets_no_answer_and_does_not_hang() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    let mut plain = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
    plain.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut seen = Vec::new();
    let read = timeout(Duration::from_secs(5), plain.read_to_end(&mut seen)).await;
    let _reset = read.expect("the connection hangs");
    assert!(!String::from_utf8_lossy(&seen).contains("HTTP"), "{seen:?}");
    assert_eq!(certificate.client(server.port()).get("/health", &[H1]).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_renewed_certificate_is_served_without_a_restart() {
    let certificate = SelfSigned::new();
    let server = TestServer::over_https(&certificate).await;
    let before = certificate.client(server.port());
    assert_eq!(before.get("/health", &[H2]).await.unwrap().status(), 200);
    let renewed = certificate.renewed();
    let after = renewed.client(server.port());
    let followed = async {
        let mut again = interval(Duration::from_millis(50));
        while after.get("/health", &[H2]).await.is_err() {
            again.tick().await;
        }
    };
    timeout(Duration::from_secs(20), followed).await.expect("the server did not load the new certificate");
    assert!(before.get("/health", &[H2]).await.is_err(), "the server still shows the old certificate");
}
