//! A minimal axum server: one route, one prepared body.

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::Failure;

/// Serves a JSON text of this many bytes at `/` until the process ends. Prints the port first.
pub(crate) fn serve(bytes: &str) -> Result<(), Failure> {
    let padding = "x".repeat(bytes.parse::<usize>()?.saturating_sub(2));
    let body = Bytes::from(format!("\"{padding}\""));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        let answer = async move || ([(CONTENT_TYPE, "application/json")], body.clone());
        axum::serve(listener, Router::new().route("/", get(answer))).await?;
        Ok(())
    })
}
