//! A Redis of a test's own, to be stopped, flushed and cut off.

use std::process::Stdio;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Client, Cmd, FromRedisValue};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::installation::{PATIENCE, free_port};

/// How often it is asked whether it answers.
const OFTEN: Duration = Duration::from_millis(10);

/// A folder, a port and, while it runs, a process. What it was told survives its end.
pub(super) struct OwnRedis {
    folder: TempDir,
    port: u16,
    options: Vec<String>,
    process: Option<Child>,
}

impl OwnRedis {
    /// Starts an empty one.
    pub(super) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts an empty one with more options.
    pub(super) async fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let options = options.iter().map(|&option| option.to_owned()).collect();
        let mut server = Self { folder, port: free_port(), options, process: None };
        server.start_again().await;
        server
    }

    /// Whether it is there.
    pub(super) const fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// `127.0.0.1:<port>`
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `redis://127.0.0.1:<port>`
    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Starts it again, and waits until it answers.
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
                sleep(OFTEN).await;
            }
            while self.asked::<String>(&redis::cmd("PING")).await.is_err() {
                sleep(OFTEN).await;
            }
        };
        timeout(PATIENCE, answers).await.expect("Redis does not start");
    }

    /// Stops it in order.
    pub(super) async fn stop(&mut self) {
        self.stop_by("TERM").await;
    }

    /// Stops it: with `TERM` in order, with `KILL` at once.
    pub(super) async fn stop_by(&mut self, signal: &str) {
        let mut process = self.process.take().expect("a running Redis");
        let id = process.id().expect("a running Redis").to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &id]).status().await;
        assert!(sent.expect("kill").success());
        timeout(PATIENCE, process.wait()).await.expect("Redis does not end").expect("an end");
    }

    /// What it answers.
    pub(super) async fn answers<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let (command, arguments) = words.split_first().expect("a command");
        self.asked(redis::cmd(command).arg(arguments))
            .await
            .unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// Puts a key back as it was dumped.
    pub(super) async fn restores<T: FromRedisValue>(&self, key: &str, dumped: &[u8]) -> T {
        let mut restore = redis::cmd("RESTORE");
        restore.arg(key).arg(0).arg(dumped).arg("REPLACE");
        self.asked(&restore).await.expect("a restored key")
    }

    async fn asked<T: FromRedisValue>(&self, command: &Cmd) -> redis::RedisResult<T> {
        command.query_async(&mut self.connection().await?).await
    }

    async fn connection(&self) -> redis::RedisResult<MultiplexedConnection> {
        Client::open(self.url())?.get_multiplexed_async_connection().await
    }
}
