//! The settings of the operator, typed and checked: the part of the configuration that use cases read.

use chrono::{DateTime, Duration, Utc};
use domain::client::{LintedServer, MAX_ID_TOKEN_TTL_SECONDS};
use domain::pkce::PkcePolicy;
use domain::scope::ADMINISTRATION;
use domain::{
    AuthenticationContexts, Branding, Client, DeclaredScopes, GrantType, Issuer, OutboundUri, Scope, Session,
    SigningAlgorithm, interaction,
};

use crate::port::Limit;

/// How clients may be registered without an operator (RFC 7591 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Registration is switched off.
    Disabled,
    /// Callers with an initial access token. This is the default.
    InitialAccessToken,
    /// Every caller.
    Open,
}

/// The rules for clients that register themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationPolicy {
    /// Who may register.
    pub mode: RegistrationMode,
    /// The scopes that they may register, unless their initial access token says otherwise.
    pub allowed_scopes: Scope,
    /// Whether they must use PKCE. Public clients always must.
    pub require_pkce: bool,
    /// Whether they may register the device grant also without an initial access token that allows it.
    pub device_grant: bool,
    /// Registrations per address, and changes that one client makes; one address may make twice as many changes.
    pub limit: Limit,
    /// Registrations of all addresses together without an initial access token, and changes that all clients make.
    pub shared_limit: Limit,
    /// How long a client that registered itself may be unused.
    pub unused: Duration,
}

/// The requirements for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRule {
    /// The fewest characters.
    pub min_characters: u32,
    /// The lowest score of zxcvbn: 1 to 4. A score of 2 is a million guesses in the order of likelihood.
    pub min_score: u8,
}

/// Whether people need a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Only those who have turned one on.
    Optional,
    /// Everybody: a person without one turns it on while they sign in.
    Required,
}

/// A session that is in use is written at most this often.
const MAX_SESSION_IDLE_STEP: Duration = Duration::minutes(5);

/// The lifetimes of tokens, codes, sessions and keys.
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
    /// Of a session that is not used.
    pub session_idle: Duration,
    /// How long after a sign-in the session may open the sensitive pages of its person's account.
    pub fresh_sign_in: Duration,
    /// How long after a rotation a retry with the spent refresh token gets the same successor.
    pub refresh_replay_window: Duration,
    /// Of a pushed authorization request, until it is opened.
    pub pushed_request: Duration,
    /// How long a signing key signs.
    pub signing_key: Duration,
}

impl Lifetimes {
    /// Of an ID token for `client`.
    #[must_use]
    pub fn id_token_of(&self, client: &Client) -> Duration {
        let own = client.tokens.id_token_ttl_seconds.map(i64::from);
        own.map_or(self.id_token, Duration::seconds)
    }

    /// When a session expires whose user authenticated at `auth_time` and that is used at `now`.
    #[must_use]
    pub fn session_expiry(&self, auth_time: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        (auth_time + self.session).min(now + self.session_idle)
    }

    /// How much later a session has to expire for its use to be written: a few minutes, so that not every request writes.
    #[must_use]
    pub fn session_idle_step(&self) -> Duration {
        MAX_SESSION_IDLE_STEP.min(self.session_idle / 4)
    }

    /// The longest lifetime of a signed token: a key stays published that long after its last signature. An operator may
    /// choose the longest lifetime for the ID tokens of any client.
    #[must_use]
    pub fn longest_token(&self) -> Duration {
        let of_any_client = Duration::seconds(i64::from(MAX_ID_TOKEN_TTL_SECONDS));
        self.access_token.max(self.id_token).max(of_any_client)
    }

    /// How long after a request any token can be valid that it leads to: a pushed request that is opened late, a slow user, a
    /// device that polls late, and the last refresh.
    #[must_use]
    pub fn longest_grant(&self) -> Duration {
        let until_granted = self.pushed_request + interaction::LIFETIME;
        let until_redeemed = self.authorization_code.max(self.device_code);
        until_granted + until_redeemed + self.refresh_token + self.longest_token()
    }
}

