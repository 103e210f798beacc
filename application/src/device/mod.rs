//! The device authorization grant up to the token endpoint (RFC 8628 §3.1–3.3).
//!
//! See docs/decisions/device.md.

mod authorization;
mod look_up;
mod verification;

pub use authorization::{DeviceAuthorization, DeviceAuthorizationEndpoint};
pub use verification::{
    Answer, ApprovalView, DeviceForm, DeviceVerification, EntryProblem, EntryView, Verdict, Verification,
};
