//! Turns the settings into the policy for a registration.

use std::collections::BTreeSet;

use domain::GrantType;
use domain::client::{Allowance, Policy, Registrant};
use domain::self_registration::RegistrationLimits;

use crate::client_auth::key_sets::can_verify;
use crate::settings::Settings;

/// The policy for the registration of this registrant.
pub(super) fn policy<'a>(settings: &'a Settings, registrant: Registrant<'a>) -> Policy<'a> {
    Policy {
        registrant,
        scopes: &settings.scopes,
        allow_private_addresses: settings.outbound_allow_private,
        can_verify,
    }
}

/// The limits of a client that registers itself under an initial access token with these limits.
pub(super) fn allowance(
    settings: &Settings,
    limits: &RegistrationLimits,
    switched_on: &BTreeSet<GrantType>,
) -> Allowance {
    Allowance::new(limits, &settings.registration.allowed_scopes, &settings.scopes, switched_on)
}
