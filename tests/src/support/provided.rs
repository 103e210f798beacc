//! Programs and services that `tests/run` and `tests/services` provide.

use std::path::PathBuf;
use std::{env, fs};

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

/// A program of PostgreSQL, of the newest of Debian's versions.
///
/// # Panics
/// When PostgreSQL is not installed.
#[must_use]
pub fn postgres_program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is not installed");
    let newest = versions
        .filter_map(|version| version.ok()?.file_name().into_string().ok())
        .max_by_key(|version| version.parse::<u32>().unwrap_or_default());
    PathBuf::from("/usr/lib/postgresql").join(newest.expect("a version")).join("bin").join(name)
}
