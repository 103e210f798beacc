//! Who sees the answer to a request.

use crate::port::SignedIn;

/// The user of the browser.
#[derive(Clone, Copy)]
pub(super) enum Visitor<'a> {
    /// This user is signed in.
    SignedIn(&'a SignedIn),
    /// No user is signed in.
    SignedOut,
    /// The store could not say.
    Unknown,
}

impl<'a> Visitor<'a> {
    pub(super) fn new(signed_in: Option<&'a SignedIn>) -> Self {
        signed_in.map_or(Self::SignedOut, Self::SignedIn)
    }
}
