//! Second factors: authenticator apps (RFC 6238) and recovery codes. What they protect is the business of `login/`.
//!
//! See docs/decisions/second-factors.md.

mod account;
mod administration;
mod enrolment;
mod totp;
mod verifier;

pub use account::{AccountFactors, AppPage, CodesPage, Opened};
pub use administration::{FactorAdministration, FactorsDocument};
pub use enrolment::{AppEnrolment, Confirmed, Enrolment};
pub use totp::PERIOD_SECONDS;
pub use verifier::FactorVerifier;
