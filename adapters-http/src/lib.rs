//! The HTTP adapter: forms, headers, cookies, JSON and HTML, with axum, hyper and tower.
//!
//! A handler decodes, calls one use case and encodes. The rules of the protocol are in the use cases.

mod answer;
mod app;
mod budget;
mod cookie;
mod cors;
mod endpoint;
pub mod error;
mod every_answer;
mod extract;
pub mod language;
pub mod mail;
mod measure;
mod message;
pub mod outbound;
pub mod page;
mod router;
mod security;
mod serve;
mod tls;
mod trace;
mod wire;

pub use app::{ShownSetting, UseCases};
pub use budget::Budget;
pub use measure::metrics_router;
pub use router::{administrative_routes, router};
pub use serve::serve;
pub use tls::{Tls, TlsError, TlsFiles};
pub use trace::REQUEST_SPAN;
