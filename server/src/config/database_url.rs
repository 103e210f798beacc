//! Where everything durable is kept: Postgres, an SQLite file, or nowhere.

use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::table::Setting;

const REDACTED: &str = "redacted";

/// A database URL; a password in it does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `postgres://…` or `postgresql://…`
    Postgres {
        /// The URL as it was written, password included.
        url: String,
    },
    /// `sqlite:…`, always a file.
    Sqlite {
        /// The URL as it was written.
        url: String,
        /// The file it names.
        file: PathBuf,
    },
    /// `memory:`, gone when the process ends.
    Memory,
}

impl DatabaseUrl {
    /// Where the data is, for people: never with a user name or password.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Postgres { url } => postgres_place(url),
            Self::Sqlite { file, .. } => {
                let file = std::path::absolute(file).unwrap_or_else(|_reason| file.clone());
                format!("the SQLite file {}", file.display())
            }
            Self::Memory => "in memory, gone when the server ends".to_owned(),
        }
    }

    /// The SQLite file that opening makes if it is not there (`mode=rwc`).
    #[must_use]
    pub fn file_to_make(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { url, file } => has_mode(url, "rwc").then_some(file),
            Self::Postgres { .. } | Self::Memory => None,
        }
    }

    /// The URL without what is secret in it.
    fn redacted(&self) -> String {
        match self {
            Self::Postgres { url } => redacted(url),
            Self::Sqlite { url, .. } => url.clone(),
            Self::Memory => "memory:".to_owned(),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.redacted())
    }
}

impl Setting for DatabaseUrl {
    fn parse(text: &str) -> Result<Self, String> {
        // The text is never repeated: it may carry a password.
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return match Url::parse(text) {
                Ok(url) if url.fragment().is_none() => Ok(Self::Postgres { url: text.to_owned() }),
                Ok(_) | Err(_) => {
                    Err("the value is not a URL such as postgres://user:password@host:5432/database; \
                                       special characters in the password must be percent-encoded"
                        .to_owned())
                }
            };
        }
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return sqlite(text, rest);
        }
        match text {
            "memory:" => Ok(Self::Memory),
            _ => {
                Err("the value does not begin with postgres://, postgresql:// or sqlite:, nor is it memory:"
                    .to_owned())
            }
        }
    }

    fn shown(&self) -> Value {
        Value::from(self.redacted())
    }
}

fn sqlite(url: &str, rest: &str) -> Result<DatabaseUrl, String> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, _parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let file = percent_decode_str(file)
        .decode_utf8()
        .map_err(|_reason| "the file's name is not percent-encoded UTF-8".to_owned())?;
    if file == ":memory:" || has_mode(url, "memory") {
        return Err("SQLite in memory is not supported; memory: keeps everything in memory".to_owned());
    }
    if file.is_empty() || file.ends_with('/') {
        return Err("the name of the file is missing; sqlite:oauth2.db?mode=rwc is an example".to_owned());
    }
    Ok(DatabaseUrl::Sqlite { url: url.to_owned(), file: PathBuf::from(file.as_ref()) })
}

fn has_mode(url: &str, mode: &str) -> bool {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    url::form_urlencoded::parse(parameters.as_bytes()).any(|(name, value)| name == "mode" && value == mode)
}

fn postgres_place(url: &str) -> String {
    let Ok(url) = Url::parse(url) else {
        return "Postgres".to_owned();
    };
    // A socket's folder is given in the query.
    let parameter = url.query_pairs().find(|(name, _)| name == "host");
    let host = parameter
        .map_or_else(|| url.host_str().unwrap_or("localhost").to_owned(), |(_, host)| host.into_owned());
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("Postgres at {host}{port}{}", url.path())
}

/// The password may be in the authority or, as libpq also takes it, in the query.
fn redacted(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        return REDACTED.to_owned();
    };
    if url.password().is_some() && url.set_password(Some(REDACTED)).is_err() {
        return REDACTED.to_owned();
    }
    if url.query_pairs().any(|(name, _)| name.contains("password")) {
        url.set_query(Some(REDACTED));
    }
    url.to_string()
}
