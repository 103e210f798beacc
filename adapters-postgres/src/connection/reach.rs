//! Reaching PostgreSQL before the pool does, because the pool of `sqlx` tries again until its time is over, and then says only
//! that. Finds out why there is no connection, and whether a pooler in front of the database can be used.

use std::io;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{Connection, Error, Executor, PgConnection, Row, raw_sql};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio::try_join;

use super::hosts::is_read_only;
use crate::fault::Fault;

/// How long a request that got no connection waits for the cause.
const CAUSE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a found cause is also reported to other requests.
const CAUSE_LIFETIME: Duration = Duration::from_secs(1);

/// Opens two connections at a start, and closes them again.
///
/// # Errors
/// [`Fault::Unreachable`] with the cause, or after `time`; [`Fault::TransactionPooling`].
pub(super) async fn reach(options: &PgConnectOptions, time: Duration) -> Result<(), Fault> {
    let reached = async {
        let connect = || PgConnection::connect_with(options);
        let (mut first, mut second) = try_join!(connect(), connect())?;
        let share = share_a_server(&mut first, &mut second).await?;
        try_join!(first.close(), second.close())?;
        Ok(share)
    };
    match timeout(time, reached).await {
        Ok(Ok(false)) => Ok(()),
        Ok(Ok(true)) => Err(Fault::TransactionPooling),
        Ok(Err(error)) => Err(Fault::Unreachable(cause(&error))),
        Err(_elapsed) => Err(Fault::Unreachable(no_answer(time))),
    }
}

/// Whether a pooler lends one connection to the server in turns: what a connection has prepared and set is then lost to it
/// at the end of its transaction.
async fn share_a_server(first: &mut PgConnection, second: &mut PgConnection) -> Result<bool, Error> {
    let server = server_of(first).await?;
    second.execute("BEGIN").await?;
    let share = server_of(second).await? == server || server_of(first).await? != server;
    second.execute("ROLLBACK").await?;
    Ok(share)
}

async fn server_of(connection: &mut PgConnection) -> Result<i32, Error> {
    raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?.try_get(0)
}

/// Why connections cannot be opened while the server runs. Many requests find that out at once, and one of them asks.
#[derive(Default)]
pub(super) struct LastCause(Mutex<Option<(Instant, Option<String>)>>);

impl LastCause {
    /// The cause, or none if a connection can be opened: then all connections are in use.
    pub(super) async fn find(&self, options: &PgConnectOptions) -> Option<String> {
        let mut last = self.0.lock().await;
        if let Some((at, cause)) = &*last
            && at.elapsed() < CAUSE_LIFETIME
        {
            return cause.clone();
        }
        let found = match timeout(CAUSE_TIMEOUT, PgConnection::connect_with(options)).await {
            Ok(Ok(mut connection)) => {
                let is_read_only = timeout(CAUSE_TIMEOUT, is_read_only(&mut connection)).await;
                // Its end does not matter.
                let _closed = timeout(CAUSE_TIMEOUT, connection.close()).await;
                matches!(is_read_only, Ok(Ok(true)))
                    .then(|| "the server is read-only, as a standby is".to_owned())
            }
            Ok(Err(error)) => Some(cause(&error)),
            Err(_elapsed) => Some(no_answer(CAUSE_TIMEOUT)),
        };
        *last = Some((Instant::now(), found.clone()));
        found
    }
}

fn no_answer(time: Duration) -> String {
    format!("no answer within {time:?}; a firewall may drop the packets")
}

/// The cause in words that an operator understands. The server's own messages stay as they are.
pub(super) fn cause(error: &Error) -> String {
    if let Error::Io(reason) = error {
        return if reason.kind() == io::ErrorKind::ConnectionRefused {
            "connection refused: nothing listens there".to_owned()
        } else if reason.to_string().contains("lookup address") {
            format!("no such host: {reason}")
        } else {
            reason.to_string()
        };
    }
    if let Error::Tls(reason) = error {
        return format!("the TLS connection failed: {reason}");
    }
    match error.as_database_error() {
        Some(reason) => reason.message().to_owned(),
        None => error.to_string(),
    }
}
