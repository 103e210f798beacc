//! Connections of PostgreSQL that are idle and healthy: each is lent for one statement.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{Error, PgPool, Postgres};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::fault::cannot_serve;

use super::hosts::Hosts;
use super::measure;
use super::reach::LastCause;

/// A connection that is not there by then is not only waited for.
const SLOW: Duration = Duration::from_millis(500);

/// How many connections there are, and how long they last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The maximum of the `sqlx` pool.
    pub(super) max_connections: u32,
    /// How long a call waits for a connection.
    pub(super) acquire_timeout: Duration,
    /// A connection that was idle for longer may have ended, and is tested.
    pub(super) idle_timeout: Duration,
}

/// The connections that are idle, beside those of the pool of `sqlx`.
pub(super) struct IdleConnections {
    pool: PgPool,
    state: Mutex<State>,
    /// One permit for each connection.
    permits: Semaphore,
    limits: Limits,
    last_cause: LastCause,
    hosts: Arc<Hosts>,
}

/// The state under one lock: no connection becomes idle here while a caller waits for the pool of `sqlx`.
#[derive(Default)]
struct State {
    /// The last one was used last.
    idle: Vec<Idle>,
    /// How many callers wait for the pool of `sqlx`.
    waiters: usize,
    is_closed: bool,
}

struct Idle {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl fmt::Debug for IdleConnections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("IdleConnections").field("idle", &self.count()).finish_non_exhaustive()
    }
}

impl IdleConnections {
    pub(super) fn new(pool: PgPool, limits: Limits, hosts: Arc<Hosts>) -> Self {
        let permits = usize::try_from(limits.max_connections).unwrap_or(Semaphore::MAX_PERMITS);
        let (permits, last_cause) = (Semaphore::new(permits), LastCause::default());
        Self { pool, state: Mutex::default(), permits, limits, last_cause, hosts }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.state().idle.len()
    }

    /// Closes them; from now on none stays here.
    pub(super) fn close(&self) {
        let idle = {
            let mut state = self.state();
            state.is_closed = true;
            std::mem::take(&mut state.idle)
        };
        drop(idle);
    }

    /// A connection for one statement.
    pub(super) async fn lease(&self) -> Result<Lease<'_>, DbErr> {
        let leased = async {
            let permit = self.permits.acquire().await;
            let permit =
                permit.map_err(|_closed| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
            let connection = match self.healthy() {
                Ok(connection) => connection,
                Err(waiter) => {
                    let connection = self.patiently(self.pool.acquire()).await.map_err(not_acquired);
                    drop(waiter);
                    connection?
                }
            };
            Ok(Lease { owner: self, connection: Some(connection), _permit: permit })
        };
        let timed_out = |_elapsed| Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        let leased = timeout(self.limits.acquire_timeout, leased).await.unwrap_or_else(timed_out);
        match leased {
            Ok(lease) => Ok(lease),
            Err(error) => Err(self.explained(error).await),
        }
    }

    /// Waits for a connection. If it takes long, its host may be gone: a pool that was quiet has no connection that fails.
    pub(super) async fn patiently<T>(&self, acquiring: impl Future<Output = T>) -> T {
        let mut acquiring = pin!(acquiring);
        match timeout(SLOW, &mut acquiring).await {
            Ok(acquired) => acquired,
            Err(_elapsed) => {
                self.hosts.look_around(&self.pool);
                acquiring.await
            }
        }
    }

    /// A connection could not serve: the others are tested before they are used.
    pub(super) fn doubt(&self) {
        self.hosts.doubt(&self.pool);
        let doubtful = std::mem::take(&mut self.state().idle);
        drop(doubtful);
    }

    /// The error of a call that got no connection in time, with the cause if none can be opened.
    pub(super) async fn explained(&self, error: DbErr) -> DbErr {
        if !matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)) {
            return error;
        }
        let cause = self.last_cause.find(&self.pool.connect_options()).await;
        // A server that was quiet when its host went away has no connection that failed.
        if cause.is_some() {
            self.doubt();
        }
        cause.map_or(error, |cause| DbErr::Conn(RuntimeErr::Internal(cause)))
    }

    /// The connection that was used last. If it was idle for too long, so were all, and the pool of `sqlx` tests them. A
    /// caller that gets none waits for that pool, and connections go back to it: otherwise its present users would keep it among them.
    fn healthy(&self) -> Result<PoolConnection<Postgres>, Waiter<'_>> {
        let mut state = self.state();
        let last = state.idle.pop();
        let too_old = match last {
            Some(last) if last.since.elapsed() < self.limits.idle_timeout => return Ok(last.connection),
            Some(last) => Some((last, std::mem::take(&mut state.idle))),
            None => None,
        };
        state.waiters += 1;
        drop(state);
        drop(too_old);
        Err(Waiter(self))
    }

    /// As long as the result lives, connections go back to the pool of `sqlx`. One does at once.
    pub(super) fn make_way(&self) -> Waiter<'_> {
        let longest_idle = {
            let mut state = self.state();
            state.waiters += 1;
            (!state.idle.is_empty()).then(|| state.idle.remove(0))
        };
        drop(longest_idle);
        Waiter(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that waits for a connection of the pool of `sqlx`.
pub(super) struct Waiter<'a>(&'a IdleConnections);

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.state().waiters -= 1;
    }
}

/// A connection that is lent for one statement. If it is dropped in the middle of it, the connection goes to the pool of
/// `sqlx`.
pub(super) struct Lease<'a> {
    owner: &'a IdleConnections,
    connection: Option<PoolConnection<Postgres>>,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut PoolConnection<Postgres>, DbErr> {
        self.connection.as_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// Gives the connection back after its statement ended with this result.
    pub(super) fn give_back<T>(&mut self, ended: &Result<T, Error>) {
        let mut state = self.owner.state();
        if ended.is_ok() && state.waiters == 0 && !state.is_closed {
            let since = Instant::now();
            state.idle.extend(self.connection.take().map(|connection| Idle { connection, since }));
        }
        drop(state);
        // What ended one connection may have ended all.
        if ended.as_ref().is_err_and(cannot_serve) {
            if let Some(connection) = &mut self.connection {
                connection.close_on_drop();
            }
            self.owner.doubt();
        }
    }
}

/// Runs a statement and counts it.
pub(super) async fn measured<T>(
    text: &str,
    running: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let began = Instant::now();
    let ended = running.await;
    measure::statement("postgres", text, began.elapsed(), ended.is_err());
    ended
}

fn not_acquired(error: Error) -> DbErr {
    if matches!(error, Error::PoolTimedOut) {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
    } else if matches!(error, Error::PoolClosed) {
        DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
    } else {
        DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
    }
}
