//! Every route.

use std::sync::Arc;
use std::time::Duration;

use application::metadata::path;
use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, post};
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderName, Method, StatusCode};
use ipnet::IpNet;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;

use crate::app::{App, Shared, UseCases};
use crate::endpoint::{
    authorize, consent, docs, error_reference, health, home, introspect, jwks, login, logout, metadata,
    revoke, set_up, token, userinfo,
};
use crate::page::asset;
use crate::security;

/// How long an answer may take, in seconds.
const PATIENCE_SECONDS: u64 = 30;

/// The router of the whole server. Addresses in `X-Forwarded-For` count as far as `trusted_proxies` wrote them.
pub fn router(use_cases: UseCases, trusted_proxies: Vec<IpNet>) -> Router {
    let app: Shared = Arc::new(App::new(use_cases, trusted_proxies));
    let https = app.use_cases.settings.issuer.is_https();

    // Scripts of any origin may call these: they carry no cookie.
    let for_scripts = Router::new()
        .route(path::OPENID_CONFIGURATION, get(metadata::get))
        .route(path::AUTHORIZATION_SERVER, get(metadata::get))
        .route(path::JWKS, get(jwks::get))
        .route(path::TOKEN, post(token::post))
        .route(path::REVOKE, post(revoke::post))
        .route(path::USERINFO, get(userinfo::any).post(userinfo::any))
        // Before the layer: a preflight is a method that the route itself does not know.
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors());

    let for_servers = Router::new().route(path::INTROSPECT, post(introspect::post));

    let for_people = Router::new()
        .route("/", get(home::get))
        .route("/docs", get(docs::get))
        .route(path::AUTHORIZE, get(authorize::get).post(authorize::post))
        .route("/login", get(login::get).post(login::post))
        .route("/consent", get(consent::get).post(consent::post))
        .route(path::LOGOUT, get(logout::get).post(logout::post))
        .route("/setup", get(set_up::get).post(set_up::post))
        .route("/errors/{reference}", get(error_reference::get))
        .route(asset::stylesheet_path(), get(asset::stylesheet));

    let for_operators =
        Router::new().route("/health", get(health::health)).route("/ready", get(health::ready));

    for_scripts
        .merge(for_servers)
        .merge(for_people)
        .merge(for_operators)
        .fallback(async |State(app): State<Shared>| app.not_found())
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(PATIENCE_SECONDS),
        ))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(move |request, next| security::every_answer(https, request, next)))
}

async fn method_not_allowed(State(app): State<Shared>) -> Response {
    app.method_not_allowed()
}

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE])
        .expose_headers([WWW_AUTHENTICATE, HeaderName::from_static("error-reference")])
        .max_age(Duration::from_secs(3600))
}
