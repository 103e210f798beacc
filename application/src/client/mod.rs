//! Clients: how they are registered and changed, by an operator or by themselves (RFC 7591, RFC 7592).
//!
//! See docs/decisions/client-registration.md.

pub mod administration;
pub mod document;
pub mod initial_access_tokens;
pub mod registration;
