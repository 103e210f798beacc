//! The configuration: one flat list of settings. The `OAUTH2_` environment wins over the TOML file, the file over the
//! defaults.
//!
//! - `settings` is the table: each setting with its name, type, allowed values, default and meaning.
//! - `derived` is the values for other parts of the server, `contradictions` the settings that contradict each other.
//! - `sources` reads the file and the environment, and refuses unknown names.
//! - `scopes` reads the tables `[scopes.name]`.
//! - `value` reads one value and says what is allowed.
//!
//! The server does not start with an unknown name or a wrong value: the message names it as the operator wrote it.

mod branding;
mod contradictions;
mod database_url;
mod derived;
mod error;
mod mail;
mod reader;
mod redis_url;
mod scopes;
mod secret_file;
mod settings;
mod smtp_url;
mod sources;
mod table;
mod value;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

pub use database_url::DatabaseUrl;
pub use error::ConfigError;
pub use redis_url::RedisUrl;
pub use scopes::OperatorScopes;
pub use settings::Config;
pub use smtp_url::SmtpUrl;

use figment::Figment;
use reader::Reader;

/// The server reads this file in the working folder if the operator does not pass `--config`.
const DEFAULT_FILE: &str = "oauth2.toml";

impl Config {
    /// Reads the file at `path` (without one `oauth2.toml` in the working folder, if it exists), and the variables of
    /// `environment` that begin with `OAUTH2_`.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`] or [`ConfigError::Malformed`] for a file that is missing or not TOML;
    /// [`ConfigError::Refused`] with every unknown name and every wrong value.
    pub fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let (file, path) = match read_file(path, Path::new(DEFAULT_FILE))? {
            Some((path, text)) => (sources::file(&path, &text, &mut problems)?, Some(path)),
            None => (Figment::new(), None),
        };
        let given = sources::merge(file, sources::environment(environment, &mut problems));
        let mut reader = Reader::new(sources::with_defaults(given), path, problems);
        let config = Self::read(&mut reader);
        for (key, reason) in config.iter().flat_map(Self::contradictions) {
            reader.refuse(key, &reason);
        }
        match (config, reader.into_problems()) {
            (Some(config), problems) if problems.is_empty() => Ok(config),
            (_, problems) => Err(ConfigError::Refused(problems)),
        }
    }

    /// Every setting as TOML, for `config show`: secrets are redacted, settings without a value are comments.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let line = |(key, value): &(&str, serde_json::Value)| match value.is_null() {
            true => format!("# {key} is not set\n"),
            false => format!("{key} = {}\n", toml(value)),
        };
        self.shown().iter().map(line).collect()
    }
}

/// TOML and JSON spell a string, a number, a boolean and a list the same, but not a table.
fn toml(value: &serde_json::Value) -> String {
    let member = |(key, value): (&String, &serde_json::Value)| format!("{key:?} = {}", toml(value));
    match value.as_object() {
        Some(table) => format!("{{ {} }}", table.iter().map(member).collect::<Vec<_>>().join(", ")),
        None => value.to_string(),
    }
}

/// The environment variables of this process, for [`Config::load`]. A byte that is not UTF-8 becomes U+FFFD, which
/// `load` refuses.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
}

/// The file's name and its text. `None` if the operator named no file and the `default` does not exist.
fn read_file(path: Option<&Path>, default: &Path) -> Result<Option<(String, String)>, ConfigError> {
    let wanted = path.unwrap_or(default);
    match std::fs::read_to_string(wanted) {
        Ok(text) => Ok(Some((wanted.display().to_string(), text))),
        Err(reason) if path.is_none() && reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Unreadable { path: wanted.to_owned(), source }),
    }
}
