//! The wire: forms, headers, cookies, JSON and HTML, on axum, hyper and tower.
//!
//! A handler decodes, calls one use case and encodes; no rule of the protocol lives here.

mod answer;
mod app;
mod cookie;
mod endpoint;
pub mod error;
mod extract;
pub mod language;
mod measure;
pub mod outbound;
pub mod page;
mod router;
mod security;
mod serve;
mod tls;
mod trace;

pub use app::UseCases;
pub use measure::metrics_router;
pub use router::{administrative_routes, router};
pub use serve::{serve, serve_tls};
pub use tls::{Tls, TlsError, TlsFiles};
pub use trace::REQUEST_SPAN;
