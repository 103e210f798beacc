//! Valid and invalid configurations, and the error messages for the invalid ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use application::settings::SecondFactor;
use chrono::Duration;
use domain::pkce::PkcePolicy;
use domain::{Methods, SigningAlgorithm};
use figment::value::Value;

use super::settings::SETTINGS;
use super::value::redis_prefix;
use super::*;
use crate::telemetry::LogFormat;

/// A PNG file of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\x10O\x89\x02\0\x01k\0\xd6\x1e\x92e\xba\0\0\0\0IEND\xaeB`\x82";

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Loads the file's text, if any, under these variables.
fn load(file: Option<&str>, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    // Without a text, an empty file: the tests must not depend on the working folder.
    fs::write(&path, file.unwrap_or_default()).unwrap();
    Config::load(Some(&path), environment.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())))
}

fn defaults() -> Config {
    load(None, &[]).unwrap()
}

fn with(name: &str, value: &str) -> Result<Config, ConfigError> {
    load(None, &[(name, value)])
}

/// The problems, as lines.
fn refusal(outcome: Result<Config, ConfigError>) -> String {
    match outcome.unwrap_err() {
        refused @ ConfigError::Refused(_) => refused.to_string(),
        other @ (ConfigError::Unreadable { .. } | ConfigError::Malformed { .. }) => panic!("{other}"),
    }
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let expected = r#"server_host = "127.0.0.1"
server_port = 8080
server_public_base_url = "http://localhost:8080"
# tls_cert_file is not set
# tls_key_file is not set
database_url = "sqlite:oauth2.db?mode=rwc"
# redis_url is not set
redis_prefix = "oauth2"
# encryption_key is not set
access_tokens_opaque = false
public_introspection = false
refresh_token_grant_enabled = false
password_grant_enabled = false
require_allowed_groups = false
account_deletion = false
sign_up = "closed"
sign_up_domains = []
sign_up_approval = false
pkce_policy = "per_client"
require_pushed_authorization_requests = false
scopes = ["read","write"]
issuer_default_scopes = []
dynamic_registration = "initial_access_token"
registration_allowed_scopes = ["address","email","groups","offline_access","openid","phone","profile"]
registration_require_pkce = true
registration_device_grant = false
native_redirect_schemes = []
registrations_per_hour = 60
registrations_per_day = 1000
registration_unused_days = 30
access_token_ttl_secs = 3600
refresh_token_ttl_secs = 2592000
refresh_token_idle_secs = 1209600
refresh_replay_window_secs = 10
authorization_code_ttl_secs = 60
par_ttl_secs = 60
device_code_ttl_secs = 600
device_interval_secs = 5
id_token_ttl_secs = 3600
session_ttl_secs = 43200
session_idle_secs = 31536000
fresh_sign_in_secs = 300
sessions_per_user = 100
access_token_alg = "RS256"
key_rotation_days = 30
acr_values = ["urn:oauth2-server:acr:password"]
# second_factor_acr is not set
second_factor = "optional"
device_authorizations_per_hour = 1000
pushed_requests_per_hour = 200
shared_requests_per_hour = 10000
authentication_attempts = 10
authentication_window_secs = 900
authentication_ceiling = 100
password_min_length = 8
password_min_score = 2
max_state_bytes = 4096
trusted_proxies = []
request_memory_mib = 16
outbound_allow_private = false
# outbound_ca_file is not set
audit_retention_days = 365
sign_in_history_days = 90
refusal_retention_secs = 86400
ui_locales = ["en","de","fr","es","tr","ja"]
# brand_name is not set
# brand_color is not set
# brand_logo_file is not set
# support_contact is not set
# imprint_url is not set
# privacy_url is not set
# service_documentation is not set
webfinger_hosts = []
security_contacts = []
# smtp_url is not set
# mail_from is not set
# metrics_addr is not set
# otlp_endpoint is not set
log_format = "text"
"#;
    assert_eq!(defaults().to_toml(), expected);
}

#[test]
fn the_example_is_the_defaults_with_the_refresh_grant_on() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../config.example.toml");
    let shown = Config::load(Some(Path::new(example)), std::iter::empty()).unwrap().shown().to_vec();
    let mut expected = defaults().shown().to_vec();
    for (key, value) in &mut expected {
        if *key == "refresh_token_grant_enabled" {
            *value = true.into();
        }
    }
    assert_eq!(shown, expected);
}

#[test]
fn the_example_lists_exactly_every_key_and_sets_those_with_a_default() {
    let (mut set, mut commented) = (BTreeSet::new(), BTreeSet::new());
    for line in include_str!("../../../config.example.toml").lines() {
        let (keys, text) = line.strip_prefix("# ").map_or((&mut set, line), |text| (&mut commented, text));
        if let Some((key, _)) = text.split_once(" = ") {
            assert!(keys.insert(key), "{key} is there twice");
        }
    }
    let (with_default, without): (Vec<_>, Vec<_>) =
        SETTINGS.iter().partition(|setting| setting.default.is_some());
    assert_eq!(set, with_default.iter().map(|setting| setting.key).collect());
    let from_file = SETTINGS.iter().filter_map(|setting| setting.second_name);
    let from_file = from_file.filter(|name| name.ends_with("_file"));
    assert_eq!(commented, without.iter().map(|setting| setting.key).chain(from_file).collect());
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let config = load(
        Some("server_port = 9000\nauthentication_attempts = 5"),
        &[("OAUTH2_SERVER_PORT", "9001"), ("HOME", "/root"), ("RUST_LOG", "debug")],
    )
    .unwrap();
    assert_eq!(config.server_port, 9001);
    assert_eq!(config.authentication_attempts, 5);
    assert_eq!(config.authentication_window_secs, Duration::seconds(900));
}