/// The settings of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The issuer identifier of this server.
    pub issuer: Issuer,
    /// All scopes that exist: the standard ones and those of the operator.
    pub scopes: Scope,
    /// The scopes that the operator declares, with descriptions and claims.
    pub declared_scopes: DeclaredScopes,
    /// Which clients may leave PKCE out.
    pub pkce: PkcePolicy,
    /// The scope of a request that names this server as its resource and no scope, if the client has no default either.
    pub issuer_default_scope: Scope,
    /// The lifetimes.
    pub lifetimes: Lifetimes,
    /// The most live sessions of a user.
    pub sessions_per_user: u32,
    /// The algorithm that signs access tokens.
    pub access_token_alg: SigningAlgorithm,
    /// Whether every access token is opaque, also for clients that are registered for JWTs.
    pub opaque_access_tokens: bool,
    /// Whether the refresh token grant is switched on.
    pub refresh_token_grant: bool,
    /// Whether a client without `allowed_groups` is closed to all users; otherwise it is open to all.
    pub require_allowed_groups: bool,
    /// Whether every client must push its authorization requests (RFC 9126 §5).
    pub require_pushed_authorization_requests: bool,
    /// Whether people may delete their own accounts.
    pub account_deletion: bool,
    /// How people make their own accounts.
    pub sign_up: domain::SignUpRules,
    /// Whether the password grant is switched on (RFC 9700 §2.4 says it must not be used).
    pub password_grant: bool,
    /// Whether tokens may be introspected without credentials.
    pub public_introspection: bool,
    /// The authentication contexts (`acr`) that logins reach.
    pub authentication_contexts: AuthenticationContexts,
    /// Whether people need a second factor.
    pub second_factor: SecondFactor,
    /// Wrong passwords per account and address, wrong operator-chosen client secrets per client and address, wrong user
    /// codes per user.
    pub authentication_limit: Limit,
    /// The most consecutive wrong passwords of strangers on one account, over all addresses; at most 100 (NIST SP 800-63B
    /// §3.2.2).
    pub authentication_ceiling: u32,
    /// Which passwords may be set.
    pub password_rule: PasswordRule,
    /// Device authorizations of one public client from one address that no user has decided about.
    pub device_authorization_limit: Limit,
    /// Requests that public and self-registered clients push from one address.
    pub push_limit: Limit,
    /// Requests that all such clients together push, and device authorizations that they begin and no user has decided about.
    pub shared_limit: Limit,
    /// The most bytes of `state` and of `nonce`.
    pub max_state_bytes: usize,
    /// How long what explains a refusal is kept; not at all if it is zero.
    pub refusal_retention: Duration,
    /// Whether outbound requests may go to private addresses and to this machine.
    pub outbound_allow_private: bool,
    /// The seconds that a device must wait between two polls, unless it has polled too early (RFC 8628 §3.2).
    pub device_interval_seconds: u32,
    /// The languages of the pages, as tags of RFC 5646.
    pub ui_locales: Vec<String>,
    /// `service_documentation` in the metadata.
    pub service_documentation: String,
    /// The hosts whose accounts sign in here, besides the issuer's host (RFC 7033).
    pub webfinger_hosts: Vec<String>,
    /// Where vulnerabilities are reported, as URIs (RFC 9116 §2.5.3).
    pub security_contacts: Vec<String>,
    /// The schemes without a dot that native applications may have in redirect URIs.
    pub native_redirect_schemes: Vec<String>,
    /// The rules for clients that register themselves.
    pub registration: RegistrationPolicy,
    /// How the operator presents itself to people.
    pub branding: Branding,
}

impl Settings {
    /// What they say about the registration of every client.
    #[must_use]
    pub fn linted(&self) -> LintedServer {
        LintedServer {
            pkce: self.pkce,
            require_allowed_groups: self.require_allowed_groups,
            access_token: self.lifetimes.access_token,
            id_token: self.lifetimes.id_token,
        }
    }

    /// The operator's name, or else the issuer's host.
    #[must_use]
    pub fn operator(&self) -> String {
        self.branding.operator(&self.issuer)
    }

    /// Whether the user of this session authenticated with as many factors as the operator demands.
    #[must_use]
    pub fn accepts(&self, session: &Session) -> bool {
        match self.second_factor {
            SecondFactor::Optional => true,
            SecondFactor::Required => session.has_several_factors(),
        }
    }

    /// Whether outbound requests may go to this URI. Its address is checked when the request is made.
    #[must_use]
    pub fn may_request(&self, uri: &OutboundUri) -> bool {
        uri.is_https() || self.outbound_allow_private
    }

    /// The names of the operator and this server, which make a password easy to guess.
    #[must_use]
    pub fn operator_names(&self) -> Vec<String> {
        vec![self.issuer.host(), self.operator()]
    }

    /// Whether this scope exists for this client: `administration` only for one that an operator marked as administrative.
    #[must_use]
    pub fn has_scope(&self, token: &str, client: &Client) -> bool {
        self.scopes.contains(token) || (token == ADMINISTRATION && client.administrative)
    }

    /// Whether this client gets refresh tokens.
    #[must_use]
    pub fn may_refresh(&self, client: &Client) -> bool {
        self.refresh_token_grant && client.grant_types.contains(&GrantType::RefreshToken)
    }

    /// Whether any user can have access to this client. No membership is looked up.
    #[must_use]
    pub fn lets_users_enter(&self, client: &Client) -> bool {
        client.allowed_groups.as_ref().map_or(!self.require_allowed_groups, |groups| !groups.is_empty())
    }

    /// How long after the authorization by a user this client can get access tokens, or has its only one. Refresh tokens
    /// end with the session, unless the user allowed `offline_access`.
    #[must_use]
    pub fn longest_access(&self, client: &Client, offline: bool) -> Duration {
        let Lifetimes { access_token, refresh_token, session, .. } = self.lifetimes;
        match (self.may_refresh(client), offline) {
            (false, _) => access_token,
            (true, false) => refresh_token.min(session),
            (true, true) => refresh_token,
        }
    }

    /// How long after an authorization by a user the last token of this client can be valid.
    #[must_use]
    pub fn longest_use(&self, client: &Client) -> Duration {
        let last_token = self.lifetimes.access_token.max(self.lifetimes.id_token_of(client));
        if self.may_refresh(client) { self.lifetimes.refresh_token + last_token } else { last_token }
    }
}
