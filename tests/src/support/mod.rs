//! The actors of the end-to-end tests: a server, a browser, a relying party.
#![allow(clippy::expect_used, clippy::panic, reason = "an actor is part of a test")]

mod authenticator;
mod browser;
mod caller;
mod client_document;
mod client_signer;
mod first_keys;
mod https;
pub mod installation;
mod log;
mod logout_receiver;
mod mailbox;
mod nodes;
mod page;
mod picture;
mod private_database;
mod private_redis;
mod provided;
mod publisher;
mod relying_party;
mod server;
mod signed_request;
mod soft_passkey;
mod store;
mod wire;

pub use authenticator::Authenticator;
pub use browser::{Browser, Landed};
pub use client_signer::{ASSERTION_TYPE, ClientSigner};
pub use https::{SecureClient, SelfSigned};
pub use log::{logged, logged_lines};
pub use logout_receiver::LogoutReceiver;
pub use mailbox::Mailbox;
pub use nodes::TwoNodes;
pub use page::Page;
pub use picture::PNG;
pub use private_database::PrivateDatabase;
pub use private_redis::{private_redis, redis_cluster_url, redis_url};
pub use provided::{postgres_program, provided, service};
pub use publisher::Publisher;
pub use relying_party::{Callback, Pkce, RelyingParty, Tokens};
pub use server::{PASSWORD, TestServer, default_settings};
pub use signed_request::request_claims;
pub use soft_passkey::SoftPasskey;
pub use wire::Wire;
