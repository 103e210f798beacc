//! Metrics for Prometheus, on a separate address (`OAUTH2_METRICS_ADDR`): they are not for the public.

use std::net::SocketAddr;
use std::sync::Arc;

use adapters_http::Budget;
use anyhow::anyhow;
use application::keys::Keys;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::compose::Measured;

/// Upper bounds in seconds: the shortest is that of a signature, the longest more than a user waits.
const BUCKETS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The memory for the connections of metrics collectors.
const METRICS_BYTES: usize = 1024 * 1024;

/// Starts the metrics of the whole process, and serves `GET /metrics` at `address` until the process ends.
///
/// # Errors
/// If the address is in use, or the process already has metrics.
pub async fn serve(address: SocketAddr, keys: Arc<Keys>, data: Measured) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|reason| {
        anyhow!("OAUTH2_METRICS_ADDR: cannot listen on {address}: {reason}; choose another address")
    })?;
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .install_recorder()?;
    describe();
    let router = adapters_http::metrics_router(move || {
        let (handle, keys, data) = (handle.clone(), Arc::clone(&keys), data.clone());
        async move { render(&handle, &keys, &data).await }
    });
    tracing::info!(%address, "serving metrics");
    let budget = Budget::new(METRICS_BYTES, Vec::new());
    tokio::spawn(adapters_http::serve(listener, None, budget, router, std::future::pending()));
    Ok(())
}

async fn render(handle: &PrometheusHandle, keys: &Keys, data: &Measured) -> String {
    data.measure().await;
    match keys.ages().await {
        Ok(ages) => {
            for (algorithm, age) in ages {
                let age = f64::from(i32::try_from(age.num_seconds()).unwrap_or(i32::MAX));
                metrics::gauge!("oauth2_signing_key_age_seconds", "algorithm" => algorithm.as_str()).set(age);
            }
        }
        // The store counts its failures. The other metrics are still useful.
        Err(error) => tracing::debug!(%error, "cannot read the age of the signing keys"),
    }
    handle.run_upkeep();
    handle.render()
}

fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("oauth2_http_requests_total", "Requests by route, method and status.");
    describe_histogram!("oauth2_http_request_seconds", Unit::Seconds, "Duration of requests, by route.");
    describe_counter!(
        "oauth2_tokens_issued_total",
        "Successful responses of the token endpoint, by grant type."
    );
    describe_counter!(
        "oauth2_sign_ins_total",
        "Attempts to sign in, by result and by where the password came from."
    );
    describe_counter!("oauth2_guesses_total", "Wrong secrets that are no passwords, by what was guessed.");
    describe_counter!("oauth2_errors_total", "Error responses that are not redirects, by code.");
    describe_counter!(
        "oauth2_authorization_responses_total",
        "Authorization responses to clients, by error."
    );
    describe_histogram!(
        "oauth2_store_seconds",
        Unit::Seconds,
        "Duration of database statements and Redis commands."
    );
    describe_counter!(
        "oauth2_store_failures_total",
        "Failed database statements and Redis commands, by store."
    );
    describe_counter!(
        "oauth2_shed_total",
        "Connections and requests that were refused because of their memory."
    );
    describe_gauge!("oauth2_store_connections", "Database connections by pool, used and idle.");
    describe_gauge!(
        "oauth2_store_full",
        "1 while a store has no room, so that it refuses what is new; else 0."
    );
    describe_gauge!("oauth2_store_file_bytes", Unit::Bytes, "Size of the files of SQLite.");
    describe_gauge!("oauth2_store_free_bytes", Unit::Bytes, "Free space of the disk that SQLite is on.");
    describe_gauge!(
        "oauth2_redis_memory_bytes",
        Unit::Bytes,
        "Memory of Redis: used, and its maximum (0: none)."
    );
    describe_gauge!(
        "oauth2_redis_evicted_keys",
        "Keys that Redis removed before their time, since it started."
    );
    describe_gauge!(
        "oauth2_clock_difference_seconds",
        Unit::Seconds,
        "How far the clock of this node was ahead of the database's at the last readiness check."
    );
    describe_gauge!("oauth2_password_hashing_running", "Password hashes that are being computed.");
    describe_gauge!("oauth2_password_hashing_waiting", "Password hashes that wait for a free core.");
    describe_gauge!(
        "oauth2_signing_key_age_seconds",
        Unit::Seconds,
        "Time since the current signing key was activated."
    );
}
