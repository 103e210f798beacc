//! An installation: a folder with the server's data, and the processes that work on it.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{SelfSigned, provided};

/// How long a process may take before the test fails. A working process never takes this long.
pub const PROCESS_TIMEOUT: Duration = Duration::from_secs(60);

/// A folder and the settings of its server.
pub struct Installation {
    /// The issuer: `http://127.0.0.1:<port>`, unless a proxy is in front of it.
    pub issuer: String,
    /// The port.
    pub port: u16,
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

/// A running server. Dropping it kills the process.
pub struct Running {
    process: Child,
    errors: watch::Receiver<String>,
    output: JoinHandle<String>,
}

/// A process that has exited.
#[derive(Debug)]
pub struct Ended {
    /// The exit status.
    pub status: ExitStatus,
    /// The standard output.
    pub output: String,
    /// The standard error.
    pub errors: String,
}

impl Default for Installation {
    fn default() -> Self {
        Self::new()
    }
}

impl Installation {
    /// An empty folder and a free port.
    #[must_use]
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// An empty folder, a free port, and additional settings.
    pub fn with(more: &[(&'static str, &str)]) -> Self {
        let port = free_port();
        let issuer = format!("http://127.0.0.1:{port}");
        let mut settings = vec![
            ("OAUTH2_SERVER_PORT", port.to_string()),
            ("OAUTH2_SERVER_PUBLIC_BASE_URL", issuer.clone()),
            ("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", "true".to_owned()),
        ];
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let in_front = more.iter().find(|(name, _)| *name == "OAUTH2_SERVER_PUBLIC_BASE_URL");
        let issuer = in_front.map_or(issuer, |(_, url)| (*url).to_owned());
        Self { issuer, port, folder: tempfile::tempdir().expect("a temporary folder"), settings }
    }

    /// An empty folder, a free port, and a server that serves https on it.
    pub fn over_https(certificate: &SelfSigned) -> Self {
        let files = certificate.files();
        let (certificate, key) = (files.certificate.display().to_string(), files.key.display().to_string());
        let mut installation =
            Self::with(&[("OAUTH2_TLS_CERT_FILE", &certificate), ("OAUTH2_TLS_KEY_FILE", &key)]);
        installation.issuer = installation.issuer.replace("http://", "https://");
        installation.settings.push(("OAUTH2_SERVER_PUBLIC_BASE_URL", installation.issuer.clone()));
        installation
    }

    /// The path of the folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sets a setting for the processes that start from now on.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.unset(name);
        self.settings.push((name, value.to_owned()));
    }

    /// Removes a setting for the processes that start from now on.
    pub fn unset(&mut self, name: &str) {
        self.settings.retain(|(known, _)| *known != name);
    }

    /// The paths of all files, sorted by name.
    pub fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder");
        let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }

