//! Verbs: one module per endpoint or grant, and the ports they need.

pub mod account;
pub mod admin;
pub mod authorize;
pub mod browser;
pub mod client;
pub mod client_auth;
pub mod context;
pub mod device;
pub mod error;
pub mod introspection;
pub mod keys;
pub mod login;
pub mod logout;
pub mod metadata;
pub mod parameters;
pub mod port;
pub mod refusals;
pub mod resource;
pub mod resume;
pub mod revoke;
pub mod settings;
pub mod token;
pub mod userinfo;
pub mod users;
pub mod webfinger;

pub use context::Context;
pub use error::{Error, Refusal};
pub use parameters::Parameters;
pub use settings::Settings;
