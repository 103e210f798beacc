//! What the server is measured against: a bare handler, and signatures with a kept key. Also the keys of its clients.
//!
//! `limits handler BYTES` serves that much JSON and says on which port. `limits signatures COUNT` tells the CPU time of
//! one signature, in microseconds, by algorithm. `limits assertions COUNT ISSUER CLIENT` makes a key, and signs as many
//! assertions with it as a client of `private_key_jwt` (RFC 7523 §2.2) uses up.
#![allow(clippy::print_stdout, reason = "its answer")]

mod assertions;
mod handler;
mod signatures;

use std::process::ExitCode;

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What went wrong, for a person.
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
