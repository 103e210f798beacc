//! The accept loop: HTTP/1.1 and HTTP/2 on hyper, over TLS if it has a certificate, with limits against slow peers, and a drain at the end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
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

use crate::extract::address::Peer;
use crate::tls::Tls;

/// How long a peer may take to send its first request, and the headers of each.
const HEADERS: Duration = Duration::from_secs(10);
/// The largest head of a request: an authorization request by GET has its parameters there.
const LARGEST_HEAD: u32 = 64 * 1024;
/// How long a peer may take for the TLS handshake before that.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many connections are open at once; further ones wait to be accepted.
const CONNECTIONS: u32 = 8_192;
/// How long a connection may be open without a new request.
const IDLE: Duration = Duration::from_secs(60);
/// How long to wait when a connection could not be accepted: out of file descriptors, mostly.
const BREATH: Duration = Duration::from_millis(500);
/// How long requests that run may take to end after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How many requests one HTTP/2 connection may have open.
const STREAMS: u32 = 128;

/// Serves until `shutdown`, then lets the requests that run finish.
///
/// # Errors
/// When the listener breaks. A connection that breaks is nobody's error.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    accept(listener, None, router, shutdown).await
}

/// Serves as [`serve`] does, over TLS and nothing else.
///
/// # Errors
/// When the listener breaks.
pub async fn serve_tls(
    listener: TcpListener,
    tls: Tls,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    accept(listener, Some(Arc::new(tls)), router, shutdown).await
}

async fn accept(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let server = server();
    let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let (serving, ending) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    // Ends with this function.
    let mut following = JoinSet::new();
    if let Some(tls) = tls.clone() {
        following.spawn(async move { tls.follow().await });
    }

    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
            listener.accept().await.map(|(stream, peer)| (stream, peer, place))
        };
        let (stream, peer, place) = tokio::select! {
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        // Small answers at once: without this the last packet may wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        let connection =
            Connection { server: server.clone(), router: router.clone(), peer, ending: ending.clone() };
        let (acceptor, ending) = (tls.as_deref().map(Tls::acceptor), ending.clone());
        tokio::spawn(async move {
            let _place = place;
            match acceptor {
                None => connection.speak(stream).await,
                Some(acceptor) => {
                    if let Some(stream) = shake_hands(&acceptor, stream, ending).await {
                        connection.speak(stream).await;
                    }
                }
            }
        });
    }

    drop((listener, serving));
    if tokio::time::timeout(DRAIN, places.acquire_many(CONNECTIONS)).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    Ok(())
}

/// What every connection is served by.
fn server() -> Builder<TokioExecutor> {
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(LARGEST_HEAD as usize);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(LARGEST_HEAD)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    server
}

/// The TLS handshake, unless it takes too long or we end: nothing was asked yet that would have to be answered.
async fn shake_hands(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    mut ending: watch::Receiver<()>,
) -> Option<TlsStream<TcpStream>> {
    tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)) => match shaken {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a TLS handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!("a TLS handshake took too long");
                None
            }
        },
        // Only by the sender's end.
        _ = ending.changed() => None,
    }
}

/// One connection, before a byte of HTTP was read.
struct Connection {
    server: Builder<TokioExecutor>,
    router: Router,
    peer: SocketAddr,
    ending: watch::Receiver<()>,
}

impl Connection {
    /// Answers requests until the peer or we have enough.
    async fn speak(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let asked = Arc::new(AtomicUsize::new(0));
        let heard = Arc::clone(&asked);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            heard.fetch_add(1, Ordering::Relaxed);
            request.extensions_mut().insert(Peer(self.peer));
            self.router.clone().oneshot(request.map(axum::body::Body::new) as Request)
        });
        let connection = self.server.serve_connection(TokioIo::new(stream), service).into_owned();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = quiet(&asked) => {
                if asked.load(Ordering::Relaxed) == 0 {
                    // Until a first request hyper waits for ever to learn which HTTP it is.
                    tracing::debug!("a connection that asked nothing was closed");
                    return;
                }
                connection.as_mut().graceful_shutdown();
                tokio::time::timeout(DRAIN, connection).await.unwrap_or(Ok(()))
            },
            // Only by the sender's end.
            _ = self.ending.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended");
        }
    }
}

/// Until a peer has asked nothing at all for [`HEADERS`], or nothing more for [`IDLE`].
async fn quiet(asked: &AtomicUsize) {
    let mut known = 0;
    let mut patience = HEADERS;
    loop {
        tokio::time::sleep(patience).await;
        let now = asked.load(Ordering::Relaxed);
        if now == known {
            return;
        }
        (known, patience) = (now, IDLE);
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

    /// A connection to a server that goes on.
    async fn connected(tls: Option<Tls>) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tls = tls.map(Arc::new);
        tokio::spawn(accept(listener, tls, hello(), std::future::pending()));
        TcpStream::connect(address).await.unwrap()
    }

    /// What a peer that sends this much sees before the connection ends. The paused clock jumps when all wait.
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

    /// A connection in memory, where the paused clock waits for what is under way, and what serves it.
    fn in_memory() -> (TokioIo<DuplexStream>, watch::Sender<()>) {
        let (ours, theirs) = duplex(64 * 1024);
        let (serving, ending) = watch::channel(());
        let peer = SocketAddr::from(([127, 0, 0, 1], 1));
        let connection = Connection { server: server(), router: hello(), peer, ending };
        tokio::spawn(connection.speak(ours));
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
        // A peer that goes on asking keeps its connection.
        for _ in 0..20 {
            tokio::time::sleep(HEADERS / 2).await;
            assert_eq!(one.send_request(get()).await.unwrap().status(), 200);
            assert_eq!(two.send_request(get()).await.unwrap().status(), 200);
        }
        assert!(begun.elapsed() > IDLE);
        let _ended = tokio::time::timeout(IDLE * 2, one_ends).await.unwrap();
        tokio::time::timeout(IDLE * 2, two_ends).await.unwrap().unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_head_that_is_too_large_is_refused_before_it_is_read_whole() {
        let head = |length: usize| {
            format!("GET /?{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "a".repeat(length))
        };
        assert!(seen_after(connected(None).await, head(32 * 1024).as_bytes()).await.ends_with("hello"));
        assert!(!seen_after(connected(None).await, head(128 * 1024).as_bytes()).await.contains("hello"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_handshake_is_cut() {
        // Nothing at all, and the beginning of a ClientHello.
        for sent in [&b""[..], &b"\x16\x03\x01\x02\x00\x01\x00"[..]] {
            let peer = connected(Some(tls().await)).await;
            let before = Instant::now();
            assert_eq!(seen_after(peer, sent).await, "");
            assert!(before.elapsed() <= HANDSHAKE, "{sent:?}: {:?}", before.elapsed());
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
        serve_tls(listener, tls, hello(), shutdown).await.unwrap();
        assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    }
}
