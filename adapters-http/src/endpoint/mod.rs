//! One file per endpoint: decode, call, encode.

pub(crate) mod admin;
pub(crate) mod authorize;
pub(crate) mod consent;
pub(crate) mod device_authorization;
pub(crate) mod device_verification;
pub(crate) mod docs;
pub(crate) mod error_reference;
mod guess;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod introspect;
pub(crate) mod jwks;
pub(crate) mod login;
pub(crate) mod logo;
pub(crate) mod logout;
pub(crate) mod metadata;
mod no_access;
pub(crate) mod protected_resource;
pub(crate) mod push;
pub(crate) mod register;
pub(crate) mod reply;
pub(crate) mod revoke;
pub(crate) mod set_up;
pub(crate) mod token;
pub(crate) mod userinfo;
pub(crate) mod webfinger;
pub(crate) mod well_known;
