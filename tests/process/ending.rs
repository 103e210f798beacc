//! SIGTERM: the server accepts no new connection, and finishes every request in progress.

use std::time::{Duration, Instant};

use tests::support::RelyingParty;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::installation::Installation;

#[tokio::test]
async fn a_request_under_way_is_finished_and_the_end_is_a_success() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let client: RelyingParty = crate::client(&installation, &[]).await;
    let address = ("127.0.0.1", installation.port);
    let body = format!(
        "grant_type=client_credentials&scope=read&client_id=app&client_secret={}",
        client.secret.as_deref().expect("a secret")
    );
    let (first, rest) = body.split_at(10);
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("a sent head");
    // The server sends this when the endpoint reads the body, so the request is in progress now.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.expect("an interim answer");
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first.as_bytes()).await.expect("half a body");

    running.asked_to_end().await;
    running.says("requests under way are finished").await;
    let ended = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    ended.await;

    stream.write_all(rest.as_bytes()).await.expect("the rest of the body");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("access_token"), "{answer}");

    let ended = running.ended().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    assert!(ended.errors.contains("stopped"), "{}", ended.errors);
}

#[tokio::test]
async fn requests_that_are_half_sent_do_not_delay_the_end() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let post = "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let mut open = Vec::new();
    for (sent, answered) in [
        (String::new(), false),
        ("POST".to_owned(), false),
        (post.to_owned(), false),
        (format!("{post}Content-Length: 40\r\n\r\ngrant_type="), true),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n20\r\ngrant_type="), true),
        ("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /health HTT".to_owned(), true),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), true),
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", installation.port)).await.expect("a connection");
        stream.write_all(sent.as_bytes()).await.expect("half a request");
        open.push((sent, stream, answered));
    }
    // The server has read them all: a later connection is answered.
    let health = reqwest::get(format!("{}/health", installation.issuer)).await.expect("an answer");
    assert_eq!(health.status(), 200);

    let begun = Instant::now();
    running.asked_to_end().await;
    for (sent, stream, answered) in &mut open {
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer).await;
        assert_eq!(!answer.is_empty(), *answered, "{sent:?}: {}", String::from_utf8_lossy(&answer));
        if sent.starts_with("POST") && *answered {
            let answer = String::from_utf8_lossy(&answer);
            assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
        }
    }
    let ended = running.ended().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    assert!(!ended.errors.contains("ERROR"), "{}", ended.errors);
    assert!(!ended.errors.contains("drain timeout"), "{}", ended.errors);
}
