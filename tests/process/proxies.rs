//! A proxy in front of the server, and a body that a client does not finish: what the operator reads about them.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::installation::Installation;

async fn asks(installation: &Installation, header: &str, value: &str) {
    let request = reqwest::Client::new().get(format!("{}/health", installation.issuer));
    assert_eq!(request.header(header, value).send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_proxy_whose_headers_are_not_trusted_is_warned_about_once() {
    let installation = Installation::new();
    let running = installation.serves().await;
    asks(&installation, "x-anything", "198.51.100.1").await;
    for header in ["x-forwarded-for", "forwarded", "x-forwarded-for"] {
        asks(&installation, header, "198.51.100.1").await;
    }
    let ended = running.ends().await;
    let warnings: Vec<_> =
        ended.errors.lines().filter(|line| line.contains("OAUTH2_TRUSTED_PROXIES")).collect();
    assert_eq!(warnings.len(), 1, "{}", ended.errors);
    assert!(warnings[0].contains("WARN") && warnings[0].contains("127.0.0.1"), "{}", warnings[0]);
    assert!(warnings[0].contains("x-forwarded-for"), "{}", warnings[0]);
}

#[tokio::test]
async fn a_trusted_proxy_is_not_warned_about() {
    let installation = Installation::with(&[("OAUTH2_TRUSTED_PROXIES", "127.0.0.0/8")]);
    let running = installation.serves().await;
    for header in ["x-forwarded-for", "forwarded"] {
        asks(&installation, header, "for=198.51.100.1").await;
    }
    let ended = running.ends().await;
    assert!(!ended.errors.contains("OAUTH2_TRUSTED_PROXIES"), "{}", ended.errors);
}

#[tokio::test]
async fn what_a_trusted_proxy_received_by_http_is_refused_where_the_issuer_is_https() {
    let behind = [
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "https://login.example.com"),
        ("OAUTH2_TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    for (settings, status) in [(&behind[..], 403), (&behind[..1], 200), (&behind[1..], 200)] {
        let installation = Installation::with(settings);
        let running = installation.serves().await;
        let answers = async |path: &str, name: &str, value: &str| {
            let url = format!("http://127.0.0.1:{}{path}", installation.port);
            let request = reqwest::Client::new().get(url).header(name, value);
            request.send().await.expect("an answer").status().as_u16()
        };
        let metadata = "/.well-known/openid-configuration";
        for path in ["/docs", metadata, "/admin/api/users"] {
            let expected = if path.starts_with("/admin") && status == 200 { 401 } else { status };
            assert_eq!(answers(path, "x-forwarded-proto", "http").await, expected, "{path} {settings:?}");
        }
        assert_eq!(answers(metadata, "forwarded", "for=198.51.100.1;proto=http").await, status);
        // One proxy in the chain ended TLS.
        assert_eq!(answers(metadata, "x-forwarded-proto", "https, http").await, 200);
        assert_eq!(answers(metadata, "x-forwarded-proto", "https").await, 200);
        for check in ["/health", "/ready"] {
            assert_eq!(answers(check, "x-forwarded-proto", "http").await, 200);
        }
        running.ends().await;
    }
}

#[tokio::test]
async fn a_body_that_stalls_is_the_client_s_fault_and_no_error_of_the_server() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let begun = Instant::now();
    let mut stream = TcpStream::connect(("127.0.0.1", installation.port)).await.expect("a connection");
    let half = "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 40\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type=";
    stream.write_all(half.as_bytes()).await.expect("half a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let ended = running.ends().await;
    assert!(!ended.errors.contains("ERROR"), "{}", ended.errors);
}
