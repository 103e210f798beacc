//! `POST /oauth/revoke` (RFC 7009 §2).

use application::error::Refusal;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use crate::app::Shared;
use crate::extract::{address, credentials, parameters};

/// Revokes a token. The answer is an empty 200, whether or not there was one.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let address = address::client_address(&request, &app.trusted_proxies);
    let headers = request.headers().clone();
    let parameters = match parameters::form(request).await {
        Ok(parameters) => parameters,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer = async {
        let credentials = credentials::credentials(&headers, &parameters)?
            .ok_or_else(|| Refusal::invalid_client("the request names no client"))?;
        app.use_cases.revocation.revoke(&credentials, &parameters, &address).await
    };
    match answer.await {
        Ok(()) => {
            let mut response = StatusCode::OK.into_response();
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => app.json_error(&error),
    }
}
