//! What a page with a passkey carries for its script.

use application::users::passkeys::Ceremony;

/// The ceremony that a page begins. It has no `Debug`: the challenge could reach a log.
#[derive(Clone)]
pub struct PasskeyRequest {
    /// What the script passes to the browser, as JSON.
    pub options: String,
    /// The sealed challenge, for the form.
    pub challenge: String,
    /// The id of a passkey that was sent before and is not known here, in base64url.
    pub unknown: Option<String>,
}

impl From<Ceremony> for PasskeyRequest {
    fn from(Ceremony { options, challenge }: Ceremony) -> Self {
        Self { options, challenge, unknown: None }
    }
}
