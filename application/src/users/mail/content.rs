//! What the queue of mails keeps, sealed.

use domain::Letter;
use serde::{Deserialize, Serialize};

/// A mail, or what becomes one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Content {
    /// A mail.
    Letter(Letter),
    /// Somebody forgot a password. Whether they have an account is not known yet.
    Forgotten(Request),
}

/// What a person asked who forgot the password.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    /// The user name or e-mail address, as typed.
    pub(super) name: String,
    /// The languages that the browser asked for.
    pub(super) languages: Vec<String>,
    /// The network address of the browser, for the audit trail.
    #[serde(default)]
    pub(super) from: String,
}
