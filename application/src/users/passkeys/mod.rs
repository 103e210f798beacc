//! Passkeys (Web Authentication Level 3): made by a person, and verified when they sign in. Who is signed in then is the business of
//! `login/`.
//!
//! See docs/decisions/passkeys.md.

mod ceremonies;
mod enrolment;
mod provider;
mod relying_party;
mod verifier;

pub(crate) use ceremonies::Place;
pub use ceremonies::{Ceremonies, Ceremony};
pub use enrolment::{NewPasskey, PasskeyEnrolment};
pub use relying_party::RelyingParty;
pub use verifier::{PasskeyVerifier, RefusedPasskey};
