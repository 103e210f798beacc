//! What peers see of the accept loop: limits of time and size, TLS, and the end.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::Instant;

use super::*;
use crate::tls::TlsFiles;

fn hello() -> Router {
    Router::new().route("/", axum::routing::get(async || "hello"))
}

fn budget() -> Arc<Budget> {
    Budget::new(1024 * 1024, Vec::new())
}

/// A connection to a running server.
async fn connected(tls: Option<Tls>) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, tls, budget(), hello(), std::future::pending()));
    TcpStream::connect(address).await.unwrap()
}

/// The bytes that a peer receives before the connection ends. The paused clock jumps when all tasks wait.
async fn seen_after(mut peer: TcpStream, sent: &[u8]) -> String {
    peer.write_all(sent).await.unwrap();
    let mut seen = Vec::new();
    let _reset = peer.read_to_end(&mut seen).await;
    String::from_utf8_lossy(&seen).into_owned()
}

async fn tls() -> Tls {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = TlsFiles { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.certificate, cert.pem()).unwrap();
    std::fs::write(&files.key, signing_key.serialize_pem()).unwrap();
    Tls::load(files).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_asks_nothing_is_not_waited_for() {
    for sent in ["", "P", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        assert!(!seen_after(connected(None).await, sent.as_bytes()).await.contains("hello"), "{sent:?}");
    }
    let asked = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert!(seen_after(connected(None).await, asked).await.ends_with("hello"));
}

/// A connection in memory and the task that serves it. The paused clock does not jump while data is in transit.
fn in_memory() -> (TokioIo<DuplexStream>, watch::Sender<()>) {
    let (ours, theirs) = duplex(64 * 1024);
    let (serving, ending) = watch::channel(());
    let address = std::net::Ipv4Addr::LOCALHOST.into();
    let peer = Peer { address, place: Place::take(&budget(), address).unwrap() };
    let connection = Connection { server: server(), router: hello(), peer, ending };
    tokio::spawn(connection.serve_http(ours));
    (TokioIo::new(theirs), serving)
}

fn get() -> hyper::Request<String> {
    hyper::Request::get("http://x/").header("host", "x").body(String::new()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_connection_ends_a_while_after_its_last_request() {
    let (stream, _serving) = in_memory();
    let (mut one, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
    let one_ends = tokio::spawn(connection);
    let (stream, _also_serving) = in_memory();
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await;
    let (mut two, connection) = handshake.unwrap();
    let two_ends = tokio::spawn(connection);
    let begun = Instant::now();
    // A peer that keeps sending requests keeps its connection.
    for _ in 0..20 {
        tokio::time::sleep(HEADER_TIMEOUT / 2).await;
        assert_eq!(one.send_request(get()).await.unwrap().status(), 200);
        assert_eq!(two.send_request(get()).await.unwrap().status(), 200);
    }
    assert!(begun.elapsed() > IDLE_TIMEOUT);
    let _ended = tokio::time::timeout(IDLE_TIMEOUT * 2, one_ends).await.unwrap();
    tokio::time::timeout(IDLE_TIMEOUT * 2, two_ends).await.unwrap().unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn half_a_head_does_not_delay_the_end() {
    let (stream, serving) = in_memory();
    let mut peer = stream.into_inner();
    peer.write_all(b"POST / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    drop(serving);
    let mut seen = Vec::new();
    peer.read_to_end(&mut seen).await.unwrap();
    assert!(begun.elapsed() <= LATE_TIMEOUT, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_before_it_is_read_whole() {
    let target = |length: usize| {
        format!("GET /?{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "a".repeat(length))
    };
    let header = |length: usize| {
        format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: {}\r\n\r\n", "a".repeat(length))
    };
    for head in [target(29 * 1024), header(29 * 1024)] {
        assert!(seen_after(connected(None).await, head.as_bytes()).await.ends_with("hello"));
    }
    for (head, status) in [
        (target(34 * 1024), "414"),
        (target(900 * 1024), "414"),
        (header(34 * 1024), "431"),
        (header(900 * 1024), "431"),
    ] {
        let answer = seen_after(connected(None).await, head.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{} bytes: {answer:?}", head.len());
    }
    // Also on a connection that was used before.
    let kept = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut peer = connected(None).await;
    peer.write_all(kept.as_bytes()).await.unwrap();
    let mut first = [0; 1024];
    assert!(peer.read(&mut first).await.unwrap() > 0);
    assert!(seen_after(peer, target(66 * 1024).as_bytes()).await.contains("HTTP/1.1 414 "));
}

#[tokio::test(start_paused = true)]
async fn a_slow_handshake_is_cut() {
    // No bytes at all, and the beginning of a ClientHello.
    for sent in [&b""[..], &b"\x16\x03\x01\x02\x00\x01\x00"[..]] {
        let peer = connected(Some(tls().await)).await;
        let before = Instant::now();
        assert_eq!(seen_after(peer, sent).await, "");
        assert!(before.elapsed() <= HANDSHAKE_TIMEOUT, "{sent:?}: {:?}", before.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn plain_http_to_the_port_of_tls_ends_at_once_and_without_an_answer() {
    let peer = connected(Some(tls().await)).await;
    let before = Instant::now();
    let seen = seen_after(peer, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(!seen.contains("HTTP") && !seen.contains("hello"), "{seen:?}");
    assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_handshake_under_way_does_not_delay_the_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = tls().await;
    let before = Instant::now();
    let shutdown = async {
        let _silent = TcpStream::connect(address).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    serve(listener, Some(tls), budget(), hello(), shutdown).await.unwrap();
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
}
