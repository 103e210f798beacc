//! End to end: the production router over real HTTP, on the store that `TEST_STORE` names.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod admin;
mod authentication_contexts;
mod authorization_code;
mod authorization_errors;
mod backchannel_logout;
mod bad_input;
mod certification;
mod claims;
mod client_credentials;
mod clock_steps;
mod concurrency;
mod consent;
mod device;
mod frontchannel_logout;
mod https;
mod interactions;
mod introspection;
mod issuer_path;
mod jwks_uri;
mod keys;
mod languages;
mod login;
mod logout;
mod metadata;
mod metadata_truth;
mod nodes;
mod opaque_access_tokens;
mod operators;
mod pairwise;
mod password;
mod private_key_jwt;
mod protected_resource;
mod pushed_requests;
mod refresh;
mod registration;
mod resource_indicators;
mod revocation;
mod rfc9700;
mod sessions;
mod set_up;
mod signed_introspection;
mod signed_userinfo;
mod user_document;
mod userinfo;
