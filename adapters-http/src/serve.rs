//! The accept loop: HTTP/1.1 and HTTP/2 on hyper, over TLS if it has a certificate, with limits against slow peers, and a drain at the end.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use crate::budget::{Budget, Place};
use crate::extract::address::{self, Peer};
use crate::extract::body::{Ending, REST_TIMEOUT};
use crate::tls::Tls;
use crate::wire::{HTTP2_WINDOW, MAX_HEADER_BYTES, Wire};

/// How long a peer may take to send its first request, and the header section of each request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The maximum number of open connections. Further connections wait to be accepted.
const MAX_CONNECTIONS: u32 = 8_192;
/// How long a connection may stay open without a new request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// The pause after a failed accept, mostly because no file descriptor is free.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(500);
/// How long running requests may take after the stop signal.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long after the stop signal a connection stays open without a request that is answered: a body that is late is
/// answered before that.
const LATE_TIMEOUT: Duration = REST_TIMEOUT.saturating_add(Duration::from_secs(1));
/// How long a connection stays open after a request was refused because of its memory.
const SHED_TIMEOUT: Duration = Duration::from_millis(50);
/// The maximum number of concurrent requests on one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;
/// What a connection costs with TLS beyond what it costs without (RFC 8446 §5.1: a record has up to 16 KiB).
const TLS_BYTES: usize = 24 * 1024;
/// The answer on a connection for which there is no place.
const NO_PLACE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Serves until `shutdown`, over TLS if it has a certificate, then lets running requests finish. What connections and requests
/// hold in memory stays within the budget.
///
/// # Errors
/// The listener failed. A failed connection is not an error.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    budget: Arc<Budget>,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let tls = tls.map(Arc::new);
    let server = server();
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let (serving, ending) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    // This task ends with the function.
    let mut following = JoinSet::new();
    if let Some(tls) = tls.clone() {
        following.spawn(async move { tls.follow().await });
    }

    loop {
        let accepted = async {
            let permit = Arc::clone(&permits).acquire_owned().await.map_err(io::Error::other)?;
            listener.accept().await.map(|(stream, peer)| (stream, peer, permit))
        };
        let (stream, peer, permit) = tokio::select! {
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_RETRY_INTERVAL).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        // Send small responses immediately: Nagle's algorithm would hold the last packet until an acknowledgement.
        let _ = stream.set_nodelay(true);
        let acceptor = tls.as_deref().map(Tls::acceptor);
        let address = peer.ip().to_canonical();
        let place = Place::take(&budget, address);
        let Some(place) = place.filter(|place| acceptor.is_none() || place.keeps(TLS_BYTES).is_ok()) else {
            if acceptor.is_none() {
                let _sent = stream.try_write(NO_PLACE);
            }
            continue;
        };
        let (server, router, ending) = (server.clone(), router.clone(), ending.clone());
        let connection = Connection { server, router, peer: Peer { address, place }, ending };
        tokio::spawn(async move {
            let _permit = permit;
            connection.serve(stream, acceptor).await;
        });
    }

    drop((listener, serving));
    if tokio::time::timeout(DRAIN_TIMEOUT, permits.acquire_many(MAX_CONNECTIONS)).await.is_err() {
        tracing::warn!("some requests did not end before the drain timeout");
    }
    Ok(())
}

/// The configuration that all connections share.
fn server() -> Builder<TokioExecutor> {
    let mut server = Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES as usize);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEADER_BYTES)
        .initial_stream_window_size(HTTP2_WINDOW)
        .initial_connection_window_size(HTTP2_WINDOW)
        .max_send_buf_size(HTTP2_WINDOW as usize)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    server
}

/// The TLS handshake; none after a timeout or at shutdown, because no request has arrived yet.
async fn shake_hands(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    mut ending: watch::Receiver<()>,
) -> Option<TlsStream<TcpStream>> {
    tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)) => match shaken {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "TLS handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!("TLS handshake timed out");
                None
            }
        },
        // The sender was dropped.
        _ = ending.changed() => None,
    }
}

