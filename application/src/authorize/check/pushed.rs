//! `require_pushed_authorization_requests` (RFC 9126 §5, §6): the clients that have to push their requests.

use domain::Client;

use crate::error::Refusal;
use crate::settings::Settings;

/// How the parameters of a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// In the browser of the user.
    Front,
    /// From the client itself, which has authenticated (RFC 9126 §2.1).
    Back,
}

/// Refuses parameters in the browser where only pushed ones count (RFC 9126 §4).
pub(super) fn check(settings: &Settings, client: &Client, channel: Channel) -> Result<(), Refusal> {
    let required =
        settings.require_pushed_authorization_requests || client.require_pushed_authorization_requests;
    match channel {
        Channel::Front if required => {
            Err(Refusal::invalid_request("the authorization request has to be pushed first"))
        }
        Channel::Front | Channel::Back => Ok(()),
    }
}
