//! Turns the settings into the policy for a registration.

use domain::client::{Policy, Registrant};

use crate::client_auth::key_sets::can_verify;
use crate::settings::Settings;

/// The policy for the registration of this registrant.
pub(super) fn policy<'a>(settings: &'a Settings, registrant: Registrant<'a>) -> Policy<'a> {
    Policy {
        registrant,
        issuer: &settings.issuer,
        operator: settings.branding.name.as_ref(),
        scopes: &settings.scopes,
        allow_private_addresses: settings.outbound_allow_private,
        pkce: settings.pkce,
        native_redirect_schemes: &settings.native_redirect_schemes,
        can_verify,
    }
}
