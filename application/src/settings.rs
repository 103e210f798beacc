//! What an operator decided, typed and checked: the part of the configuration that use cases see.

use chrono::Duration;
use domain::{AuthenticationContexts, Client, GrantType, Issuer, OutboundUri, Scope, SigningAlgorithm};

use crate::port::Limit;

/// Which clients have to use PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PkcePolicy {
    /// Every client (OAuth 2.1 §7.5): the default.
    Required,
    /// As registered per client; public clients always.
    PerClient,
}

/// Who may register clients without an operator (RFC 7591 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Nobody.
    Disabled,
    /// Whoever has an initial access token: the default.
    InitialAccessToken,
    /// Everybody.
    Open,
}

/// What holds for clients that register themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationPolicy {
    /// Who may register.
    pub mode: RegistrationMode,
    /// What they may ask for, unless their initial access token says otherwise.
    pub allowed_scopes: Scope,
    /// Whether they have to use PKCE where the policy leaves that to the client.
    pub require_pkce: bool,
    /// Registrations per address.
    pub limit: Limit,
}

/// Lifetimes of what we hand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of an authorization code.
    pub authorization_code: Duration,
    /// Of a device code and its user code.
    pub device_code: Duration,
    /// Of an access token.
    pub access_token: Duration,
    /// Of an ID token.
    pub id_token: Duration,
    /// Of a refresh token family, from its authorization on.
    pub refresh_token: Duration,
    /// Of a refresh token that is not used.
    pub refresh_token_idle: Duration,
    /// Of a session.
    pub session: Duration,
    /// How long after a rotation the spent refresh token is answered with the same successor.
    pub refresh_replay_window: Duration,
    /// Of a pushed authorization request, until it is opened.
    pub pushed_request: Duration,
    /// How long a signing key signs.
    pub signing_key: Duration,
}

impl Lifetimes {
    /// How long a signature of ours can matter: a key stays published that long after its last one.
    #[must_use]
    pub fn longest_token(&self) -> Duration {
        self.access_token.max(self.id_token)
    }
}

/// Everything an operator decided about the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who we are.
    pub issuer: Issuer,
    /// Every scope there is: the standard ones and the operator's.
    pub scopes: Scope,
    /// Who has to use PKCE.
    pub pkce: PkcePolicy,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// What access tokens are signed with.
    pub access_token_alg: SigningAlgorithm,
    /// Whether every access token is opaque, whatever its client registered.
    pub opaque_access_tokens: bool,
    /// Whether the refresh token grant is switched on.
    pub refresh_token_grant: bool,
    /// Whether every client has to push its authorization requests (RFC 9126 §5).
    pub require_pushed_authorization_requests: bool,
    /// Whether the password grant is switched on (RFC 9700 §2.4 says it must not be used).
    pub password_grant: bool,
    /// Whether anybody may introspect without credentials.
    pub public_introspection: bool,
    /// What a password login is worth.
    pub authentication_contexts: AuthenticationContexts,
    /// Wrong passwords per account and address, wrong operator-chosen client secrets per client and address, wrong user
    /// codes per user.
    pub authentication_limit: Limit,
    /// Whether requests of our own may go to private addresses and to this machine.
    pub outbound_allow_private: bool,
    /// How many seconds a device waits between two polls, until it polls too early (RFC 8628 §3.2).
    pub device_interval_seconds: u32,
    /// The languages of our pages that the operator offers, as tags of RFC 5646.
    pub ui_locales: Vec<String>,
    /// `service_documentation` in the metadata.
    pub service_documentation: String,
    /// What holds for clients that register themselves.
    pub registration: RegistrationPolicy,
}

impl Settings {
    /// Whether requests of our own may go to this URI, as far as the URI tells.
    #[must_use]
    pub fn may_request(&self, uri: &OutboundUri) -> bool {
        uri.is_https() || self.outbound_allow_private
    }

    /// Whether this client gets refresh tokens.
    #[must_use]
    pub fn may_refresh(&self, client: &Client) -> bool {
        self.refresh_token_grant && client.grant_types.contains(&GrantType::RefreshToken)
    }

    /// How long after its redemption a user's grant to this client can be of use: then its last token has expired.
    #[must_use]
    pub fn longest_use(&self, client: &Client) -> Duration {
        let last_token = self.lifetimes.longest_token();
        if self.may_refresh(client) { self.lifetimes.refresh_token + last_token } else { last_token }
    }
}