/// One connection, before any HTTP.
struct Connection {
    server: Builder<TokioExecutor>,
    router: Router,
    peer: Peer,
    ending: watch::Receiver<()>,
}

impl Connection {
    /// Serves requests until the peer or this server closes the connection, or until it has to make room.
    async fn serve(self, stream: TcpStream, acceptor: Option<TlsAcceptor>) {
        let place = Arc::clone(&self.peer.place);
        let served = async {
            match acceptor {
                None => self.serve_http(stream).await,
                Some(acceptor) => {
                    if let Some(stream) = shake_hands(&acceptor, stream, self.ending.clone()).await {
                        self.serve_http(stream).await;
                    }
                }
            }
        };
        tokio::select! {
            // First: a request that came in the same moment does not begin.
            biased;
            () = place.closed() => tracing::debug!("closed a connection to make room"),
            () = served => {}
        }
    }

    async fn serve_http(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let requests = Arc::new(AtomicUsize::new(0));
        let answers = Arc::new(AtomicUsize::new(0));
        let (asked, answered) = (Arc::clone(&requests), Arc::clone(&answers));
        let ending = Ending(self.ending.clone());
        let place = Arc::clone(&self.peer.place);
        let wire = Wire::new(stream, Arc::clone(&place));
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            asked.fetch_add(1, Ordering::Relaxed);
            // Here, and not in the task of the request: one read of HTTP/2 may bring a hundred heads.
            let begun = address::begin(&self.peer, &request, self.peer.place.trusted_proxies());
            request.extensions_mut().insert(begun);
            request.extensions_mut().insert(self.peer.clone());
            request.extensions_mut().insert(ending.clone());
            let answer = self.router.clone().oneshot(request.map(axum::body::Body::new) as Request);
            let answered = Answered(Arc::clone(&answered));
            async move {
                let _answered = answered;
                answer.await
            }
        });
        let connection = self.server.serve_connection(TokioIo::new(wire), service).into_owned();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = wait_until_idle(&requests) => {
                if requests.load(Ordering::Relaxed) == 0 {
                    // hyper itself waits without a timeout for the bytes that decide between HTTP/1.1 and HTTP/2.
                    tracing::debug!("closed a connection without a request");
                    return;
                }
                connection.as_mut().graceful_shutdown();
                tokio::time::timeout(DRAIN_TIMEOUT, connection).await.unwrap_or(Ok(()))
            },
            () = place.shed() => {
                // Nothing more is read: with HTTP/2, a peer whose requests are refused has sent many more already.
                connection.as_mut().graceful_shutdown();
                tokio::time::timeout(SHED_TIMEOUT, connection).await.unwrap_or(Ok(()))
            }
            // Only by the sender's end.
            _ = self.ending.changed() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = &mut connection => ended,
                    () = tokio::time::sleep(LATE_TIMEOUT) => {
                        let is_answered = requests.load(Ordering::Relaxed) == answers.load(Ordering::Relaxed);
                        // The head of a request is late, or the peer does not take its answer.
                        if is_answered { Ok(()) } else { connection.await }
                    }
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended with an error");
        }
    }
}

/// Counts a request as answered when it is dropped: when its answer is ready, or when the peer is gone.
struct Answered(Arc<AtomicUsize>);

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Ends when a peer has sent no request for [`HEADER_TIMEOUT`], or no further request for [`IDLE_TIMEOUT`].
async fn wait_until_idle(requests: &AtomicUsize) {
    let mut known = 0;
    let mut timeout = HEADER_TIMEOUT;
    loop {
        tokio::time::sleep(timeout).await;
        let now = requests.load(Ordering::Relaxed);
        if now == known {
            return;
        }
        (known, timeout) = (now, IDLE_TIMEOUT);
    }
}

#[cfg(test)]
mod tests {
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
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let files =
            TlsFiles { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
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
}