#[test]
fn the_default_issuer_has_the_port_that_is_listened_on() {
    let config = with("OAUTH2_SERVER_PORT", "9000").unwrap();
    assert_eq!(config.server_public_base_url.as_str(), "http://localhost:9000");
    assert_eq!(config.service_documentation(), "http://localhost:9000/docs");
    let both = [("OAUTH2_SERVER_PORT", "9000"), ("OAUTH2_PUBLIC_URL", "https://login.example.com")];
    assert_eq!(load(None, &both).unwrap().server_public_base_url.as_str(), "https://login.example.com");
}

#[test]
fn a_listener_with_a_certificate_has_an_https_issuer() {
    let files = [("OAUTH2_TLS_CERT_FILE", "cert.pem"), ("OAUTH2_TLS_KEY_FILE", "key.pem")];
    let tls = |more: &[_]| load(None, &[&files[..], more].concat());
    let config = tls(&[]).unwrap();
    assert_eq!(config.server_public_base_url.as_str(), "https://localhost:8080");
    let files = config.tls().unwrap();
    assert_eq!((files.certificate, files.key), (PathBuf::from("cert.pem"), PathBuf::from("key.pem")));
    let config = tls(&[("OAUTH2_SERVER_PORT", "443")]).unwrap();
    assert_eq!(config.server_public_base_url.as_str(), "https://localhost");
    let problem = refusal(tls(&[("OAUTH2_PUBLIC_URL", "http://localhost:8080")]));
    assert!(problem.starts_with("OAUTH2_PUBLIC_URL: ") && problem.contains("speaks https"), "{problem}");
    assert!(defaults().tls().is_none());
}

#[test]
fn values_are_read_the_same_from_the_file_and_from_the_environment() {
    let file = r#"
        server_host = "::"
        public_introspection = true
        pkce_policy = "required"
        scopes = ["orders:read", "orders:write"]
        access_token_alg = "EdDSA"
        trusted_proxies = ["10.0.0.0/8", "192.0.2.7"]
        service_documentation = "https://docs.example.com/"
        acr_values = ["urn:example:bronze", "urn:example:silver"]
        second_factor_acr = "urn:example:silver"
        second_factor = "required"
        log_format = "json"
        key_rotation_days = 7
        encryption_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "#;
    let environment = [
        ("OAUTH2_SERVER_HOST", "[::]"),
        ("OAUTH2_PUBLIC_INTROSPECTION", "true"),
        ("OAUTH2_PKCE_POLICY", "required"),
        ("OAUTH2_SCOPES", "orders:write orders:read"),
        ("OAUTH2_ACCESS_TOKEN_ALG", "EdDSA"),
        ("OAUTH2_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7/32"),
        ("OAUTH2_ACR_VALUES", "urn:example:bronze urn:example:silver"),
        ("OAUTH2_SECOND_FACTOR_ACR", "urn:example:silver"),
        ("OAUTH2_SECOND_FACTOR", "required"),
        ("OAUTH2_SERVICE_DOCUMENTATION", "https://docs.example.com/"),
        ("OAUTH2_LOG_FORMAT", "json"),
        ("OAUTH2_KEY_ROTATION_DAYS", "7"),
        ("OAUTH2_ENCRYPTION_KEY", KEY),
    ];
    let (file, environment) = (load(Some(file), &[]).unwrap(), load(None, &environment).unwrap());
    assert_eq!(file.shown(), environment.shown());
    assert_eq!(file.server_host, "::");
    assert_eq!(file.scopes.names.iter().collect::<Vec<_>>(), ["orders:read", "orders:write"]);
    assert_eq!(file.access_token_alg, SigningAlgorithm::EdDsa);
    assert_eq!(file.pkce_policy, PkcePolicy::Required);
    assert_eq!(file.settings().second_factor, SecondFactor::Required);
    let contexts = file.settings().authentication_contexts;
    assert_eq!(contexts.reached_by(Methods::Password), ["urn:example:bronze"]);
    assert_eq!(contexts.reached_by(Methods::PasswordAndCode), ["urn:example:silver", "urn:example:bronze"]);
    assert_eq!(file.log_format, LogFormat::Json);
    assert_eq!(file.key_rotation_days, Duration::days(7));
    assert_eq!(file.service_documentation(), "https://docs.example.com/");
    assert_eq!(file.encryption_key, environment.encryption_key);
    assert_eq!(file.trusted_proxies.len(), 2);
}

#[test]
fn the_context_that_needs_two_factors_is_one_of_the_list() {
    let problem = load(Some("acr_values = [\"bronze\"]\nsecond_factor_acr = \"gold\""), &[]).unwrap_err();
    let problem = problem.to_string();
    assert!(problem.contains("second_factor_acr") && problem.contains("is none of acr_values"), "{problem}");
}

#[test]
fn the_strict_pkce_policy_leaves_no_exemption_for_clients_that_register_themselves() {
    let both = [("OAUTH2_PKCE_POLICY", "required"), ("OAUTH2_REGISTRATION_REQUIRE_PKCE", "false")];
    let problem = refusal(load(None, &both));
    assert!(problem.starts_with("OAUTH2_REGISTRATION_REQUIRE_PKCE: "), "{problem}");
    assert!(problem.contains("pkce_policy is required"), "{problem}");
    for one in both {
        load(None, &[one]).unwrap();
    }
}

