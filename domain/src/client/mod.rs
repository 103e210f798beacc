//! A registered client and what it may request (RFC 7591 §2, OpenID Connect Dynamic Registration §2).
//!
//! [`MEMBERS`] has one entry per member of the registration document. A [`ClientDraft`] is such a document. The only
//! way to make a client or to change its registration is to apply a draft under a [`Policy`].

mod appearance;
mod apply;
mod authentication;
mod caveats;
mod credentials;
mod details;
mod draft;
mod finding;
mod home;
mod identity;
mod input;
mod lint;
mod localized;
mod member;
mod members;
mod operator_choices;
mod policy;
mod problem;
mod reads;
mod rules;
#[cfg(test)]
mod tests;
mod tokens;
mod unsupported;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::logout::LogoutChannels;
use crate::pkce::PkcePolicy;
use crate::redirect_uri::VerifiedRedirectUri;
use crate::scope;
use crate::self_registration::SelfRegistration;
use crate::subject::{Naming, NoSector, SubjectChoice};
use crate::{
    AssertionAlgorithm, AuthenticationContext, ClientId, GrantType, GroupName, Incarnation, Issuer,
    KeySource, RedirectUri, RequestObjects, ResourceIdentifier, Scope, SigningAlgorithm,
};

pub use authentication::{ClientAuthentication, SecretMethod, StoredSecret};
pub use details::{ApplicationType, ClientDetails};
pub use draft::{ClientDraft, InvalidDocument};
pub use finding::{Finding, LintedServer, Severity};
pub use localized::localizable;
pub use member::{Access, Form, Member};
pub use members::MEMBERS;
pub use policy::{Allowance, Policy, Registrant};
pub use problem::{Problem, Problems};
pub use tokens::{AccessTokenFormat, AccessTokenTyp, ClientTokens, MAX_ID_TOKEN_TTL_SECONDS};

/// A client and its registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// Tells this client from a deleted one that had the same id.
    pub incarnation: Incarnation,
    /// `client_name`, as users see it.
    pub name: Option<String>,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// Whether an operator allowed redirect URIs with http to hosts of the local network.
    pub allow_http_redirect: bool,
    /// `redirect_uris`.
    pub redirect_uris: Vec<RedirectUri>,
    /// `post_logout_redirect_uris` (OpenID Connect RP-Initiated Logout §3.1).
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where this server sends a notice when a session has ended.
    pub logout: LogoutChannels,
    /// `grant_types`.
    pub grant_types: BTreeSet<GrantType>,
    /// `scope`: what it may ask for.
    pub scope: Scope,
    /// `resources` and `default_resource` (RFC 8707).
    pub resources: ClientResources,
    /// `allowed_groups`: only members of these groups have access, no user if it is empty. Without it, all users have it, unless
    /// the setting `require_allowed_groups` is on.
    #[serde(deserialize_with = "Option::deserialize")]
    pub allowed_groups: Option<BTreeSet<GroupName>>,
    /// `logo_uri`.
    pub logo_uri: Option<String>,
    /// `policy_uri`.
    pub policy_uri: Option<String>,
    /// `tos_uri`.
    pub tos_uri: Option<String>,
    /// What else it says about itself.
    pub details: ClientDetails,
    /// `subject_type` and `sector_identifier_uri`.
    pub subject: SubjectChoice,
    /// `id_token_signed_response_alg`.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// `userinfo_signed_response_alg`; without it UserInfo is plain JSON.
    #[serde(deserialize_with = "Option::deserialize")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// `introspection_signed_response_alg` (RFC 9701 §6); without it, that of the access tokens.
    #[serde(deserialize_with = "Option::deserialize")]
    pub introspection_signed_response_alg: Option<SigningAlgorithm>,
    /// `token_endpoint_auth_signing_alg`: the only algorithm of its assertions; any of them without it.
    #[serde(deserialize_with = "Option::deserialize")]
    pub assertion_algorithm: Option<AssertionAlgorithm>,
    /// `default_max_age`, `require_auth_time` and `default_acr_values`.
    pub authentication_defaults: AuthenticationDefaults,
    /// How it signs its requests (RFC 9101).
    pub request_objects: RequestObjects,
    /// What its tokens look like.
    pub tokens: ClientTokens,
    /// Whether it must use PKCE. The server's policy, and being a public client, can take the exemption away.
    pub require_pkce: bool,
    /// `require_pushed_authorization_requests` (RFC 9126 §6): a request that it did not push is refused.
    pub require_pushed_authorization_requests: bool,
    /// The operator's own application: users are not asked for consent.
    pub first_party: bool,
    /// Marked by an operator as a resource server: may introspect every access token.
    pub resource_server: bool,
    /// Marked by an operator as their own tool: its tokens open the administrative side.
    pub administrative: bool,
    /// When it was disabled: it cannot authenticate, and nothing it was issued works.
    #[serde(deserialize_with = "Option::deserialize")]
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// What this server keeps of a client that registered itself.
    #[serde(deserialize_with = "Option::deserialize")]
    pub registration: Option<SelfRegistration>,
}

/// What a client expects of the authentication of its users (OpenID Connect Dynamic Registration §2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuthenticationDefaults {
    /// `default_max_age`: how long ago, in seconds, a user may have authenticated.
    #[serde(deserialize_with = "Option::deserialize")]
    pub max_age_seconds: Option<u32>,
    /// `require_auth_time`. Every ID token has it.
    pub require_auth_time: bool,
    /// `default_acr_values`, the best first. They are preferences, never conditions.
    pub acr_values: Vec<AuthenticationContext>,
}

