//! Which members of a registration (RFC 7591 §2) are on which tab of the editor, and how they are filled in.

use domain::admin_page::ApplicationTab;
use domain::{Client, GrantType};

use ApplicationTab::{Access, Advanced, Overview, Proof, SignIn, Told};

/// A member that can be edited.
pub(super) struct Editable {
    pub(super) tab: ApplicationTab,
    /// Its name in the document.
    pub(super) member: &'static str,
    /// The key of its label.
    pub(super) label: &'static str,
    /// The key of what to type, if that is not plain.
    pub(super) hint: Option<&'static str>,
    pub(super) input: Input,
    /// Whether most people leave it as it is.
    pub(super) is_rare: bool,
    /// Whether an application like this one can have it.
    pub(super) applies: fn(&Client) -> bool,
}

/// How a member is filled in.
pub(super) enum Input {
    Text,
    Address,
    Number,
    Flag,
    /// A list, each entry on a line.
    Lines,
    /// A JSON object.
    Object,
    /// One of these values; the empty one is none.
    One(&'static [&'static str]),
    /// Any of these values.
    Any(&'static [&'static str]),
    /// The scopes of the server, of which a text names some.
    Scope,
    /// The groups that may enter, or everybody.
    Entry,
}

const ALGORITHMS: &[&str] = &["", "RS256", "ES256", "EdDSA"];
const ASSERTIONS: &[&str] =
    &["", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];
const METHODS: &[&str] = &["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
const GRANTS: &[&str] = &[
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
    "password",
];

const fn usual(tab: ApplicationTab, member: &'static str, label: &'static str, input: Input) -> Editable {
    Editable { tab, member, label, hint: None, input, is_rare: false, applies: any }
}

const fn rare(tab: ApplicationTab, member: &'static str, label: &'static str, input: Input) -> Editable {
    Editable { is_rare: true, ..usual(tab, member, label, input) }
}

impl Editable {
    const fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    const fn of(self, applies: fn(&Client) -> bool) -> Self {
        Self { applies, ..self }
    }
}

const fn any(_: &Client) -> bool {
    true
}

/// People sign in to it with a browser.
fn redirects(client: &Client) -> bool {
    client.grant_types.contains(&GrantType::AuthorizationCode)
}

/// It acts for people.
fn has_users(client: &Client) -> bool {
    client.grant_types.iter().any(|grant| grant.asks_user())
        || client.grant_types.contains(&GrantType::Password)
}

/// Every member that can be edited, in the order of the pages.
pub(super) static EDITABLE: &[Editable] = &[
    usual(Overview, "client_name", "admin-m-client-name", Input::Text),
    usual(Overview, "logo_uri", "admin-m-logo-uri", Input::Address),
    usual(Overview, "client_uri", "admin-m-client-uri", Input::Address),
    usual(Overview, "initiate_login_uri", "admin-m-initiate-login-uri", Input::Address).of(redirects),
    rare(Overview, "contacts", "admin-m-contacts", Input::Lines),
    rare(Overview, "policy_uri", "admin-m-policy-uri", Input::Address),
    rare(Overview, "tos_uri", "admin-m-tos-uri", Input::Address),
    usual(SignIn, "redirect_uris", "admin-m-redirect-uris", Input::Lines)
        .hint("admin-redirect-uris-hint")
        .of(redirects),
    usual(SignIn, "post_logout_redirect_uris", "admin-m-post-logout-redirect-uris", Input::Lines)
        .of(redirects),
    usual(SignIn, "require_pkce", "admin-m-require-pkce", Input::Flag)
        .hint("admin-require-pkce-hint")
        .of(redirects),
    usual(SignIn, "grant_types", "admin-m-grant-types", Input::Any(GRANTS)),
    rare(SignIn, "application_type", "admin-m-application-type", Input::One(&["web", "native"]))
        .of(redirects),
    rare(SignIn, "allow_http_redirect", "admin-m-allow-http-redirect", Input::Flag).of(redirects),
    usual(Access, "allowed_groups", "admin-m-allowed-groups", Input::Entry).of(has_users),
    usual(Access, "scope", "admin-m-scope", Input::Scope),
    usual(Access, "resources", "admin-m-resources", Input::Lines).hint("admin-resources-hint"),
    rare(Access, "default_resource", "admin-m-default-resource", Input::Text),
    rare(Access, "first_party", "admin-m-first-party", Input::Flag).of(has_users),
    rare(Access, "default_max_age", "admin-m-default-max-age", Input::Number).of(redirects),
    rare(Access, "default_acr_values", "admin-m-default-acr-values", Input::Lines).of(redirects),
    usual(Told, "id_token_claims", "admin-m-id-token-claims", Input::Flag).of(has_users),
    usual(Told, "backchannel_logout_uri", "admin-m-backchannel-logout-uri", Input::Address).of(has_users),
    rare(Told, "backchannel_logout_session_required", "admin-m-backchannel-session", Input::Flag)
        .of(has_users),
    rare(Told, "frontchannel_logout_uri", "admin-m-frontchannel-logout-uri", Input::Address).of(redirects),
    rare(Told, "frontchannel_logout_session_required", "admin-m-frontchannel-session", Input::Flag)
        .of(redirects),
    rare(Told, "subject_type", "admin-m-subject-type", Input::One(&["public", "pairwise"])).of(has_users),
    rare(Told, "sector_identifier_uri", "admin-m-sector-identifier-uri", Input::Address).of(has_users),
    rare(Told, "require_auth_time", "admin-m-require-auth-time", Input::Flag).of(redirects),
    rare(Told, "claim_mapping", "admin-m-claim-mapping", Input::Object).of(has_users),
    usual(Proof, "token_endpoint_auth_method", "admin-m-auth-method", Input::One(METHODS)),
    usual(Proof, "jwks_uri", "admin-m-jwks-uri", Input::Address).hint("admin-jwks-uri-hint"),
    rare(Proof, "jwks", "admin-m-jwks", Input::Object),
    rare(Proof, "token_endpoint_auth_signing_alg", "admin-m-auth-alg", Input::One(ASSERTIONS)),
    usual(Advanced, "access_token_format", "admin-m-access-token-format", Input::One(&["jwt", "opaque"])),
    usual(Advanced, "access_token_typ", "admin-m-access-token-typ", Input::One(&["at+jwt", "JWT"])),
    usual(Advanced, "id_token_signed_response_alg", "admin-m-id-token-alg", Input::One(ALGORITHMS))
        .of(has_users),
    usual(Advanced, "userinfo_signed_response_alg", "admin-m-userinfo-alg", Input::One(ALGORITHMS))
        .of(has_users),
    usual(Advanced, "require_pushed_authorization_requests", "admin-m-require-par", Input::Flag)
        .of(redirects),
    usual(Advanced, "require_signed_request_object", "admin-m-require-request-object", Input::Flag)
        .of(redirects),
    usual(Advanced, "request_object_signing_alg", "admin-m-request-object-alg", Input::One(ASSERTIONS))
        .of(redirects),
    usual(Advanced, "request_uris", "admin-m-request-uris", Input::Lines).of(redirects),
    usual(Advanced, "resource_server", "admin-m-resource-server", Input::Flag),
];
