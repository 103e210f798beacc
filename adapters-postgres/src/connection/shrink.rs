//! A file of SQLite gets shorter again: the room of removed rows goes back to the disk, and the write-ahead log stays small.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::Database;
use crate::fault::Fault;

/// How many free pages a file keeps for new rows, if a quarter of its pages are not more: 4 MiB.
const MIN_FREE_PAGES: i64 = 1024;
/// How many pages one statement removes: few enough that no request waits noticeably.
const PAGES_AT_ONCE: i64 = 500;
/// How many statements one run has: so it ends even if requests free pages at the same speed.
const MAX_STATEMENTS: i64 = 64;
/// A log that is longer was kept from starting again by readers, and is made empty.
const MAX_LOG_BYTES: u64 = 16 * 1024 * 1024;

impl Database {
    /// [`shrink`](Self::shrink) after the last batch of a run, which is smaller than the others. While the disk is full, after
    /// each.
    pub(crate) async fn shrink_after(&self, removed: u64, batch: u32) -> Result<(), Fault> {
        if removed < u64::from(batch) || self.writer.room().is_full() {
            self.shrink().await?;
        }
        Ok(())
    }

    /// Gives free pages of a file of SQLite back to its disk: those that are more than it soon needs, or all while the disk is
    /// full. On PostgreSQL autovacuum does it.
    async fn shrink(&self) -> Result<(), Fault> {
        if self.writer.get_database_backend() != DatabaseBackend::Sqlite {
            return Ok(());
        }
        let is_full = !self.writer.room().admits().await;
        let free = self.pragma("freelist_count").await?;
        let kept = if is_full { 0 } else { MIN_FREE_PAGES.max(self.pragma("page_count").await? / 4) };
        let excess = (free - kept).max(0);
        for _ in 0..(excess + PAGES_AT_ONCE - 1).div_euclid(PAGES_AT_ONCE).min(MAX_STATEMENTS) {
            let some = format!("PRAGMA incremental_vacuum({PAGES_AT_ONCE})");
            self.writer.execute_unprepared(&some).await?;
        }
        // The file gets shorter when the log has moved into it. On a full disk the log keeps its space for the next writes.
        if self.writer.room().log_bytes() > MAX_LOG_BYTES {
            self.writer.checkpoint("TRUNCATE").await?;
        } else if is_full {
            self.writer.checkpoint("RESTART").await?;
        } else if excess > 0 {
            self.writer.checkpoint("PASSIVE").await?;
        }
        if is_full {
            self.writer.room().admits().await;
        }
        Ok(())
    }

    /// A number that SQLite returns.
    async fn pragma(&self, name: &str) -> Result<i64, Fault> {
        let statement = Statement::from_string(DatabaseBackend::Sqlite, format!("PRAGMA {name}"));
        let row = self.reader.query_one_raw(statement).await?.ok_or(Fault::Corrupt("a pragma"))?;
        Ok(row.try_get("", name)?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use application::port::ReplayMarks;
    use chrono::{DateTime, Utc};
    use domain::Digest;
    use sea_orm::TransactionOptions;

    use super::*;

    #[tokio::test]
    async fn a_log_that_a_backup_reads_does_not_keep_others_from_writing() {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let backup = database.reader.begin(TransactionOptions::default()).await.unwrap();
        backup.execute_unprepared("SELECT count(*) FROM replay_marks").await.unwrap();
        database.mark(Digest::of(b"one"), DateTime::<Utc>::MAX_UTC).await.unwrap();
        let since = Instant::now();
        for mode in ["RESTART", "TRUNCATE"] {
            database.writer.checkpoint(mode).await.unwrap();
        }
        assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
        backup.rollback().await.unwrap();
        let patience = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA busy_timeout");
        let patience = database.writer.query_one_raw(patience).await.unwrap().unwrap();
        assert_eq!(patience.try_get::<i64>("", "timeout").unwrap(), 5000);
    }
}