#[test]
fn a_list_may_be_one_text_in_the_file_too() {
    let config = load(Some("scopes = \"a b\"\ntrusted_proxies = \"10.0.0.0/8,fd00::/8\""), &[]).unwrap();
    assert_eq!(config.scopes.names.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(config.trusted_proxies.len(), 2);
}

#[test]
fn a_wrong_value_in_the_environment_is_named_with_what_is_allowed() {
    for (name, value, allowed) in [
        ("OAUTH2_SERVER_HOST", "127.0.0.1:80", "is not an IP address such as 127.0.0.1"),
        ("OAUTH2_SERVER_PORT", "0", "from 1 to 65535"),
        ("OAUTH2_SERVER_PORT", "65536", "from 1 to 65535"),
        ("OAUTH2_SERVER_PORT", "http", "from 1 to 65535"),
        ("OAUTH2_SERVER_PORT", "tcp://10.0.0.1:80", "enableServiceLinks"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "login.example.com", "https URL, such as https://"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "ftp://example.com", "must be an https URL"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "http://login.example.com", "put TLS in front"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "http://localhost.example.com", "put TLS in front"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "https://example.com/?a=b", "a query, a fragment"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "https://example.com/#a", "a query, a fragment"),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", "https://me:secret@example.com", "user information"),
        ("OAUTH2_PUBLIC_URL", "http://10.0.0.1", "put TLS in front"),
        ("OAUTH2_PUBLIC_URL", "https://example.com/a b", "letters, digits"),
        ("OAUTH2_PUBLIC_URL", "https://example.com/ready", "at the host's root"),
        ("OAUTH2_TLS_CERT_FILE", "cert.pem", "tls_key_file is missing"),
        ("OAUTH2_TLS_KEY_FILE", "key.pem", "tls_cert_file is missing"),
        ("OAUTH2_DATABASE_URL", "mysql://localhost/x", "postgres://, postgresql:// or sqlite:"),
        ("OAUTH2_DATABASE_URL", "memory", "memory:"),
        ("OAUTH2_DATABASE_URL", "postgres://me:se#cret@localhost/x", "percent-encoded"),
        ("OAUTH2_DATABASE_URL", "sqlite::memory:", "memory: keeps everything in memory"),
        ("OAUTH2_DATABASE_URL", "sqlite:x?mode=memory", "memory: keeps everything in memory"),
        ("OAUTH2_DATABASE_URL", "sqlite:", "the name of the file is missing"),
        ("OAUTH2_DATABASE_URL", "sqlite:///data/?mode=rwc", "the name of the file is missing"),
        ("OAUTH2_DATABASE_URL_FILE", "/missing/file", "cannot be read"),
        ("OAUTH2_REDIS_URL_FILE", "/missing/file", "cannot be read"),
        ("OAUTH2_REDIS_URL", "redis.internal:6379", "rediss://"),
        ("OAUTH2_REDIS_PREFIX", "{oauth2}", "letters"),
        ("OAUTH2_ENCRYPTION_KEY", "c2hvcnQ", "openssl rand -base64 32"),
        ("OAUTH2_ENCRYPTION_KEY_FILE", "/missing/file", "cannot be read"),
        ("OAUTH2_PUBLIC_INTROSPECTION", "yes", "neither true nor false"),
        ("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", "1", "neither true nor false"),
        ("OAUTH2_PKCE_POLICY", "optional", "one of per_client, required"),
        ("OAUTH2_SCOPES", "read \"write\"", "printable ASCII"),
        ("OAUTH2_SCOPES", "lire écrire", "printable ASCII"),
        ("OAUTH2_ACR_VALUES", "silver gold silver", "1 to 20 different"),
        ("OAUTH2_ACR_VALUES", "silver g\"ld", "printable ASCII"),
        ("OAUTH2_ACCESS_TOKEN_TTL_SECS", "0", "from 1 to 86400"),
        ("OAUTH2_ACCESS_TOKEN_TTL_SECS", "1h", "a whole number of seconds"),
        ("OAUTH2_REFRESH_TOKEN_TTL_SECS", "31536001", "from 1 to 31536000"),
        ("OAUTH2_REFRESH_TOKEN_IDLE_SECS", "-1", "from 1 to 31536000"),
        ("OAUTH2_REFRESH_REPLAY_WINDOW_SECS", "61", "from 0 to 60"),
        ("OAUTH2_AUTHORIZATION_CODE_TTL_SECS", "601", "from 1 to 600"),
        ("OAUTH2_ID_TOKEN_TTL_SECS", "99999999999999999999", "from 1 to 86400"),
        ("OAUTH2_SESSION_TTL_SECS", "59", "from 60 to 31536000"),
        ("OAUTH2_ACCESS_TOKEN_ALG", "HS256", "one of RS256, ES256, EdDSA"),
        ("OAUTH2_KEY_ROTATION_DAYS", "0", "a whole number of days from 1 to 3650"),
        ("OAUTH2_AUTHENTICATION_ATTEMPTS", "0", "from 1 to 1000"),
        ("OAUTH2_AUTHENTICATION_CEILING", "0", "from 1 to 100"),
        ("OAUTH2_AUTHENTICATION_CEILING", "101", "from 1 to 100"),
        ("OAUTH2_AUTHENTICATION_WINDOW_SECS", "0", "from 1 to 86400"),
        ("OAUTH2_DEVICE_AUTHORIZATIONS_PER_HOUR", "0", "from 1 to 1000000"),
        ("OAUTH2_LOGIN_ATTEMPTS", "0", "from 1 to 1000"),
        ("OAUTH2_LOGIN_WINDOW_SECS", "0", "from 1 to 86400"),
        ("OAUTH2_TRUSTED_PROXIES", "10.0.0.0/33", "address or network"),
        ("OAUTH2_TRUSTED_PROXIES", "proxy.internal", "address or network"),
        ("OAUTH2_OUTBOUND_ALLOW_PRIVATE", "10.0.0.0/8", "neither true nor false"),
        ("OAUTH2_OUTBOUND_CA_FILE", "/missing/file", "cannot be read"),
        (
            "OAUTH2_OUTBOUND_CA_FILE",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            "no certificate in it",
        ),
        ("OAUTH2_BRAND_NAME", "two\nlines", "visible characters"),
        ("OAUTH2_BRAND_COLOR", "teal", "is written as #17645a"),
        (
            "OAUTH2_BRAND_COLOR",
            "#ffcc00",
            "a contrast of 1.5 to 1 on the light page, and at least 4.5 is needed",
        ),
        ("OAUTH2_BRAND_LOGO_FILE", "/missing/file", "No such file"),
        (
            "OAUTH2_BRAND_LOGO_FILE",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            "not a PNG, JPEG, WebP or GIF",
        ),
        ("OAUTH2_SUPPORT_CONTACT", "IT <javascript:alert(1)>", "a contact is an e-mail address"),
        ("OAUTH2_IMPRINT_URL", "javascript:alert(1)", "http or https URL"),
        ("OAUTH2_PRIVACY_URL", "/privacy", "http or https URL"),
        ("OAUTH2_SERVICE_DOCUMENTATION", "/docs", "http or https URL"),
        ("OAUTH2_UI_LOCALES", "en tlh", "\"tlh\" is not one of en, de"),
        ("OAUTH2_UI_LOCALES", ",", "at least one"),
        ("OAUTH2_SERVER_HOST", "\"0.0.0.0\"", "leave them out"),
        ("OAUTH2_SCOPES", "'read secret'", "leave them out"),
        ("OAUTH2_WEBFINGER_HOSTS", "https://example.com", "is not a host name"),
        ("OAUTH2_WEBFINGER_HOSTS", "ada@example.com", "is not a host name"),
        ("OAUTH2_SECURITY_CONTACTS", "security@example.com", "mailto:"),
        ("OAUTH2_SECURITY_CONTACTS", "http://example.com", "mailto:"),
        ("OAUTH2_LOG_FORMAT", "xml", "one of text, json"),
        ("OAUTH2_LOG_FORMAT", "te\u{fffd}t", "not UTF-8"),
    ] {
        let problem = refusal(with(name, value));
        assert_eq!(problem.lines().count(), 1, "{problem}");
        assert!(problem.starts_with(&format!("{name}: ")), "{name}: {problem}");
        assert!(problem.contains(allowed), "{name}={value}: {problem}");
        assert!(!problem.contains("secret") && !problem.contains("cret@"), "{problem}");
    }
}

#[test]
fn a_wrong_value_in_the_file_is_named_with_its_file() {
    for (line, key, allowed) in [
        ("server_port = 0", "server_port", "from 1 to 65535"),
        ("server_port = [8080]", "server_port", "a list is not allowed"),
        ("access_token_ttl_secs = 1.5", "access_token_ttl_secs", "fraction"),
        ("public_introspection = 1", "public_introspection", "neither true nor false"),
        ("scopes = [[\"a\"]]", "scopes", "flat list"),
        ("public_url = \"http://example.com\"", "public_url", "put TLS in front"),
        ("database_url_file = [\"a\"]", "database_url_file", "a list is not allowed"),
        ("redis_url = \"http://localhost\"", "redis_url", "redis+cluster://"),
        ("redis_prefix = \"{a}\"", "redis_prefix", "letters"),
        ("[log_format]\nlevel = \"debug\"", "log_format", "flat list"),
    ] {
        let problem = refusal(load(Some(line), &[]));
        assert!(problem.starts_with(&format!("{key} in ")), "{problem}");
        assert!(problem.contains("test.toml: ") && problem.contains(allowed), "{problem}");
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_known_one() {
    for (name, nearest) in [
        ("OAUTH2_SERVER_PROT", "did you mean OAUTH2_SERVER_PORT?"),
        ("OAUTH2_PKCE_POLICE", "did you mean OAUTH2_PKCE_POLICY?"),
        ("OAUTH2_ACCESS_TOKEN_TTL", "did you mean OAUTH2_ACCESS_TOKEN_TTL_SECS?"),
        ("OAUTH2_ENCRYPTION_KEYFILE", "did you mean OAUTH2_ENCRYPTION_KEY_FILE?"),
        ("OAUTH2_PUBLIC_URI", "did you mean OAUTH2_PUBLIC_URL?"),
        ("oauth2_scopes", "did you mean OAUTH2_SCOPES?"),
        ("OAUTH2_Log_Format", "did you mean OAUTH2_LOG_FORMAT?"),
        ("OAUTH2_COLOUR", "config.example.toml"),
        ("OAUTH2_", "config.example.toml"),
        ("OAUTH2_SERVICE_HOST", "Kubernetes"),
        ("OAUTH2_SERVICE_PORT_HTTP", "Kubernetes"),
        ("OAUTH2_METRICS_ADDRESS", "did you mean OAUTH2_METRICS_ADDR?"),
    ] {
        let problem = refusal(with(name, "json"));
        assert!(problem.starts_with(&format!("{name}: ")) && problem.contains(nearest), "{problem}");
    }
    let problem = refusal(load(Some("server-port = 1\n\"a.b\" = 2"), &[]));
    assert!(problem.contains("did you mean server_port?"), "{problem}");
    assert!(problem.contains("a.b in "), "{problem}");
}

#[test]
fn all_problems_are_told_at_once() {
    let problems = refusal(load(
        Some("server_port = 0\ncolour = \"blue\""),
        &[("OAUTH2_LOG_FORMAT", "xml"), ("OAUTH2_SCOPE", "a")],
    ));
    for name in ["server_port in ", "colour in ", "OAUTH2_LOG_FORMAT: ", "OAUTH2_SCOPE: "] {
        assert!(problems.lines().any(|line| line.starts_with(name)), "{name}: {problems}");
    }
    assert_eq!(problems.lines().count(), 4, "{problems}");
}

#[test]
fn both_names_of_the_issuer_must_agree() {
    let both = |url| {
        load(None, &[("OAUTH2_PUBLIC_URL", url), ("OAUTH2_SERVER_PUBLIC_BASE_URL", "https://a.example.com")])
    };
    assert!(both("https://a.example.com").is_ok());
    let problem = refusal(both("https://b.example.com"));
    assert!(
        problem.contains("OAUTH2_PUBLIC_URL") && problem.contains("OAUTH2_SERVER_PUBLIC_BASE_URL"),
        "{problem}"
    );
}

#[test]
fn the_former_names_of_the_authentication_limit_are_understood() {
    let former = [("OAUTH2_LOGIN_ATTEMPTS", "3"), ("OAUTH2_LOGIN_WINDOW_SECS", "60")];
    let limit = load(None, &former).unwrap().settings().authentication_limit;
    assert_eq!((limit.attempts, limit.window), (3, Duration::seconds(60)));
    let limit = load(Some("login_attempts = 4"), &[]).unwrap().settings().authentication_limit;
    assert_eq!((limit.attempts, limit.window), (4, Duration::seconds(900)));

    let both =
        |former| load(None, &[("OAUTH2_AUTHENTICATION_ATTEMPTS", "3"), ("OAUTH2_LOGIN_ATTEMPTS", former)]);
    assert_eq!(both("3").unwrap().authentication_attempts, 3);
    let problem = refusal(both("4"));
    assert_eq!(
        problem,
        "OAUTH2_LOGIN_ATTEMPTS: contradicts OAUTH2_AUTHENTICATION_ATTEMPTS; give only one of them"
    );
    let problem = refusal(load(Some("authentication_window_secs = 60\nlogin_window_secs = 61"), &[]));
    assert!(problem.starts_with("login_window_secs in ") && problem.contains("contradicts"), "{problem}");
}

#[test]
fn the_environment_wins_over_the_file_under_either_name() {
    let config = load(
        Some("server_public_base_url = \"https://a.example.com\""),
        &[("OAUTH2_PUBLIC_URL", "https://b.example.com")],
    );
    assert_eq!(config.unwrap().server_public_base_url.as_str(), "https://b.example.com");
}

#[test]
fn an_issuer_is_kept_without_its_last_slash() {
    for (written, issuer) in [
        ("https://login.example.com/", "https://login.example.com"),
        ("https://example.com/tenant/auth/", "https://example.com/tenant/auth"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000/", "http://[::1]:9000"),
        ("http://login.localhost", "http://login.localhost"),
    ] {
        let config = with("OAUTH2_SERVER_PUBLIC_BASE_URL", written).unwrap();
        assert_eq!(config.server_public_base_url.as_str(), issuer);
        assert_eq!(config.server_public_base_url.is_https(), issuer.starts_with("https:"));
    }
}

#[test]
fn every_kind_of_database_is_recognised() {
    let database = |url| with("OAUTH2_DATABASE_URL", url).unwrap().database_url;
    assert_eq!(database("memory:"), DatabaseUrl::Memory);
    for url in ["postgres://me:pw@db:5432/oauth2", "postgresql:///oauth2?host=/run/postgresql"] {
        assert_eq!(database(url), DatabaseUrl::Postgres { url: url.to_owned() });
    }
    for (url, name) in [
        ("sqlite:oauth2.db", "oauth2.db"),
        ("sqlite://data/oauth2.db?mode=rwc", "data/oauth2.db"),
        ("sqlite:///data/oauth2.db", "/data/oauth2.db"),
        ("sqlite:my%20data.db", "my data.db"),
    ] {
        assert_eq!(database(url), DatabaseUrl::Sqlite { url: url.to_owned(), file: PathBuf::from(name) });
    }
}

#[test]
fn the_standard_scopes_exist_beside_the_configured_ones() {
    let scopes = with("OAUTH2_SCOPES", "orders openid").unwrap().settings().scopes;
    assert_eq!(scopes.to_string(), "address email groups offline_access openid orders phone profile");
}

#[test]
fn the_scope_of_administration_cannot_be_declared() {
    let problem = refusal(with("OAUTH2_SCOPES", "orders administration"));
    assert!(problem.starts_with("OAUTH2_SCOPES: administration is a scope of this server"), "{problem}");
    assert!(with("OAUTH2_REGISTRATION_ALLOWED_SCOPES", "openid administration").is_err());
}

#[test]
fn the_place_of_the_data_is_told_without_credentials() {
    for (url, place) in [
        ("memory:", "in memory, gone when the server ends"),
        ("sqlite:///data/oauth2.db?mode=rwc", "the SQLite file /data/oauth2.db"),
        ("postgres://me:pw@db:5433/oauth2", "Postgres at db:5433/oauth2"),
        ("postgres://me@db/oauth2?password=pw", "Postgres at db/oauth2"),
        ("postgresql:///oauth2?host=/run/postgresql", "Postgres at /run/postgresql/oauth2"),
    ] {
        assert_eq!(with("OAUTH2_DATABASE_URL", url).unwrap().database_url.place(), place);
    }
}

#[test]
fn secrets_may_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (key, url) = (write("key", &format!("{KEY}\n")), write("url", "postgres://me:pw@db/oauth2\r\n"));
    let config = load(
        Some(&format!("encryption_key_file = {key:?}\ndatabase_url = \"memory:\"")),
        &[("OAUTH2_DATABASE_URL_FILE", &url)],
    )
    .unwrap();
    assert_eq!(config.encryption_key.unwrap().expose().as_str(), KEY);
    assert_eq!(config.database_url, DatabaseUrl::Postgres { url: "postgres://me:pw@db/oauth2".to_owned() });

    let wrong = write("wrong", "hunter2");
    let problem = refusal(with("OAUTH2_ENCRYPTION_KEY_FILE", &wrong));
    assert!(problem.starts_with("OAUTH2_ENCRYPTION_KEY_FILE: ") && !problem.contains("hunter2"), "{problem}");

    let both = [("OAUTH2_DATABASE_URL", "memory:"), ("OAUTH2_DATABASE_URL_FILE", url.as_str())];
    let problem = refusal(load(None, &both));
    assert!(problem.contains("OAUTH2_DATABASE_URL_FILE: contradicts OAUTH2_DATABASE_URL"), "{problem}");
}

#[test]
fn an_empty_variable_counts_as_unset_for_every_setting() {
    for name in SETTINGS.iter().flat_map(|setting| [Some(setting.key), setting.second_name]).flatten() {
        for empty in ["", " ", "\r", "\t \r\n"] {
            let config = with(&format!("OAUTH2_{}", name.to_ascii_uppercase()), empty).unwrap();
            assert_eq!(config.to_toml(), defaults().to_toml(), "{name}={empty:?}");
        }
    }
    let everything: Vec<_> =
        SETTINGS.iter().map(|setting| (format!("OAUTH2_{}", setting.key.to_ascii_uppercase()), "")).collect();
    let everything: Vec<_> = everything.iter().map(|(name, empty)| (name.as_str(), *empty)).collect();
    assert_eq!(load(None, &everything).unwrap().to_toml(), defaults().to_toml());
}

#[test]
fn an_empty_variable_leaves_the_value_to_the_file_and_to_the_other_name() {
    let config = load(Some("server_port = 9000"), &[("OAUTH2_SERVER_PORT", "")]).unwrap();
    assert_eq!(config.server_port, 9000);
    let both = [("OAUTH2_PUBLIC_URL", ""), ("OAUTH2_SERVER_PUBLIC_BASE_URL", "https://a.example.com")];
    assert_eq!(load(None, &both).unwrap().server_public_base_url.as_str(), "https://a.example.com");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, KEY).unwrap();
    let path = path.display().to_string();
    let both = [("OAUTH2_ENCRYPTION_KEY", ""), ("OAUTH2_ENCRYPTION_KEY_FILE", path.as_str())];
    assert_eq!(load(None, &both).unwrap().encryption_key.unwrap().expose().as_str(), KEY);
    let both = [("OAUTH2_ENCRYPTION_KEY", KEY), ("OAUTH2_ENCRYPTION_KEY_FILE", "")];
    assert_eq!(load(None, &both).unwrap().encryption_key.unwrap().expose().as_str(), KEY);
}

#[test]
fn white_space_around_a_variable_does_not_matter() {
    let config = load(
        None,
        &[
            ("OAUTH2_SERVER_PORT", " 9000\r"),
            ("OAUTH2_PUBLIC_INTROSPECTION", "true\n"),
            ("OAUTH2_DATABASE_URL", "memory:\r\n"),
            ("OAUTH2_LOG_FORMAT", "\tjson "),
        ],
    )
    .unwrap();
    assert_eq!((config.server_port, config.public_introspection), (9000, true));
    assert_eq!((config.database_url, config.log_format), (DatabaseUrl::Memory, LogFormat::Json));
}

#[test]
fn a_secret_file_may_have_what_editors_and_shells_add() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://me:pw@db/oauth2";
    for (number, text) in [
        format!("{url}\n"),
        format!("{url}\r\n\r\n"),
        format!("{url} \t"),
        format!("  {url}\n \n"),
        format!("\u{feff}{url}"),
        format!("\u{feff} {url}\r\n"),
    ]
    .iter()
    .enumerate()
    {
        let path = folder.path().join(number.to_string());
        fs::write(&path, text).unwrap();
        let path = path.display().to_string();
        let config = with("OAUTH2_DATABASE_URL_FILE", &path).unwrap();
        assert_eq!(config.database_url, DatabaseUrl::Postgres { url: url.to_owned() }, "{text:?}");
    }
    let path = folder.path().join("key");
    fs::write(&path, format!("\u{feff}{}\r\n", "A".repeat(43))).unwrap();
    assert!(
        with("OAUTH2_ENCRYPTION_KEY_FILE", &path.display().to_string()).unwrap().encryption_key.is_some()
    );
    let path = folder.path().join("redis");
    fs::write(&path, "\u{feff}redis://:pw@cache:6379 \n").unwrap();
    let config = with("OAUTH2_REDIS_URL_FILE", &path.display().to_string()).unwrap();
    assert_eq!(config.redis_url.unwrap().expose(), "redis://:pw@cache:6379");
}

#[test]
fn a_secret_file_that_cannot_be_used_is_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain("hunter2".bytes().flat_map(|it| [it, 0])).collect();
    for (name, bytes, reason) in [
        ("empty", b"".to_vec(), "is empty"),
        ("blank", b"\xef\xbb\xbf \r\n".to_vec(), "is empty"),
        ("utf16", utf_16, "is UTF-16; save it as UTF-8"),
        ("latin1", b"hunter2\xe4".to_vec(), "is not UTF-8 text"),
        ("lines", b"# the key\nhunter2\n".to_vec(), "has more than one line"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.display().to_string();
        for setting in ["OAUTH2_ENCRYPTION_KEY_FILE", "OAUTH2_DATABASE_URL_FILE", "OAUTH2_REDIS_URL_FILE"] {
            let problem = refusal(with(setting, &path));
            assert!(problem.starts_with(&format!("{setting}: the file {path:?} {reason}")), "{problem}");
            assert!(!problem.contains("hunter2") && problem.lines().count() == 1, "{problem}");
        }
    }
    let problem = refusal(with("OAUTH2_ENCRYPTION_KEY_FILE", &folder.path().display().to_string()));
    assert!(problem.contains("is a folder"), "{problem}");
}

#[test]
fn a_configuration_file_may_begin_with_a_byte_order_mark() {
    assert_eq!(load(Some("\u{feff}server_port = 9000\r\n"), &[]).unwrap().server_port, 9000);
}

#[test]
fn secrets_are_never_shown() {
    for url in ["postgres://me:hunter2@db/oauth2", "postgres://me@db/oauth2?password=hunter2"] {
        let config = load(None, &[("OAUTH2_DATABASE_URL", url), ("OAUTH2_ENCRYPTION_KEY", KEY)]).unwrap();
        for text in [config.to_toml(), format!("{config:?}")] {
            assert!(!text.contains("hunter2") && !text.contains(KEY) && !text.contains("[0, 0"), "{text}");
            assert!(text.contains("redacted"), "{text}");
        }
    }
    let config = with("OAUTH2_REDIS_URL", "redis://:hunter2@a,redis://:hunter2@b").unwrap();
    for text in [config.to_toml(), format!("{config:?}")] {
        assert!(!text.contains("hunter2") && text.contains("redis://:redacted@b"), "{text}");
    }
}

#[test]
fn a_file_that_is_not_there_or_not_toml_is_named() {
    let missing = Config::load(Some(Path::new("missing.toml")), std::iter::empty()).unwrap_err();
    assert!(missing.to_string().contains("missing.toml"), "{missing}");
    let malformed = load(Some("server_port = 1\nencryption_key = \"hunter2\n"), &[]).unwrap_err().to_string();
    assert!(malformed.contains("test.toml, line 2: ") && !malformed.contains("hunter2"), "{malformed}");
    let twice = load(Some("server_port = 1\nserver_port = 2"), &[]).unwrap_err().to_string();
    assert!(twice.contains("line 2") && twice.contains("duplicate key"), "{twice}");
}

#[test]
fn the_default_file_is_read_if_it_is_there_and_no_other_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (default, asked_for) = (folder.path().join("oauth2.toml"), folder.path().join("mine.toml"));
    assert!(read_file(None, &default).unwrap().is_none());
    fs::write(&default, "server_port = 1").unwrap();
    assert_eq!(read_file(None, &default).unwrap().unwrap().1, "server_port = 1");
    assert!(
        read_file(Some(&asked_for), &default).is_err(),
        "the default does not stand in for a missing file"
    );
    fs::write(&asked_for, "server_port = 2").unwrap();
    assert_eq!(read_file(Some(&asked_for), &default).unwrap().unwrap().1, "server_port = 2");
}

