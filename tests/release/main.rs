//! Writes the database of the version that is about to be released into `migrations/released/<version>`:
//! `tests/services cargo run -p tests --example release`.

use tests::released::Release;

#[tokio::main]
async fn main() {
    Release::at(&Release::place(), env!("CARGO_PKG_VERSION")).write().await;
}
