//! End to end: the production router over real HTTP, on the store that `TEST_STORE` names.

mod authorization_code;
mod authorization_errors;
mod bad_requests;
mod client_credentials;
mod concurrency;
mod consent;
mod interactions;
mod introspection;
mod keys;
mod login;
mod logout;
mod metadata;
mod operators;
mod refresh;
mod revocation;
mod sessions;
mod set_up;
mod signed_introspection;
mod userinfo;