#[test]
fn a_file_of_certificates_is_read_at_start_and_shown_by_its_name() {
    const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBiDCCAS+gAwIBAgIUeQLY3tXCFkjlA8jGswG0BfLx00kwCgYIKoZIzj0EAwIw\n\
GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTIyMDI1NjAwWhgPMjEy\n\
NjEwMjkwMjU2MDBaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI\n\
zj0CAQYIKoZIzj0DAQcDQgAE5maSQcxBK+Lqx77PzwOrtlgtcCuUnqoW+3nb2+E5\n\
0eOYIG8yT/GwHHyWGAXCp6T956yhtU4JsyvCgURbC6xRt6NTMFEwHQYDVR0OBBYE\n\
FCzmpcqfJuBPHAV3UlLV7JycXkFwMB8GA1UdIwQYMBaAFCzmpcqfJuBPHAV3UlLV\n\
7JycXkFwMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgMDkiZkjZ\n\
ixBX9NRdXCPFruKw4EBYW5Q776uKT90ST/YCIDaQyCB3eW12MwTwKumKmbWFuvf8\n\
yAH7f7wLPseXtyj4\n\
-----END CERTIFICATE-----\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    fs::write(&path, AUTHORITY).unwrap();
    let path = path.display().to_string();
    let config = with("OAUTH2_OUTBOUND_CA_FILE", &path).unwrap();
    let shown = config.shown().iter().find(|(key, _)| *key == "outbound_ca_file");
    assert_eq!(shown.unwrap().1, path);
    assert!(!config.outbound().allow_private, "who vouches is one thing, where to is another");
    fs::write(&path, format!("\u{feff}{AUTHORITY}")).unwrap();
    assert!(with("OAUTH2_OUTBOUND_CA_FILE", &path).is_ok(), "an editor wrote a byte order mark");

    fs::write(&path, format!("{AUTHORITY}{}", AUTHORITY.replace("MII", "MIJ"))).unwrap();
    let problem = refusal(with("OAUTH2_OUTBOUND_CA_FILE", &path));
    assert!(
        problem.starts_with("OAUTH2_OUTBOUND_CA_FILE: ") && problem.contains("certificate 2"),
        "{problem}"
    );
}

