//! Two nodes on one store, behind a load balancer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adapters_memory::FixedClock;
use application::settings::Settings;
use axum::Router;
use axum::extract::Request;
use chrono::{DateTime, Duration};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::ServiceExt;

use super::TestServer;
use super::server::{Place, budget};
use super::store::Store;

/// Two complete servers on one store, with one issuer. The issuer's address is a load balancer that
/// alternates between the nodes. Each node also has its own address.
pub struct TwoNodes {
    /// The address of the load balancer.
    pub issuer: String,
    /// One node.
    pub a: TestServer,
    /// The other.
    pub b: TestServer,
    requests: Arc<AtomicUsize>,
    _stop: oneshot::Sender<()>,
}

impl TwoNodes {
    /// Two nodes with the default settings and one fixed clock.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Two nodes, of which the clock of `b` is ahead of that of `a`.
    pub async fn apart(ahead: Duration) -> Self {
        Self::run(|_| {}, Some(ahead)).await
    }

    /// Two nodes with changed settings.
    pub async fn with(change: impl Fn(&mut Settings)) -> Self {
        Self::run(change, None).await
    }

    /// Without a difference, both nodes have one clock.
    async fn run(change: impl Fn(&mut Settings), ahead: Option<Duration>) -> Self {
        let front = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", front.local_addr().expect("an address"));
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
        let clock = FixedClock::new(start);
        let other = ahead.map_or_else(|| clock.clone(), |ahead| FixedClock::new(start + ahead));
        let store = Arc::new(Store::named().await);
        let behind_the_front = |settings: &mut Settings| {
            settings.issuer = issuer.parse().expect("an issuer");
            change(settings);
        };
        let (a, router_a) = TestServer::node(
            Place::default(),
            behind_the_front,
            clock.clone(),
            Arc::new(clock.clone()),
            store.clone(),
        )
        .await;
        let (b, router_b) =
            TestServer::node(Place::default(), behind_the_front, other.clone(), Arc::new(other), store).await;

        let requests = Arc::new(AtomicUsize::new(0));
        let (stop, stopped) = oneshot::channel();
        let front_router = alternating([router_a, router_b], requests.clone());
        tokio::spawn(adapters_http::serve(front, None, budget(), front_router, async {
            let _ = stopped.await;
        }));
        Self { issuer, a, b, requests, _stop: stop }
    }

    /// How many requests the load balancer has received.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

fn alternating(nodes: [Router; 2], requests: Arc<AtomicUsize>) -> Router {
    Router::new().fallback(move |request: Request| {
        let number = requests.fetch_add(1, Ordering::Relaxed);
        nodes[number % nodes.len()].clone().oneshot(request)
    })
}
