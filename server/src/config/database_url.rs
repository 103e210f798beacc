//! The database: PostgreSQL, an SQLite file, or memory.

use std::fmt;
use std::path::{Path, PathBuf};

use adapters_postgres::each_host;
use figment::value::Value;
use percent_encoding::percent_decode_str;
use url::Url;

use super::value::{Read, text, without_password};

/// A database URL. `Debug` does not show the password in it.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `postgres://…` or `postgresql://…`
    Postgres {
        /// The URL as the operator wrote it, password included.
        url: String,
    },
    /// `sqlite:…`, always a file.
    Sqlite {
        /// The URL as the operator wrote it.
        url: String,
        /// The file.
        file: PathBuf,
    },
    /// `memory:`; the data is lost when the process ends.
    Memory,
}

impl DatabaseUrl {
    /// Where the data is, for a log line or an error message: without user name and password.
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

    /// The SQLite file that SQLite creates if it does not exist (`mode=rwc`).
    #[must_use]
    pub fn file_to_make(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { url, file } => has_mode(url, "rwc").then_some(file),
            Self::Postgres { .. } | Self::Memory => None,
        }
    }

    fn redacted(&self) -> String {
        match self {
            // All hosts have one password.
            Self::Postgres { url } => {
                each_host(url).first().map_or_else(String::new, |url| without_password(url))
            }
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

/// The messages do not repeat the text: it may hold a password.
pub(super) fn database_url(value: &Value) -> Read<DatabaseUrl> {
    let text = text(value)?;
    let url = if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        let is_url = |url: &String| Url::parse(url).is_ok_and(|url| url.fragment().is_none());
        let valid = each_host(&text).iter().all(is_url);
        valid.then(|| DatabaseUrl::Postgres { url: text.to_string() }).ok_or(
            "the value is not a URL such as postgres://user:password@host:5432/database; \
             special characters in the password must be percent-encoded",
        )
    } else if let Some(rest) = text.strip_prefix("sqlite:") {
        sqlite(&text, rest)
    } else if text == "memory:" {
        Ok(DatabaseUrl::Memory)
    } else {
        Err("the value does not begin with postgres://, postgresql:// or sqlite:, nor is it memory:")
    }?;
    let shown = url.redacted().into();
    Ok((url, shown))
}

fn sqlite(url: &str, rest: &str) -> Result<DatabaseUrl, &'static str> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, _parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let file = percent_decode_str(file)
        .decode_utf8()
        .map_err(|_reason| "the name of the file is not percent-encoded UTF-8")?;
    if file == ":memory:" || has_mode(url, "memory") {
        return Err("SQLite in memory is not supported; memory: keeps everything in memory");
    }
    if file.is_empty() || file.ends_with('/') {
        return Err("the name of the file is missing; sqlite:oauth2.db?mode=rwc is an example");
    }
    Ok(DatabaseUrl::Sqlite { url: url.to_owned(), file: PathBuf::from(file.as_ref()) })
}

fn has_mode(url: &str, mode: &str) -> bool {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    url::form_urlencoded::parse(parameters.as_bytes()).any(|(name, value)| name == "mode" && value == mode)
}

fn postgres_place(url: &str) -> String {
    let urls = each_host(url);
    let parsed: Vec<_> = urls.iter().filter_map(|url| Url::parse(url).ok()).collect();
    let Some((url, others)) = parsed.split_first() else {
        return "Postgres".to_owned();
    };
    // libpq takes the folder of a Unix socket from the query.
    let parameter = url.query_pairs().find(|(name, _)| name == "host").map(|(_, host)| host.into_owned());
    let host = parameter.unwrap_or_else(|| url.host_str().unwrap_or("localhost").to_owned());
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let others = others.iter().map(|url| {
        let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
        format!(",{}{port}", url.host_str().unwrap_or("localhost"))
    });
    format!("Postgres at {host}{port}{}{}", others.collect::<String>(), url.path())
}
