//! The contract of the store ports: every promise of their documentation is a clause that every adapter runs.
//!
//! A clause is a function. Its name has the words of the promise. Each port has a file here, and a macro in that file
//! lists its clauses. [`contract!`](crate::contract!) makes a test of every clause, so that no adapter leaves one out.
#![allow(missing_docs, reason = "the name of a clause is its documentation")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a clause is a test")]

pub mod attempts;
pub mod audit_trail;
pub mod authorization_codes;
pub mod authorizations;
pub mod clients;
pub mod consents;
pub mod device_codes;
pub mod expired;
pub mod fixture;
pub mod groups;
pub mod initial_access_tokens;
pub mod interactions;
pub mod logout_notices;
pub mod mail_queue;
pub mod one_time_links;
pub mod opaque_access_tokens;
pub mod passkeys;
pub mod pushed_requests;
pub mod race;
pub mod readiness;
pub mod refresh_tokens;
pub mod refusals;
pub mod replay_marks;
pub mod resources;
pub mod second_factors;
pub mod server_secrets;
pub mod sessions;
pub mod set_up_links;
pub mod sign_in_events;
pub mod signing_keys;
pub mod suite;
pub mod users;

pub use application::port::Stores;
pub use suite::{PORTS, Port};
