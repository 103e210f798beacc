//! The one error of the ports.

/// A store or service could not answer. Nothing is known about what it did: callers fail closed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{component} is unavailable: {reason}")]
pub struct Unavailable {
    /// Which component, for the log: `postgres`, `sqlite`, `redis`.
    pub component: &'static str,
    /// Why, for the log only.
    pub reason: String,
}
