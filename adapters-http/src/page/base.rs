//! The base path of all links: the path of the issuer (RFC 8414 §3.1).

use domain::Issuer;

/// The path of the issuer; empty for an issuer without a path.
#[derive(Clone, Debug, Default)]
pub struct Base(String);

impl Base {
    /// The base path of this issuer.
    #[must_use]
    pub fn new(issuer: &Issuer) -> Self {
        Self(issuer.path().to_owned())
    }

    /// The path that a browser requests; `path` starts with a slash.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}
