//! The server as an operator runs it: the real binary, in its own folder, on SQLite, on PostgreSQL,
//! and with Redis.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "every function here is part of a test"
)]

mod at_rest;
mod backup;
mod banning;
mod command_line;
mod crash;
mod ending;
mod export;
mod faults;
mod first_start;
mod https;
mod limits;
mod mail;
mod metrics;
mod one_time_links;
mod proxies;
mod readme;
mod refused_start;
mod traces;
mod traps;

use serde_json::Value;
use tests::support::{PASSWORD, RelyingParty, installation};

use installation::Installation;

/// The name of the user who signs in.
const USERNAME: &str = "ada";

/// 32 bytes, for a server without a database file beside which it could create a key.
const ENCRYPTION_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

/// Creates a user with [`PASSWORD`] on the command line.
async fn user(installation: &Installation) -> Value {
    let line = ["user", "create", "--username", USERNAME, "--password-stdin", "--json"];
    installation.answers(&line, PASSWORD).await
}

/// Registers a confidential client of every grant on the command line.
async fn client(installation: &Installation, options: &[&str]) -> RelyingParty {
    let line = "client create --id app --redirect-uri http://127.0.0.1/callback --grant authorization_code \
                --grant refresh_token --grant client_credentials --json";
    let mut line: Vec<_> = line.split_whitespace().collect();
    line.extend(["--scope", "openid offline_access read"]);
    line.extend(options);
    let registration = installation.answers(&line, "").await;
    let secret = registration["client_secret"].as_str().expect("a secret").to_owned();
    RelyingParty::registered(&installation.issuer, "app", Some(secret), "http://127.0.0.1/callback")
}
