//! Another Redis becomes the master: the server finds it, by the address that leads to it now or by asking Sentinel.

use std::fs;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::support::PrivateDatabase;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::load::{Forgets, Load};
use super::own_redis::OwnRedis;
use super::{installed, recovers, sign_in};
use crate::installation::{PROCESS_TIMEOUT, free_port};

/// A master and a replica that has everything.
async fn pair() -> (OwnRedis, OwnRedis) {
    let master = OwnRedis::start().await;
    let replica = OwnRedis::with(&["--replicaof", "127.0.0.1", &master.port().to_string()]).await;
    let follows = async {
        while !replica.replication().await.contains("master_link_status:up") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PROCESS_TIMEOUT, follows).await.expect("the replica does not follow");
    (master, replica)
}

/// A proxy address whose target server can be changed. Connections that exist stay where they are.
struct Address {
    port: u16,
    target: Arc<AtomicU16>,
}

impl Address {
    async fn of(first: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let target = Arc::new(AtomicU16::new(first));
        let leads_to = Arc::clone(&target);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let port = leads_to.load(Ordering::Relaxed);
                tokio::spawn(async move {
                    let mut to = TcpStream::connect(("127.0.0.1", port)).await?;
                    tokio::io::copy_bidirectional(&mut from, &mut to).await
                });
            }
        });
        Self { port, target }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_to_a_demoted_redis_is_replaced() {
    let (first, second) = pair().await;
    let database = PrivateDatabase::migrated().await;
    let address = Address::of(first.port()).await;
    let url = format!("redis://127.0.0.1:{}", address.port);
    let (installation, client, browsers) = installed(database.url(), &[("OAUTH2_REDIS_URL", &url)]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    let load = Load::begin(&client, &browsers, Forgets::UnfinishedFlows);
    load.answers(40).await;

    second.answers::<String>(&["REPLICAOF", "NO", "ONE"]).await;
    first.answers::<String>(&["REPLICAOF", "127.0.0.1", &second.port().to_string()]).await;
    // As long as the address leads to it, there is nothing better.
    load.refusals(4).await;
    address.target.store(second.port(), Ordering::Relaxed);
    recovers(&client, Instant::now()).await;
    load.answers(40).await;
    load.end().await.verify(&client).await;
    running.says("connected to Redis anew").await;
}

/// A process of Redis Sentinel.
struct Sentinel {
    port: u16,
    _folder: TempDir,
    _process: Child,
}

impl Sentinel {
    /// Watches the master under the name `main`.
    async fn watching(master: u16) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (port, file) = (free_port(), folder.path().join("sentinel.conf"));
        let settings = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor main 127.0.0.1 {master} 1\n\
             sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 2000\n",
            folder.path().display()
        );
        fs::write(&file, settings).expect("a file");
        let mut command = Command::new("redis-server");
        command.arg(&file).arg("--sentinel").stdout(Stdio::null()).kill_on_drop(true);
        let process = command.spawn().expect("redis-server");
        let sentinel = Self { port, _folder: folder, _process: process };
        let knows_the_replica = async {
            while !sentinel
                .says("SENTINEL", &["REPLICAS", "main"])
                .await
                .is_ok_and(|told| told.contains("slave"))
            {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PROCESS_TIMEOUT, knows_the_replica).await.expect("the sentinel does not know the replica");
        sentinel
    }

    async fn says(&self, command: &str, words: &[&str]) -> redis::RedisResult<String> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port))?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let value: redis::Value = redis::cmd(command).arg(words).query_async(&mut connection).await?;
        Ok(format!("{value:?}"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinel_says_where_the_master_is() {
    let (mut first, second) = pair().await;
    let sentinel = Sentinel::watching(first.port()).await;
    let database = PrivateDatabase::migrated().await;
    let url = format!("redis+sentinel://127.0.0.1:{}/main", sentinel.port);
    let (installation, client, browsers) = installed(database.url(), &[("OAUTH2_REDIS_URL", &url)]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    let load = Load::begin(&client, &browsers, Forgets::UnfinishedFlows);
    load.answers(40).await;

    first.stop_by("KILL").await;
    load.refusals(4).await;
    let took_over = async {
        while !second.replication().await.contains("role:master") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PROCESS_TIMEOUT, took_over).await.expect("nobody takes over");
    recovers(&client, Instant::now()).await;
    load.answers(40).await;
    load.end().await.verify(&client).await;
    drop(running);
}
