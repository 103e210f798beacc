//! The policy for a registration: who registers, and what this server allows.

use std::collections::BTreeSet;

use crate::pkce::PkcePolicy;
use crate::self_registration::RegistrationLimits;
use crate::{ClientKeys, GrantType, Issuer, OperatorName, OutboundUri, Scope};

/// The rules that a draft is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Who wrote the draft.
    pub registrant: Registrant<'a>,
    /// This server.
    pub issuer: &'a Issuer,
    /// The name of the operator, which no client that registers itself may pass for.
    pub operator: Option<&'a OperatorName>,
    /// Every scope of this server.
    pub scopes: &'a Scope,
    /// Whether this server sends requests to private addresses and to its own machine.
    pub allow_private_addresses: bool,
    /// Which clients may leave PKCE out.
    pub pkce: PkcePolicy,
    /// The schemes without a dot that native applications may have in redirect URIs.
    pub native_redirect_schemes: &'a [String],
    /// Whether one of these keys can verify a signature.
    pub can_verify: fn(&ClientKeys) -> bool,
}

/// Who wrote a draft.
#[derive(Debug, Clone, Copy)]
pub enum Registrant<'a> {
    /// An operator, over HTTP or on the command line.
    Operator,
    /// The client itself (RFC 7591 §3). Members that it may not set are left out (§3.2.1).
    Client(&'a Allowance),
}

/// The limits of a client that registers itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The scope that it may request. A client that registers no scope gets all of it.
    pub scope: Scope,
    /// The grant types it may use.
    pub grant_types: BTreeSet<GrantType>,
}

impl Policy<'_> {
    /// Whether this server may send a request to this URI. The resolved address is checked later.
    pub(super) fn may_request(&self, uri: &OutboundUri) -> bool {
        uri.is_https() || self.allow_private_addresses
    }
}

impl Registrant<'_> {
    /// Whether the client itself registers.
    #[must_use]
    pub const fn is_client(&self) -> bool {
        matches!(self, Self::Client(_))
    }
}

impl Allowance {
    /// The limits under an initial access token with these `limits`, on a server with these `scopes`,
    /// `allowed_scopes` for clients that register themselves, and the grants `switched_on`.
    #[must_use]
    pub fn new(
        limits: &RegistrationLimits,
        allowed_scopes: &Scope,
        scopes: &Scope,
        switched_on: &BTreeSet<GrantType>,
    ) -> Self {
        let allowed = limits.scope.as_ref().unwrap_or(allowed_scopes);
        Self {
            scope: allowed.filtered(|token| scopes.contains(token)),
            grant_types: switched_on.iter().copied().filter(|grant| limits.admit(*grant)).collect(),
        }
    }
}