#[test]
fn a_redis_prefix_is_plain() {
    for text in ["oauth2", "staging:oauth2", "a"] {
        assert_eq!(redis_prefix(&Value::from(text)).unwrap().0, text);
    }
    for text in ["", "{oauth2}", "a b", "ü", &"a".repeat(65)] {
        assert!(redis_prefix(&Value::from(text)).is_err(), "{text}");
    }
}

const TABLES: &str = r#"
server_port = 9000
[scopes.staff]
description = { en = "Know where you work", de = "Wissen, wo Sie arbeiten" }
claims = ["department", "email", "preferred_username"]
for_registered_clients = true

[scopes.calendar]
description = "See your calendar"
default = false

[scopes.read]
"#;

#[test]
fn a_scope_is_declared_by_a_table() {
    let config = load(Some(TABLES), &[]).unwrap();
    let settings = config.settings();
    assert_eq!(
        settings.scopes.to_string(),
        "address calendar email groups offline_access openid phone profile read staff"
    );
    let declared = &settings.declared_scopes;
    assert_eq!(declared.description("staff", "de"), Some("Wissen, wo Sie arbeiten"));
    assert_eq!(declared.description("calendar", "ja"), Some("See your calendar"));
    let staff = "staff".parse().unwrap();
    let opened: Vec<_> = declared.own_claims_in(&staff).collect();
    assert_eq!(opened, ["department", "email", "preferred_username"]);
    let defaults = ["staff", "calendar", "read"].map(|token| declared.is_default(token));
    assert_eq!(defaults, [false, false, true]);
    let allowed = settings.registration.allowed_scopes;
    assert!(allowed.contains("staff") && allowed.contains("openid") && !allowed.contains("calendar"));
}

