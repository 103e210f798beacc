//! The ports, one per file, each under the port's name.

mod allowed_groups;
mod attempts;
mod audit_trail;
mod authorization_codes;
mod authorizations;
mod client_deletion;
mod clients;
mod consents;
mod device_codes;
mod expired;
mod group_members;
mod groups;
mod initial_access_tokens;
mod interactions;
mod logout_notices;
mod mail_queue;
mod one_time_links;
mod opaque_access_tokens;
mod pushed_requests;
mod refresh_tokens;
mod replay_marks;
mod resources;
mod server_secrets;
mod sessions;
mod set_up_links;
pub(crate) mod signing_keys;
mod users;
