//! Third-party client libraries complete the flow from discovery to a revoked token.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "every function here is part of a test"
)]

mod beyond_login;
mod client_key;
mod openid_client;
mod openidconnect;
mod quick_starts;
mod requests;
mod script;

use tests::support::{RelyingParty, TestServer};

/// The name of the user who signs in.
const USERNAME: &str = "ada";

/// A server with the real time, a user and a confidential client.
async fn server_and_client() -> (TestServer, RelyingParty) {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let client = RelyingParty::confidential(&server, "interop").await;
    (server, client)
}