#[test]
fn what_config_show_prints_of_tables_can_be_read_again() {
    let config = load(Some(TABLES), &[]).unwrap();
    let again = load(Some(&config.to_toml()), &[]).unwrap();
    assert_eq!(again.shown(), config.shown());
    assert_eq!(again.scopes, config.scopes);
}

#[test]
fn the_environment_adds_names_to_the_tables() {
    let names = [("OAUTH2_SCOPES", "write staff")];
    let config = load(Some(TABLES), &names).unwrap();
    assert_eq!(config.scopes.names.to_string(), "calendar read staff write");
    assert_eq!(config.scopes.declared.description("staff", "en"), Some("Know where you work"));
    let replaced = load(Some("scopes = [\"a\"]"), &names).unwrap();
    assert_eq!(replaced.scopes.names.to_string(), "staff write", "without tables it wins, as always");
}

#[test]
fn everything_that_is_wrong_with_a_table_is_named_with_its_line() {
    let file = r#"server_port = 9000
[scopes.staff]
description = { en = "Fine", tlh = "Qapla'" }
claims = ["department",
          "iss"]
server_port = 1

[scopes.other]
descriptoin = "x"
default = "yes"
for_registered_clients = 1
description = "hid\u202eden"
claims = [["nested"]]
[scopes]
openid = {}
plain = "text"
"two words" = {}
dotted.claims = ["sub"]
"#;
    let problems = refusal(load(Some(file), &[]));
    let expected = [
        ("staff.description.tlh", 3, "not one of the languages"),
        ("staff.claims", 4, "iss cannot be set"),
        ("staff.server_port", 6, "above the first table"),
        ("other.descriptoin", 9, "unknown; a scope has description, claims"),
        ("other.default", 10, "true or false"),
        ("other.for_registered_clients", 11, "true or false"),
        ("other.description", 12, "invisible"),
        ("other.claims", 13, "a list of names"),
        ("openid", 15, "of this server itself"),
        ("plain", 16, "must be a table"),
        ("two words", 17, "not a scope"),
        ("dotted.claims", 18, "sub cannot be set"),
    ];
    for (key, line, reason) in expected {
        let written = format!("scopes.{key} in ");
        let problem = problems.lines().find(|problem| problem.starts_with(&written));
        let problem = problem.unwrap_or_else(|| panic!("{key}: {problems}"));
        let place = format!("test.toml, line {line}: ");
        assert!(problem.contains(&place) && problem.contains(reason), "{problem}");
    }
    assert_eq!(problems.lines().count(), expected.len(), "{problems}");
}

