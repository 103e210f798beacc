//! A load balancer in front of two nodes, which alternates between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONNECTION, TRANSFER_ENCODING};
use reqwest::redirect::Policy;
use tokio::net::TcpListener;

/// Larger than any request of a test.
const MAX_BODY_BYTES: usize = 1 << 20;

/// A bound address that does not answer yet.
pub(super) struct Front {
    pub(super) issuer: String,
    listener: TcpListener,
}

struct Nodes {
    ports: [u16; 2],
    http: reqwest::Client,
    requests: AtomicUsize,
}

impl Front {
    pub(super) async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        Self { issuer, listener }
    }

    /// Starts to forward to the nodes at these ports, until the test ends.
    pub(super) fn sends_to(self, ports: [u16; 2]) {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build();
        let nodes = Nodes { ports, http: http.expect("an HTTP client"), requests: AtomicUsize::new(0) };
        let router = Router::new().fallback(forward).with_state(Arc::new(nodes));
        tokio::spawn(async { axum::serve(self.listener, router).await });
    }
}

/// Forwards a request to the next node. If that node is down, the other node gets it; if it ends
/// before its response, the answer is 502.
async fn forward(State(nodes): State<Arc<Nodes>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY_BYTES).await.expect("a body");
    let turn = nodes.requests.fetch_add(1, Ordering::Relaxed);
    for node in [turn % 2, (turn + 1) % 2] {
        let url = format!("http://127.0.0.1:{}{}", nodes.ports[node], parts.uri);
        let request = nodes.http.request(parts.method.clone(), url);
        match request.headers(parts.headers.clone()).body(body.clone()).send().await {
            Ok(answer) => return passed_on(answer).await,
            // The node did not receive the request.
            Err(error) if error.is_connect() => {}
            Err(_cut) => break,
        }
    }
    StatusCode::BAD_GATEWAY.into_response()
}

async fn passed_on(answer: reqwest::Response) -> Response {
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    for of_one_connection in [CONNECTION, TRANSFER_ENCODING] {
        headers.remove(of_one_connection);
    }
    match answer.bytes().await {
        Ok(body) => (status, headers, Body::from(body)).into_response(),
        Err(_cut) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
