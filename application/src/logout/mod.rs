//! Ending sessions, and notifying clients (OpenID Connect RP-Initiated, Back-Channel and Front-Channel Logout).

pub mod backchannel;
pub mod end_session;
mod frontchannel;
