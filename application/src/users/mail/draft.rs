//! What a person asked for who wants an account: sealed in a mail of the queue, then in the link of that mail, and in no store.

use chrono::{DateTime, Utc};
use domain::Digest;
use domain::user::PasswordHash;
use serde::{Deserialize, Serialize};

/// A request for an account.
#[derive(Clone, Serialize, Deserialize)]
pub struct Draft {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub(super) password: PasswordHash,
    /// The language of the person.
    pub(super) locale: Option<String>,
    /// The browser that asked.
    pub(super) browser: Digest,
    /// When the link stops working.
    pub(super) expires_at: DateTime<Utc>,
}
