//! The connection: one that is shared by all requests, to a single Redis or to every node of a cluster.

use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    Client, Cmd, ConnectionInfo, FromRedisValue, IntoConnectionInfo, Pipeline, ProtocolVersion, RedisFuture,
    RedisResult, ScriptInvocation, Value,
};

use crate::fault::Fault;

/// How long connecting takes at most: at the start, with every attempt.
const START: Duration = Duration::from_secs(5);
/// How long one attempt to connect takes at most.
const CONNECT: Duration = Duration::from_secs(1);
/// How long one answer takes at most.
const ANSWER: Duration = Duration::from_secs(3);
/// How long a port's call waits for one command: for the connection to come back, and for the answer.
const WAIT: Duration = Duration::from_secs(5);
/// What was sent and not acknowledged for so long has lost its connection.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(3);
/// How often connecting is tried again before whoever waits is told.
const RETRIES: usize = 2;
const FIRST_DELAY: Duration = Duration::from_millis(50);
const LONGEST_DELAY: Duration = Duration::from_millis(200);
/// How often a command goes elsewhere when a cluster moves its slots or a connection in it is lost.
const CLUSTER_RETRIES: u32 = 4;

/// A clone uses the same connections.
#[derive(Clone)]
pub(crate) enum Connection {
    /// One server. A command is sent once: if the connection breaks meanwhile, nobody knows what became of it.
    Single(ConnectionManager),
    /// Many servers. The library repeats a command whose connection broke: what it had already taken is then not
    /// there any more, and whoever asked is told that it is gone or spent. That errs on the safe side.
    Cluster(ClusterConnection),
}

impl Connection {
    pub(crate) async fn open(url: &str) -> Result<Self, Fault> {
        let opened = async {
            match Servers::of(url)? {
                Servers::Single(server) => {
                    let mut connection = single(*server).await?;
                    // Not every user of Redis may ask; most are not in a cluster.
                    let about =
                        redis::cmd("INFO").arg("cluster").query_async::<String>(&mut connection).await;
                    match about {
                        Ok(about) if about.contains("cluster_enabled:1") => Err(Fault::Cluster),
                        Ok(_) | Err(_) => Ok(Self::Single(connection)),
                    }
                }
                Servers::Cluster(nodes) => Ok(Self::Cluster(cluster(nodes).await?)),
            }
        };
        tokio::time::timeout(START, opened).await.unwrap_or(Err(Fault::Late(START)))
    }

    /// Asks once; again only if the question cannot have been sent.
    pub(crate) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Fault> {
        let mut connection = self.clone();
        in_time(async {
            match command.query_async(&mut connection).await {
                Err(reason) if reason.is_connection_refusal() => command.query_async(&mut connection).await,
                answer => answer,
            }
        })
        .await
    }

    /// Runs a script, which Redis is sent when it does not know it.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Fault> {
        let mut connection = self.clone();
        in_time(async {
            match script.invoke_async(&mut connection).await {
                Err(reason) if reason.is_connection_refusal() => script.invoke_async(&mut connection).await,
                answer => answer,
            }
        })
        .await
    }
}

async fn in_time<T>(asked: impl Future<Output = RedisResult<T>>) -> Result<T, Fault> {
    match tokio::time::timeout(WAIT, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_elapsed) => Err(Fault::Late(WAIT)),
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(single) => single.req_packed_command(command),
            Self::Cluster(cluster) => cluster.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(single) => single.req_packed_commands(commands, offset, count),
            Self::Cluster(cluster) => cluster.req_packed_commands(commands, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(single) => single.get_db(),
            Self::Cluster(cluster) => cluster.get_db(),
        }
    }
}

/// What a URL names.
enum Servers {
    Single(Box<ConnectionInfo>),
    Cluster(Vec<ConnectionInfo>),
}

impl Servers {
    fn of(url: &str) -> Result<Self, Fault> {
        let urls: Vec<_> = url.split(',').map(str::trim).collect();
        let nodes = urls.iter().map(|url| server(&url.replacen("+cluster://", "://", 1)));
        let mut nodes = nodes.collect::<Result<Vec<_>, _>>()?;
        let one = urls.len() == 1 && !url.contains("+cluster://");
        match nodes.pop() {
            Some(server) if one => Ok(Self::Single(Box::new(server))),
            last => Ok(Self::Cluster(nodes.into_iter().chain(last).collect())),
        }
    }
}

fn server(url: &str) -> Result<ConnectionInfo, Fault> {
    if url.starts_with("rediss:") {
        // Whoever chose one before us has chosen the same: there is no other in the build.
        let _chosen = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
    let server = url.into_connection_info()?;
    // Only with RESP3 a lost connection is noticed, and replaced, before the next command.
    let protocol = server.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(server.set_redis_settings(protocol).set_tcp_settings(tcp()))
}

async fn single(server: ConnectionInfo) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(ANSWER))
        .set_number_of_retries(RETRIES)
        .set_min_delay(FIRST_DELAY)
        .set_max_delay(LONGEST_DELAY);
    ConnectionManager::new_with_config(Client::open(server)?, config).await
}

async fn cluster(nodes: Vec<ConnectionInfo>) -> RedisResult<ClusterConnection> {
    let client = ClusterClient::builder(nodes)
        .connection_timeout(CONNECT)
        .response_timeout(ANSWER)
        .retries(CLUSTER_RETRIES)
        .min_retry_wait(FIRST_DELAY.as_millis() as u64)
        .max_retry_wait(LONGEST_DELAY.as_millis() as u64)
        .use_protocol(ProtocolVersion::RESP3)
        .tcp_settings(tcp())
        .build()?;
    client.get_async_connection().await
}

/// A peer that vanished without a word is noticed after seconds, not after the quarter of an hour of the system.
#[cfg(target_os = "linux")]
fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true).set_user_timeout(UNACKNOWLEDGED)
}

#[cfg(not(target_os = "linux"))]
fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(url: &str) -> (bool, Vec<String>) {
        let (cluster, nodes) = match Servers::of(url).unwrap() {
            Servers::Single(server) => (false, vec![*server]),
            Servers::Cluster(nodes) => (true, nodes),
        };
        (cluster, nodes.iter().map(|node| node.addr().to_string()).collect())
    }

    #[test]
    fn one_url_is_a_single_redis() {
        assert_eq!(nodes("redis://:secret@a:6380/2"), (false, vec!["a:6380".to_owned()]));
        assert_eq!(nodes("rediss://a"), (false, vec!["a:6379".to_owned()]));
    }

    #[test]
    fn a_list_or_the_scheme_says_cluster() {
        for url in ["redis+cluster://a:1", "rediss+cluster://user:secret@a:1"] {
            assert_eq!(nodes(url), (true, vec!["a:1".to_owned()]), "{url}");
        }
        for url in ["redis://a:1,redis://b:2", "redis+cluster://a:1, redis+cluster://b:2"] {
            assert_eq!(nodes(url), (true, vec!["a:1".to_owned(), "b:2".to_owned()]), "{url}");
        }
    }

    #[tokio::test]
    async fn what_is_no_url_of_ours_is_refused() {
        for url in ["", "http://a", "redis://", "redis://a,"] {
            assert!(Servers::of(url).is_err(), "{url}");
        }
    }
}
