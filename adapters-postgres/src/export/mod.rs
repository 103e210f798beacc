//! Backups, which also move data between databases, and between SQLite and PostgreSQL: `backup`, `restore`, `import`.
//!
//! A file of JSON lines: a [header](file::Header), then for each table an object with its columns and an array for each
//! row, then a [trailer](file::Trailer) that counts the rows and has a sealed digest of all lines before it. Bytes are
//! base64url; everything else is as in the column. Of secrets the stores keep digests or
//! sealed keys, and so does the file.
//!
//! Every table is in it, those of short-lived things too. How much of it a database takes in is the [`Extent`].
//!
//! See docs/decisions/operations.md.

mod extent;
mod file;
mod read;
mod sealed;
mod table;
mod tables;
mod write;

use application::port::Unavailable;
use chrono::{DateTime, Utc};
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;

/// How many rows are read or written at once.
const MAX_BATCH: u16 = 500;

/// The result of a backup or restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// How many rows are in the file.
    pub rows: u64,
    /// Everything that was committed before is in the file.
    pub taken_at: DateTime<Utc>,
}

/// How much of a file a database takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything: no server has worked since the file was made, so nothing in it can have been used.
    Everything,
    /// Without what works once and may have been used since: codes, device codes, pushed requests, links, mails, how
    /// interactions ended, and the set-up link. Spent codes stay, so that they stay spent. Every client counts as used now.
    Lasting,
    /// Also without sessions, authorizations and their tokens: all users have to sign in again.
    SignedOut,
}

/// The encryption key of the server, as far as a backup needs it.
pub trait BackupKey: Sync {
    /// Seals nothing but this context; `None` if the cryptographic library refuses.
    fn seal(&self, context: &str) -> Option<Vec<u8>>;

    /// Whether `sealed` was sealed with this key for this context.
    fn opens(&self, context: &str, sealed: &[u8]) -> bool;
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The database does not answer, or refuses.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The file could not be written.
    #[error("the backup could not be written: {0}")]
    Write(std::io::Error),
    /// The file could not be read.
    #[error("the backup could not be read: {0}")]
    Read(std::io::Error),
    /// The file is not a backup of this server, or it is incomplete.
    #[error("line {line} of the backup: {reason}; nothing was written to the database")]
    Broken {
        /// Counted from one.
        line: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The file was made by another version.
    #[error(
        "the backup was made by another version, {0}: restore it with that version, and then start this one; \
         nothing was written to the database"
    )]
    OtherVersion(String),
    /// There is something already.
    #[error(
        "the database is not empty: there are {0}; a backup is restored into an empty one. If it has nothing but what a server made \
         when it started, drop it and make it again; or choose a new one"
    )]
    NotEmpty(String),
    /// The database has no schema yet, or the one of another version.
    #[error(
        "the database is empty or was last changed by another version of oauth2-server; make the backup with the version that \
         serves it"
    )]
    OtherSchema,
    /// The encryption key is another one.
    #[error("{0}")]
    Key(String),
}

/// The additional data of the seal of a file with this digest.
fn seal_context(digest: &str) -> String {
    format!("oauth2-server backup {digest}")
}

/// The migrations that make the schema, in order.
fn schema() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
