//! What this server keeps of a client that registered itself (RFC 7591, RFC 7592), beside its registration.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Digest, GrantType, Scope};

/// A client's own registration: the token that manages it, and its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfRegistration {
    /// Its registration access token (RFC 7592 §3); none after an operator has revoked it.
    #[serde(deserialize_with = "Option::deserialize")]
    pub token: Option<Digest>,
    /// What it may register for itself, now and at every update.
    pub limits: RegistrationLimits,
    /// The members that an operator has changed since. Only operators change them from then on.
    pub set_by_operator: BTreeSet<String>,
}

/// What an initial access token changes about what a client may register for itself (RFC 7591 §3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationLimits {
    /// What it may ask for, in place of what every self-registered client may ask for.
    #[serde(deserialize_with = "Option::deserialize")]
    pub scope: Option<Scope>,
    /// Grant types that a client gets only because an operator allowed them.
    pub grant_types: BTreeSet<GrantType>,
}

impl SelfRegistration {
    /// The registration of a client under these limits, with nothing in it yet.
    #[must_use]
    pub const fn new(token: Digest, limits: RegistrationLimits) -> Self {
        Self { token: Some(token), limits, set_by_operator: BTreeSet::new() }
    }

    /// Whether no operator has ever had a hand in it: none changed it, and none allowed it a grant type. Such a client acts only
    /// for users, so what users granted tells whether it is used.
    #[must_use]
    pub fn is_unattended(&self) -> bool {
        self.set_by_operator.is_empty() && self.limits.grant_types.is_empty()
    }
}

impl RegistrationLimits {
    /// Whether a client within these limits may register `grant`.
    #[must_use]
    pub fn admit(&self, grant: GrantType) -> bool {
        !grant.needs_permission() || self.grant_types.contains(&grant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_grant_that_was_allowed_is_admitted_beyond_those_of_users() {
        let nobody = RegistrationLimits::default();
        assert!(nobody.admit(GrantType::AuthorizationCode) && nobody.admit(GrantType::RefreshToken));
        assert!(!nobody.admit(GrantType::ClientCredentials) && !nobody.admit(GrantType::DeviceCode));
        let allowed = RegistrationLimits { grant_types: [GrantType::ClientCredentials].into(), ..nobody };
        assert!(allowed.admit(GrantType::ClientCredentials));
    }

    #[test]
    fn a_client_is_unattended_until_an_operator_changes_it_or_if_one_allowed_it_a_grant() {
        let limits = RegistrationLimits::default();
        let own = SelfRegistration::new(Digest::of(b"token"), limits.clone());
        assert!(own.is_unattended());
        assert!(
            !SelfRegistration { set_by_operator: ["scope".to_owned()].into(), ..own.clone() }.is_unattended()
        );
        let limits = RegistrationLimits { grant_types: [GrantType::ClientCredentials].into(), ..limits };
        assert!(!SelfRegistration { limits, ..own }.is_unattended());
    }
}
