//! The credentials of a request (RFC 6749 §2.3, RFC 7521 §4.2).

use domain::Secret;

/// The client credentials in a request.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// `client_id` alone (`none`).
    Id(String),
    /// `client_id` and `client_secret`, from the header or the form.
    Secret {
        /// The client id.
        id: String,
        /// The secret.
        secret: Secret,
    },
    /// `client_assertion` of the type [`ASSERTION_TYPE`](super::ASSERTION_TYPE).
    Assertion {
        /// `client_id`, if it was sent too.
        id: Option<String>,
        /// The signed JWT.
        assertion: Secret,
    },
}

impl Credentials {
    /// What they are, in words.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Id(_) => "no credential",
            Self::Secret { .. } => "a secret",
            Self::Assertion { .. } => "an assertion",
        }
    }
}
