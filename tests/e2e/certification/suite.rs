//! The one server that all modules share, over https with a self-signed certificate, as the
//! conformance suite requires.

use std::sync::{Arc, Weak};

use application::settings::{RegistrationMode, Settings};
use chrono::Duration;
use tests::support::{SelfSigned, TestServer};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

/// The name of the user who signs in. The profile has a value for every standard claim.
pub(super) const USERNAME: &str = "ada";

/// The running server. It stops after the last module that uses it.
static RUNNING: Mutex<Weak<Suite>> = Mutex::const_new(Weak::new());

/// A server on its own runtime, because the runtime of each test ends with the test.
pub(super) struct Suite {
    pub(super) server: TestServer,
    pub(super) certificate: SelfSigned,
    runtime: Option<Runtime>,
}

impl Suite {
    /// The running server, or a new one. Modules share it, so each has its own clients and browser,
    /// and no module advances the clock by more than a few seconds.
    pub(super) async fn running() -> Arc<Self> {
        let mut running = RUNNING.lock().await;
        if let Some(suite) = running.upgrade() {
            return suite;
        }
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let started = runtime.spawn(async {
            let certificate = SelfSigned::new();
            let server = TestServer::over_https_with(&certificate, as_asked_for).await;
            server.user(USERNAME).await;
            (server, certificate)
        });
        let (server, certificate) = started.await.unwrap();
        let suite = Arc::new(Self { server, certificate, runtime: Some(runtime) });
        *running = Arc::downgrade(&suite);
        suite
    }

    /// Runs a future on the runtime that owns the server's connections.
    pub(super) async fn within<F>(&self, work: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.runtime.as_ref().unwrap().spawn(work).await.unwrap()
    }
}

impl Drop for Suite {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Open registration, no required PKCE, and client hosts on this machine.
fn as_asked_for(settings: &mut Settings) {
    settings.registration.mode = RegistrationMode::Open;
    settings.registration.require_pkce = false;
    settings.registration.limit.attempts = 10_000;
    settings.outbound_allow_private = true;
    // The modules share a clock: when one module advances it, the codes of another must not expire.
    settings.lifetimes.authorization_code = Duration::minutes(10);
}
