//! Traces for an OpenTelemetry collector (OTLP over HTTP, `OAUTH2_OTLP_ENDPOINT`). Without that setting there are none.
//!
//! Spans wait in a bounded queue, and a separate thread sends them. If the collector is slow or unreachable, spans are
//! lost, but no request waits. The OpenTelemetry variables `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
//! `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*` and `OTEL_EXPORTER_OTLP_HEADERS` apply.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adapters_http::REQUEST_SPAN;
use adapters_http::outbound::CollectorClient;
use async_trait::async_trait;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// How long the end of the process waits until the last spans are sent.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// The crates whose spans are exported. Spans of libraries may hold secrets.
const TRACED_CRATES: [&str; 4] = ["adapters_http", "adapters_postgres", "adapters_redis", "server"];

/// Collects spans and sends them.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Sends spans to `endpoint` with the HTTP client `collector`, which works on `runtime`.
    ///
    /// # Errors
    /// If the endpoint or one of the `OTEL_` variables is invalid.
    pub fn new(endpoint: &str, collector: CollectorClient, runtime: Handle) -> anyhow::Result<Self> {
        let transport = Transport { collector, runtime, reachable: AtomicBool::new(true) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(transport)
            .with_endpoint(traces_at(endpoint))
            .build()?;
        let mut resource = Resource::builder();
        if env::var_os("OTEL_SERVICE_NAME").is_none_or(|name| name.is_empty()) {
            resource = resource.with_service_name("oauth2-server");
        }
        let resource = resource.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build());
        global::set_text_map_propagator(TraceContextPropagator::new());
        Ok(Self { provider: provider.build() })
    }

    /// The layer that exports spans: those of requests, and those inside a request. Background work is only in the log.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let layer: OpenTelemetryLayer<S, SdkTracer> = tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("oauth2-server"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        let in_a_request = |metadata: &Metadata<'_>, context: &Context<'_, S>| {
            metadata.name() == REQUEST_SPAN || context.lookup_current().is_some()
        };
        // Evaluated once per place in the code: a span that is never traced costs nothing.
        let interest = |metadata: &'static Metadata<'static>| match is_traced(metadata) {
            true => Interest::sometimes(),
            false => Interest::never(),
        };
        let filter = dynamic_filter_fn(move |metadata, context| {
            is_traced(metadata) && in_a_request(metadata, context)
        });
        layer.with_filter(filter.with_callsite_filter(interest).with_max_level_hint(LevelFilter::INFO))
    }

    /// Sends the waiting spans, for at most three seconds. Blocks the thread.
    pub fn shut_down(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(SHUTDOWN_TIMEOUT) {
            tracing::warn!(%error, "the last traces were not sent to the collector");
        }
    }
}

fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && TRACED_CRATES.iter().any(|name| belongs_to(metadata.target(), name))
}

fn belongs_to(target: &str, krate: &str) -> bool {
    target.strip_prefix(krate).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The collector's path for traces below the endpoint (OTLP specification, "Endpoint URLs for OTLP/HTTP").
fn traces_at(endpoint: &str) -> String {
    format!("{}/v1/traces", endpoint.trim_end_matches('/'))
}

/// Lets the thread of the exporter, which is not on the runtime, use the HTTP client, which is.
#[derive(Debug)]
struct Transport {
    collector: CollectorClient,
    runtime: Handle,
    reachable: AtomicBool,
}

impl Transport {
    /// Logs once when the collector becomes unreachable, and once when it is reachable again.
    fn log_change(&self, failure: Option<&str>) {
        let was_reachable = self.reachable.swap(failure.is_none(), Ordering::Relaxed);
        match failure {
            Some(reason) if was_reachable => {
                tracing::warn!(reason, "the collector at OAUTH2_OTLP_ENDPOINT does not accept traces");
            }
            None if !was_reachable => tracing::info!("the collector accepts traces again"),
            Some(_) | None => {}
        }
    }
}

#[async_trait]
impl HttpClient for Transport {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let collector = self.collector.clone();
        let sent = self.runtime.spawn(async move { collector.send(request).await }).await?;
        match &sent {
            Ok(answer) if answer.status().is_success() => self.log_change(None),
            Ok(answer) => self.log_change(Some(answer.status().as_str())),
            Err(error) => self.log_change(Some(&error.to_string())),
        }
        Ok(sent?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_for_traces_is_below_the_endpoint() {
        for endpoint in ["http://collector:4318", "http://collector:4318/"] {
            assert_eq!(traces_at(endpoint), "http://collector:4318/v1/traces");
        }
        assert_eq!(traces_at("https://example.com/otlp"), "https://example.com/otlp/v1/traces");
    }

    #[test]
    fn a_crate_whose_name_only_begins_the_same_is_not_traced() {
        assert!(belongs_to("server::password", "server") && belongs_to("server", "server"));
        assert!(!belongs_to("server_of_somebody", "server"));
    }
}
