//! The database that all stores are on: connecting, migrating, and the begin of a transaction.

use application::port::Unavailable;
use migrations::Migrator;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
};
use sea_orm_migration::MigratorTrait;

use crate::batch::Batches;
use crate::fault::Fault;
use crate::parsed_clients::ParsedClients;
use crate::sql::{StatementLoader, Texts};

use super::checked::{LastReady, is_migrated};
use super::connect::{connect_postgres, connect_sqlite};
use super::measure;
use super::pool::Pool;

/// How often a transaction is tried that PostgreSQL ends so that another can go on.
const MAX_ATTEMPTS: u32 = 5;
/// Any number that nothing else locks: "oauth2".
const MIGRATION_LOCK: i64 = 0x6f61_7574_6832;

/// All stores on one database. A clone uses the same connections.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) writer: Pool,
    pub(crate) reader: Pool,
    /// On PostgreSQL. On SQLite a statement is a function call, and there is nothing to gain.
    pub(crate) batches: Option<Batches<StatementLoader>>,
    pub(crate) texts: Texts,
    pub(crate) parsed_clients: ParsedClients,
    pub(super) last_ready: LastReady,
}

impl Database {
    fn on_postgres(pool: Pool) -> Self {
        let texts = Texts::new(DatabaseBackend::Postgres);
        let batches = Some(Batches::new(StatementLoader::new(pool.clone(), texts.clone())));
        let parsed_clients = ParsedClients::default();
        let last_ready = LastReady::default();
        Self { writer: pool.clone(), reader: pool, batches, texts, parsed_clients, last_ready }
    }

    fn on_sqlite((writer, reader): (Pool, Pool)) -> Self {
        let (texts, parsed_clients) = (Texts::new(DatabaseBackend::Sqlite), ParsedClients::default());
        let last_ready = LastReady::default();
        Self { writer, reader, batches: None, texts, parsed_clients, last_ready }
    }

