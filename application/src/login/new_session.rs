//! What a finished login gives the browser.

use domain::Secret;
use domain::interaction::Purpose;

use crate::browser::OpenInteraction;

/// The cookies of a browser that has just signed in.
#[derive(Debug)]
pub struct NewSession {
    /// The new value of the session cookie.
    pub session: Secret,
    /// The new value of the device cookie.
    pub device: Secret,
    /// The interaction to resume, if it has not ended.
    pub interaction: Option<Box<(OpenInteraction, Purpose)>>,
}
