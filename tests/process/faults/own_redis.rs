//! A private Redis for a test, which can be stopped, flushed and disconnected.

use std::process::Stdio;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Client, Cmd, FromRedisValue};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::installation::{PROCESS_TIMEOUT, free_port};

/// The interval between two checks whether Redis answers.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A folder, a port and, while Redis runs, its process. The folder keeps the data across restarts.
pub(super) struct OwnRedis {
    folder: TempDir,
    port: u16,
    options: Vec<String>,
    process: Option<Child>,
}

impl OwnRedis {
    /// Starts an empty Redis.
    pub(super) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts an empty Redis with additional options.
    pub(super) async fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let options = options.iter().map(|&option| option.to_owned()).collect();
        let mut server = Self { folder, port: free_port(), options, process: None };
        server.start_again().await;
        server
    }

    /// Whether the process runs.
    pub(super) const fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// The address: `127.0.0.1:<port>`
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The port.
    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// The URL: `redis://127.0.0.1:<port>`
    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Starts Redis again, and waits until it answers.
    pub(super) async fn start_again(&mut self) {
        let process = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &self.port.to_string(),
                "--save",
                "",
                "--appendonly",
                "yes",
            ])
            .arg("--dir")
            .arg(self.folder.path())
            .args(&self.options)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        self.process = Some(process.expect("redis-server, which `tests/run` installs"));
        let answers = async {
            while self.connection().await.is_err() {
                sleep(POLL_INTERVAL).await;
            }
            while self.query::<String>(&redis::cmd("PING")).await.is_err() {
                sleep(POLL_INTERVAL).await;
            }
        };
        timeout(PROCESS_TIMEOUT, answers).await.expect("Redis does not start");
    }

    /// Shuts Redis down gracefully.
    pub(super) async fn stop(&mut self) {
        self.stop_by("TERM").await;
    }

    /// Stops Redis: gracefully with `TERM`, immediately with `KILL`.
    pub(super) async fn stop_by(&mut self, signal: &str) {
        let mut process = self.process.take().expect("a running Redis");
        let id = process.id().expect("a running Redis").to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &id]).status().await;
        assert!(sent.expect("kill").success());
        timeout(PROCESS_TIMEOUT, process.wait()).await.expect("Redis does not end").expect("an end");
    }

    /// Runs a command. Returns the reply.
    pub(super) async fn answers<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let (command, arguments) = words.split_first().expect("a command");
        self.query(redis::cmd(command).arg(arguments))
            .await
            .unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// What it says about its replication; nothing while it cuts connections, as Sentinel makes it when it becomes a master.
    pub(super) async fn replication(&self) -> String {
        self.query(redis::cmd("INFO").arg("replication")).await.unwrap_or_default()
    }

    /// Restores a key from its dump.
    pub(super) async fn restores<T: FromRedisValue>(&self, key: &str, dumped: &[u8]) -> T {
        let mut restore = redis::cmd("RESTORE");
        restore.arg(key).arg(0).arg(dumped).arg("REPLACE");
        self.query(&restore).await.expect("a restored key")
    }

    async fn query<T: FromRedisValue>(&self, command: &Cmd) -> redis::RedisResult<T> {
        command.query_async(&mut self.connection().await?).await
    }

    async fn connection(&self) -> redis::RedisResult<MultiplexedConnection> {
        Client::open(self.url())?.get_multiplexed_async_connection().await
    }
}
