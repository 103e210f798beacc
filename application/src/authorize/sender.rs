//! Who sent a request, and where its answer goes: what an error response needs.

use domain::interaction::{HeldError, Purpose};
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

    /// The sender of a request in an interaction; none if no client waits for an answer. An operator vouches for the client
    /// if one did when the interaction began.
    pub(super) fn of_purpose(purpose: Purpose) -> Option<Self> {
        match purpose {
            Purpose::Authorize(request) => Some(Self {
                client: request.client,
                incarnation: request.incarnation,
                is_vetted: request.is_vetted,
                return_to: request.return_to,
                is_silent: request.prompt.none,
                ui_locales: request.ui_locales,
            }),
            Purpose::HeldError(held) => Some(Self::of_held(held)),
            Purpose::SignOut { .. } | Purpose::Device { .. } | Purpose::Account { .. } => None,
        }
    }

    /// The sender of a request whose error waits for a login.
    pub(super) fn of_held(held: HeldError) -> Self {
        let HeldError { client, incarnation, is_vetted, return_to, ui_locales, .. } = held;
        Self { client, incarnation, is_vetted, return_to, is_silent: false, ui_locales }
    }

    /// Its request, which ends with this error.
    pub(super) fn failed(self, error: impl Into<Error>) -> FailedRequest {
        FailedRequest { sender: self, error: error.into() }
    }
}
