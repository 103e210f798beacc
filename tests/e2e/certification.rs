//! The checks of the OpenID certification plans: one file per plan, one test per module, over
//! https, with a browser that runs no JavaScript. docs/decisions/authorization-requests.md lists what cannot
//! pass.

mod back_channel;
mod basic;
mod checks;
mod config;
mod dynamic;
mod form_post;
mod front_channel;
mod module;
mod modules;
mod rp_initiated_logout;
mod site;
mod suite;
mod third_party_initiated;
