//! Connecting: pools, durability, time limits, and the begin of a transaction.

use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::Duration;

use application::port::{Readiness, Unavailable};
use migrations::Migrator;
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions,
};
use sea_orm_migration::MigratorTrait;

use crate::fault::Fault;
use crate::measure;
use crate::read_clients::ReadClients;
use crate::statements::{Bounds, Statements};
use crate::together::Together;

/// How long a call waits for a connection, or for SQLite's write lock.
const WAIT: Duration = Duration::from_secs(5);
/// How long Postgres may work on one statement.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long Postgres keeps the locks of a transaction whose node says nothing more.
const SILENT_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that was idle for longer is tried before it is used: shorter than any restart of Postgres, so that one
/// costs no request but those under way, and long enough that a busy connection is never asked.
const TRY_AFTER_IDLE: Duration = Duration::from_millis(20);
/// What a connection is set to, whatever the database or the role is set to.
///
/// Requests ask for a few rows by their keys. A plan that depended on how many rows there were when it was made would read
/// a table that was small then from end to end for as long as the plan is kept.
const SETTINGS: [(&str, &str); 7] = [
    ("default_transaction_isolation", "read committed"),
    ("bytea_output", "hex"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"),
    ("jit", "off"),
];
/// Of how many connections a node makes use at least; more on more than two cores.
const LEAST_CONNECTIONS: u32 = 8;
/// How often a transaction is done that Postgres ends for the sake of another.
const ATTEMPTS: u32 = 5;
/// Any number that nobody else locks: "oauth2".
const MIGRATION_LOCK: i64 = 0x6f61_7574_6832;

/// All stores on one database. A clone uses the same connections.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) writer: Statements,
    pub(crate) reader: Statements,
    pub(crate) together: Together,
    pub(crate) read_clients: ReadClients,
}

impl Database {
    fn new(writer: Statements, reader: Statements) -> Self {
        Self { together: Together::new(writer.clone()), read_clients: ReadClients::default(), writer, reader }
    }

