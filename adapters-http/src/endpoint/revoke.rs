//! `POST /oauth/revoke` (RFC 7009 §2).

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use crate::app::Shared;
use crate::extract::client_call::ClientCall;

/// Revokes a token. The answer is an empty 200, whether or not there was one.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let call = match ClientCall::read(&app, request).await {
        Ok(call) => call,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer = async {
        app.use_cases.revocation.revoke(&call.client()?, &call.parameters, &call.caller.network).await
    };
    match answer.await {
        Ok(()) => {
            let mut response = StatusCode::OK.into_response();
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => app.client_error(&call, &error),
    }
}
