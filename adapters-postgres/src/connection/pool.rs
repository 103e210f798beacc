//! The connections to one database: it runs single statements, each a transaction of its own, and begins transactions.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::sqlx::postgres::{PgArguments, PgRow};
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::{self, AssertSqlSafe, Error, Executor, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult,
    QueryResult, RuntimeErr, Statement, TransactionOptions, TransactionTrait, Values,
};
use sea_query_sqlx::SqlxValues;

use super::hosts::Hosts;
use super::idle::{IdleConnections, Limits, measured};
use super::room::Room;

/// How long a call waits for a connection, or for SQLite's write lock.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a checkpoint waits for connections that read, while no connection can write: a request has read by then, a backup has
/// not.
const CHECKPOINT_TIMEOUT: Duration = Duration::from_millis(100);

/// A pool of connections. A clone shares them.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    inner: DatabaseConnection,
    /// On PostgreSQL.
    idle: Option<Arc<IdleConnections>>,
    room: Arc<Room>,
    /// Whether its writes delete, revoke, disable or sign out, so that they may use the reserve of the disk.
    protects: bool,
}

impl Pool {
    /// The pool of `sqlx` as it is. What it writes needs this room.
    pub(super) fn of_sqlite(inner: DatabaseConnection, room: Room) -> Self {
        Self { inner, idle: None, room: Arc::new(room), protects: false }
    }

    /// The pool of `sqlx`, which gets only those connections back that it has to test.
    pub(super) fn of_postgres(inner: DatabaseConnection, limits: Limits, hosts: Arc<Hosts>) -> Self {
        let idle = IdleConnections::new(inner.get_postgres_connection_pool().clone(), limits, hosts);
        Self { inner, idle: Some(Arc::new(idle)), room: Arc::default(), protects: false }
    }

    /// The same connections for writes that delete, revoke, disable or sign out.
    pub(crate) fn protecting(&self) -> Self {
        Self { protects: true, ..self.clone() }
    }

    /// Whether there is room for what is written.
    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// Gives up a part of the reserve for a write that found the disk full. False if it is not for such a write, or nothing is
    /// left.
    pub(super) async fn gives_up_reserve(&self) -> bool {
        if !self.protects {
            return false;
        }
        self.room.found_full();
        let gave = self.room.give_up_a_part().await;
        if gave {
            // What is in the write-ahead log moves into the database, and the next write begins at the start of the log. If a
            // reader is in the way, the log grows into what was given up.
            let _moved = self.checkpoint("RESTART").await;
        }
        gave
    }

    /// Moves the write-ahead log of SQLite into the database. It waits at most 100 ms for readers.
    pub(super) async fn checkpoint(&self, mode: &str) -> Result<(), DbErr> {
        let pool = self.inner.get_sqlite_connection_pool().clone();
        let checkpoint = format!("PRAGMA wal_checkpoint({mode})");
        // Runs to its end even if the caller is cancelled: otherwise the connection would keep the short timeout.
        let moving = tokio::spawn(async move {
            let mut connection = pool.acquire().await?;
            connection.execute(AssertSqlSafe(patience(CHECKPOINT_TIMEOUT))).await?;
            let moved = connection.execute(AssertSqlSafe(checkpoint)).await;
            connection.execute(AssertSqlSafe(patience(ACQUIRE_TIMEOUT))).await?;
            moved.map(|_busy| ())
        });
        match moving.await {
            Ok(moved) => moved.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))),
            Err(ended) => Err(DbErr::Custom(ended.to_string())),
        }
    }

    /// Refuses to write to a full disk, unless the write deletes, revokes, disables or signs out.
    async fn admit(&self) -> Result<(), DbErr> {
        if self.protects || self.room.admits().await {
            return Ok(());
        }
        Err(DbErr::Custom(
            "the disk is full, and the rest of it is kept for revocations and deletions".to_owned(),
        ))
    }

    /// Begins a transaction. One idle connection is released for it.
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        self.admit().await?;
        let begun = {
            let _waiter = self.idle.as_deref().map(IdleConnections::make_way);
            let beginning = self.inner.begin_with_options(options);
            match &self.idle {
                Some(idle) => idle.patiently(beginning).await,
                None => beginning.await,
            }
        };
        match (begun, &self.idle) {
            (Err(error), Some(idle)) => Err(idle.explained(error).await),
            (begun, _) => begun,
        }
    }

    /// A transaction failed because its connection cannot serve.
    pub(super) fn doubt(&self) {
        if let Some(idle) = &self.idle {
            idle.doubt();
        }
    }

    /// The rows of a statement on PostgreSQL. The text is one of ours: what came from outside is in the arguments.
    pub(crate) async fn rows(&self, text: &str, arguments: PgArguments) -> Result<Vec<PgRow>, DbErr> {
        let Some(idle) = &self.idle else {
            return Err(DbErr::BackendNotSupported { db: "SQLite", ctx: "a statement for many requests" });
        };
        let mut lease = idle.lease().await?;
        let rows = (&mut **lease.connection()?).fetch_all(sqlx::query_with(AssertSqlSafe(text), arguments));
        let rows = measured(text, rows).await;
        lease.give_back(&rows);
        rows.map_err(query_failed)
    }

    /// The pool of `sqlx` behind this one.
    pub(super) fn inner(&self) -> &DatabaseConnection {
        &self.inner
    }

    /// How many connections are idle here.
    pub(super) fn idle(&self) -> usize {
        self.idle.as_ref().map_or(0, |idle| idle.count())
    }

    /// Closes the connections when their statements have ended.
    pub(super) async fn close(self) -> Result<(), DbErr> {
        if let Some(idle) = &self.idle {
            idle.close();
        }
        self.inner.close().await
    }
}

#[async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let Some(idle) = &self.idle else {
            self.admit().await?;
            return self.inner.execute_raw(statement).await;
        };
        let mut lease = idle.lease().await?;
        let done = measured(&statement.sql, prepared(&statement).execute(&mut **lease.connection()?)).await;
        lease.give_back(&done);
        done.map(Into::into).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.admit().await?;
        let _waiter = self.idle.as_deref().map(IdleConnections::make_way);
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(idle) = &self.idle else {
            self.admit().await?;
            return self.inner.query_one_raw(statement).await;
        };
        let mut lease = idle.lease().await?;
        let row = (&mut **lease.connection()?).fetch_optional(prepared(&statement));
        let row = measured(&statement.sql, row).await;
        lease.give_back(&row);
        row.map(|row| row.map(Into::into)).map_err(query_failed)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(idle) = &self.idle else {
            self.admit().await?;
            return self.inner.query_all_raw(statement).await;
        };
        let mut lease = idle.lease().await?;
        let rows = (&mut **lease.connection()?).fetch_all(prepared(&statement));
        let rows = measured(&statement.sql, rows).await;
        lease.give_back(&rows);
        rows.map(|rows| rows.into_iter().map(Into::into).collect()).map_err(query_failed)
    }
}

/// Sets how long a connection to SQLite waits for a lock.
fn patience(time: Duration) -> String {
    format!("PRAGMA busy_timeout = {}", time.as_millis())
}

/// The statement as `sqlx` takes it. Its text is one of ours: what came from outside is in the values.
fn prepared(statement: &Statement) -> Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn query_failed(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
