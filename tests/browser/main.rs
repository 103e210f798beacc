//! Tests with a real browser (headless Chromium) against the production router.
//!
//! Every test ends by checking the browser's console: no page may violate its own
//! Content-Security-Policy.
#![allow(clippy::expect_used, clippy::panic, reason = "every function here is part of a test")]

mod accessibility;
mod account;
mod admin;
mod chromium;
mod client_app;
mod driver;
mod form_post;
mod looks;
mod one_time_links;
mod passkeys;
mod policy;
mod second_factor;
mod set_up;
mod sign_in;
mod sign_out;
mod slow_application;
mod tabs;
mod tour;
mod two_devices;
mod whose_login;
mod without_javascript;

use tests::support::TestServer;

use client_app::ClientApp;

/// The name of the user who signs in.
const USERNAME: &str = "ada";

/// A server with the real time, a user, and a confidential client that listens.
async fn server_and_client() -> (TestServer, ClientApp) {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let client = ClientApp::start(&server, "notes").await;
    (server, client)
}
