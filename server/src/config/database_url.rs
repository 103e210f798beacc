//! Where everything durable is kept: Postgres, an SQLite file, or nowhere.

use std::fmt;
use std::path::PathBuf;

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
                Ok(_) | Err(_) => Err(
                    "the value is not a URL such as postgres://user:password@host:5432/database; \
                                       special characters in the password must be percent-encoded"
                        .to_owned(),
                ),
            };
        }
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return sqlite(text, rest);
        }
        match text {
            "memory:" => Ok(Self::Memory),
            _ => Err(
                "the value does not begin with postgres://, postgresql:// or sqlite:, nor is it memory:"
                    .to_owned(),
            ),
        }
    }

    fn shown(&self) -> Value {
        Value::from(self.redacted())
    }
}

fn sqlite(url: &str, rest: &str) -> Result<DatabaseUrl, String> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let file = percent_decode_str(file)
        .decode_utf8()
        .map_err(|_reason| "the file's name is not percent-encoded UTF-8".to_owned())?;
    let in_memory = file == ":memory:"
        || url::form_urlencoded::parse(parameters.as_bytes())
            .any(|(name, value)| name == "mode" && value == "memory");
    if in_memory {
        return Err("SQLite in memory is not supported; memory: keeps everything in memory".to_owned());
    }
    if file.is_empty() || file.ends_with('/') {
        return Err("the name of the file is missing; sqlite:oauth2.db?mode=rwc is an example".to_owned());
    }
    Ok(DatabaseUrl::Sqlite {
        url: url.to_owned(),
        file: PathBuf::from(file.as_ref()),
    })
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
