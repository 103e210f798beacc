//! A span for each request, named and described as the OpenTelemetry conventions for HTTP say; what it asks of the stores is
//! below it. Nothing that a caller chose is in it, and nobody's name.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::global;
use opentelemetry_http::HeaderExtractor;
use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::app::App;
use crate::error::ERROR_REFERENCE;
use crate::extract::address;
use crate::measure;

/// What a request's span is called among ours; a collector sees its method and its route.
pub const REQUEST_SPAN: &str = "request";

/// What is asked every few seconds and tells nothing.
const PROBES: [&str; 2] = ["/health", "/ready"];

/// Traces the request, unless nobody collects traces: then this costs one comparison.
pub(crate) async fn requests(app: Arc<App>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    if matched.is_some_and(|matched| PROBES.iter().any(|probe| matched.as_str().ends_with(probe))) {
        return next.run(request).await;
    }
    let span = info_span!(
        REQUEST_SPAN,
        otel.name = name(&request),
        otel.kind = "server",
        http.request.method = measure::method(request.method()),
        http.route = matched.map(MatchedPath::as_str),
        http.response.status_code = Empty,
        error.reference = Empty,
        otel.status_code = Empty,
    );
    if span.is_disabled() {
        return next.run(request).await;
    }
    continue_trace(&app, &request, &span);
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    if let Some(Ok(reference)) = response.headers().get(ERROR_REFERENCE).map(|value| value.to_str()) {
        span.record("error.reference", reference);
    }
    if response.status().is_server_error() {
        span.record("otel.status_code", "error");
    }
    response
}

fn name(request: &Request) -> String {
    let method = measure::method(request.method());
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => format!("{method} {}", matched.as_str()),
        None => method.to_owned(),
    }
}

/// The front's trace goes on here (W3C Trace Context). A stranger's does not: who is not a trusted proxy neither decides what
/// is sampled nor puts our spans into a trace of their own.
fn continue_trace(app: &App, request: &Request, span: &Span) {
    if address::is_from_trusted_proxy(request, &app.trusted_proxies) {
        let headers = HeaderExtractor(request.headers());
        let front = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
        // Refused only where nobody collects traces.
        let _continued = span.set_parent(front);
    }
}
