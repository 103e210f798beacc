//! The one server that every module meets, over https with a self-signed certificate, as the suite asks for it.

use std::sync::{Arc, Weak};

use application::settings::{PkcePolicy, RegistrationMode, Settings};
use chrono::Duration;
use tests::support::{SelfSigned, TestServer};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

/// The name of the person who signs in; their profile has a value for every standard claim.
pub(super) const USERNAME: &str = "ada";

/// The server that is running now. It ends with the last module that uses it.
static RUNNING: Mutex<Weak<Suite>> = Mutex::const_new(Weak::new());

/// A server on a runtime of its own: every test has another one, which ends with it.
pub(super) struct Suite {
    pub(super) server: TestServer,
    pub(super) certificate: SelfSigned,
    runtime: Option<Runtime>,
}

impl Suite {
    /// The running server, or a new one. Modules share it, so each has its own clients and its own browser, and none
    /// moves the clock by more than some seconds.
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

    /// What has to happen where the server's own connections live.
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

/// Clients register themselves, need no PKCE, and are on this machine.
fn as_asked_for(settings: &mut Settings) {
    settings.pkce = PkcePolicy::PerClient;
    settings.registration.mode = RegistrationMode::Open;
    settings.registration.require_pkce = false;
    settings.registration.limit.attempts = 10_000;
    settings.outbound_allow_private = true;
    // The modules share a clock: what one lets pass must not expire another's code.
    settings.lifetimes.authorization_code = Duration::minutes(10);
}
