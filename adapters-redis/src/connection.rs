//! The connection that all requests share: to a single Redis, or to every node of a cluster.

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

/// The timeout of connecting when the server starts, all attempts together.
const START_TIMEOUT: Duration = Duration::from_secs(5);
/// The timeout of one attempt to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// The timeout of one response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(3);
/// The timeout of one command: reconnecting and the response together.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection on which sent data is not acknowledged for this long is lost.
#[cfg(target_os = "linux")]
const ACKNOWLEDGEMENT_TIMEOUT: Duration = Duration::from_secs(3);
/// How often connecting is tried again before the waiting requests fail.
const MAX_RETRIES: usize = 2;
const MIN_RETRY_DELAY: Duration = Duration::from_millis(50);
const MAX_RETRY_DELAY: Duration = Duration::from_millis(200);
/// How often a command is sent again when a cluster moves its slots or loses a connection.
const MAX_CLUSTER_RETRIES: u32 = 4;

/// A clone uses the same connections.
#[derive(Clone)]
pub(crate) enum Connection {
    /// One server. A command is sent once. If the connection breaks meanwhile, the outcome is unknown.
    Single(ConnectionManager),
    /// Many servers. The library repeats a command whose connection broke. If the first command had redeemed or taken a
    /// value, the caller gets the answer "redeemed" or "gone". That is the safe side.
    Cluster(ClusterConnection),
}

impl Connection {
    pub(crate) async fn open(url: &str) -> Result<Self, Fault> {
        let opened = async {
            match Servers::parse(url)? {
                Servers::Single(server) => {
                    let mut connection = single(*server).await?;
                    // An ACL may forbid INFO. Then it is taken for a single server, as most are.
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
        tokio::time::timeout(START_TIMEOUT, opened).await.unwrap_or(Err(Fault::Timeout(START_TIMEOUT)))
    }

    /// Sends a command once, and again only if the connection was refused: then Redis cannot have the first one.
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

    /// Runs a script. The library sends its text if Redis does not know it.
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

async fn in_time<T>(command: impl Future<Output = RedisResult<T>>) -> Result<T, Fault> {
    match tokio::time::timeout(COMMAND_TIMEOUT, command).await {
        Ok(answer) => Ok(answer?),
        Err(_elapsed) => Err(Fault::Timeout(COMMAND_TIMEOUT)),
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

/// The servers that a URL names.
enum Servers {
    Single(Box<ConnectionInfo>),
    Cluster(Vec<ConnectionInfo>),
}

impl Servers {
    fn parse(url: &str) -> Result<Self, Fault> {
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
        // An earlier default is the same provider, because the build has no other.
        let _chosen = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
    let server = url.into_connection_info()?;
    // With RESP3 only, a lost connection is noticed and replaced before the next command.
    let protocol = server.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(server.set_redis_settings(protocol).set_tcp_settings(tcp()))
}

async fn single(server: ConnectionInfo) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(RESPONSE_TIMEOUT))
        .set_number_of_retries(MAX_RETRIES)
        .set_min_delay(MIN_RETRY_DELAY)
        .set_max_delay(MAX_RETRY_DELAY);
    ConnectionManager::new_with_config(Client::open(server)?, config).await
}

async fn cluster(nodes: Vec<ConnectionInfo>) -> RedisResult<ClusterConnection> {
    let client = ClusterClient::builder(nodes)
        .connection_timeout(CONNECT_TIMEOUT)
        .response_timeout(RESPONSE_TIMEOUT)
        .retries(MAX_CLUSTER_RETRIES)
        .min_retry_wait(MIN_RETRY_DELAY.as_millis() as u64)
        .max_retry_wait(MAX_RETRY_DELAY.as_millis() as u64)
        .use_protocol(ProtocolVersion::RESP3)
        .tcp_settings(tcp())
        .build()?;
    client.get_async_connection().await
}

/// Detects a peer that no longer answers after seconds. The default of the operating system is 15 minutes.
#[cfg(target_os = "linux")]
fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true).set_user_timeout(ACKNOWLEDGEMENT_TIMEOUT)
}

#[cfg(not(target_os = "linux"))]
fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(url: &str) -> (bool, Vec<String>) {
        let (cluster, nodes) = match Servers::parse(url).unwrap() {
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
            assert!(Servers::parse(url).is_err(), "{url}");
        }
    }
}
