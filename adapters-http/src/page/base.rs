//! What all pages have in common: the base path of all links, which is the path of the issuer (RFC 8414 §3.1), and the operator.

use std::sync::Arc;

use domain::{Branding, Issuer};

use super::brand::Brand;

/// The path of the issuer, empty for an issuer without a path, and the operator.
#[derive(Clone, Debug)]
pub struct Base {
    path: String,
    brand: Arc<Brand>,
}

impl Base {
    /// The base path of this issuer, and its operator.
    #[must_use]
    pub fn new(issuer: &Issuer, branding: &Branding) -> Self {
        Self { path: issuer.path().to_owned(), brand: Arc::new(Brand::new(issuer, branding)) }
    }

    /// The path that a browser requests; `path` starts with a slash.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }

    /// The operator.
    pub(crate) fn brand(&self) -> &Brand {
        &self.brand
    }
}

#[cfg(test)]
impl Default for Base {
    fn default() -> Self {
        Self::new(&"https://login.example.com".parse().unwrap(), &Branding::default())
    }
}
