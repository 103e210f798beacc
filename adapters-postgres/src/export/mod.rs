//! Copying everything to another database, between SQLite and PostgreSQL too: `export` and `import`.
//!
//! A file of JSON lines: a [header](file::Header), then for each table an object with its columns and an array for each
//! row, then a [trailer](file::Trailer) that counts the rows and has a digest of all lines before it. Bytes are
//! base64url; everything else is as in the column. Of secrets the stores keep digests or
//! sealed keys, and so does the file.
//!
//! Every table is copied, those of short-lived things too: what was used once stays used, and a user who is logging in can
//! finish.

mod file;
mod read;
mod table;
mod tables;
mod write;

use application::port::Unavailable;
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;

/// How many rows are read or written at once.
const MAX_BATCH: u16 = 500;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// How many rows.
    pub rows: u64,
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The database does not answer, or refuses.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The file could not be written.
    #[error("the export could not be written: {0}")]
    Write(std::io::Error),
    /// The file could not be read.
    #[error("the export could not be read: {0}")]
    Read(std::io::Error),
    /// The file is none of ours, or not whole.
    #[error("line {line} of the export: {reason}; nothing was imported")]
    Broken {
        /// Counted from one.
        line: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The file was made by another version.
    #[error(
        "the export was made by another version, {0}: import it with that version, and then start this one; \
         nothing was imported"
    )]
    OtherVersion(String),
    /// There is something already.
    #[error("the database is not empty: there are {0}; an import needs an empty one")]
    NotEmpty(String),
    /// The keys cannot be used here.
    #[error("{0}; nothing was imported")]
    Keys(String),
}

/// The migrations that make the schema, in order.
fn schema() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
