//! What is counted of requests and answers, for Prometheus. Labels have few values, and none that a caller chose.

use std::time::Instant;

use application::authorize::AuthorizationResponse;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{ErrorCode, GrantType};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method};

/// `oauth2_http_requests_total` by route, method and status; `oauth2_http_request_seconds` by route.
pub(crate) async fn requests(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |matched| matched.as_str().to_owned());
    let method = method(request.method());
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    metrics::histogram!("oauth2_http_request_seconds", "route" => route.clone()).record(began.elapsed());
    metrics::counter!("oauth2_http_requests_total", "route" => route, "method" => method, "status" => status)
        .increment(1);
    response
}

/// Anybody can make up a method.
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

/// `oauth2_tokens_issued_total`: answers of the token endpoint with tokens, by grant type.
pub(crate) fn tokens_issued(grant_type: Option<&str>) {
    if let Some(Ok(grant)) = grant_type.map(str::parse::<GrantType>) {
        metrics::counter!("oauth2_tokens_issued_total", "grant_type" => grant.as_str()).increment(1);
    }
}

/// `oauth2_errors_total`: answers with an error, by code; here those that are not redirected.
pub(crate) fn error(code: ErrorCode) {
    metrics::counter!("oauth2_errors_total", "error" => code.as_str()).increment(1);
}

/// `oauth2_authorization_responses_total`: by whether there was a code, or else by the error.
pub(crate) fn authorization_response(response: &AuthorizationResponse) {
    let error = response.parameters.iter().find(|(name, _)| *name == "error");
    let error = error.map_or_else(|| "none".to_owned(), |(_, code)| code.clone());
    metrics::counter!("oauth2_authorization_responses_total", "error" => error).increment(1);
}

/// `GET /metrics` in the Prometheus text format, for a listener of its own: nothing here is for the public.
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
