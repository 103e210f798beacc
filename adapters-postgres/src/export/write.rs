//! Writing an export.

use std::collections::BTreeMap;
use std::io::Write;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseBackend, DatabaseTransaction, IsolationLevel, TransactionOptions,
};
use serde::Serialize;

use super::file::{FORMAT, Header, RunningDigest, TableHeader, Trailer, VERSION};
use super::tables::tables;
use super::{Transfer, TransferError, schema};
use crate::Database;
use crate::fault::Fault;

/// The file may be read slowly.
const NO_LIMIT: &str = "SET LOCAL idle_in_transaction_session_timeout = 0";

impl Database {
    /// Writes everything there is, as it is at one instant, a batch at a time. `release` is who writes it.
    ///
    /// # Errors
    /// [`TransferError`]; what was written then has no last line, and no import takes it.
    pub async fn export(
        &self,
        release: &str,
        to: &mut (dyn Write + Send),
    ) -> Result<Transfer, TransferError> {
        let transaction = self.answered(self.begin_snapshot().await)?;
        let mut lines = Lines { to, digest: RunningDigest::new() };
        let (format, release) = (FORMAT.to_owned(), release.to_owned());
        lines.write(&Header { format, version: VERSION, release, schema: schema() })?;
        let mut rows = BTreeMap::new();
        for table in tables() {
            let columns = table.columns().into_iter().map(str::to_owned).collect();
            lines.write(&TableHeader { table: table.name().to_owned(), columns })?;
            let (mut count, mut last) = (0, None);
            loop {
                let mut batch = self.answered(table.rows_after(last.as_ref(), &transaction).await)?;
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
        let moved = Transfer { rows: rows.values().sum() };
        let digest = lines.digest.to_base64url();
        lines.write(&Trailer { rows, digest })?;
        lines.to.flush().map_err(TransferError::Write)?;
        self.answered(transaction.commit().await.map_err(Fault::from))?;
        Ok(moved)
    }

    /// A transaction that sees no change from now on.
    async fn begin_snapshot(&self) -> Result<DatabaseTransaction, Fault> {
        // A transaction on SQLite sees one instant, whatever it is asked for.
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
