//! `/admin`: the administrative JSON API. Every route is in one list, and [`gate`] protects all of them.

mod audit;
mod clients;
mod consents;
mod errors;
mod factors;
mod groups;
mod keys;
mod links;
mod list;
mod sessions;
mod sign_in_events;
mod users;

use application::error::Refusal;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::handler::Handler;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use domain::{Actor, Author};
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::app::{App, Shared};
use crate::error::Problem;
use crate::extract::conditions::Conditions;
use crate::extract::{address, bearer, metadata};
use crate::security;

const GET: (MethodFilter, Method) = (MethodFilter::GET, Method::GET);
const POST: (MethodFilter, Method) = (MethodFilter::POST, Method::POST);
const PUT: (MethodFilter, Method) = (MethodFilter::PUT, Method::PUT);
const PATCH: (MethodFilter, Method) = (MethodFilter::PATCH, Method::PATCH);
const DELETE: (MethodFilter, Method) = (MethodFilter::DELETE, Method::DELETE);

/// The challenge for a caller without a credential.
const NEEDED: &str = "the administrative API needs an administrator: an access token, sent as a bearer token, or a session cookie";

const CLIENTS: &str = "/admin/api/clients";
const CLIENT: &str = "/admin/api/clients/{id}";
const USERS: &str = "/admin/api/users";
const USER: &str = "/admin/api/users/{id}";
const CLAIMS: &str = "/admin/api/users/{id}/claims";
const SESSIONS: &str = "/admin/api/users/{id}/sessions";
const SESSION: &str = "/admin/api/users/{id}/sessions/{session}";
const CONSENT: &str = "/admin/api/users/{id}/consents/{client}";
const GROUPS: &str = "/admin/api/groups";
const GROUP: &str = "/admin/api/groups/{name}";
const MEMBER: &str = "/admin/api/groups/{name}/members/{id}";

