//! Who sent a request, and where its answer goes: what an error response needs.

use domain::{AuthorizationRequest, Client, ClientId, Incarnation, ReturnTo, UiLocales};

use crate::error::Error;

/// The sender of a request whose client and redirect URI are known good.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) client: ClientId,
    pub(super) incarnation: Incarnation,
    /// Whether an operator vouches for the client.
    pub(super) is_vetted: bool,
    pub(super) return_to: ReturnTo,
    /// Whether the client requested an answer without any page (`prompt=none`).
    pub(super) is_silent: bool,
    /// The languages that the pages should be in.
    pub(super) ui_locales: UiLocales,
}

/// A request that ends with an error.
#[derive(Debug)]
pub(super) struct FailedRequest {
    pub(super) sender: Sender,
    pub(super) error: Error,
}

impl Sender {
    /// The sender of a valid request.
    pub(super) fn new(client: &Client, request: &AuthorizationRequest) -> Self {
        Self {
            client: client.id.clone(),
            incarnation: client.incarnation,
            is_vetted: client.is_vetted(),
            return_to: request.return_to.clone(),
            is_silent: request.prompt.none,
            ui_locales: request.ui_locales.clone(),
        }
    }

    /// Its request, which ends with this error.
    pub(super) fn failed(self, error: impl Into<Error>) -> FailedRequest {
        FailedRequest { sender: self, error: error.into() }
    }
}
