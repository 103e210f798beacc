//! Writing a backup.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, IsolationLevel,
    Statement, TransactionOptions,
};
use sea_orm_migration::seaql_migrations;
use serde::Serialize;

use super::file::{FORMAT, Header, RunningDigest, TableHeader, Trailer, VERSION};
use super::tables::tables;
use super::{BackupKey, Transfer, TransferError, schema, seal_context};
use crate::Database;
use crate::fault::Fault;

/// The file may be read slowly.
const NO_LIMIT: &str = "SET LOCAL idle_in_transaction_session_timeout = 0";

impl Database {
    /// Writes all data as of one instant after `now`, in batches. Servers may keep running.
    /// `release` is the version that writes it; `key` has to open the sealed values of the database, and seals the file.
    ///
    /// # Errors
    /// [`TransferError`]; then the file has no last line, and no database accepts it.
    pub async fn export(
        &self,
        release: &str,
        now: DateTime<Utc>,
        key: &dyn BackupKey,
        to: &mut (dyn Write + Send),
    ) -> Result<Transfer, TransferError> {
        let transaction = self.answered(self.begin_snapshot().await)?;
        // A table or column that only another version knows would be missing in the file.
        if self.answered(applied(&transaction).await)? != BTreeSet::from_iter(schema()) {
            return Err(TransferError::OtherSchema);
        }
        self.check_key(key, &transaction).await?;
        let mut lines = Lines { to, digest: RunningDigest::new() };
        let (format, release) = (FORMAT.to_owned(), release.to_owned());
        lines.write(&Header { format, version: VERSION, release, taken_at: now, schema: schema() })?;
        let rows = self.write_tables(&mut lines, &transaction).await?;
        let moved = Transfer { rows: rows.values().sum(), taken_at: now };
        let digest = lines.digest.to_base64url();
        let refused = || TransferError::Key("the backup could not be sealed".to_owned());
        let seal = key.seal(&seal_context(&digest)).ok_or_else(refused)?;
        lines.write(&Trailer { rows, digest, seal: URL_SAFE_NO_PAD.encode(seal) })?;
        lines.to.flush().map_err(TransferError::Write)?;
        self.answered(transaction.commit().await.map_err(Fault::from))?;
        Ok(moved)
    }

    /// How many rows of each table were written.
    async fn write_tables(
        &self,
        lines: &mut Lines<'_>,
        transaction: &DatabaseTransaction,
    ) -> Result<BTreeMap<String, u64>, TransferError> {
        let mut rows = BTreeMap::new();
        for table in tables() {
            let columns = table.columns().into_iter().map(str::to_owned).collect();
            lines.write(&TableHeader { table: table.name().to_owned(), columns })?;
            let (mut count, mut last) = (0, None);
            loop {
                let mut batch = self.answered(table.rows_after(last.as_ref(), transaction).await)?;
                for row in &batch {
                    lines.write(row)?;
                    count += 1;
                }
                last = batch.pop();
                if last.is_none() {
                    break;
                }
            }
            rows.insert(table.name().to_owned(), count);
        }
        Ok(rows)
    }

    /// A transaction that sees no change from now on.
    async fn begin_snapshot(&self) -> Result<DatabaseTransaction, Fault> {
        // Every transaction on SQLite reads from one snapshot, so no isolation level is needed.
        if self.reader.get_database_backend() != DatabaseBackend::Postgres {
            return Ok(self.reader.begin(TransactionOptions::default()).await?);
        }
        let options = TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let transaction = self.reader.begin(options).await?;
        transaction.execute_unprepared(NO_LIMIT).await?;
        Ok(transaction)
    }
}

/// The migrations that made the schema of this database.
async fn applied(transaction: &DatabaseTransaction) -> Result<BTreeSet<String>, Fault> {
    let there = match transaction.get_database_backend() {
        DatabaseBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
        // SQLite; others are not compiled in.
        DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => {
            "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'"
        }
    };
    let there = Statement::from_string(transaction.get_database_backend(), there);
    if transaction.query_one_raw(there).await?.is_none() {
        return Ok(BTreeSet::new());
    }
    let applied = seaql_migrations::Entity::find().all(transaction).await?;
    Ok(applied.into_iter().map(|migration| migration.version).collect())
}

struct Lines<'a> {
    to: &'a mut (dyn Write + Send),
    digest: RunningDigest,
}

impl Lines<'_> {
    fn write(&mut self, line: &impl Serialize) -> Result<(), TransferError> {
        let mut bytes = serde_json::to_vec(line).map_err(|error| TransferError::Write(error.into()))?;
        self.digest.add(&bytes);
        bytes.push(b'\n');
        self.to.write_all(&bytes).map_err(TransferError::Write)
    }
}
