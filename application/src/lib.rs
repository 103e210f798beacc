//! Verbs: one module per endpoint or grant, and the ports they need.

pub mod access_token;
pub mod authorize;
pub mod backchannel_logout;
pub mod browser;
pub mod client_auth;
pub mod device;
pub mod end_session;
pub mod error;
pub mod id_token;
pub mod introspect;
pub mod jose;
pub mod keys;
pub mod login;
pub mod metadata;
pub mod parameters;
pub mod password_rule;
pub mod password_verifier;
pub mod people;
pub mod port;
pub mod protected_resource;
pub mod push;
pub mod register;
pub mod registration_document;
pub mod registration_tokens;
pub mod registry;
pub mod resource_indicators;
pub mod resource_servers;
pub mod revoke;
pub mod seal;
pub mod set_up;
pub mod settings;
pub mod token;
pub mod userinfo;

pub use error::{Error, Refusal};
pub use parameters::Parameters;
pub use settings::Settings;
