//! `GET|POST /oauth/userinfo` (OpenID Connect Core §5.3).

use axum::extract::{Request, State};
use axum::response::Response;
use http::Method;

use application::Parameters;
use application::userinfo::UserInfo;

use crate::answer::{private_json, private_jwt};
use crate::app::{App, Shared};
use crate::extract::{bearer, parameters};

/// The claims about the user of the access token, which the header or, by POST, a form carries (RFC 6750 §2.2). Some
/// clients send a token in the header together with a body that is no form.
pub(crate) async fn any(State(app): State<Shared>, request: Request) -> Response {
    let headers = request.headers().clone();
    let sent = match *request.method() {
        Method::POST => parameters::form_if_any(request).await,
        _ => Ok(None),
    };
    let response = match sent {
        Ok(form) => answer(&app, &headers, form.as_ref()).await,
        Err(unreadable) => app.unreadable_resource_request(unreadable),
    };
    app.with_resource_metadata(response)
}

async fn answer(app: &App, headers: &http::HeaderMap, form: Option<&Parameters>) -> Response {
    let token = match bearer::bearer(headers, form) {
        Ok(Some(token)) => token,
        Ok(None) => return app.bearer_challenge("UserInfo needs an access token, sent as a bearer token"),
        Err(refusal) => return app.bearer_error(&refusal.into()),
    };
    match app.use_cases.userinfo.userinfo(&token).await {
        Ok(UserInfo::Plain(claims)) => private_json(&claims),
        Ok(UserInfo::Signed(jwt)) => private_jwt(jwt, "application/jwt"),
        Err(error) => app.bearer_error(&error),
    }
}
