//! Traces for an OpenTelemetry collector, by OTLP over HTTP (`OAUTH2_OTLP_ENDPOINT`); without that setting there is nothing.
//!
//! Spans wait in a bounded queue and are sent by a thread of their own: a collector that is slow or away costs spans, and no
//! request anything. What `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*` and
//! `OTEL_EXPORTER_OTLP_HEADERS` say holds, as everywhere.

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

use crate::config::WebUrl;

/// How long the end waits for the last spans to be delivered.
const LAST: Duration = Duration::from_secs(3);

/// Where our spans come from: others, of libraries, may have what is none of a collector's business.
const OURS: [&str; 4] = ["adapters_http", "adapters_postgres", "adapters_redis", "server"];

/// What collects spans and sends them.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Sends spans to the collector at `endpoint` by `collector`, on this runtime.
    ///
    /// # Errors
    /// When the endpoint cannot be used, or one of the `OTEL_` variables.
    pub fn to(endpoint: &WebUrl, collector: CollectorClient, runtime: Handle) -> anyhow::Result<Self> {
        let transport = Transport { collector, runtime, reached: AtomicBool::new(true) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(transport)
            .with_endpoint(traces_at(endpoint.as_str()))
            .build()?;
        let mut resource = Resource::builder();
        if env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name("oauth2-server");
        }
        let resource = resource.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build());
        global::set_text_map_propagator(TraceContextPropagator::new());
        Ok(Self { provider: provider.build() })
    }

    /// What makes OpenTelemetry's spans of ours: a request, and what happens in one. What the server does by itself is in
    /// the log.
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
        let ours = |metadata: &'static Metadata<'static>| match is_ours(metadata) {
            true => Interest::sometimes(),
            // Asked once: what is never traced costs nothing.
            false => Interest::never(),
        };
        let filter =
            dynamic_filter_fn(move |metadata, context| is_ours(metadata) && in_a_request(metadata, context));
        layer.with_filter(filter.with_callsite_filter(ours).with_max_level_hint(LevelFilter::INFO))
    }

    /// Sends what waits, for at most three seconds. Blocks.
    pub fn end(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "the last traces were not delivered");
        }
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && OURS.iter().any(|name| is_of(metadata.target(), name))
}

fn is_of(target: &str, krate: &str) -> bool {
    target.strip_prefix(krate).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The collector's path for traces below the endpoint (OTLP specification, "Endpoint URLs for OTLP/HTTP").
fn traces_at(endpoint: &str) -> String {
    format!("{}/v1/traces", endpoint.trim_end_matches('/'))
}

/// Our own client, which works on the runtime, for the exporter's thread, which is not on it.
#[derive(Debug)]
struct Transport {
    collector: CollectorClient,
    runtime: Handle,
    reached: AtomicBool,
}

impl Transport {
    /// Says once that the collector is away, and once that it is back.
    fn tell(&self, failure: Option<&str>) {
        let was = self.reached.swap(failure.is_none(), Ordering::Relaxed);
        match failure {
            Some(reason) if was => {
                tracing::warn!(reason, "the collector of OAUTH2_OTLP_ENDPOINT takes no traces");
            }
            None if !was => tracing::info!("the collector takes traces again"),
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
            Ok(answer) if answer.status().is_success() => self.tell(None),
            Ok(answer) => self.tell(Some(answer.status().as_str())),
            Err(error) => self.tell(Some(&error.to_string())),
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
    fn only_our_crates_are_ours() {
        assert!(is_of("server::password", "server") && is_of("server", "server"));
        assert!(!is_of("server_of_somebody", "server"));
    }
}