#[test]
fn a_scope_that_is_not_for_registered_clients_is_not_in_their_list() {
    let file = "registration_allowed_scopes = [\"openid\", \"staff\"]\n[scopes.staff]\n";
    assert!(load(Some(file), &[]).is_ok());
    let problem = refusal(load(Some(&format!("{file}for_registered_clients = false")), &[]));
    assert!(problem.starts_with("registration_allowed_scopes in "), "{problem}");
    assert!(problem.contains("scopes.staff says for_registered_clients = false"), "{problem}");
}

#[test]
fn the_logo_is_drawn_at_start_and_an_svg_or_a_large_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logo");
    let written = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        with("OAUTH2_BRAND_LOGO_FILE", file.to_str().unwrap())
    };
    let config = written(PNG).unwrap();
    let branding = config.settings().branding;
    assert_eq!(branding.logo.map(|logo| (logo.width, logo.height)), Some((1, 1)));
    assert!(config.to_toml().contains(&format!("brand_logo_file = {:?}\n", file.to_str().unwrap())));
    let svg = refusal(written(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"));
    assert!(svg.contains("which can hold scripts; export it as a PNG file"), "{svg}");
    let large = refusal(written(&[PNG, &[0; 1024 * 1024]].concat()));
    assert!(large.contains("at most 1048576 are allowed"), "{large}");
}
