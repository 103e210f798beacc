//! What an operator says about a client that is to be registered (RFC 7591 §2).

use std::collections::BTreeSet;

use domain::client::{AccessTokenFormat, AuthenticationDefaults, ClientResources, SecretMethod};
use domain::logout::LogoutChannels;
use domain::subject::SubjectChoice;
use domain::{ClientId, GrantType, KeySource, RedirectUri, RequestObjects, Scope, Secret, SigningAlgorithm};

/// What a new client may ask for if nothing is said: who signs in, for one of a grant that people agree to.
#[must_use]
pub fn default_scope(grant_types: &BTreeSet<GrantType>) -> Scope {
    let for_people =
        grant_types.contains(&GrantType::AuthorizationCode) || grant_types.contains(&GrantType::DeviceCode);
    ["openid", "profile", "email"].into_iter().filter(|_| for_people).collect()
}

/// A client to be registered by an operator.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its id; a generated one if none.
    pub id: Option<ClientId>,
    /// Its name.
    pub name: Option<String>,
    /// How it authenticates; none for a public client.
    pub authentication: Option<Credential>,
    /// A secret the operator chose; a generated one if none.
    pub secret: Option<Secret>,
    /// `redirect_uris`.
    pub redirect_uris: Vec<RedirectUri>,
    /// `post_logout_redirect_uris`.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// How it is told that a session has ended.
    pub logout: LogoutChannels,
    /// `grant_types`.
    pub grant_types: BTreeSet<GrantType>,
    /// What it may ask for.
    pub scope: Scope,
    /// At which resources.
    pub resources: ClientResources,
    /// `logo_uri`, `policy_uri`, `tos_uri`.
    pub links: Links,
    /// By which names it knows users.
    pub subject: SubjectChoice,
    /// `id_token_signed_response_alg`.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// `userinfo_signed_response_alg`; none for plain JSON.
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// What it expects of an authentication when its request does not say.
    pub authentication_defaults: AuthenticationDefaults,
    /// How it signs its requests, and with which keys, if not with those of its authentication.
    pub request_objects: RequestObjects,
    /// What its access tokens look like.
    pub access_token_format: AccessTokenFormat,
    /// What only an operator can decide.
    pub marks: Marks,
}

/// How a confidential client proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// By a secret.
    Secret(SecretMethod),
    /// By an assertion that one of these keys verifies (`private_key_jwt`).
    Keys(KeySource),
}

/// The addresses shown to users.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// `logo_uri`.
    pub logo: Option<String>,
    /// `policy_uri`.
    pub policy: Option<String>,
    /// `tos_uri`.
    pub tos: Option<String>,
}

/// What only an operator can decide about a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Users are not asked for consent.
    pub first_party: bool,
    /// May introspect every access token.
    pub resource_server: bool,
    /// Its tokens open the administrative side.
    pub administrative: bool,
    /// Has to use PKCE where the policy leaves that to the client.
    pub require_pkce: bool,
    /// Has to push its authorization requests (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
}
