//! The connection that all requests share: to a single Redis, or to every node of a cluster.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{
    Client, Cmd, ConnectionInfo, ErrorKind, FromRedisValue, Pipeline, ProtocolVersion, RedisError,
    RedisFuture, RedisResult, ScriptInvocation, ServerErrorKind, Value,
};
use tokio::sync::Mutex;

use crate::fault::Fault;
use crate::servers::{Place, Servers, tcp};

/// The timeout of connecting when the server starts, all attempts together.
const START_TIMEOUT: Duration = Duration::from_secs(5);
/// The timeout of one attempt to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// The timeout of one response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(3);
/// The timeout of one command: reconnecting and the response together.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(5);
/// How long connecting anew may take.
const RENEWAL_TIMEOUT: Duration = Duration::from_secs(2);
/// The pause between two tries to connect anew.
const RENEWAL_INTERVAL: Duration = Duration::from_millis(250);
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
    Single(Arc<Single>),
    /// Many servers. The library repeats a command whose connection broke. If the first command had redeemed or taken a
    /// value, the caller gets the answer "redeemed" or "gone". That is the safe side.
    Cluster(ClusterConnection),
}

impl Connection {
    pub(crate) async fn open(url: &str) -> Result<Self, Fault> {
        let opened = async {
            match Servers::parse(url)? {
                Servers::Single(place) => {
                    let single = Single::open(place).await?;
                    let mut connection = single.current();
                    // An ACL may forbid INFO. Then it is taken for a single server, as most are.
                    let about =
                        redis::cmd("INFO").arg("cluster").query_async::<String>(&mut connection).await;
                    match about {
                        Ok(about) if about.contains("cluster_enabled:1") => Err(Fault::Cluster),
                        Ok(_) | Err(_) => Ok(Self::Single(Arc::new(single))),
                    }
                }
                Servers::Cluster(nodes) => Ok(Self::Cluster(cluster(nodes).await?)),
            }
        };
        tokio::time::timeout(START_TIMEOUT, opened).await.unwrap_or(Err(Fault::Timeout(START_TIMEOUT)))
    }

    /// Sends a command once, and again only if Redis cannot have taken the first one.
    pub(crate) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Fault> {
        self.ask(Request::Command(command)).await
    }

    /// Runs a script. The library sends its text if Redis does not know it.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Fault> {
        self.ask(Request::Script(script)).await
    }

    async fn ask<T: FromRedisValue>(&self, request: Request<'_>) -> Result<T, Fault> {
        in_time(async {
            let answer = request.send(self.lease()).await;
            let Err(reason) = &answer else { return answer };
            self.renew(reason).await;
            if reason.is_connection_refusal() || cannot_serve(reason) {
                return request.send(self.lease()).await;
            }
            answer
        })
        .await
    }

    fn lease(&self) -> Lease {
        match self {
            Self::Single(single) => Lease::Single(single.current()),
            Self::Cluster(cluster) => Lease::Cluster(cluster.clone()),
        }
    }

    /// Another connection takes the place of one that failed like this, if that may help. The library itself opens a connection
    /// that broke anew, to the same address.
    async fn renew(&self, reason: &RedisError) {
        if let Self::Single(single) = self {
            single.renew(reason).await;
        }
    }
}

/// A command for Redis.
#[derive(Clone, Copy)]
enum Request<'a> {
    Command(&'a Cmd),
    Script(&'a ScriptInvocation<'a>),
}

impl Request<'_> {
    async fn send<T: FromRedisValue>(self, mut connection: Lease) -> RedisResult<T> {
        match self {
            Self::Command(command) => command.query_async(&mut connection).await,
            Self::Script(script) => script.invoke_async(&mut connection).await,
        }
    }
}

/// What Redis says that has been demoted, or cannot serve yet. It has done nothing.
fn cannot_serve(reason: &RedisError) -> bool {
    let kinds = [
        ServerErrorKind::ReadOnly,
        ServerErrorKind::BusyLoading,
        ServerErrorKind::MasterDown,
        ServerErrorKind::ClusterDown,
    ];
    kinds.iter().any(|kind| reason.kind() == ErrorKind::Server(*kind))
}

/// The connection to one server, which may be replaced by one to another.
pub(crate) struct Single {
    place: Place,
    current: ArcSwap<ConnectionManager>,
    /// When it was tried last.
    renewing: Mutex<Option<Instant>>,
}

impl Single {
    async fn open(place: Place) -> Result<Self, Fault> {
        let manager = single(place.find().await?).await?;
        Ok(Self { place, current: ArcSwap::from_pointee(manager), renewing: Mutex::default() })
    }

    fn current(&self) -> ConnectionManager {
        self.current.load().as_ref().clone()
    }

    /// Many that failed with one connection wait for one that renews it.
    async fn renew(&self, reason: &RedisError) {
        let is_lost =
            reason.is_connection_refusal() || reason.is_io_error() || reason.is_connection_dropped();
        let is_elsewhere = is_lost && matches!(self.place, Place::Watched { .. });
        if !cannot_serve(reason) && !is_elsewhere {
            return;
        }
        let Ok(mut last_try) = self.renewing.try_lock() else {
            drop(self.renewing.lock().await);
            return;
        };
        if last_try.is_some_and(|at| at.elapsed() < RENEWAL_INTERVAL) {
            return;
        }
        *last_try = Some(Instant::now());
        let renewed = async { Ok::<_, Fault>(single(self.place.find().await?).await?) };
        match tokio::time::timeout(RENEWAL_TIMEOUT, renewed).await {
            Ok(Ok(manager)) => {
                tracing::warn!(%reason, "connected to Redis anew");
                self.current.store(Arc::new(manager));
            }
            Ok(Err(fault)) => tracing::warn!(%fault, "cannot connect to Redis anew"),
            Err(_elapsed) => tracing::warn!("cannot connect to Redis anew in time"),
        }
    }
}

async fn in_time<T>(command: impl Future<Output = RedisResult<T>>) -> Result<T, Fault> {
    match tokio::time::timeout(COMMAND_TIMEOUT, command).await {
        Ok(answer) => Ok(answer?),
        Err(_elapsed) => Err(Fault::Timeout(COMMAND_TIMEOUT)),
    }
}

/// The connection for one command.
#[derive(Clone)]
enum Lease {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Lease {
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
