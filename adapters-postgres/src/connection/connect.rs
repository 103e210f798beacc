//! Opening a database: pools, durability and time limits.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{AssertSqlSafe, Connection, Error, raw_sql};
use sea_orm::{ConnectOptions, DatabaseConnection};

use crate::fault::Fault;

use super::hosts::{Hosts, each_host, is_read_only};
use super::idle::Limits;
use super::measure;
use super::pool::{ACQUIRE_TIMEOUT, Pool};
use super::reach::{cause, reach};
use super::room::Room;

/// How long PostgreSQL may work on one statement.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long PostgreSQL keeps the locks of a transaction whose node does not answer any more.
const IDLE_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that was idle for longer is tested before it is used. It is shorter than any restart of PostgreSQL, so that
/// a restart fails no request that comes after it, and long enough that a busy connection is never tested.
const CONNECTION_IDLE_TIMEOUT: Duration = Duration::from_millis(20);
/// The settings of a connection, which replace those of the database and the role. They are set when a connection is open,
/// because PgBouncer refuses settings that come with the request for a connection.
///
/// Statements look for a few rows by their keys. A plan that depended on how many rows there were when it was made would go on
/// reading a whole table that was small then.
const SETTINGS: &str = "
    SET default_transaction_isolation = 'read committed';
    SET bytea_output = hex;
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan;
    SET jit = off;
";
/// The write-ahead log of SQLite is at most that long when it starts again. That much space stays taken, so that a full disk has
/// room for it.
const MAX_LOG_BYTES: &str = "4194304";
/// How many connections a node has at least; more on more than two cores.
const MIN_CONNECTIONS: u32 = 8;

/// A pool that reads and writes.
pub(super) async fn connect_postgres(url: &str) -> Result<Pool, Fault> {
    let urls = each_host(url);
    let given = urls.iter().map(|url| url.parse::<PgConnectOptions>().map(plain));
    let given = given.collect::<Result<Vec<_>, _>>().map_err(|error| Fault::Unreachable(cause(&error)))?;
    let hosts = Arc::new(Hosts::new(given));
    let host = hosts.writable(ACQUIRE_TIMEOUT).await.ok_or(Fault::Url)?;
    reach(&host, ACQUIRE_TIMEOUT).await?;
    let max_connections = (4 * cores()).max(MIN_CONNECTIONS);
    let settings = format!(
        "{SETTINGS} SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {};",
        STATEMENT_TIMEOUT.as_millis(),
        IDLE_TRANSACTION_TIMEOUT.as_millis()
    );
    let doubted = Arc::clone(&hosts);
    let mut options = ConnectOptions::new(urls.first().ok_or(Fault::Url)?);
    options
        .max_connections(max_connections)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire_if_idle_for(CONNECTION_IDLE_TIMEOUT)
        .map_sqlx_postgres_opts(move |_| host.clone())
        .map_sqlx_postgres_pool_opts(move |pool| {
            let (settings, doubted) = (settings.clone(), Arc::clone(&doubted));
            let pool = pool.after_connect(move |connection, _| {
                let settings = settings.clone();
                Box::pin(async move {
                    raw_sql(AssertSqlSafe(settings)).execute(&mut *connection).await?;
                    // The server is a standby. The pool tries again until a primary has this address.
                    match is_read_only(connection).await? {
                        false => Ok(()),
                        true => Err(Error::Protocol("the server is read-only".to_owned())),
                    }
                })
            });
            pool.before_acquire(move |connection, _| {
                let is_doubted = doubted.are_doubted();
                Box::pin(async move { Ok(!is_doubted || !is_read_only(connection).await?) })
            })
        })
        .sqlx_logging(false);
    let mut pool = sea_orm::Database::connect(options).await?;
    measure::statements(&mut pool, "postgres");
    let limits =
        Limits { max_connections, acquire_timeout: ACQUIRE_TIMEOUT, idle_timeout: CONNECTION_IDLE_TIMEOUT };
    Ok(Pool::of_postgres(pool, limits, hosts))
}

/// What PgBouncer accepts. Nothing here is a floating-point number.
fn plain(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("oauth2-server").extra_float_digits(None)
}

/// One connection that writes, and others that only read.
pub(super) async fn connect_sqlite(url: &str) -> Result<(Pool, Pool), Fault> {
    // Every connection to such a database would see another one.
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(Fault::Url);
    }
    let file: SqliteConnectOptions = url.parse().map_err(|_invalid| Fault::Url)?;
    let room = Room::around(file.get_filename());
    let mut writes = ConnectOptions::new(url);
    writes.max_connections(1).map_sqlx_sqlite_opts(|options| {
        let options =
            sqlite(options).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        // A new file can give pages back to the disk.
        options.auto_vacuum(SqliteAutoVacuum::Incremental).pragma("journal_size_limit", MAX_LOG_BYTES)
    });
    writes.map_sqlx_sqlite_before_acquire(|connection, _| {
        // SQLite itself rolls back a transaction whose statement finds the disk full. The rollback of sqlx then fails, and sqlx
        // takes the transaction for open: statements after it would succeed and never be committed.
        Box::pin(async move { Ok(!connection.is_in_transaction()) })
    });
    let mut reads = ConnectOptions::new(url);
    reads
        .max_connections(cores().max(4))
        .map_sqlx_sqlite_opts(|options| sqlite(options).create_if_missing(false).read_only(true));
    for options in [&mut writes, &mut reads] {
        options
            .connect_timeout(ACQUIRE_TIMEOUT)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .sqlx_logging(false);
    }
    // The writer first: it may have to create the file.
    let mut writer = open(writes, &room).await?;
    let mut reader = sea_orm::Database::connect(reads).await?;
    for connection in [&mut writer, &mut reader] {
        measure::statements(connection, "sqlite");
    }
    Ok((Pool::of_sqlite(writer, room), Pool::of_sqlite(reader, Room::default())))
}

/// Opens the connection that writes. It makes files: on a full disk they need a part of the reserve.
async fn open(writes: ConnectOptions, room: &Room) -> Result<DatabaseConnection, Fault> {
    match sea_orm::Database::connect(writes.clone()).await.map_err(Fault::from) {
        Err(fault) if fault.is_full() && room.give_up_a_part().await => {
            room.found_full();
            Ok(sea_orm::Database::connect(writes).await?)
        }
        opened => opened,
    }
}

fn sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.busy_timeout(ACQUIRE_TIMEOUT).foreign_keys(true)
}

fn cores() -> u32 {
    let cores = available_parallelism().map_or(1, NonZero::get);
    u32::try_from(cores).unwrap_or(u32::MAX / 4)
}
