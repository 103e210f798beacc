//! Second factors: authenticator apps (RFC 6238) and recovery codes; passkeys are in `passkeys/`. What they protect is the business of
//! `login/`.
//!
//! See docs/decisions/second-factors.md.

mod administration;
mod enrolment;
mod totp;
mod verifier;

pub use administration::{FactorAdministration, FactorsDocument, PasskeyDocument};
pub use enrolment::{AppEnrolment, Confirmed, Enrolment};
pub use totp::PERIOD_SECONDS;
pub use verifier::FactorVerifier;