    /// Runs a shell script in the folder with the server's settings, and waits for its exit.
    pub async fn runs_script(&self, script: &str) -> Ended {
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", script]).current_dir(self.folder.path()).stdin(Stdio::null());
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        let output = shell.envs(settings).kill_on_drop(true).output().await.expect("bash");
        Ended {
            status: output.status,
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command with this standard input, and waits for its exit.
    pub async fn runs(&self, line: &[&str], input: &str) -> Ended {
        self.runs_with(line, input, &[]).await
    }

    /// Runs a command with additional environment variables, and waits for its exit.
    pub async fn runs_with(&self, line: &[&str], input: &str, more: &[(&str, &str)]) -> Ended {
        let mut command = self.command(line);
        let mut process = command.envs(more.iter().copied()).spawn().expect("a process");
        let mut stdin = process.stdin.take().expect("its standard input");
        // A process may exit without reading its input.
        let _unread = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let ended = timeout(PROCESS_TIMEOUT, process.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{line:?} does not end"));
        let ended = ended.expect("an end");
        Ended {
            status: ended.status,
            output: String::from_utf8(ended.stdout).expect("UTF-8"),
            errors: String::from_utf8(ended.stderr).expect("UTF-8"),
        }
    }

    /// Runs a command that must succeed. Returns its JSON output.
    pub async fn answers(&self, line: &[&str], input: &str) -> Value {
        let ended = self.runs(line, input).await;
        assert!(ended.status.success(), "{line:?}: {}", ended.errors);
        serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{line:?}: {}", ended.output))
    }

    /// Starts the server, and waits until it listens.
    pub async fn serves(&self) -> Running {
        self.serves_by(&[]).await
    }

    /// Starts the server through a program that replaces itself with the server: the program gets
    /// these arguments and then the server's command line.
    pub async fn serves_by(&self, program: &[&str]) -> Running {
        let mut process = self.command_by(program, &[]).spawn().expect("a process");
        let (sender, errors) = watch::channel(String::new());
        let stderr = process.stderr.take().expect("its standard error");
        tokio::spawn(collect(stderr, move |text| {
            sender.send_modify(|errors| errors.push_str(text));
        }));
        let stdout = process.stdout.take().expect("its standard output");
        let output = tokio::spawn(async move {
            let mut all = String::new();
            collect(stdout, |text| all.push_str(text)).await;
            all
        });
        let running = Running { process, errors, output };
        running.says("serving").await;
        running
    }

    fn command(&self, line: &[&str]) -> Command {
        self.command_by(&[], line)
    }

    fn command_by(&self, program: &[&str], line: &[&str]) -> Command {
        let binary = provided("SERVER_BINARY", "the path of the server's binary");
        let binary = Path::new(&binary);
        let mut command = match program.split_first() {
            None => Command::new(binary),
            Some((program, words)) => {
                let mut command = Command::new(program);
                command.args(words).arg(binary);
                command
            }
        };
        let ours = |name: &String| name.starts_with("OAUTH2_") || name == "RUST_LOG";
        for (name, _) in env::vars().filter(|(name, _)| ours(name)) {
            command.env_remove(name);
        }
        command
            .args(line)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

impl Running {
    /// Waits until the process has written this text to standard error. Returns everything it has
    /// written there.
    pub async fn says(&self, text: &str) -> String {
        let mut errors = self.errors.clone();
        let said = timeout(PROCESS_TIMEOUT, errors.wait_for(|errors| errors.contains(text))).await;
        match said {
            Ok(Ok(errors)) => errors.clone(),
            Ok(Err(_)) | Err(_) => panic!("it does not say {text:?}:\n{}", *self.errors.borrow()),
        }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id().expect("a running process")
    }

    /// Sends SIGTERM, and does not wait for the exit.
    pub async fn asked_to_end(&self) {
        let process = self.process.id().expect("a running process").to_string();
        let sent = Command::new("kill").args(["-TERM", &process]).status().await;
        assert!(sent.expect("kill").success());
    }

    /// Sends SIGTERM, and waits for the exit.
    pub async fn ends(self) -> Ended {
        self.asked_to_end().await;
        self.ended().await
    }

    /// Waits for the exit.
    pub async fn ended(mut self) -> Ended {
        let status = timeout(PROCESS_TIMEOUT, self.process.wait()).await.expect("it does not end");
        // When the sender is gone, standard error is read to its end.
        while self.errors.changed().await.is_ok() {}
        Ended {
            status: status.expect("an end"),
            output: self.output.await.expect("its output"),
            errors: self.errors.borrow().clone(),
        }
    }

    /// Sends SIGKILL and drops the process.
    pub async fn crashes(mut self) {
        self.kill().await;
    }

    /// Sends SIGKILL, and keeps the value so that another process can take its place.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("a killed process");
    }
}

/// Whether only the owner may read and write the file.
pub fn is_private(file: &Path) -> bool {
    let mode = fs::metadata(file).expect("a file").permissions().mode();
    mode & 0o777 == 0o600
}

/// A port of this machine that nothing listens on.
#[must_use]
pub fn free_port() -> u16 {
    // The issuer contains the port, so the test chooses the port before the server starts.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

async fn collect(mut from: impl AsyncRead + Unpin, mut take: impl FnMut(&str)) {
    let mut some = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut some).await {
        take(&String::from_utf8_lossy(&some[..read]));
    }
}
