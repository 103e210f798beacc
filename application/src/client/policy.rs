//! The settings as what a registration is judged by.

use std::collections::BTreeSet;

use domain::GrantType;
use domain::client::{Allowance, Policy, Registrant};
use domain::self_registration::RegistrationLimits;

use crate::client_auth::key_sets::can_verify;
use crate::settings::Settings;

/// What the registration of this registrant is judged by.
pub(super) fn policy<'a>(settings: &'a Settings, registrant: Registrant<'a>) -> Policy<'a> {
    Policy {
        registrant,
        scopes: &settings.scopes,
        allow_private_addresses: settings.outbound_allow_private,
        can_verify,
    }
}

/// What a client may register for itself under these limits.
pub(super) fn allowance(
    settings: &Settings,
    limits: &RegistrationLimits,
    switched_on: &BTreeSet<GrantType>,
) -> Allowance {
    Allowance::new(limits, &settings.registration.allowed_scopes, &settings.scopes, switched_on)
}
