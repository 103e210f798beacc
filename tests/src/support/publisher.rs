//! A client's web server on this machine that publishes one document (RFC 7591 §2: `jwks_uri`).

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

/// A running web server that counts its requests. It runs as long as the test.
pub struct Publisher {
    base: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    document: Mutex<(StatusCode, String)>,
    requests: AtomicU32,
    connections: AtomicU32,
}

impl Publisher {
    /// Starts a server that publishes this document.
    pub async fn start(document: String) -> Self {
        let state = Arc::new(State::default());
        let asked = state.clone();
        let answer = move || async move {
            asked.requests.fetch_add(1, Ordering::SeqCst);
            asked.document.lock().unwrap_or_else(PoisonError::into_inner).clone()
        };
        let router = Router::new()
            .route("/jwks", get(answer))
            .route("/moved", get(|| async { Redirect::to("/jwks") }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let connected = state.clone();
        let listener = listener.tap_io(move |_| {
            connected.connections.fetch_add(1, Ordering::SeqCst);
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        let publisher = Self { base, state };
        publisher.publish(document);
        publisher
    }

    /// Replaces the document.
    pub fn publish(&self, document: String) {
        self.answer(StatusCode::OK, document);
    }

    /// Answers with this status from now on.
    pub fn fail(&self, status: u16) {
        self.answer(StatusCode::from_u16(status).expect("a status"), String::new());
    }

    /// The URL of the document.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("{}/jwks", self.base)
    }

    /// A URL that redirects to the document.
    #[must_use]
    pub fn redirecting_uri(&self) -> String {
        format!("{}/moved", self.base)
    }

    /// How many requests for the document the server received.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.state.requests.load(Ordering::SeqCst)
    }

    /// How many connections the server accepted.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.state.connections.load(Ordering::SeqCst)
    }

    fn answer(&self, status: StatusCode, document: String) {
        *self.state.document.lock().unwrap_or_else(PoisonError::into_inner) = (status, document);
    }
}
