//! `POST /oauth/par` (RFC 9126 §2).

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::answer::private_json;
use crate::app::Shared;
use crate::extract::client_call::ClientCall;

#[derive(Serialize)]
struct Body {
    request_uri: String,
    expires_in: i64,
}

/// Keeps an authorization request and answers what names it.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let call = match ClientCall::read(&app, request).await {
        Ok(call) => call,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer =
        async { app.use_cases.push.push(&call.client()?, &call.parameters, &call.caller.network).await };
    match answer.await {
        Ok(kept) => {
            let (request_uri, expires_in) = (kept.request_uri.expose(), kept.expires_in.num_seconds());
            let mut response = private_json(&Body { request_uri, expires_in });
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        Err(error) => app.client_error(&call, &error),
    }
}
