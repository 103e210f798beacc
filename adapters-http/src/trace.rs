//! A span for each request, by the OpenTelemetry conventions for HTTP; the spans of store calls are its children. It contains
//! no value that a caller chose and no username.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use opentelemetry::global;
use opentelemetry_http::HeaderExtractor;
use tracing::field::Empty;
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::app::App;
use crate::error::ERROR_REFERENCE;
use crate::extract::address;
use crate::measure;

/// The name of a request's span in this process; a collector shows method and route.
pub const REQUEST_SPAN: &str = "request";

/// Health checks, which are too frequent and of no interest.
const PROBES: [&str; 2] = ["/health", "/ready"];

/// The span of a request; none without a collector: then this costs one comparison.
pub(crate) fn begin(app: &App, request: &Request) -> Option<Span> {
    let matched = request.extensions().get::<MatchedPath>();
    if matched.is_some_and(|matched| PROBES.iter().any(|probe| matched.as_str().ends_with(probe))) {
        return None;
    }
    let span = info_span!(
        REQUEST_SPAN,
        otel.name = name(request),
        otel.kind = "server",
        http.request.method = measure::method(request.method()),
        http.route = matched.map(MatchedPath::as_str),
        http.response.status_code = Empty,
        error.reference = Empty,
        otel.status_code = Empty,
    );
    if span.is_disabled() {
        return None;
    }
    continue_trace(app, request, &span);
    Some(span)
}

/// Adds the response's attributes.
pub(crate) fn end(span: &Span, response: &Response) {
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    if let Some(Ok(reference)) = response.headers().get(ERROR_REFERENCE).map(|value| value.to_str()) {
        span.record("error.reference", reference);
    }
    if response.status().is_server_error() {
        span.record("otel.status_code", "error");
    }
}

fn name(request: &Request) -> String {
    let method = measure::method(request.method());
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => format!("{method} {}", matched.as_str()),
        None => method.to_owned(),
    }
}

/// Continues the trace of a trusted proxy (W3C Trace Context). Other callers can neither control sampling nor add
/// this server's spans to their traces.
fn continue_trace(app: &App, request: &Request, span: &Span) {
    if address::is_from_trusted_proxy(request, &app.trusted_proxies) {
        let headers = HeaderExtractor(request.headers());
        let front = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
        // Fails only without a collector.
        let _continued = span.set_parent(front);
    }
}
