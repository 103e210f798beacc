//! The table of settings. A new setting gets its entry here, in `config.example.toml`, and, if a use case needs it, its line in
//! [`Config::settings`].

use std::net::SocketAddr;
use std::path::PathBuf;

use adapters_http::mail::MailAddress;
use adapters_http::outbound::TrustAnchors;
use application::settings::{RegistrationMode, SecondFactor};
use chrono::Duration;
use domain::pkce::PkcePolicy;
use domain::{
    Accent, AuthenticationContext, AuthenticationContexts, Issuer, OperatorLogo, OperatorName, Scope,
    SignUpMode, SigningAlgorithm, SupportContact,
};
use ipnet::IpNet;

use super::branding::{color, logo_file, operator_name, support_contact};
use super::database_url::{DatabaseUrl, database_url};
use super::reader::Reader;
use super::redis_url::{RedisUrl, redis_url};
use super::scopes::{OperatorScopes, operator_scopes};
use super::smtp_url::{SmtpUrl, mail_from, smtp_url};
use super::table::{Setting, settings};
use super::value::{
    authentication_context, authentication_contexts, contacts, count, days, encryption_key, file_name,
    host_names, issuer, languages, listen_host, networks, number, one_of, port, redirect_schemes,
    redis_prefix, scope_tokens, seconds, socket_address, switch, trust_anchors, web_url,
};
use crate::encryption_key::EncryptionKey;
use crate::telemetry::LogFormat;

