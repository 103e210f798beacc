//! Token introspection (RFC 7662), plain or as a signed JWT (RFC 9701).

mod answer;
mod endpoint;
mod signed;

pub use answer::{ActiveToken, Introspection};
pub use endpoint::IntrospectionEndpoint;
