//! `require_pushed_authorization_requests` (RFC 9126 §5, §6): who may only ask for what they pushed before.

use domain::Client;

use super::Channel;
use crate::error::Refusal;
use crate::settings::Settings;

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
