//! Ending sessions, and notifying clients (OpenID Connect RP-Initiated, Back-Channel and Front-Channel Logout).
//!
//! See docs/decisions/logout.md.

pub mod backchannel;
mod continuation;
pub mod end_session;
mod frontchannel;
mod hinted_session;
