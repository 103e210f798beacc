//! The log of the servers of this process, as JSON.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use serde_json::Value;
use server::telemetry::{self, LogFormat};

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static STARTED: Once = Once::new();

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts to keep the log. Every server does that.
pub(super) fn start() {
    STARTED.call_once(|| {
        telemetry::start(LogFormat::Json, Some("info"), None, || Lines)
            .expect("the first log of the process");
    });
}

/// The lines so far that contain this text.
#[must_use]
pub fn logged_lines(text: &str) -> Vec<Value> {
    let log = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = std::str::from_utf8(&log).expect("a text").lines().filter(|line| line.contains(text));
    lines.map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect()
}

/// The one line under this error reference.
#[must_use]
pub fn logged(reference: &str) -> Value {
    // All tests of the process have written it: only the lines that may be it are read.
    let mut lines = logged_lines(reference);
    lines.retain(|line| line["reference"] == reference);
    assert_eq!(lines.len(), 1, "{reference}: {lines:?}");
    lines.remove(0)
}
