//! Every store port on PostgreSQL, and on SQLite from the same code.
//!
//! A port method is one transaction, or one statement that guards itself. What must happen once is decided by a guarded
//! `UPDATE` or `INSERT … ON CONFLICT`, or on a row that is locked first, never by only reading it. That is right under
//! PostgreSQL's READ COMMITTED as well as with SQLite's single writer. Rows are locked in one order: client, user, session,
//! authorization, refresh token.
//!
//! - `store` has a file for each port. A store declares its statements and owns their rows.
//! - `sql` has the statements' texts and rules, and runs them: in batches on PostgreSQL, alone on SQLite.
//! - `batch` is a data-loader that knows neither.
//! - `connection` opens databases and lends connections; `entity` has a file for each table.
//! - `export` makes and restores backups. Nothing else knows it.
//!
//! See docs/decisions/stores-and-batching.md.

mod batch;
mod column;
mod connection;
mod entity;
mod export;
mod fault;
mod locks;
mod page;
mod parsed_clients;
mod removal;
mod sql;
mod store;

pub use connection::{Database, each_host};
pub use export::{BackupKey, Extent, Transfer, TransferError};
