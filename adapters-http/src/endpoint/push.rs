//! `POST /oauth/par` (RFC 9126 §2).

use application::error::Refusal;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::answer::private_json;
use crate::app::Shared;
use crate::extract::{address, credentials, parameters};

#[derive(Serialize)]
struct Body {
    request_uri: String,
    expires_in: i64,
}

/// Keeps an authorization request and answers what names it.
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
        app.use_cases.push.push(&credentials, &parameters, &address).await
    };
    match answer.await {
        Ok(kept) => {
            let (request_uri, expires_in) = (kept.request_uri.expose(), kept.expires_in.num_seconds());
            let mut response = private_json(&Body { request_uri, expires_in });
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        Err(error) => app.json_error(&error),
    }
}
