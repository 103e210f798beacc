//! `POST /oauth/introspect` (RFC 7662 §2).

use application::introspect::Introspection;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use crate::answer::private_json;
use crate::app::Shared;
use crate::extract::{address, credentials, parameters};

#[derive(Serialize, Default)]
struct Body<'a> {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
}

/// Tells what a token is worth.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let address = address::client_address(&request, &app.trusted_proxies);
    let headers = request.headers().clone();
    let parameters = match parameters::form(request).await {
        Ok(parameters) => parameters,
        Err(unreadable) => return app.unreadable_json(unreadable),
    };
    let answer = async {
        let credentials = credentials::credentials(&headers, &parameters)?;
        app.use_cases.introspection.introspect(credentials.as_ref(), &parameters, &address).await
    };
    match answer.await {
        Ok(introspection) => private_json(&body(&introspection)),
        Err(error) => app.json_error(&error),
    }
}

fn body(introspection: &Introspection) -> Body<'_> {
    match introspection {
        Introspection::Inactive => Body::default(),
        Introspection::Active(token) => Body {
            active: true,
            scope: Some(token.scope.to_string()).filter(|scope| !scope.is_empty()),
            client_id: Some(&token.client_id),
            username: token.username.as_deref(),
            token_type: token.token_type,
            exp: Some(token.exp),
            iat: Some(token.iat),
            sub: Some(&token.sub),
            aud: token.aud.as_deref(),
            iss: Some(&token.iss),
            jti: token.jti.as_deref(),
            auth_time: token.auth_time,
            acr: token.acr.as_deref(),
        },
    }
}
