//! A private PostgreSQL for a test, which can be stopped and started.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tests::support::{SelfSigned, postgres_program};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::installation::{PROCESS_TIMEOUT, free_port};

pub(super) struct OwnPostgres {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl OwnPostgres {
    fn without_data() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("permissions");
        if let Some(owner) = owner() {
            chown(folder.path(), Some(owner), None).expect("an owner");
        }
        Self { folder, port: free_port(), process: None }
    }

    pub(super) async fn start() -> Self {
        let mut postgres = Self::without_data();
        let made = postgres
            .command("initdb")
            .args([
                "--username",
                "postgres",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
                "--no-sync",
            ])
            .output();
        let made = made.await.expect("initdb");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        postgres.start_again().await;
        postgres
    }

    /// A standby that follows this one. From now on a commit waits for it, so that a switch loses nothing.
    pub(super) async fn standby(&self) -> Self {
        let mut standby = Self::without_data();
        let copied = standby
            .command("pg_basebackup")
            .args(["--host", "127.0.0.1", "--port", &self.port.to_string(), "--username", "postgres"])
            .args(["--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast", "--no-sync"])
            .output();
        let copied = copied.await.expect("pg_basebackup");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        standby.start_again().await;
        self.says("ALTER SYSTEM SET synchronous_standby_names = '*'").await;
        self.says("SELECT pg_reload_conf()").await;
        standby
    }

    /// What `psql` prints for a statement.
    pub(super) async fn says(&self, sql: &str) -> String {
        let said = Command::new(postgres_program("psql"))
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", sql, &self.url()])
            .output();
        let said = said.await.expect("psql");
        assert!(said.status.success(), "{sql}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    }

    pub(super) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// From now on it demands a password that no client has.
    pub(super) async fn asks_for_passwords(&mut self) {
        let rules = self.folder.path().join("data/pg_hba.conf");
        fs::write(rules, "host all all 127.0.0.1/32 scram-sha-256\n").expect("a file");
        self.stop("INT").await;
        self.start_again().await;
    }

    /// From now on it has this certificate.
    pub(super) async fn shows(&mut self, certificate: &SelfSigned) {
        let files = certificate.files();
        let data = self.folder.path().join("data");
        for (from, name) in [(files.certificate, "server.crt"), (files.key, "server.key")] {
            let to = data.join(name);
            fs::copy(from, &to).expect("a copy");
            fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).expect("permissions");
            if let Some(owner) = owner() {
                chown(&to, Some(owner), None).expect("an owner");
            }
        }
        let mut settings = fs::read_to_string(data.join("postgresql.conf")).expect("a file");
        settings.push_str("\nssl = on\n");
        fs::write(data.join("postgresql.conf"), settings).expect("a file");
        self.stop("INT").await;
        self.start_again().await;
    }

    /// Starts PostgreSQL, and waits until it answers.
    pub(super) async fn start_again(&mut self) {
        let mut command = self.command("postgres");
        let settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
        for setting in settings {
            command.args(["-c", setting]);
        }
        let process = command.args(["-p", &self.port.to_string()]).kill_on_drop(true).spawn();
        self.process = Some(process.expect("postgres"));
        let port = self.port.to_string();
        let answers = async {
            loop {
                let asked = Command::new(postgres_program("pg_isready"))
                    .args(["--quiet", "--host", "127.0.0.1", "--port", &port])
                    .status();
                if asked.await.expect("pg_isready").success() {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PROCESS_TIMEOUT, answers).await.expect("it does not start");
    }

    /// Stops PostgreSQL: gracefully with `INT`, immediately with `QUIT`.
    pub(super) async fn stop(&mut self, signal: &str) {
        let mut process = self.process.take().expect("it runs");
        let id = process.id().expect("it runs").to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &id]).status().await;
        assert!(sent.expect("kill").success());
        timeout(PROCESS_TIMEOUT, process.wait()).await.expect("it does not stop").expect("an end");
    }

    /// A program of PostgreSQL on this data folder. PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let program = postgres_program(program);
        let mut command = if owner().is_some() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.arg("-D").arg(self.folder.path().join("data"));
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        if let Some(id) = self.process.as_ref().and_then(Child::id) {
            // An immediate shutdown, which still releases the shared memory.
            let _ended = std::process::Command::new("kill").args(["-QUIT", &id.to_string()]).status();
            let running = || fs::metadata(self.folder.path().join("data/postmaster.pid")).is_ok();
            for _ in 0..200 {
                if !running() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// The user that runs PostgreSQL, if the test runs as root.
pub(super) fn owner() -> Option<u32> {
    let root = fs::metadata("/proc/self").expect("a process").uid() == 0;
    root.then(|| {
        let users = fs::read_to_string("/etc/passwd").expect("the users");
        let user = users.lines().find(|line| line.starts_with("postgres:")).expect("the user postgres");
        user.split(':').nth(2).expect("an id").parse().expect("a number")
    })
}
