//! Metrics for Prometheus, on an address of their own (`OAUTH2_METRICS_ADDR`): they tell more than strangers should know.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::anyhow;
use application::keys::Keys;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::compose::Measured;

/// Upper bounds in seconds: from a signature to what nobody waits for.
const BUCKETS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Starts measuring, for the whole process, and serves `GET /metrics` at `address` for as long as the process lives.
///
/// # Errors
/// When the address is taken, or something measures already.
pub async fn serve(address: SocketAddr, keys: Arc<Keys>, data: Measured) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|reason| anyhow!("OAUTH2_METRICS_ADDR: cannot listen on {address}: {reason}"))?;
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .install_recorder()?;
    describe();
    let router = adapters_http::metrics_router(move || {
        let (handle, keys, data) = (handle.clone(), Arc::clone(&keys), data.clone());
        async move { rendered(&handle, &keys, &data).await }
    });
    tracing::info!(%address, "measuring");
    tokio::spawn(adapters_http::serve(listener, router, std::future::pending()));
    Ok(())
}

async fn rendered(handle: &PrometheusHandle, keys: &Keys, data: &Measured) -> String {
    data.measure();
    match keys.ages().await {
        Ok(ages) => {
            for (algorithm, age) in ages {
                let age = f64::from(i32::try_from(age.num_seconds()).unwrap_or(i32::MAX));
                metrics::gauge!("oauth2_signing_key_age_seconds", "algorithm" => algorithm.as_str()).set(age);
            }
        }
        // The store's own failures are counted; the rest is worth reading all the same.
        Err(error) => tracing::debug!(%error, "the age of the keys is not known"),
    }
    handle.run_upkeep();
    handle.render()
}

fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("oauth2_http_requests_total", "Requests by route, method and status.");
    describe_histogram!("oauth2_http_request_seconds", Unit::Seconds, "How long an answer took, by route.");
    describe_counter!(
        "oauth2_tokens_issued_total",
        "Answers of the token endpoint with tokens, by grant type."
    );
    describe_counter!("oauth2_errors_total", "Answers with an error that are not redirected, by code.");
    describe_counter!(
        "oauth2_authorization_responses_total",
        "Answers to clients through the browser, by error."
    );
    describe_histogram!("oauth2_store_seconds", Unit::Seconds, "How long a statement or command took.");
    describe_counter!("oauth2_store_failures_total", "Statements and commands that failed, by store.");
    describe_gauge!("oauth2_store_connections", "Connections by pool, used and idle.");
    describe_gauge!("oauth2_password_hashing_running", "Passwords being hashed.");
    describe_gauge!("oauth2_password_hashing_waiting", "Passwords waiting to be hashed.");
    describe_gauge!("oauth2_signing_key_age_seconds", Unit::Seconds, "Since when the current key signs.");
}
