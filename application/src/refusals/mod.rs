//! Refused requests: each has a reference, one line in the log, and for a while an explanation.
//!
//! See docs/decisions/explain.md.

mod explanations;
mod report;
mod waiting;

pub use explanations::{ExplainedRefusal, Explanations};
pub use report::{FailedGuess, GuessedSecret, Reporter};
pub use waiting::Waiting;
