//! The binary `oauth2-server`.

use std::process::ExitCode;

/// After a burst of requests mimalloc returns memory to the system sooner than the default allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
