//! The sealed content of a queued mail.

use domain::Letter;
use serde::{Deserialize, Serialize};

use super::draft::Draft;

/// A mail, or what becomes one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Content {
    /// A mail.
    Letter(Letter),
    /// A request for a password link. The account is looked up later, in the background.
    Forgotten(Request),
    /// A request for an account. Whether the address has one is looked up later, in the background.
    SignUp(Draft),
}

/// The request of a person who forgot the password.
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
