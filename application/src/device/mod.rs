//! The device authorization grant up to the token endpoint (RFC 8628 §3.1–3.3).
//!
//! See docs/decisions/device.md.

mod authorization;
mod grant;
mod user_code_lookup;
mod verification;
mod view;

pub use authorization::{DeviceAuthorization, DeviceAuthorizationEndpoint};
pub use user_code_lookup::{EntryProblem, UserCodeLookup};
pub use verification::DeviceVerification;
pub use view::{Answer, ApprovalView, DeviceForm, EntryView, Verdict, Verification};