/// The router, and the list of its routes.
pub(crate) struct Routes {
    pub(crate) router: Router<Shared>,
    pub(crate) list: Vec<(Method, &'static str)>,
}

/// Every administrative route.
pub(crate) fn routes() -> Routes {
    Routes { router: Router::new(), list: Vec::new() }
        .with(POST, "/admin/clients/register", clients::create)
        .with(GET, CLIENTS, clients::list)
        .with(POST, CLIENTS, clients::create)
        .with(GET, CLIENT, clients::show)
        .with(PUT, CLIENT, clients::replace)
        .with(PATCH, CLIENT, clients::patch)
        .with(DELETE, CLIENT, clients::delete)
        .with(POST, "/admin/api/clients/{id}/disable", clients::disable)
        .with(POST, "/admin/api/clients/{id}/enable", clients::enable)
        .with(POST, "/admin/api/clients/{id}/rotate-secret", clients::rotate_secret)
        .with(POST, "/admin/api/clients/{id}/rotate-registration-token", clients::rotate_registration_token)
        .with(POST, "/admin/api/clients/{id}/revoke-registration-token", clients::revoke_registration_token)
        .with(GET, "/admin/api/clients/{id}/lint", clients::lint)
        .with(GET, "/admin/api/clients/{id}/errors", errors::list_of_client)
        .with(GET, "/admin/api/errors/{reference}", errors::show)
        .with(GET, USERS, users::list)
        .with(POST, USERS, users::create)
        .with(GET, USER, users::show)
        .with(PATCH, USER, users::patch)
        .with(DELETE, USER, users::delete)
        .with(PUT, CLAIMS, users::replace_claims)
        .with(POST, "/admin/api/users/{id}/disable", users::disable)
        .with(POST, "/admin/api/users/{id}/enable", users::enable)
        .with(POST, "/admin/api/users/{id}/set-password", users::set_password)
        .with(POST, "/admin/api/users/{id}/invite", links::invite)
        .with(POST, "/admin/api/users/{id}/reset-link", links::reset)
        .with(POST, "/admin/api/users/{id}/email-link", links::change_email)
        .with(POST, "/admin/api/users/{id}/unlock", users::unlock)
        .with(GET, "/admin/api/users/{id}/factors", factors::show)
        .with(DELETE, "/admin/api/users/{id}/factors", factors::reset)
        .with(GET, "/admin/api/users/{id}/events", sign_in_events::list_of_user)
        .with(GET, "/admin/api/events", sign_in_events::list)
        .with(GET, SESSIONS, sessions::list)
        .with(DELETE, SESSIONS, sessions::end_all)
        .with(GET, SESSION, sessions::show)
        .with(DELETE, SESSION, sessions::end)
        .with(GET, "/admin/api/users/{id}/consents", consents::list)
        .with(GET, CONSENT, consents::show)
        .with(DELETE, CONSENT, consents::withdraw)
        .with(GET, "/admin/api/users/{id}/groups", groups::of_user)
        .with(GET, GROUPS, groups::list)
        .with(POST, GROUPS, groups::create)
        .with(GET, GROUP, groups::show)
        .with(PATCH, GROUP, groups::patch)
        .with(DELETE, GROUP, groups::delete)
        .with(GET, "/admin/api/groups/{name}/members", groups::members)
        .with(PUT, MEMBER, groups::add)
        .with(DELETE, MEMBER, groups::remove)
        .with(GET, "/admin/api/audit", audit::list)
        .with(POST, "/admin/api/keys/rotate", keys::rotate)
}

impl Routes {
    fn with<H, T>(mut self, method: (MethodFilter, Method), path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        let (filter, method) = method;
        self.router = self.router.route(path, on(filter, handler));
        self.list.push((method, path));
        self
    }
}

/// Admits administrators and administrative clients, and adds the author of changes to the request.
pub(crate) async fn gate(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let address = address::caller(&request, &app.trusted_proxies).address;
    let (mut parts, body) = request.into_parts();
    let (conditions, changes) = (Conditions::read(&parts.headers), !parts.method.is_safe());
    let mut response = match actor(&app, &parts.method, &parts.headers).await {
        Ok(_) if changes && !has_tag(&parts.extensions) && !conditions.admit_untagged() => {
            app.administered(Err(Problem::untagged()))
        }
        Ok(actor) => {
            parts.extensions.insert(Author::at(actor, &address));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(refused) => refused,
    };
    if changes && response.status().is_success() {
        // The change may have ended sessions.
        app.use_cases.backchannel_logout.signal.send();
    }
    if changes && conditions.need_existence() && response.status() == StatusCode::NOT_FOUND {
        *response.status_mut() = StatusCode::PRECONDITION_FAILED;
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A page of another site cannot load it as a script or an image.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("same-origin"));
    response
}

/// Whether the handlers of the route compare entity tags.
fn has_tag(request: &Extensions) -> bool {
    let route = request.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    [CLIENT, USER, CLAIMS, SESSION, CONSENT, GROUP].iter().any(|tagged| route.ends_with(tagged))
}

async fn actor(app: &App, method: &Method, headers: &HeaderMap) -> Result<Actor, Response> {
    let refused = |error: application::Error| app.bearer_error(&error);
    let browser = app.cookies.read(headers);
    // With two credentials the intended one is ambiguous, and they may belong to different users.
    if headers.contains_key(AUTHORIZATION) && browser.session.is_some() {
        let twice = Refusal::invalid_request("send either a session cookie or one access token, not both");
        return Err(refused(twice.into()));
    }
    if headers.contains_key(AUTHORIZATION) {
        let token = bearer::bearer(headers, None).map_err(|refusal| refused(refusal.into()))?;
        let token = token.ok_or_else(|| app.bearer_challenge(NEEDED))?;
        return app.use_cases.administration.by_token(&token).await.map_err(refused);
    }
    let signed_in = app.use_cases.administration.by_session(&browser).await;
    let actor = signed_in.map_err(refused)?.ok_or_else(|| app.bearer_challenge(NEEDED))?;
    if !method.is_safe() {
        own_page(app, headers).map_err(|refusal| refused(refusal.into()))?;
    }
    Ok(actor)
}

/// With a cookie, only pages of this server's own origin may change anything, and they send no forms here.
fn own_page(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    security::surely_same_origin(headers, &app.use_cases.settings.issuer)?;
    if headers.contains_key(CONTENT_TYPE) && !metadata::is_json(headers) {
        return Err(Refusal::invalid_request("the request body must be JSON: Content-Type application/json"));
    }
    Ok(())
}
