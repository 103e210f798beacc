//! `POST /oauth/introspect` (RFC 7662 §2): the response is JSON or, if the caller accepts it, a signed JWT (RFC 9701
//! §4).

use axum::extract::{Request, State};
use axum::response::Response;

use crate::answer::{private_json, private_jwt};
use crate::app::Shared;
use crate::extract::accept;
use crate::extract::client_call::ClientCall;

/// The media type of a signed introspection response.
const SIGNED: &str = "application/token-introspection+jwt";

/// Introspects a token.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let call = match ClientCall::read(&app, request).await {
        Ok(call) => call,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer = async {
        let credentials = call.credentials()?;
        let endpoint = &app.use_cases.introspection;
        if accept::prefers_to_json(&call.headers, SIGNED) {
            let jwt = endpoint
                .introspect_signed(credentials.as_ref(), &call.parameters, &call.caller.network)
                .await?;
            Ok(private_jwt(jwt, SIGNED))
        } else {
            let answer =
                endpoint.introspect(credentials.as_ref(), &call.parameters, &call.caller.network).await?;
            Ok(private_json(&answer))
        }
    };
    answer.await.unwrap_or_else(|error| app.client_error(&call, &error))
}
