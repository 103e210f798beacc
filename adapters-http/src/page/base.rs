//! Where this server begins on its host: the path of the issuer (RFC 8414 §3.1), which every link of ours starts with.

use domain::Issuer;

/// What every path of ours is put behind; nothing for an issuer without a path.
#[derive(Clone, Debug, Default)]
pub struct Base(String);

impl Base {
    /// The base of everything below this issuer.
    #[must_use]
    pub fn of(issuer: &Issuer) -> Self {
        Self(issuer.path().to_owned())
    }

    /// A path of ours as a browser has to ask for it; `path` starts with a slash.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}
