//! `POST /oauth/device_authorization` (RFC 8628 §3.1, §3.2).

use application::device::DeviceAuthorization;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use crate::answer::private_json;
use crate::app::Shared;
use crate::extract::client_call::ClientCall;

#[derive(Serialize)]
struct Body<'a> {
    device_code: &'a str,
    user_code: String,
    verification_uri: &'a str,
    verification_uri_complete: &'a str,
    expires_in: i64,
    interval: i64,
}

/// Begins an authorization for a device.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let call = match ClientCall::read(&app, request).await {
        Ok(call) => call,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer = async {
        app.use_cases
            .device_authorization
            .begin(&call.client()?, &call.parameters, &call.caller.network)
            .await
    };
    match answer.await {
        Ok(authorization) => private_json(&body(&authorization)),
        Err(error) => app.client_error(&call, &error),
    }
}

fn body(authorization: &DeviceAuthorization) -> Body<'_> {
    Body {
        device_code: authorization.device_code.expose(),
        user_code: authorization.user_code.to_string(),
        verification_uri: &authorization.verification_uri,
        verification_uri_complete: &authorization.verification_uri_complete,
        expires_in: authorization.expires_in.num_seconds(),
        interval: authorization.interval.num_seconds(),
    }
}
