//! Single statements, each a transaction of its own: on Postgres over connections that are kept at hand.
//!
//! The pool asks every connection that comes back whether it is well, and waits for the answer before it lends it again:
//! as many round trips as there are statements, once more. A connection whose statement ended in order is well. It stays
//! at hand for the next one; every other goes back to the pool and is asked there.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::postgres::{PgArguments, PgRow};
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::{self, AssertSqlSafe, Error, Executor, PgPool, Postgres};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    ExecResult, QueryResult, RuntimeErr, Statement, TransactionOptions, TransactionTrait, Values,
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::fault::ended_the_connection;
use crate::measure;

/// A database that is asked one statement at a time, or for a transaction.
#[derive(Debug, Clone)]
pub(crate) struct Statements {
    pool: DatabaseConnection,
    at_hand: Option<Arc<AtHand>>,
}

/// What [`Statements`] needs to know of time and number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// As many as the pool has.
    pub(crate) connections: u32,
    /// How long a call waits for one.
    pub(crate) wait: Duration,
    /// A connection that was idle for longer is not taken for well.
    pub(crate) well_for: Duration,
}

impl Statements {
    /// Over the pool as it is.
    pub(crate) fn of(pool: DatabaseConnection) -> Self {
        Self { pool, at_hand: None }
    }

    /// Over connections of this Postgres that are kept at hand.
    pub(crate) fn at_hand(pool: DatabaseConnection, bounds: Bounds) -> Self {
        let at_hand = AtHand {
            pool: pool.get_postgres_connection_pool().clone(),
            hand: Mutex::default(),
            places: Semaphore::new(usize::try_from(bounds.connections).unwrap_or(Semaphore::MAX_PERMITS)),
            bounds,
        };
        Self { pool, at_hand: Some(Arc::new(at_hand)) }
    }

    /// Begins a transaction. What is at hand makes way for it.
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        let _asking = self.at_hand.as_deref().map(AtHand::make_way);
        self.pool.begin_with_options(options).await
    }

    /// The rows of a statement in the words of Postgres, one of ours: what came from outside is in the arguments.
    pub(crate) async fn rows(&self, text: &str, arguments: PgArguments) -> Result<Vec<PgRow>, DbErr> {
        let Some(at_hand) = &self.at_hand else {
            return Err(DbErr::BackendNotSupported { db: "SQLite", ctx: "a statement for many" });
        };
        let mut lent = at_hand.lend().await?;
        let rows = (&mut **lent.connection()?).fetch_all(sqlx::query_with(AssertSqlSafe(text), arguments));
        let rows = at_hand.measured(text, rows).await;
        lent.give_back_after(&rows);
        rows.map_err(not_asked)
    }

    /// The pool behind it.
    pub(crate) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// How many connections are idle beside the pool's own.
    pub(crate) fn idle(&self) -> usize {
        self.at_hand.as_ref().map_or(0, |at_hand| at_hand.hand().idle.len())
    }

    /// Closes the connections, after what they are doing.
    pub(crate) async fn close(self) -> Result<(), DbErr> {
        if let Some(at_hand) = &self.at_hand {
            let idle = {
                let mut hand = at_hand.hand();
                hand.is_closed = true;
                std::mem::take(&mut hand.idle)
            };
            drop(idle);
        }
        self.pool.close().await
    }
}

#[async_trait]
impl ConnectionTrait for Statements {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let Some(at_hand) = &self.at_hand else {
            return self.pool.execute_raw(statement).await;
        };
        let mut lent = at_hand.lend().await?;
        let done =
            at_hand.measured(&statement.sql, prepared(&statement).execute(&mut **lent.connection()?)).await;
        lent.give_back_after(&done);
        done.map(Into::into).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let _asking = self.at_hand.as_deref().map(AtHand::make_way);
        self.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(at_hand) = &self.at_hand else {
            return self.pool.query_one_raw(statement).await;
        };
        let mut lent = at_hand.lend().await?;
        let row = (&mut **lent.connection()?).fetch_optional(prepared(&statement));
        let row = at_hand.measured(&statement.sql, row).await;
        lent.give_back_after(&row);
        row.map(|row| row.map(Into::into)).map_err(not_asked)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(at_hand) = &self.at_hand else {
            return self.pool.query_all_raw(statement).await;
        };
        let mut lent = at_hand.lend().await?;
        let rows = (&mut **lent.connection()?).fetch_all(prepared(&statement));
        let rows = at_hand.measured(&statement.sql, rows).await;
        lent.give_back_after(&rows);
        rows.map(|rows| rows.into_iter().map(Into::into).collect()).map_err(not_asked)
    }
}

