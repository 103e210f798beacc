//! The configuration: one flat list, from the defaults, then a TOML file, then the `OAUTH2_` environment.
//!
//! A key of the file is the variable's name in lower case without `OAUTH2_`. Nothing is ignored: an unknown name
//! or a wrong value stops the start with a message that names it as it was written.

mod authority;
mod choice;
mod database_url;
mod error;
mod issuer;
mod layer;
mod list;
mod reader;
mod redis_url;
mod scalar;
mod settings;
mod table;
mod tls;

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::path::Path;

pub use authority::CertificateFile;
pub use database_url::DatabaseUrl;
pub use error::{ConfigError, Problem};
pub use list::{PageLanguages, TrustedProxies};
pub use redis_url::{RedisPrefix, RedisUrl};
pub use scalar::{Count, Days, FileName, ListenHost, Seconds, WebUrl};

use application::settings::{PkcePolicy, RegistrationMode};
use domain::{AuthenticationContexts, Issuer, Scope, SigningAlgorithm};

use crate::encryption_key::EncryptionKey;
use crate::telemetry::LogFormat;
use layer::Layer;
use reader::Reader;
use table::settings;

/// Read from the working folder when no `--config` is given.
const DEFAULT_FILE: &str = "oauth2.toml";

/// What every variable begins with.
const PREFIX: &str = "OAUTH2_";

/// Settings that also come as `<key>_file`: the name of a file that holds the value (Docker and Kubernetes secrets).
const FROM_FILE: &[(&str, &str)] = &[
    ("database_url_file", "database_url"),
    ("redis_url_file", "redis_url"),
    ("encryption_key_file", "encryption_key"),
];

/// Second names of settings.
const ALIASES: &[(&str, &str)] = &[("public_url", "server_public_base_url")];

settings! {
    /// Address or host name the listener binds.
    server_host: ListenHost = "127.0.0.1";
    /// Port the listener binds.
    server_port: u16 = "8080";
    /// The issuer. Its default has the port of `server_port`, and is https where the listener is.
    server_public_base_url: Issuer = "http://localhost:8080";
    /// The certificate, and its chain, that the listener speaks https with.
    tls_cert_file: Option<FileName>;
    /// The certificate's key.
    tls_key_file: Option<FileName>;
    /// Where everything durable is kept.
    database_url: DatabaseUrl = "sqlite:oauth2.db?mode=rwc";
    /// Where short-lived state is kept; unset, in the database.
    redis_url: Option<RedisUrl>;
    /// What every key in Redis begins with.
    redis_prefix: RedisPrefix = "oauth2";
    /// Encrypts keys at rest; unset, one is made beside an SQLite file.
    encryption_key: Option<EncryptionKey>;
    /// Whether every access token is opaque: introspected rather than read.
    access_tokens_opaque: bool = "false";
    /// Whether JSON introspection is open to callers without credentials.
    public_introspection: bool = "false";
    /// Whether `grant_type=refresh_token` is offered.
    refresh_token_grant_enabled: bool = "false";
    /// Whether `grant_type=password` is offered.
    password_grant_enabled: bool = "false";
    /// Who must use PKCE.
    pkce_policy: PkcePolicy = "required";
    /// Whether every client has to push its authorization requests (RFC 9126 §5).
    require_pushed_authorization_requests: bool = "false";
    /// The scopes that exist besides the standard ones.
    scopes: Scope = "read write";
    /// Who may register clients without an operator.
    dynamic_registration: RegistrationMode = "initial_access_token";
    /// What clients that register themselves may ask for.
    registration_allowed_scopes: Scope = "openid profile email address phone offline_access";
    /// Whether they have to use PKCE where the policy leaves that to the client.
    registration_require_pkce: bool = "true";
    /// How many clients one address may register in an hour.
    registrations_per_hour: Count<1, 1_000_000> = "60";
    /// How long an access token is valid.
    access_token_ttl_secs: Seconds<1, 86_400> = "3600";
    /// How long a refresh token family may go on.
    refresh_token_ttl_secs: Seconds<1, 31_536_000> = "2592000";
    /// How long a refresh token may lie unused.
    refresh_token_idle_secs: Seconds<1, 31_536_000> = "1209600";
    /// How long an honest retry gets the same successor; 0 is strict.
    refresh_replay_window_secs: Seconds<0, 60> = "10";
    /// How long an authorization code may be redeemed (RFC 6749 §4.1.2: ten minutes at most).
    authorization_code_ttl_secs: Seconds<1, 600> = "60";
    /// How long a pushed authorization request may be opened (RFC 9126 §2.2).
    par_ttl_secs: Seconds<5, 600> = "60";
    /// How long a device code may be decided about and redeemed.
    device_code_ttl_secs: Seconds<1, 3_600> = "600";
    /// How long a device waits between two polls.
    device_interval_secs: Seconds<1, 60> = "5";
    /// How long an ID token is valid.
    id_token_ttl_secs: Seconds<1, 86_400> = "3600";
    /// How long a user stays signed in.
    session_ttl_secs: Seconds<60, 31_536_000> = "43200";
    /// What access tokens are signed with.
    access_token_alg: SigningAlgorithm = "RS256";
    /// How often signing keys are replaced.
    key_rotation_days: Days<1, 3_650> = "30";
    /// The authentication contexts that a login with a password reaches, the weakest first.
    acr_values: AuthenticationContexts = "urn:oauth2-server:acr:password";
    /// How many wrong passwords are taken per account and address within the window.
    login_attempts: Count<1, 1_000> = "10";
    /// How long wrong passwords are counted.
    login_window_secs: Seconds<1, 86_400> = "900";
    /// The proxies whose `Forwarded` and `X-Forwarded-*` count.
    trusted_proxies: TrustedProxies = "";
    /// Whether requests of our own may go to private addresses and to this machine.
    outbound_allow_private: bool = "false";
    /// Who may vouch for the servers we call, besides the public authorities.
    outbound_ca_file: Option<CertificateFile>;
    /// The languages of the pages that are offered, as tags of RFC 5646.
    ui_locales: PageLanguages = "en de fr es tr ja";
    /// `service_documentation` of the metadata (RFC 8414 §2); unset, `<issuer>/docs`.
    service_documentation: Option<WebUrl>;
    /// Where Prometheus reads `/metrics`; unset, nothing is measured.
    metrics_addr: Option<SocketAddr>;
    /// Where traces are sent, by OTLP over HTTP; unset, there are none.
    otlp_endpoint: Option<WebUrl>;
    /// How log lines are written.
    log_format: LogFormat = "text";
}

