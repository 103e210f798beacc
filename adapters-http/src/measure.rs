//! Metrics of requests and responses for Prometheus. Labels have few values, and a caller cannot choose any of them.

use std::time::Instant;

use application::authorize::AuthorizationResponse;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::IntoResponse;
use axum::routing::get;
use domain::{ErrorCode, GrantType};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};

/// A request without a response yet.
pub(crate) struct Asked {
    began: Instant,
    route: Option<MatchedPath>,
    method: &'static str,
}

impl Asked {
    pub(crate) fn now(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        Self { began: Instant::now(), route, method: method(request.method()) }
    }

    /// The route of the request, if it has one.
    pub(crate) fn route(&self) -> Option<&str> {
        self.route.as_ref().map(MatchedPath::as_str)
    }

    /// `oauth2_http_requests_total` by route, method and status; `oauth2_http_request_seconds` by route.
    pub(crate) fn answered(self, status: StatusCode) {
        let route = self.route().unwrap_or("none").to_owned();
        let status = status.as_str().to_owned();
        metrics::histogram!("oauth2_http_request_seconds", "route" => route.clone())
            .record(self.began.elapsed());
        metrics::counter!("oauth2_http_requests_total", "route" => route, "method" => self.method, "status" => status)
            .increment(1);
    }
}

/// A caller can invent a method, so unknown ones share a label.
pub(crate) fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// `oauth2_tokens_issued_total`: successful token responses, by grant type.
pub(crate) fn tokens_issued(grant_type: Option<&str>) {
    if let Some(Ok(grant)) = grant_type.map(str::parse::<GrantType>) {
        metrics::counter!("oauth2_tokens_issued_total", "grant_type" => grant.as_str()).increment(1);
    }
}

/// `oauth2_errors_total`: error responses that are not redirected, by code.
pub(crate) fn error(code: ErrorCode) {
    metrics::counter!("oauth2_errors_total", "error" => code.as_str()).increment(1);
}

/// `oauth2_authorization_responses_total`: by outcome, `code` or the error code.
pub(crate) fn authorization_response(response: &AuthorizationResponse) {
    let error = response.parameters.iter().find(|(name, _)| name == "error");
    let error = error.map_or_else(|| "none".to_owned(), |(_, code)| code.clone());
    metrics::counter!("oauth2_authorization_responses_total", "error" => error).increment(1);
}

/// `GET /metrics` in the Prometheus text format, on a separate listener because metrics are not public.
pub fn metrics_router<Rendering>(render: impl Fn() -> Rendering + Clone + Send + Sync + 'static) -> Router
where
    Rendering: Future<Output = String> + Send,
{
    Router::new().route(
        "/metrics",
        get(async move || {
            let mut response = render().await.into_response();
            let headers = response.headers_mut();
            let format = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            headers.insert(CONTENT_TYPE, format);
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }),
    )
}
