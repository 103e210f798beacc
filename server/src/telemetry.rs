//! Logging. `RUST_LOG` selects the events, `OAUTH2_LOG_FORMAT` their format. Logs go to standard error, because standard
//! output carries only the answer of a command.
//!
//! See docs/decisions/operations.md.

mod escaped;

use std::io::{self, IsTerminal};

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::traces::Traces;
use escaped::{EscapedFields, EscapedJson};

/// The default of `RUST_LOG`. The migrator would log at every start that it has nothing to do.
const DEFAULT_DIRECTIVES: &str = "info,sea_orm_migration=warn,sqlx::postgres::notice=warn";

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per line, for a log collector.
    Json,
}

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `RUST_LOG` is not a list of filter directives.
    #[error("RUST_LOG: {directives:?} is not a filter such as `info` or `info,server=debug`: {reason}")]
    Directives {
        /// The value of `RUST_LOG`.
        directives: String,
        /// The error of the parser.
        reason: String,
    },
    /// Logging was already started in this process.
    #[error("logging was already started")]
    AlreadyStarted,
}

/// Starts logging for the whole process, to `writer`, and tracing if `traces` is given.
///
/// `directives` is the value of `RUST_LOG`. Without it, or if it is empty, the server logs events of level `info` and above.
///
/// # Errors
/// [`TelemetryError::Directives`] if `directives` is not a filter, [`TelemetryError::AlreadyStarted`] the
/// second time.
pub fn start<W>(
    format: LogFormat,
    directives: Option<&str>,
    traces: Option<&Traces>,
    writer: W,
) -> Result<(), TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let colours =
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let subscriber = Registry::default().with(log(format, filter(directives)?, colours, writer));
    subscriber.with(traces.map(Traces::layer)).try_init().map_err(|_already| TelemetryError::AlreadyStarted)
}

fn filter(directives: Option<&str>) -> Result<EnvFilter, TelemetryError> {
    let directives = directives.filter(|given| !given.trim().is_empty()).unwrap_or(DEFAULT_DIRECTIVES);
    EnvFilter::builder().parse(directives).map_err(|reason| TelemetryError::Directives {
        directives: directives.to_owned(),
        reason: reason.to_string(),
    })
}

/// The layer that writes events. It ignores spans: log lines are the same with traces and without.
fn log<S, W>(
    format: LogFormat,
    filter: EnvFilter,
    colours: bool,
    writer: W,
) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // With a hint, so that the level of `filter` stays that of the whole: without, dependencies compose all their details.
    let events = filter_fn(|metadata| metadata.is_event()).with_max_level_hint(LevelFilter::TRACE);
    let filter = filter.and(events);
    match format {
        LogFormat::Text => {
            let layer = fmt::layer().with_ansi(colours).with_writer(writer).fmt_fields(EscapedFields);
            layer.with_filter(filter).boxed()
        }
        LogFormat::Json => {
            let layer = fmt::layer().with_ansi(false).with_writer(EscapedJson(writer));
            layer.json().flatten_event(true).with_filter(filter).boxed()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// The log of one `info` and one `debug` event.
    fn logged(format: LogFormat, directives: Option<&str>) -> String {
        log_of(format, directives, || {
            tracing::info!(port = 8080, "listening");
            tracing::debug!("a detail");
        })
    }

    fn log_of(format: LogFormat, directives: Option<&str>, happens: impl FnOnce()) -> String {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let writer = {
            let lines = Arc::clone(&lines);
            move || Lines(Arc::clone(&lines))
        };
        tracing::subscriber::with_default(
            Registry::default().with(log(format, filter(directives).unwrap(), false, writer)),
            happens,
        );
        let lines = lines.lock().unwrap().clone();
        String::from_utf8(lines).unwrap()
    }

    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Otherwise every dependency composes its `trace` lines, to be thrown away.
    #[test]
    fn what_is_not_logged_is_not_composed() {
        for (directives, level) in
            [(None, LevelFilter::INFO), (Some("warn,server=debug"), LevelFilter::DEBUG)]
        {
            let layer = log::<Registry, _>(LogFormat::Text, filter(directives).unwrap(), false, io::sink);
            assert_eq!(layer.max_level_hint(), Some(level), "{directives:?}");
        }
    }

    #[test]
    fn without_rust_log_info_is_logged_and_debug_is_not() {
        let text = logged(LogFormat::Text, None);
        assert!(text.contains("listening"), "{text}");
        assert!(!text.contains("a detail"), "{text}");
    }

    #[test]
    fn rust_log_decides_what_is_logged() {
        assert!(logged(LogFormat::Text, Some("debug")).contains("a detail"));
        assert_eq!(logged(LogFormat::Text, Some("warn")), "");
    }

    #[test]
    fn json_lines_are_objects_with_the_event_s_fields() {
        let event: serde_json::Value = serde_json::from_str(&logged(LogFormat::Json, None)).unwrap();
        assert_eq!(event["message"], "listening");
        assert_eq!(event["port"], 8080);
    }

    #[test]
    fn a_line_of_text_is_the_message_and_the_fields() {
        let text = logged(LogFormat::Text, None);
        assert!(text.ends_with("telemetry::tests: listening port=8080\n"), "{text}");
    }

    #[test]
    fn no_value_makes_a_line_of_its_own_or_hides_one_in_any_format() {
        let forged = "x\r\n2026-11-29  INFO administrator signed in\u{1b}[31m\u{9b}1A\u{202e}\u{2028}\u{ad}\u{e0041}ü 日本";
        #[derive(Debug, thiserror::Error)]
        #[error("{0}")]
        struct Fault(&'static str);
        for format in [LogFormat::Text, LogFormat::Json] {
            let text = log_of(format, None, || {
                let error = Fault(forged);
                let error: &dyn std::error::Error = &error;
                tracing::warn!(reason = %forged, debug = ?forged, plain = forged, error, "{forged}");
            });
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert!(text.ends_with('\n') && text.contains("ü 日本"), "{text}");
            let is_bad =
                |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{2028}\u{ad}\u{e0041}".contains(c));
            assert!(!text.contains(is_bad), "{text:?}");
            if format == LogFormat::Json {
                let event: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!((event["reason"].as_str(), event["plain"].as_str()), (Some(forged), Some(forged)));
            }
        }
    }

    #[test]
    fn a_wrong_rust_log_is_named() {
        let error = filter(Some("server=loud")).unwrap_err().to_string();
        assert!(error.starts_with("RUST_LOG: \"server=loud\""), "{error}");
    }
}