    /// Connects to `postgres://…` or to the database file of `sqlite:…`; nothing is created or
    /// changed in it before [`migrate`](Self::migrate).
    ///
    /// On SQLite one connection writes and others only read. Every commit is synced to the disk
    /// (`synchronous = FULL`): what was acknowledged survives `kill -9` and a power cut. With NORMAL
    /// the last commits before a power cut could be lost, a revocation among them.
    ///
    /// # Errors
    /// [`Unavailable`] when the URL is of neither kind, or no database answers there within 5 seconds.
    pub async fn connect(url: &str) -> Result<Self, Unavailable> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = connect_postgres(url).await;
            pool.map(Self::on_postgres).map_err(|fault| fault.into_unavailable("postgres"))
        } else if url.starts_with("sqlite:") {
            let pools = connect_sqlite(url).await;
            pools.map(Self::on_sqlite).map_err(|fault| fault.into_unavailable("sqlite"))
        } else {
            Err(Fault::Url.into_unavailable("database"))
        }
    }

    /// Brings the schema up to date, in one transaction. Nodes that start at the same time wait for one another. A schema
    /// that has every migration of this version, and perhaps more, is left alone.
    ///
    /// # Errors
    /// [`Unavailable`] when the database does not answer or refuses; then nothing has changed.
    pub async fn migrate(&self) -> Result<(), Unavailable> {
        self.writer.room().fill_reserve().await;
        if is_migrated(&self.reader).await.is_ok() {
            return Ok(());
        }
        self.answered(
            async {
                let transaction = self.begin().await?;
                if transaction.get_database_backend() == DatabaseBackend::Postgres {
                    // Neither waiting for another node nor rewriting a table ends after seconds.
                    transaction.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
                    let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
                    transaction.execute_unprepared(&lock).await?;
                }
                Migrator::up(&transaction, None).await?;
                Ok(transaction.commit().await?)
            }
            .await,
        )
    }

    /// Closes the connections when their statements have ended.
    ///
    /// # Errors
    /// [`Unavailable`] when a connection does not close in order.
    pub async fn close(self) -> Result<(), Unavailable> {
        let component = self.component();
        let closed = async {
            self.reader.close().await?;
            Ok(self.writer.close().await?)
        };
        closed.await.map_err(|fault: Fault| fault.into_unavailable(component))
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once, because a transaction that began by
    /// reading could not wait for it later.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin(options).await?)
    }

    /// The same database for a write that an operator or a user needs on a full disk too: it deletes, revokes, disables or signs
    /// out. It may use the reserve of the disk, if it is [`retried`](Self::retried).
    pub(crate) fn protecting(&self) -> Self {
        Self { writer: self.writer.protecting(), ..self.clone() }
    }

    /// Tries a whole transaction again while PostgreSQL ends it so that another can go on: a deadlock between two that
    /// change many rows, such as the deletions of a user and of a client. Also while a [protecting](Self::protecting) write finds
    /// the disk full, and a part of the reserve could be given up.
    pub(crate) async fn retried<Answer, Attempt>(
        &self,
        attempt: impl Fn() -> Attempt,
    ) -> Result<Answer, Unavailable>
    where
        Attempt: Future<Output = Result<Answer, Fault>>,
    {
        for _ in 1..MAX_ATTEMPTS {
            match attempt().await {
                Err(fault) if fault.lost_to_another() => {}
                Err(fault) if fault.is_refused() => self.writer.doubt(),
                Err(fault) if fault.is_full() && self.writer.gives_up_reserve().await => {}
                answer => return self.answered(answer),
            }
        }
        self.answered(attempt().await)
    }

    /// Names this database in a failure.
    pub(crate) fn answered<Answer>(&self, answer: Result<Answer, Fault>) -> Result<Answer, Unavailable> {
        if answer.as_ref().is_err_and(Fault::raises_doubt) {
            self.writer.doubt();
        }
        if answer.as_ref().is_err_and(Fault::is_full) {
            self.writer.room().found_full();
        }
        answer.map_err(|fault| fault.into_unavailable(self.component()))
    }

    /// Something was written: the disk of PostgreSQL is no longer full.
    pub(crate) fn wrote(&self) {
        self.writer.room().wrote();
    }

    /// Sets the gauges of the database as they are now: `oauth2_store_connections` by pool, how many are in use and how many are
    /// idle; and whether the disk is full.
    pub fn measure(&self) {
        self.writer.room().measure(self.component());
        match self.writer.get_database_backend() {
            DatabaseBackend::Postgres => {
                let pool = self.writer.inner().get_postgres_connection_pool();
                measure::connections("postgres", pool.size(), pool.num_idle() + self.writer.idle());
            }
            DatabaseBackend::Sqlite => {
                let writer = self.writer.inner().get_sqlite_connection_pool();
                measure::connections("sqlite_writer", writer.size(), writer.num_idle());
                let reader = self.reader.inner().get_sqlite_connection_pool();
                measure::connections("sqlite_reader", reader.size(), reader.num_idle());
            }
            // Not compiled in, nor is any that is still to come.
            DatabaseBackend::MySql | _ => {}
        }
    }

    fn component(&self) -> &'static str {
        match self.writer.get_database_backend() {
            DatabaseBackend::Postgres => "postgres",
            DatabaseBackend::Sqlite => "sqlite",
            // Not compiled in, nor is any that is still to come.
            DatabaseBackend::MySql | _ => "database",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use application::port::{Marked, Readiness, ReplayMarks};
    use chrono::{DateTime, Utc};
    use domain::Digest;
    use sea_orm::Statement;

    use super::*;

    /// A disk that is full, as SQLite itself simulates it.
    #[tokio::test]
    async fn a_full_disk_is_unavailable_loses_nothing_and_passes() {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let mark = |number: u32| database.mark(Digest::of(&number.to_be_bytes()), DateTime::<Utc>::MAX_UTC);
        database.writer.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap(); // no more than there are
        let mut kept = 0;
        let full = loop {
            match mark(kept).await {
                Ok(first) => assert_eq!(first, Marked::First),
                Err(full) => break full,
            }
            kept += 1;
        };
        assert!(full.reason.contains("full"), "{full}");
        for _ in 0..3 {
            mark(kept).await.unwrap_err();
        }
        // Its small row may find room where the database is full for others.
        database.check().await.unwrap();

        database.writer.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
        assert_eq!(mark(kept).await.unwrap(), Marked::First, "what was refused has not happened");
        for number in 0..=kept {
            assert_eq!(mark(number).await.unwrap(), Marked::Seen, "{number} of {kept} is lost");
        }
    }

    /// A transaction that found the disk full, and one that was dropped. What succeeds afterwards is there for all.
    #[tokio::test]
    async fn what_is_kept_after_a_transaction_found_the_disk_full_is_committed() {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        database.writer.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
        let transaction = database.begin().await.unwrap();
        let large = "INSERT INTO replay_marks (digest, expires_at) VALUES (randomblob(1000000), 0)";
        let full = transaction.execute_unprepared(large).await.unwrap_err();
        assert!(full.to_string().contains("full"), "{full}");
        assert!(Fault::Shared(Arc::new(full.into())).is_full(), "as a batch tells it");
        drop(transaction);
        drop(database.begin().await.unwrap());
        database.writer.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
        database.mark(Digest::of(b"one"), DateTime::<Utc>::MAX_UTC).await.unwrap();
        let there = "SELECT 1 FROM replay_marks";
        let there = Statement::from_string(DatabaseBackend::Sqlite, there);
        assert!(database.reader.query_one_raw(there).await.unwrap().is_some(), "no other connection sees it");
    }
}
