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
mod tests;
