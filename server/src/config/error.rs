//! The errors of a configuration, for the operator who wrote it.

use std::io;
use std::path::PathBuf;

/// Why the server cannot use the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file is not TOML. The message does not repeat the line: it may hold a secret.
    #[error("{path}, line {line}: {reason}")]
    Malformed {
        /// The file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// The error of the parser.
        reason: String,
    },
    /// All unknown names and wrong values, one per line. Each begins with the name as the operator wrote it,
    /// `OAUTH2_SERVER_PORT` or `server_port in oauth2.toml`, and says what is allowed.
    #[error("{}", .0.join("\n"))]
    Refused(Vec<String>),
}
