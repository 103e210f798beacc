//! What `tests/run` provides for tests that need more than the workspace.

use std::env;

/// The value of an environment variable.
///
/// # Panics
/// When it is not set: a test never skips itself.
#[must_use]
pub fn provided(variable: &str, what: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: {what}; `tests/run` provides it"))
}
