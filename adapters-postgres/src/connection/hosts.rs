//! The hosts of a database: `postgres://user@a,b:5433/database` names several, of which one can be written to (libpq,
//! "Specifying Multiple Hosts"). After a failover, another host is the primary.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{Connection, Error, PgConnection, PgPool, Row, raw_sql};
use tokio::time::timeout;

/// For how long connections are tested before each use after one of them could not serve.
const DOUBT_LIFETIME: Duration = Duration::from_secs(60);
/// How long a host may take to answer.
const HOST_TIMEOUT: Duration = Duration::from_secs(1);
/// The pause before the hosts are asked again.
const SEARCH_INTERVAL: Duration = Duration::from_millis(250);

/// Answers false on a connection to the primary.
const IS_READ_ONLY: &str = "SELECT current_setting('transaction_read_only') = 'on' AS is_read_only";

/// A URL for each host of a URL. `target_session_attrs` is left out: this server needs the host that can be written to.
#[must_use]
pub fn each_host(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, hosts) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
    let user = if authority.contains('@') { format!("{user}@") } else { String::new() };
    let path = without_parameter(path, "target_session_attrs");
    hosts.split(',').map(|host| format!("{scheme}://{user}{host}{path}")).collect()
}

fn without_parameter(path: &str, name: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let is_kept = |pair: &&str| pair.split('=').next() != Some(name);
    let kept: Vec<_> = query.split('&').filter(is_kept).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// Whether this connection is read-only: its server is a standby, or has become one.
///
/// # Errors
/// The connection has ended.
pub(super) async fn is_read_only(connection: &mut PgConnection) -> Result<bool, Error> {
    raw_sql(IS_READ_ONLY).fetch_one(connection).await?.try_get(0)
}

/// Whether connections may lead to a server that is no longer the primary, and which host is the primary.
#[derive(Debug)]
pub(super) struct Hosts {
    all: Vec<PgConnectOptions>,
    doubted_at: Mutex<Option<Instant>>,
    is_searching: AtomicBool,
}

impl Hosts {
    pub(super) fn new(all: Vec<PgConnectOptions>) -> Self {
        Self { all, doubted_at: Mutex::default(), is_searching: AtomicBool::new(false) }
    }

    /// The host that can be written to, or the first one if none is found in this time.
    pub(super) async fn writable(&self, time: Duration) -> Option<PgConnectOptions> {
        if let [only] = self.all.as_slice() {
            return Some(only.clone());
        }
        timeout(time, self.search()).await.ok().or_else(|| self.all.first().cloned())
    }

    async fn search(&self) -> PgConnectOptions {
        loop {
            for options in &self.all {
                let asked = timeout(HOST_TIMEOUT, async {
                    let mut connection = PgConnection::connect_with(options).await?;
                    let is_read_only = is_read_only(&mut connection).await?;
                    connection.close().await?;
                    Ok::<_, Error>(is_read_only)
                });
                if matches!(asked.await, Ok(Ok(false))) {
                    return options.clone();
                }
            }
            tokio::time::sleep(SEARCH_INTERVAL).await;
        }
    }

    /// A connection could not serve: from now on each is tested before its use, and new ones go to the host that can be
    /// written to.
    pub(super) fn doubt(self: &Arc<Self>, pool: &PgPool) {
        *self.doubted_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.look_around(pool);
    }

    /// Directs new connections to the primary as soon as it is found.
    pub(super) fn look_around(self: &Arc<Self>, pool: &PgPool) {
        if self.all.len() < 2 || self.is_searching.swap(true, Ordering::Relaxed) {
            return;
        }
        let (hosts, pool) = (Arc::clone(self), pool.clone());
        tokio::spawn(async move {
            let writable = hosts.search().await;
            let (host, port) = (writable.get_host().to_owned(), writable.get_port());
            let current = pool.connect_options();
            if (current.get_host(), current.get_port()) != (host.as_str(), port) {
                tracing::warn!(host, port, "connecting to another host of PostgreSQL");
                pool.set_connect_options(writable);
            }
            hosts.is_searching.store(false, Ordering::Relaxed);
        });
    }

    pub(super) fn are_doubted(&self) -> bool {
        let doubted_at = *self.doubted_at.lock().unwrap_or_else(PoisonError::into_inner);
        doubted_at.is_some_and(|at| at.elapsed() < DOUBT_LIFETIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_may_name_several_hosts() {
        assert_eq!(each_host("postgres://a/db"), ["postgres://a/db"]);
        assert_eq!(
            each_host(
                "postgresql://u:p%40@a:5433,b,[::1]:5434/db?sslmode=require&target_session_attrs=read-write"
            ),
            [
                "postgresql://u:p%40@a:5433/db?sslmode=require",
                "postgresql://u:p%40@b/db?sslmode=require",
                "postgresql://u:p%40@[::1]:5434/db?sslmode=require",
            ]
        );
        assert_eq!(each_host("postgres://a,b?target_session_attrs=any"), ["postgres://a", "postgres://b"]);
        assert_eq!(each_host("postgres:///db?host=/run/postgresql"), ["postgres:///db?host=/run/postgresql"]);
    }
}
