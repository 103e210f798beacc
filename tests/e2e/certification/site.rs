//! The suite's own web site, over https: the documents that clients publish, and their logout URI.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapters_http::Tls;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, body::Bytes};
use serde_json::Value;
use tests::support::SelfSigned;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long a logout token may take before the test fails.
const PROCESS_TIMEOUT: Duration = Duration::from_secs(20);

/// A web site that runs as long as the test.
pub(super) struct Site {
    base: String,
    published: Arc<Published>,
    told: UnboundedReceiver<BTreeMap<String, String>>,
}

struct Published {
    documents: Mutex<BTreeMap<String, Bytes>>,
    told: UnboundedSender<BTreeMap<String, String>>,
}

impl Site {
    pub(super) async fn open(certificate: &SelfSigned) -> Self {
        let (sender, told) = unbounded_channel();
        let published = Arc::new(Published { documents: Mutex::default(), told: sender });
        let router = Router::new()
            .route("/logout", post(logout))
            .route("/{document}", get(document))
            .with_state(published.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let tls = Tls::load(certificate.files()).await.unwrap();
        let budget = adapters_http::Budget::new(1024 * 1024, Vec::new());
        tokio::spawn(adapters_http::serve(listener, Some(tls), budget, router, pending()));
        Self { base, published, told }
    }

    /// Publishes a JSON document from now on. Returns its URL.
    pub(super) fn publish(&self, name: &str, document: &Value) -> String {
        self.publish_text(name, document.to_string())
    }

    /// Publishes any text from now on. Returns its URL.
    pub(super) fn publish_text(&self, name: &str, document: String) -> String {
        self.publish_file(name, document.into())
    }

    /// Publishes a file from now on. Returns its URL.
    pub(super) fn publish_file(&self, name: &str, file: Bytes) -> String {
        self.published.documents.lock().unwrap().insert(name.to_owned(), file);
        format!("{}/{name}", self.base)
    }

    /// The `backchannel_logout_uri`.
    pub(super) fn logout_uri(&self) -> String {
        format!("{}/logout", self.base)
    }

    /// Waits for the next logout token, which must be the only one.
    pub(super) async fn logout_token(&mut self) -> String {
        let told = tokio::time::timeout(PROCESS_TIMEOUT, self.told.recv()).await;
        let mut told = told.unwrap().unwrap();
        let token = told.remove("logout_token").unwrap();
        assert!(told.is_empty(), "{told:?}");
        token
    }
}

async fn document(
    State(published): State<Arc<Published>>,
    Path(name): Path<String>,
) -> Result<Bytes, StatusCode> {
    let documents = published.documents.lock().unwrap();
    documents.get(&name).cloned().ok_or(StatusCode::NOT_FOUND)
}

async fn logout(State(published): State<Arc<Published>>, Form(fields): Form<BTreeMap<String, String>>) {
    published.told.send(fields).unwrap();
}
