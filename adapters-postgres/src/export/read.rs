//! Reading a backup.

use std::collections::BTreeMap;
use std::io::BufRead;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction};
use serde::de::DeserializeOwned;

use super::file::{FORMAT, Header, RunningDigest, TableHeader, Trailer, VERSION};
use super::table::{Row, Table};
use super::tables::tables;
use super::{BackupKey, Extent, MAX_BATCH, Transfer, TransferError, schema, seal_context};
use crate::Database;
use crate::fault::Fault;

/// The file may arrive slowly.
const NO_LIMIT: &str = "SET LOCAL idle_in_transaction_session_timeout = 0";

impl Database {
    /// Takes in what [`export`](Self::export) wrote, to this extent or not at all, into an empty database of the same schema, at
    /// `now`. `key` has to be the key that sealed the file.
    ///
    /// # Errors
    /// [`TransferError`]; then nothing has changed.
    pub async fn import(
        &self,
        from: &mut (dyn BufRead + Send),
        key: &dyn BackupKey,
        extent: Extent,
        now: DateTime<Utc>,
    ) -> Result<Transfer, TransferError> {
        let mut lines = Lines { from, ahead: None, number: 0, digest: RunningDigest::new() };
        let taken_at = lines.header()?;
        let transaction = self.answered(self.begin().await)?;
        let filled = match self.fill_all(&mut lines, &transaction, key).await {
            Ok(rows) => {
                let trimmed = self.answered(extent.trim(&transaction, now).await);
                trimmed.map(|()| rows).map_err(TransferError::from)
            }
            Err(error) => Err(error),
        };
        match filled {
            Ok(rows) => {
                self.answered(transaction.commit().await.map_err(Fault::from))?;
                Ok(Transfer { rows, taken_at })
            }
            Err(error) => {
                // The first error is reported. Without a commit nothing is kept in either case.
                let _undone = transaction.rollback().await;
                Err(error)
            }
        }
    }

    async fn fill_all(
        &self,
        lines: &mut Lines<'_>,
        transaction: &DatabaseTransaction,
        key: &dyn BackupKey,
    ) -> Result<u64, TransferError> {
        let tables = tables();
        self.answered(lock_tables(&tables, transaction).await)?;
        for table in &tables {
            if !self.answered(table.is_empty(transaction).await)? {
                return Err(TransferError::NotEmpty(table.name().replace('_', " ")));
            }
        }
        let rows = self.fill(lines, &tables, transaction, key).await?;
        for table in &tables {
            self.answered(table.restart_numbering(transaction).await)?;
        }
        self.check_key(key, transaction).await?;
        Ok(rows)
    }

    /// Puts the rows of all lines into their tables; how many.
    async fn fill(
        &self,
        lines: &mut Lines<'_>,
        tables: &[Box<dyn Table>],
        transaction: &DatabaseTransaction,
        key: &dyn BackupKey,
    ) -> Result<u64, TransferError> {
        let mut filled: BTreeMap<String, u64> = BTreeMap::new();
        // Every file begins with the first table and has all of them, in our order.
        for table in tables {
            let header: TableHeader = lines.object("here a table has to begin")?;
            if header.table != table.name() || header.columns != table.columns() {
                return Err(lines.broken("this is not the table that has to be here"));
            }
            let mut count = 0;
            loop {
                let batch = lines.rows()?;
                let inserted = table.insert(&batch, transaction).await;
                if matches!(inserted, Err(Fault::Corrupt(_))) {
                    return Err(lines.broken("a row up to here does not fit its columns"));
                }
                self.answered(inserted)?;
                count += batch.len() as u64;
                if batch.len() < usize::from(MAX_BATCH) {
                    break;
                }
            }
            filled.insert(header.table, count);
        }
        let digest = lines.digest.to_base64url();
        let trailer: Trailer = lines.object("here the backup has to end")?;
        if trailer.rows != filled || trailer.digest != digest {
            return Err(lines.broken("the backup is not what was written"));
        }
        lines.end()?;
        let seal = URL_SAFE_NO_PAD.decode(trailer.seal).unwrap_or_default();
        if !key.opens(&seal_context(&digest), &seal) {
            let other = "the backup was sealed with another encryption key, or it was changed";
            return Err(TransferError::Key(other.to_owned()));
        }
        Ok(filled.values().sum())
    }
}

/// No other transaction writes into any table before this one has ended.
async fn lock_tables(tables: &[Box<dyn Table>], transaction: &DatabaseTransaction) -> Result<(), Fault> {
    // On SQLite a transaction that writes is alone.
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        transaction.execute_unprepared(NO_LIMIT).await?;
        let names: Vec<_> = tables.iter().map(|table| table.name()).collect();
        let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
        transaction.execute_unprepared(&lock).await?;
    }
    Ok(())
}

struct Lines<'a> {
    from: &'a mut (dyn BufRead + Send),
    /// A line that was read and belongs to what comes next.
    ahead: Option<Vec<u8>>,
    number: u64,
    digest: RunningDigest,
}

impl Lines<'_> {
    /// When the backup was taken.
    fn header(&mut self) -> Result<DateTime<Utc>, TransferError> {
        let header: Header = self.object("this is no backup of oauth2-server")?;
        if header.format != FORMAT {
            return Err(self.broken("this is no backup of oauth2-server"));
        }
        if header.version != VERSION || header.schema != schema() {
            return Err(TransferError::OtherVersion(header.release));
        }
        Ok(header.taken_at)
    }

    /// The next line, as an object of this kind.
    fn object<Object: DeserializeOwned>(&mut self, otherwise: &'static str) -> Result<Object, TransferError> {
        let line = self.line()?;
        self.digest.add(&line);
        serde_json::from_slice(&line).map_err(|_| self.broken(otherwise))
    }

    /// The next lines that are rows: a batch, or all that are left of the table.
    fn rows(&mut self) -> Result<Vec<Row>, TransferError> {
        let mut rows = Vec::new();
        while rows.len() < usize::from(MAX_BATCH) {
            let line = self.line()?;
            if line.first() != Some(&b'[') {
                self.ahead = Some(line);
                self.number -= 1;
                break;
            }
            self.digest.add(&line);
            rows.push(serde_json::from_slice(&line).map_err(|_| self.broken("this is no row"))?);
        }
        Ok(rows)
    }

    /// The next line, whole.
    fn line(&mut self) -> Result<Vec<u8>, TransferError> {
        self.number += 1;
        if let Some(line) = self.ahead.take() {
            return Ok(line);
        }
        let mut line = Vec::new();
        self.from.read_until(b'\n', &mut line).map_err(TransferError::Read)?;
        // The last line too ends with one.
        if line.pop() != Some(b'\n') {
            return Err(self.broken("the backup is cut off here"));
        }
        Ok(line)
    }

    fn end(&mut self) -> Result<(), TransferError> {
        let rest = self.from.fill_buf().map_err(TransferError::Read)?;
        if rest.is_empty() {
            return Ok(());
        }
        self.number += 1;
        Err(self.broken("there is something after the end"))
    }

    const fn broken(&self, reason: &'static str) -> TransferError {
        TransferError::Broken { line: self.number, reason }
    }
}
