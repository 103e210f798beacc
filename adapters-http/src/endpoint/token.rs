//! `POST /oauth/token` (RFC 6749 §3.2, §5.1).

use application::token::TokenResponse;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use crate::answer::private_json;
use crate::app::Shared;
use crate::extract::client_call::ClientCall;
use crate::measure;

#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
}

/// Issues tokens.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let call = match ClientCall::read(&app, request).await {
        Ok(call) => call,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer = async { app.use_cases.token.token(&call.client()?, &call.parameters, &call.caller).await };
    match answer.await {
        Ok(response) => {
            measure::tokens_issued(call.parameters.get("grant_type"));
            private_json(&body(&response))
        }
        Err(error) => app.token_error(&call, &error),
    }
}

fn body(response: &TokenResponse) -> Body<'_> {
    Body {
        access_token: response.access_token.expose(),
        token_type: "Bearer",
        expires_in: response.expires_in.num_seconds(),
        scope: response.scope.to_string(),
        refresh_token: response.refresh_token.as_ref().map(domain::Secret::expose),
        id_token: response.id_token.as_deref(),
    }
}
