//! Reference values for the load tests: a minimal handler, and the CPU time of signatures. Also
//! makes the keys of the clients.
//!
//! `limits handler BYTES` serves that many bytes of JSON and prints its port. `limits signatures
//! COUNT` prints the CPU time of one signature, in microseconds, by algorithm. `limits assertions
//! COUNT ISSUER CLIENT` generates a key, and signs as many assertions as a `private_key_jwt` client
//! (RFC 7523 §2.2) will use.
#![allow(clippy::print_stdout, reason = "its answer")]

mod assertions;
mod handler;
mod signatures;

use std::process::ExitCode;

/// The same allocator as the server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An error message for the operator.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["handler", bytes] => handler::serve(bytes),
        ["signatures", count] => signatures::measure(count),
        ["assertions", count, issuer, client] => assertions::sign(count, issuer, client),
        _ => Err("limits handler BYTES | signatures COUNT | assertions COUNT ISSUER CLIENT".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            println!("{reason}");
            ExitCode::FAILURE
        }
    }
}