    /// Connects to `postgres://…` or to the database file of `sqlite:…`; nothing is created or
    /// changed in it before [`migrate`](Self::migrate).
    ///
    /// On SQLite one connection writes and others only read. Every commit is synced to the disk
    /// (`synchronous = FULL`): what was acknowledged survives `kill -9` and a power cut. With NORMAL
    /// the last commits before a power cut could be lost, a revocation among them.
    ///
    /// # Errors
    /// [`Unavailable`] when the URL is of neither kind or nobody answers there within 5 seconds.
    pub async fn connect(url: &str) -> Result<Self, Unavailable> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            connect_postgres(url).await.map_err(|fault| fault.into_unavailable("postgres"))
        } else if url.starts_with("sqlite:") {
            connect_sqlite(url).await.map_err(|fault| fault.into_unavailable("sqlite"))
        } else {
            Err(Fault::Url.into_unavailable("database"))
        }
    }

    /// Brings the schema up to date, in one transaction. Nodes that start together wait for one another;
    /// a schema that has all we need, and perhaps more, is left alone.
    ///
    /// # Errors
    /// [`Unavailable`] when the database does not answer or refuses; then nothing has changed.
    pub async fn migrate(&self) -> Result<(), Unavailable> {
        if self.check().await.is_ok() {
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

    /// Closes the connections, after what they are doing.
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

    /// Begins a transaction that writes. On SQLite it takes the write lock at once: one that began by
    /// reading could not wait for it later.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin(options).await?)
    }

    /// Does a whole transaction again while Postgres ends it for the sake of another: a deadlock between two that
    /// change many rows, such as the deletions of a user and of a client.
    pub(crate) async fn repeated<Answer, Attempt>(
        &self,
        attempt: impl Fn() -> Attempt,
    ) -> Result<Answer, Unavailable>
    where
        Attempt: Future<Output = Result<Answer, Fault>>,
    {
        for _ in 1..ATTEMPTS {
            match attempt().await {
                Err(fault) if fault.lost_to_another() => {}
                answer => return self.answered(answer),
            }
        }
        self.answered(attempt().await)
    }

    /// Names this database in what went wrong.
    pub(crate) fn answered<Answer>(&self, answer: Result<Answer, Fault>) -> Result<Answer, Unavailable> {
        answer.map_err(|fault| fault.into_unavailable(self.component()))
    }

    /// Whether one statement may change several tables.
    pub(crate) fn speaks_postgres(&self) -> bool {
        self.writer.get_database_backend() == DatabaseBackend::Postgres
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

async fn connect_postgres(url: &str) -> Result<Database, Fault> {
    let connections = (4 * cores()).max(LEAST_CONNECTIONS);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .connect_timeout(WAIT)
        .acquire_timeout(WAIT)
        .statement_timeout(STATEMENT_TIMEOUT)
        .test_before_acquire_if_idle_for(TRY_AFTER_IDLE)
        .set_application_name("oauth2-server")
        .map_sqlx_postgres_opts(|options| {
            let millis = SILENT_TRANSACTION_TIMEOUT.as_millis().to_string();
            options.options([("idle_in_transaction_session_timeout", millis)]).options(SETTINGS)
        })
        .sqlx_logging(false);
    let mut pool = sea_orm::Database::connect(options).await?;
    measure::statements(&mut pool, "postgres");
    let statements = Statements::at_hand(pool, Bounds { connections, wait: WAIT, well_for: TRY_AFTER_IDLE });
    Ok(Database::new(statements.clone(), statements))
}

async fn connect_sqlite(url: &str) -> Result<Database, Fault> {
    // Every connection to such a database would see another one.
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(Fault::Url);
    }
    let mut writes = ConnectOptions::new(url);
    writes.max_connections(1).map_sqlx_sqlite_opts(|options| {
        sqlite(options).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)
    });
    writes.map_sqlx_sqlite_before_acquire(|connection, _| {
        // SQLite itself rolls back a transaction whose statement finds the disk full. sqlx, whose own rollback then fails,
        // believes that it goes on, and what came after it would be told success and never be committed.
        Box::pin(async move { Ok(!connection.is_in_transaction()) })
    });
    let mut reads = ConnectOptions::new(url);
    reads
        .max_connections(cores().max(4))
        .map_sqlx_sqlite_opts(|options| sqlite(options).create_if_missing(false).read_only(true));
    for options in [&mut writes, &mut reads] {
        options.connect_timeout(WAIT).acquire_timeout(WAIT).test_before_acquire(false).sqlx_logging(false);
    }
    // The writer first: it may have to create the file.
    let mut writer = sea_orm::Database::connect(writes).await?;
    let mut reader = sea_orm::Database::connect(reads).await?;
    for connection in [&mut writer, &mut reader] {
        measure::statements(connection, "sqlite");
    }
    Ok(Database::new(Statements::of(writer), Statements::of(reader)))
}

fn sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.busy_timeout(WAIT).foreign_keys(true)
}

fn cores() -> u32 {
    let cores = available_parallelism().map_or(1, NonZero::get);
    u32::try_from(cores).unwrap_or(u32::MAX / 4)
}

#[cfg(test)]
mod tests {
    use application::port::{Marked, ReplayMarks};
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
        database.check().await.unwrap();

        database.writer.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
        assert_eq!(mark(kept).await.unwrap(), Marked::First, "what was refused has not happened");
        for number in 0..=kept {
            assert_eq!(mark(number).await.unwrap(), Marked::Seen, "{number} of {kept} is lost");
        }
    }

    /// A transaction that found the disk full, and one that was given up; what is told success afterwards is there for all.
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
        drop(transaction);
        drop(database.begin().await.unwrap());
        database.writer.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
        database.mark(Digest::of(b"one"), DateTime::<Utc>::MAX_UTC).await.unwrap();
        let there = "SELECT 1 FROM replay_marks";
        let there = Statement::from_string(DatabaseBackend::Sqlite, there);
        assert!(database.reader.query_one_raw(there).await.unwrap().is_some(), "nobody else sees it");
    }
}
