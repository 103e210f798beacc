//! Every route.

use std::sync::Arc;

use application::metadata::path;
use axum::Router;
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, head, post};
use http::header::ALLOW;
use http::{HeaderMap, Method, Uri};
use ipnet::IpNet;
use tower::layer::layer_fn;

use crate::app::{App, Shared, UseCases};
use crate::cors::cors;
use crate::endpoint::{
    account, admin, admin_pages, authorize, brand, consent, device_authorization, device_verification, docs,
    error_reference, forgot, health, home, introspect, jwks, login, logo, logout, metadata, one_time_link,
    protected_resource, push, register, revoke, second_step, set_up, sign_up, token, userinfo, webfinger,
    well_known,
};
use crate::every_answer::EveryAnswer;
use crate::page::asset;
use crate::security;

/// The router of the whole server. It uses the entries of `X-Forwarded-For` that `trusted_proxies` wrote.
pub fn router(use_cases: UseCases, trusted_proxies: Vec<IpNet>) -> Router {
    let app: Shared = Arc::new(App::new(use_cases, trusted_proxies));

    // Scripts of any origin may call these, because the requests carry no cookie.
    let for_scripts = Router::new()
        .route(path::OPENID_CONFIGURATION, get(metadata::get))
        .route(path::AUTHORIZATION_SERVER, get(metadata::get))
        .route(path::JWKS, get(jwks::get))
        .route(path::TOKEN, post(token::post))
        .route(path::REVOKE, post(revoke::post))
        .route(path::PUSH, post(push::post))
        // An application on a television can be a web page.
        .route(path::DEVICE_AUTHORIZATION, post(device_authorization::post))
        .route(path::USERINFO, get(userinfo::any).post(userinfo::any))
        .route(path::REGISTER, post(register::post))
        .route(
            &format!("{}/{{client_id}}", path::REGISTER),
            get(register::get).put(register::put).delete(register::delete),
        )
        // Before the layer: a preflight request uses a method that the route itself does not have.
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors());

    let for_servers = Router::new().route(path::INTROSPECT, post(introspect::post));

    let for_people = Router::new()
        .route(path::AUTHORIZE, pages().get(authorize::get).post(authorize::post))
        .route("/login", pages().get(login::get).post(login::post))
        .route(second_step::SECOND_STEP, pages().get(second_step::get).post(second_step::post))
        .route(second_step::ENROL, pages().get(second_step::get_enrolment).post(second_step::post_enrolment))
        .route("/forgot", pages().get(forgot::get).post(forgot::post))
        .route("/register", pages().get(sign_up::get).post(sign_up::post))
        .route(sign_up::CONFIRM, pages().get(sign_up::get_confirmation).post(sign_up::post_confirmation))
        .route("/consent", pages().get(consent::get).post(consent::post))
        .route(path::LOGOUT, pages().get(logout::get).post(logout::post))
        .route(
            path::DEVICE_VERIFICATION,
            pages().get(device_verification::get).post(device_verification::post),
        )
        .route(asset::stylesheet_path(), get(asset::stylesheet))
        .route(asset::passkeys_path(), get(asset::passkeys))
        .route("/logos/{client_id}/{name}", get(logo::get));

    // One gate checks access to all of these; scripts of other origins may not call them.
    let for_administrators =
        admin::routes().router.route_layer(from_fn_with_state(Arc::clone(&app), admin::gate));

    let endpoints =
        for_scripts.merge(for_servers).merge(for_people).merge(beside_sign_in()).merge(for_administrators);
    let endpoints = endpoints.merge(for_operators()).merge(branding(&app));
    at(app.use_cases.settings.issuer.path(), endpoints)
        .fallback(async |State(app): State<Shared>, uri: Uri, headers: HeaderMap| {
            app.not_found(uri.path(), &headers)
        })
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(&app))
        .layer(layer_fn(move |route| EveryAnswer { route, app: Arc::clone(&app) }))
}

/// The pages that no application opens in a window of its own.
fn beside_sign_in() -> Router<Shared> {
    Router::new()
        .route("/", get(home::get))
        .route("/docs", get(docs::get))
        .route("/setup", pages().get(set_up::get).post(set_up::post))
        .route("/errors/{reference}", get(error_reference::get))
        .merge(one_time_link::routes(pages))
        .merge(account::routes())
        .merge(admin_pages::routes())
        .route_layer(from_fn(security::isolate))
}

/// The operator's colour and logo, if there are any.
fn branding(app: &App) -> Router<Shared> {
    let router = Router::new();
    let router = match &app.base.brand().stylesheet {
        Some(file) => router.route(&file.path, get(brand::stylesheet)),
        None => router,
    };
    match &app.base.brand().logo {
        Some(file) => router.route(&file.path, get(brand::logo)),
        None => router,
    }
}

/// Health checks know the host and the port, and not always the issuer's path.
fn for_operators() -> Router<Shared> {
    Router::new().route("/health", get(health::health)).route("/ready", get(health::ready))
}

/// What is always at the host's root: the metadata of all resources, followed by the resource's path (RFC 9728 §3.1), and
/// what programs look for at every host.
fn for_the_host() -> Router<Shared> {
    let for_every_visitor = Router::new()
        .route("/.well-known/change-password", get(well_known::change_password))
        .route("/.well-known/security.txt", get(well_known::security))
        .route("/robots.txt", get(well_known::robots))
        .route("/favicon.ico", get(asset::favicon));
    Router::new()
        .route(path::WEBFINGER, get(webfinger::get))
        .route(path::PROTECTED_RESOURCE, get(protected_resource::get))
        .route(&format!("{}/", path::PROTECTED_RESOURCE), get(protected_resource::get))
        .route(&format!("{}/{{*resource}}", path::PROTECTED_RESOURCE), get(protected_resource::get))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors())
        .merge(for_every_visitor)
}

/// Puts the endpoints below the issuer's path. The host's root then has the metadata, because RFC 8414 §3.1 inserts the
/// well-known path before the issuer's path (§5: for OpenID Connect too), and the health checks.
fn at(path_of_issuer: &str, endpoints: Router<Shared>) -> Router<Shared> {
    if path_of_issuer.is_empty() {
        return endpoints.merge(for_the_host());
    }
    let inserted = |well_known: &str| format!("{well_known}{path_of_issuer}");
    let metadata = Router::new()
        .route(&inserted(path::AUTHORIZATION_SERVER), get(metadata::get))
        .route(&inserted(path::OPENID_CONFIGURATION), get(metadata::get))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors());
    let ours = Router::new()
        .route(path::PROTECTED_RESOURCE, get(protected_resource::issuer_metadata))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors());
    // The nested "/" is the issuer itself; links to it end with a slash.
    let home = Router::new().route(&format!("{path_of_issuer}/"), get(home::get));
    let home = home.route_layer(from_fn(security::isolate));
    Router::new()
        .nest(path_of_issuer, endpoints.merge(ours))
        .merge(home)
        .merge(metadata)
        .merge(for_the_host())
        .merge(for_operators())
}

/// Every route below `/admin`: its method and its path.
#[must_use]
pub fn administrative_routes() -> Vec<(Method, &'static str)> {
    admin::routes().list
}

/// GET requests to these routes issue codes and end sessions, so HEAD must not be handled as GET, and `Allow` does not
/// name it.
fn pages() -> MethodRouter<Shared> {
    let only = async |app: State<Shared>| ([(ALLOW, "GET,POST")], method_not_allowed(app).await);
    head(only).fallback(only)
}

async fn method_not_allowed(State(app): State<Shared>) -> Response {
    app.method_not_allowed()
}