settings! {
    /// The address or host name that the server listens on.
    server_host: String = listen_host, "127.0.0.1";
    /// The port that the server listens on.
    server_port: u16 = port, "8080";
    /// The issuer. Its default takes the port from `server_port`, and is https if `tls_cert_file` is set.
    server_public_base_url [public_url]: Issuer = issuer, "http://localhost:8080";
    /// The certificate chain of the listener. With it and its key, the server serves https.
    tls_cert_file: Option<PathBuf> = file_name;
    /// The private key of the certificate.
    tls_key_file: Option<PathBuf> = file_name;
    /// The database.
    database_url [database_url_file]: DatabaseUrl = database_url, "sqlite:oauth2.db?mode=rwc";
    /// Redis for short-lived state. Without it the database keeps that state.
    redis_url [redis_url_file]: Option<RedisUrl> = redis_url;
    /// The first characters of every Redis key.
    redis_prefix: String = redis_prefix, "oauth2";
    /// Encrypts the signing keys in the database. Without it the server makes a key file beside an SQLite database.
    encryption_key [encryption_key_file]: Option<EncryptionKey> = encryption_key;
    /// Whether all access tokens are opaque: a resource server then has to introspect them.
    access_tokens_opaque: bool = switch, "false";
    /// Whether a caller without credentials may introspect tokens.
    public_introspection: bool = switch, "false";
    /// Whether the server offers `grant_type=refresh_token`.
    refresh_token_grant_enabled: bool = switch, "false";
    /// Whether the server offers `grant_type=password`.
    password_grant_enabled: bool = switch, "false";
    /// Whether a client without `allowed_groups` is closed to all users.
    require_allowed_groups: bool = switch, "false";
    /// Whether people may delete their own accounts.
    account_deletion: bool = switch, "false";
    /// How people get accounts: operators make them, or people make their own with an e-mail address that they confirm.
    sign_up: SignUpMode = one_of([
        ("closed", SignUpMode::Closed),
        ("by_invitation", SignUpMode::ByInvitation),
        ("open", SignUpMode::Open),
    ]), "closed";
    /// The domains of the e-mail addresses that people may sign up with; every domain if there are none.
    sign_up_domains: Vec<String> = host_names, "";
    /// Whether an account that a person made is disabled until an administrator enables it.
    sign_up_approval: bool = switch, "false";
    /// Whether an operator may exempt single confidential clients from PKCE.
    pkce_policy: PkcePolicy =
        one_of([("per_client", PkcePolicy::PerClient), ("required", PkcePolicy::Required)]), "per_client";
    /// Whether every client must push its authorization requests (RFC 9126 §5).
    require_pushed_authorization_requests: bool = switch, "false";
    /// The scopes that the operator adds to the standard ones: their names, or a table `[scopes.name]` for each.
    scopes: OperatorScopes = operator_scopes, "read write";
    /// The scopes of a request that names this server as its resource and no scope, if the client has no default either.
    issuer_default_scopes: Scope = scope_tokens, "";
    /// How clients may be registered without an operator (RFC 7591 §3).
    dynamic_registration: RegistrationMode = one_of([
        ("disabled", RegistrationMode::Disabled),
        ("initial_access_token", RegistrationMode::InitialAccessToken),
        ("open", RegistrationMode::Open),
    ]), "initial_access_token";
    /// The scopes that a dynamically registered client may request.
    registration_allowed_scopes: Scope = scope_tokens, "openid profile email address phone groups offline_access";
    /// Whether a dynamically registered client must use PKCE. Public clients always must.
    registration_require_pkce: bool = switch, "true";
    /// Whether a dynamically registered client may have the device grant also without an initial access token that allows it.
    registration_device_grant: bool = switch, "false";
    /// Schemes without a dot that native applications may have in redirect URIs, such as `vscode`.
    native_redirect_schemes: Vec<String> = redirect_schemes, "";
    /// How many clients one address may register per hour, and how often a client may change its own registration. One address
    /// may make twice as many changes.
    registrations_per_hour: u32 = count(1..=1_000_000), "60";
    /// How many clients all addresses together may register per day without an initial access token, and how many changes all
    /// clients together may make to their own registrations.
    registrations_per_day: u32 = count(1..=10_000_000), "1000";
    /// After how many days an unused client that registered itself is deleted.
    registration_unused_days: Duration = days(1..=3_650), "30";
    /// The lifetime of an access token.
    access_token_ttl_secs: Duration = seconds(1..=86_400), "3600";
    /// The lifetime of a refresh token and all its successors together.
    refresh_token_ttl_secs: Duration = seconds(1..=31_536_000), "2592000";
    /// The lifetime of a refresh token that the client does not use.
    refresh_token_idle_secs: Duration = seconds(1..=31_536_000), "1209600";
    /// How long the server answers a repeated refresh request with the same new token; 0 never does.
    refresh_replay_window_secs: Duration = seconds(0..=60), "10";
    /// The lifetime of an authorization code (RFC 6749 §4.1.2: at most ten minutes).
    authorization_code_ttl_secs: Duration = seconds(1..=600), "60";
    /// The lifetime of a pushed authorization request (RFC 9126 §2.2).
    par_ttl_secs: Duration = seconds(5..=600), "60";
    /// The lifetime of a device code and its user code.
    device_code_ttl_secs: Duration = seconds(1..=3_600), "600";
    /// How long a device waits between two polls (RFC 8628 §3.2).
    device_interval_secs: u32 = number("a whole number of seconds", 1..=60), "5";
    /// The lifetime of an ID token.
    id_token_ttl_secs: Duration = seconds(1..=86_400), "3600";
    /// The lifetime of a session.
    session_ttl_secs: Duration = seconds(60..=31_536_000), "43200";
    /// How long a session lasts that is not used. The default is longer than any session.
    session_idle_secs: Duration = seconds(60..=31_536_000), "31536000";
    /// How long after a sign-in people may open the pages of their account that change how they sign in.
    fresh_sign_in_secs: Duration = seconds(30..=86_400), "300";
    /// How many sessions a user may have. A login beyond that ends the one that expires first.
    sessions_per_user: u32 = count(1..=10_000), "100";
    /// The algorithm that signs access tokens.
    access_token_alg: SigningAlgorithm = one_of(SigningAlgorithm::ALL.map(|alg| (alg.as_str(), alg))), "RS256";
    /// How often the server replaces its signing keys.
    key_rotation_days: Duration = days(1..=3_650), "30";
    /// The authentication contexts (acr) that logins reach, the weakest first.
    acr_values: AuthenticationContexts = authentication_contexts, "urn:oauth2-server:acr:password";
    /// The weakest of the `acr_values` that needs two factors. Without it a password reaches all of them.
    second_factor_acr: Option<AuthenticationContext> = authentication_context;
    /// Whether people need a second factor: only those who have turned one on, or everybody.
    second_factor: SecondFactor =
        one_of([("optional", SecondFactor::Optional), ("required", SecondFactor::Required)]), "optional";
    /// How many device authorizations one address may start per hour for one public client. One that a user approves or
    /// denies does not count.
    device_authorizations_per_hour: u32 = count(1..=1_000_000), "1000";
    /// How many authorization requests one address may push per hour for public and self-registered clients.
    pushed_requests_per_hour: u32 = count(1..=1_000_000), "200";
    /// How many authorization requests all public and self-registered clients together may push per hour, and how many device
    /// authorizations they may start that no user decides about.
    shared_requests_per_hour: u32 = count(1..=10_000_000), "10000";
    /// How many failures the server accepts within the window: wrong passwords per account and address, wrong
    /// operator-chosen client secrets per client and address, wrong user codes per user.
    authentication_attempts [login_attempts]: u32 = count(1..=1_000), "10";
    /// The window for `authentication_attempts`.
    authentication_window_secs [login_window_secs]: Duration = seconds(1..=86_400), "900";
    /// How many consecutive wrong passwords on one account the server accepts from browsers that did not sign in to it before,
    /// over all addresses (NIST SP 800-63B §3.2.2: at most 100).
    authentication_ceiling: u32 = count(1..=100), "100";
    /// The fewest characters of a password (NIST SP 800-63B §3.1.1.2: at least 8).
    password_min_length: u32 = number("a whole number of characters", 8..=128), "8";
    /// How hard a password has to be to guess: the lowest score of zxcvbn.
    password_min_score: u32 = number("a score", 1..=4), "2";
    /// The most bytes of `state` and of `nonce` in an authorization request, and of `state` in a logout request.
    max_state_bytes: u32 = number("a whole number of bytes", 1_000..=16_384), "4096";
    /// The proxies whose `Forwarded` and `X-Forwarded-*` headers the server trusts.
    trusted_proxies: Vec<IpNet> = networks, "";
    /// The memory that connections and requests under way may hold, in MiB.
    request_memory_mib: u32 = number("a whole number of MiB", 4..=65_536), "16";
    /// Whether outbound requests may go to private and loopback addresses (SSRF protection).
    outbound_allow_private: bool = switch, "false";
    /// Certificate authorities that outbound requests trust besides the public ones.
    outbound_ca_file: Option<TrustAnchors> = trust_anchors;
    /// How long an event of the audit trail is kept.
    audit_retention_days: Duration = days(1..=3_650), "365";
    /// How long an event of the sign-in history is kept.
    sign_in_history_days: Duration = days(1..=3_650), "90";
    /// How long the explanation of a refused request is kept; 0 keeps none.
    refusal_retention_secs: Duration = seconds(0..=604_800), "86400";
    /// The languages of the pages, as tags (RFC 5646).
    ui_locales: Vec<String> = languages, "en de fr es tr ja";
    /// The name of the operator on every page and in mails. Without it they show the host of the issuer.
    brand_name: Option<OperatorName> = operator_name;
    /// The colour of links and buttons. The colours of the dark pages are derived from it.
    brand_color: Option<Accent> = color;
    /// The operator's logo, on every page.
    brand_logo_file: Option<OperatorLogo> = logo_file;
    /// Whom people ask for help.
    support_contact: Option<SupportContact> = support_contact;
    /// The page that says who the operator is.
    imprint_url: Option<String> = web_url;
    /// The operator's privacy policy.
    privacy_url: Option<String> = web_url;
    /// `service_documentation` in the metadata (RFC 8414 §2). Without it `<issuer>/docs`.
    service_documentation: Option<String> = web_url;
    /// The hosts whose accounts sign in here, besides the issuer's host (WebFinger, RFC 7033).
    webfinger_hosts: Vec<String> = host_names, "";
    /// Where vulnerabilities are reported: URIs for `/.well-known/security.txt` (RFC 9116).
    security_contacts: Vec<String> = contacts, "";
    /// The SMTP server that takes mails. Without it no mail is sent.
    smtp_url [smtp_url_file]: Option<SmtpUrl> = smtp_url;
    /// The address that mails come from.
    mail_from: Option<MailAddress> = mail_from;
    /// The address that serves `/metrics` for Prometheus. Without it there are no metrics.
    metrics_addr: Option<SocketAddr> = socket_address;
    /// The OpenTelemetry collector for traces (OTLP over HTTP). Without it there are no traces.
    otlp_endpoint: Option<String> = web_url;
    /// The format of log lines.
    log_format: LogFormat = one_of([("text", LogFormat::Text), ("json", LogFormat::Json)]), "text";
}
