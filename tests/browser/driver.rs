//! chromedriver: one process per test, on a port of its own choice, gone with everything it started.

use std::env;
use std::process::{Command, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

/// A running chromedriver. It and its browsers end when dropped.
pub(crate) struct Driver {
    /// Where it takes commands.
    pub(crate) url: String,
    group: String,
    _process: Child,
}

impl Driver {
    /// Starts it, and waits until it says on which port it listens.
    pub(crate) async fn start() -> Self {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut process = tokio::process::Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // The browsers it starts are of its group, so that all of them can be ended at once.
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
            let line = line.unwrap_or_else(|| panic!("{program} ended before it listened"));
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        // Whatever else it says is thrown away, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { url: format!("http://127.0.0.1:{port}"), group, _process: process }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.group);
        let ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(ended.is_ok(), "chromedriver {} is left running", self.group);
    }
}
