//! PgBouncer in front of PostgreSQL: it works in session mode, and the start says why it does not in the other modes.

use std::fs;
use std::os::unix::fs::chown;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::load::SCOPE;
use super::own_postgres::{OwnPostgres, owner};
use super::{installed, sign_in};
use crate::installation::{Installation, PROCESS_TIMEOUT, free_port};
use crate::{ENCRYPTION_KEY, USERNAME};

/// A PgBouncer with the settings that it has by default, but for its mode.
struct PgBouncer {
    port: u16,
    _folder: TempDir,
    _process: Child,
}

impl PgBouncer {
    async fn start(postgres: &OwnPostgres, mode: &str) -> Self {
        let (folder, port) = (tempfile::tempdir().expect("a temporary folder"), free_port());
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {mode}\n",
            postgres.port()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).expect("a file");
        let mut command = match owner() {
            Some(owner) => {
                for path in [folder.path(), &file] {
                    chown(path, Some(owner), None).expect("an owner");
                }
                let mut command = Command::new("setpriv");
                command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups", "pgbouncer"]);
                command
            }
            None => Command::new("pgbouncer"),
        };
        let process =
            command.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn();
        let process = process.expect("pgbouncer (Debian package pgbouncer)");
        let listens = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PROCESS_TIMEOUT, listens).await.expect("it does not start");
        Self { port, _folder: folder, _process: process }
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pgbouncer_in_session_mode_works_without_further_settings() {
    let postgres = OwnPostgres::start().await;
    let pooler = PgBouncer::start(&postgres, "session").await;
    let (installation, client, browsers) = installed(&pooler.url(), &[]).await;
    let running = installation.serves().await;
    sign_in(&client, &browsers).await;
    let tokens = client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;
    let tokens = client.refresh(tokens.text("refresh_token")).await;
    assert_eq!(tokens.status(), 200);
    let ended = running.ends().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    assert!(!ended.errors.contains("unavailable"), "{}", ended.errors);
}

#[tokio::test]
async fn pgbouncer_in_another_mode_stops_the_start_with_the_reason() {
    let postgres = OwnPostgres::start().await;
    for (mode, reason) in [("transaction", "pool_mode = session"), ("statement", "statement pooling mode")] {
        let pooler = PgBouncer::start(&postgres, mode).await;
        let url = pooler.url();
        let settings = [("OAUTH2_DATABASE_URL", url.as_str()), ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
        let ended = Installation::with(&settings).runs(&[], "").await;
        assert_eq!(ended.status.code(), Some(1), "{mode}: {}", ended.errors);
        assert!(ended.errors.contains(reason), "{mode}: {}", ended.errors);
        assert_eq!(ended.errors.lines().count(), 1, "{mode}: {}", ended.errors);
    }
}