/// The resources that an operator lets a client ask for (RFC 8707). A client that registers itself has none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClientResources {
    /// The resources that it may name.
    pub allowed: BTreeSet<ResourceIdentifier>,
    /// The resource that its tokens are for if it names none. Without a default, they are for the issuer.
    #[serde(deserialize_with = "Option::deserialize")]
    pub default: Option<ResourceIdentifier>,
}

/// Why an authorization request has no usable redirect URI. It is never answered by redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriProblem {
    /// None sent, though the request is an OpenID request or several are registered.
    #[error(
        "redirect_uri is required: the request is an OpenID request, or the client registered more than one"
    )]
    Missing,
    /// Not registered.
    #[error("redirect_uri does not match a registered one exactly")]
    Unregistered,
}

impl Client {
    /// A public client whose registration is empty: every member has its default.
    #[must_use]
    pub fn new(id: ClientId, incarnation: Incarnation, created_at: DateTime<Utc>) -> Self {
        Self {
            id,
            incarnation,
            name: None,
            authentication: ClientAuthentication::None,
            allow_http_redirect: false,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            logout: LogoutChannels::default(),
            grant_types: BTreeSet::new(),
            scope: Scope::default(),
            resources: ClientResources::default(),
            allowed_groups: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            details: ClientDetails::default(),
            subject: SubjectChoice::default(),
            id_token_signed_response_alg: SigningAlgorithm::Rs256,
            userinfo_signed_response_alg: None,
            introspection_signed_response_alg: None,
            assertion_algorithm: None,
            authentication_defaults: AuthenticationDefaults::default(),
            request_objects: RequestObjects::default(),
            tokens: ClientTokens { id_token_claims: true, ..ClientTokens::default() },
            require_pkce: true,
            require_pushed_authorization_requests: false,
            first_party: false,
            resource_server: false,
            administrative: false,
            disabled_at: None,
            created_at,
            registration: None,
        }
    }

    /// Whether it has no credential (RFC 6749 §2.1).
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self.authentication, ClientAuthentication::None)
    }

    /// The algorithms that this server signs with for it.
    #[must_use]
    pub fn signing_algorithms(&self) -> BTreeSet<SigningAlgorithm> {
        let answers = [self.userinfo_signed_response_alg, self.introspection_signed_response_alg];
        answers.into_iter().flatten().chain([self.id_token_signed_response_alg]).collect()
    }

    /// How its next grants name users.
    ///
    /// # Errors
    /// [`NoSector`], for a client that did not come through a draft.
    pub fn naming(&self) -> Result<Naming, NoSector> {
        let sector = self.subject.sector(&self.id, &self.redirect_uris)?;
        Ok(sector.map_or(Naming::Public, Naming::Pairwise))
    }

    /// Whether it may act.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// `jwks` or `jwks_uri`: the keys that verify what it signs.
    #[must_use]
    pub const fn keys(&self) -> Option<&KeySource> {
        match &self.authentication {
            ClientAuthentication::PrivateKeyJwt { keys } => Some(keys),
            ClientAuthentication::None | ClientAuthentication::Secret { .. } => {
                self.request_objects.keys.as_ref()
            }
        }
    }

    /// Finds the redirect URI for a request that presented this one, or none.
    ///
    /// # Errors
    /// Why there is nowhere to redirect to.
    pub fn verify_redirect_uri(
        &self,
        presented: Option<&str>,
        openid: bool,
    ) -> Result<VerifiedRedirectUri, RedirectUriProblem> {
        match (presented, self.redirect_uris.as_slice()) {
            (Some(presented), registered) => registered
                .iter()
                .find_map(|uri| uri.matching(presented))
                .ok_or(RedirectUriProblem::Unregistered),
            (None, [only]) if !openid => Ok(only.verified()),
            (None, _) => Err(RedirectUriProblem::Missing),
        }
    }

    /// The scope of a request without `scope`: the registered scope, without the scopes about the user, which a
    /// client must request explicitly.
    #[must_use]
    pub fn default_scope(&self) -> Scope {
        self.scope.filtered(|token| !scope::STANDARD.contains(&token) && token != scope::ADMINISTRATION)
    }

    /// Whether it may ask for tokens for this resource; for the issuer's own every client may.
    #[must_use]
    pub fn may_name(&self, resource: &ResourceIdentifier, issuer: &Issuer) -> bool {
        self.resources.allowed.contains(resource) || *resource == issuer.into()
    }

    /// Whether an operator exempted it from PKCE. A public client never is (RFC 9700 §2.1.1).
    #[must_use]
    pub const fn is_exempt_from_pkce(&self) -> bool {
        !self.require_pkce && !self.is_public()
    }

    /// Whether a request or a code without a challenge is enough from it, as the policy and its registration are now.
    #[must_use]
    pub const fn may_leave_pkce_out(&self, policy: PkcePolicy) -> bool {
        matches!(policy, PkcePolicy::PerClient) && self.is_exempt_from_pkce()
    }

    /// Whether an earlier consent to this client is enough. It is not if any application could pose as the client
    /// (RFC 8252 §8.6).
    #[must_use]
    pub fn consent_can_be_remembered(&self, redirect_uri: &VerifiedRedirectUri) -> bool {
        !(self.is_public() && redirect_uri.is_claimable_by_any_app())
    }
}
