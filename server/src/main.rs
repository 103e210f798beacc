//! The binary `oauth2-server`.

use std::process::ExitCode;

/// Returns memory to the system sooner than the usual allocator after a burst of requests.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
