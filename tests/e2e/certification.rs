//! What the plans of OpenID certification look at: one file per plan, one test per module, over https, with a browser
//! that runs no JavaScript. What cannot pass is listed in docs/decisions/certification.md.

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
