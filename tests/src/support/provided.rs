//! What `tests/run` and `tests/services` provide for tests that need more than the workspace.

use std::env;

/// The value of an environment variable.
///
/// # Panics
/// When it is not set: a test never skips itself.
#[must_use]
pub fn provided(variable: &str, what: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: {what}; `tests/run` provides it"))
}

/// The URL of a private service that runs beside the tests.
///
/// # Panics
/// When it is not set: a test never skips itself.
#[must_use]
pub fn service(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| {
        panic!("failed, because {variable} is not set: run the command as `tests/services COMMAND…`, which sets it")
    })
}
