//! What can go wrong between us and the database; outside it is all [`Unavailable`].

use application::port::Unavailable;
use sea_orm::DbErr;

/// Why the database did not give the answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// It did not answer, was too busy, or refused.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A row holds what we never wrote.
    #[error("a row cannot be read: {0} is corrupt")]
    Corrupt(&'static str),
    /// A value has no JSON form.
    #[error("a value cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// The schema is not the one this version needs.
    #[error("the schema lacks the migrations {0}")]
    Schema(String),
    /// No database of ours.
    #[error("the database URL must begin with postgres:, or with sqlite: and name a file")]
    Url,
}

impl Fault {
    pub(crate) fn into_unavailable(self, component: &'static str) -> Unavailable {
        Unavailable { component, reason: self.to_string() }
    }
}
