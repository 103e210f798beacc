//! Verbs: one module per endpoint or grant, and the ports they need.

pub mod jose;
pub mod port;
pub mod seal;
