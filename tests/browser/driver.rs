//! Runs one chromedriver process per test, on a port that chromedriver chooses. All its browsers
//! end with it. chromedriver chooses a port that is free for IPv4 and then needs it for IPv6 too: if another process has it
//! there, chromedriver ends, and is started again.

use std::env;
use std::process::{Command, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

/// How often chromedriver is started until it has a port.
const MAX_STARTS: usize = 5;

/// A running chromedriver. Dropping it ends it and its browsers.
pub(crate) struct Driver {
    /// The URL that takes WebDriver commands.
    pub(crate) url: String,
    group: String,
    _process: Child,
}

impl Driver {
    /// Starts chromedriver, and waits until it prints its port.
    pub(crate) async fn start() -> Self {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        for _ in 0..MAX_STARTS {
            if let Some(driver) = Self::start_once(&program).await {
                return driver;
            }
        }
        panic!("{program} ended before it listened, {MAX_STARTS} times");
    }

    /// None if it ends before it listens.
    async fn start_once(program: &str) -> Option<Self> {
        let mut process = tokio::process::Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Its browsers join its process group, so that one signal ends all of them.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("CHROMEDRIVER: {program} does not start ({error}); `tests/run` installs it")
            });
        let group = process.id().expect("a running process").to_string();
        let output = process.stdout.take().expect("its standard output");
        let mut lines = BufReader::new(output).lines();
        let port = loop {
            let line = lines.next_line().await.expect("a line");
            if let Some((_, port)) = line?.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        // Drains the rest of the output, so that chromedriver never blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Some(Self { url: format!("http://127.0.0.1:{port}"), group, _process: process })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.group);
        let ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(ended.is_ok(), "chromedriver {} was not stopped", self.group);
    }
}