/// The statement as sqlx takes it; its text is one of ours, and what came from outside is in the values.
fn prepared(statement: &Statement) -> Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn not_lent(error: Error) -> DbErr {
    if matches!(error, Error::PoolTimedOut) {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
    } else if matches!(error, Error::PoolClosed) {
        DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
    } else {
        DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
    }
}

fn not_asked(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

struct AtHand {
    pool: PgPool,
    hand: Mutex<Hand>,
    /// For as many statements at once as there may be connections.
    places: Semaphore,
    bounds: Bounds,
}

/// What is decided under one lock: a connection is not put at hand behind the back of somebody who waits for the pool.
#[derive(Default)]
struct Hand {
    /// The one that was used last is the last.
    idle: Vec<Idle>,
    /// How many wait for a connection of the pool.
    asking: usize,
    is_closed: bool,
}

struct Idle {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl fmt::Debug for AtHand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AtHand").field("idle", &self.hand().idle.len()).finish_non_exhaustive()
    }
}

impl AtHand {
    async fn lend(&self) -> Result<Lent<'_>, DbErr> {
        let lent = async {
            let place = self.places.acquire().await;
            let place =
                place.map_err(|_closed| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
            let connection = match self.well() {
                Ok(connection) => connection,
                Err(asking) => {
                    let connection = self.pool.acquire().await.map_err(not_lent);
                    drop(asking);
                    connection?
                }
            };
            Ok(Lent { at_hand: self, connection: Some(connection), _place: place })
        };
        let timed_out = |_elapsed| Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        timeout(self.bounds.wait, lent).await.unwrap_or_else(timed_out)
    }

    /// The connection that was used last, unless that is too long ago: then so it is for all, and the pool asks them.
    /// Whoever gets none waits for the pool, and is made way for: else those who have one would keep it among them.
    fn well(&self) -> Result<PoolConnection<Postgres>, Asking<'_>> {
        let mut hand = self.hand();
        let last = hand.idle.pop();
        let too_old = match last {
            Some(last) if last.since.elapsed() < self.bounds.well_for => return Ok(last.connection),
            Some(last) => Some((last, std::mem::take(&mut hand.idle))),
            None => None,
        };
        hand.asking += 1;
        drop(hand);
        drop(too_old);
        Err(Asking(self))
    }

    /// As long as the answer lives, connections go back to the pool; one does at once.
    fn make_way(&self) -> Asking<'_> {
        let longest_idle = {
            let mut hand = self.hand();
            hand.asking += 1;
            (!hand.idle.is_empty()).then(|| hand.idle.remove(0))
        };
        drop(longest_idle);
        Asking(self)
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn measured<T>(
        &self,
        text: &str,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let began = Instant::now();
        let answer = asked.await;
        measure::statement("postgres", text, began.elapsed(), answer.is_err());
        answer
    }
}

/// Somebody who waits for a connection of the pool.
struct Asking<'a>(&'a AtHand);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.hand().asking -= 1;
    }
}

/// A connection and the place it is used in. Whoever drops it in the middle of a statement gives it to the pool.
struct Lent<'a> {
    at_hand: &'a AtHand,
    connection: Option<PoolConnection<Postgres>>,
    _place: SemaphorePermit<'a>,
}

impl Lent<'_> {
    fn connection(&mut self) -> Result<&mut PoolConnection<Postgres>, DbErr> {
        self.connection.as_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// What comes after a statement that ended like this.
    fn give_back_after<T>(&mut self, ended: &Result<T, Error>) {
        let mut hand = self.at_hand.hand();
        if ended.is_ok() && hand.asking == 0 && !hand.is_closed {
            let since = Instant::now();
            hand.idle.extend(self.connection.take().map(|connection| Idle { connection, since }));
        }
        // What ended one connection may have ended all.
        let doubtful = match ended {
            Err(error) if ended_the_connection(error) => std::mem::take(&mut hand.idle),
            Ok(_) | Err(_) => Vec::new(),
        };
        drop(hand);
        drop(doubtful);
    }
}