impl Config {
    /// Reads the file at `path` (else `oauth2.toml` in the working folder, if there is one) and, over it, those
    /// variables of `environment` that begin with `OAUTH2_`.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`] or [`ConfigError::Malformed`] for a file that is not there or not TOML;
    /// [`ConfigError::Refused`] with every unknown name and every wrong value, each named as it was written.
    pub fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let file = read_file(path, Path::new(DEFAULT_FILE))?;
        let file = file.as_ref().map(|(path, text)| Layer::file(path, text, &mut problems)).transpose()?;
        let environment = Layer::environment(environment, &mut problems);
        let mut reader = Reader::new(SETTINGS, file, environment, problems);
        let config = Self::read(&mut reader);
        if let Some(reason) = config.as_ref().and_then(Self::scopes_that_do_not_exist) {
            reader.refuse("registration_allowed_scopes", reason);
        }
        if let Some((key, reason)) = config.as_ref().and_then(Self::https_that_cannot_be) {
            reader.refuse(key, reason);
        }
        match config {
            Some(config) if reader.problems().is_empty() => Ok(config),
            Some(_) | None => Err(ConfigError::Refused(reader.into_problems())),
        }
    }

    /// What is wrong with the scopes that clients may register for themselves.
    fn scopes_that_do_not_exist(&self) -> Option<String> {
        let existing = self.all_scopes();
        let unknown = self.registration_allowed_scopes.iter().find(|scope| !existing.contains(scope))?;
        Some(format!(
            "{unknown:?} does not exist here; the setting scopes lists what exists beside the standard ones"
        ))
    }

    /// `service_documentation` as the metadata gives it.
    #[must_use]
    pub fn service_documentation(&self) -> String {
        self.service_documentation
            .as_ref()
            .map_or_else(|| self.server_public_base_url.endpoint("/docs"), |url| url.as_str().to_owned())
    }

    /// Every setting as TOML, for `config show`: secrets are redacted, unset settings are comments.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // A JSON string, number, boolean or list of strings is spelled the same in TOML.
        self.shown()
            .into_iter()
            .map(|(key, value)| match value.is_null() {
                true => format!("# {key} is not set\n"),
                false => format!("{key} = {value}\n"),
            })
            .collect()
    }
}

/// The variables of this process that begin with `OAUTH2_`, for [`Config::load`]. A byte that is not UTF-8 becomes
/// U+FFFD, which `load` refuses.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
}

/// The file's name as it is shown, and its text; `None` when none was asked for and the `default` is not there.
fn read_file(path: Option<&Path>, default: &Path) -> Result<Option<(String, String)>, ConfigError> {
    let wanted = path.unwrap_or(default);
    match std::fs::read_to_string(wanted) {
        Ok(text) => Ok(Some((wanted.display().to_string(), text))),
        Err(reason) if path.is_none() && reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Unreadable { path: wanted.to_owned(), source }),
    }
}
