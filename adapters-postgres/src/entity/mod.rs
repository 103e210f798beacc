//! One entity per table. They are rows, not nouns: each port's file turns them into values of the domain.
#![allow(unreachable_pub, reason = "the derive of an entity wants it public; this module is not")]

pub(crate) mod allowed_group;
pub(crate) mod attempt;
pub(crate) mod audit_event;
pub(crate) mod authenticator_app;
pub(crate) mod authorization;
pub(crate) mod authorization_code;
pub(crate) mod client;
pub(crate) mod consent;
pub(crate) mod device_code;
pub(crate) mod ended_resource;
pub(crate) mod group;
pub(crate) mod group_member;
pub(crate) mod initial_access_token;
pub(crate) mod interaction;
pub(crate) mod logout_notice;
pub(crate) mod mail;
pub(crate) mod one_time_link;
pub(crate) mod opaque_access_token;
pub(crate) mod passkey;
pub(crate) mod pushed_request;
pub(crate) mod recovery_code;
pub(crate) mod refresh_token;
pub(crate) mod refusal;
pub(crate) mod replay_mark;
pub(crate) mod resource;
pub(crate) mod revoked_token;
pub(crate) mod server_secret;
pub(crate) mod session;
pub(crate) mod set_up_link;
pub(crate) mod sign_in_event;
pub(crate) mod sign_in_name;
pub(crate) mod signing_algorithm;
pub(crate) mod signing_key;
pub(crate) mod user;
pub(crate) mod withdrawal;
