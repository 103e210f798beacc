//! The accept loop: HTTP/1.1 and HTTP/2 on hyper, with limits against slow peers, and a drain at the end.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::extract::address::Peer;

/// How long a peer may take to send its first request, and the headers of each.
const HEADERS: Duration = Duration::from_secs(10);
/// How many connections are open at once; further ones wait to be accepted.
const CONNECTIONS: usize = 8_192;
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
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut shutdown = pin!(shutdown);

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
        let router = router.clone();
        let asked = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&asked);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            heard.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request.map(axum::body::Body::new) as Request)
        });
        let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            let mut connection = pin!(connection);
            // Until a first request hyper waits for ever to learn which HTTP it is.
            let silent = async {
                tokio::time::sleep(HEADERS).await;
                if asked.load(Ordering::Relaxed) {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                ended = &mut connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                },
                () = silent => tracing::debug!("a connection that asked nothing was closed"),
            }
        });
    }

    drop(listener);
    if tokio::time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    /// What a peer that sends this much sees before the connection ends. The paused clock jumps when all wait.
    async fn seen_after(sent: &[u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", axum::routing::get(async || "hello"));
        tokio::spawn(serve(listener, router, std::future::pending()));
        let mut peer = TcpStream::connect(address).await.unwrap();
        peer.write_all(sent).await.unwrap();
        let mut seen = Vec::new();
        let _reset = peer.read_to_end(&mut seen).await;
        String::from_utf8_lossy(&seen).into_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_asks_nothing_is_not_waited_for() {
        for sent in ["", "P", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            assert!(!seen_after(sent.as_bytes()).await.contains("hello"), "{sent:?}");
        }
        assert!(
            seen_after(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.ends_with("hello")
        );
    }
}
