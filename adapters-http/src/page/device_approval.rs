//! `/oauth/device/verify`: the user decides what a device may do (RFC 8628 §3.3, §5.4).

use askama::Template;

use super::Base;
use super::{AccessLifetime, ClientCard, ResourceLine, ScopeLine};
use crate::language::Language;

/// The question: hidden `form_token` and `interaction`, and `decision` from submit `id="allow"` (`allow`) or
/// `id="deny"` (`deny`). The code to compare is in `id="user-code"`.
///
/// Like the consent page it has no text field and focuses nothing: Enter allows nothing by accident.
#[derive(Clone, Template)]
#[template(path = "device_approval.html")]
pub struct DeviceApprovalPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The target of the form.
    pub action: String,
    /// The id of the interaction.
    pub interaction: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The code that the device shows.
    pub user_code: String,
    /// The client on the device. Its host is that of its redirect URIs, if an operator vouches for it: no answer reaches it.
    pub client: ClientCard,
    /// The username of the signed-in user.
    pub account: String,
    /// Where another user signs in.
    pub switch: String,
    /// Whether any device could claim to be the client: it has no secret (RFC 8628 §5.6).
    pub is_claimable: bool,
    /// The requested scopes in the order shown, without `offline_access`.
    pub scopes: Vec<ScopeLine>,
    /// The requested resources (RFC 8707).
    pub resources: Vec<ResourceLine>,
    /// Whether the access continues after the session (`offline_access`, OpenID Connect Core 1.0 §11).
    pub offline: bool,
    /// How long the access lasts.
    pub lasts: AccessLifetime,
}
