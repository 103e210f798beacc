//! What can go wrong between the server and the database. Outside this crate it is all [`Unavailable`].

use std::borrow::Cow;
use std::sync::Arc;

use application::port::Unavailable;
use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::batch::Failure;

/// Why the database did not give the answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// It did not answer, was too busy, or refused.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A row holds something that this server never wrote.
    #[error("a row cannot be read: {0} is corrupt")]
    Corrupt(&'static str),
    /// A value has no JSON form.
    #[error("a value cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// A value cannot be sent to the database.
    #[error("a value cannot be sent: {0}")]
    Unsendable(String),
    /// The schema is not the one this version needs.
    #[error("the schema lacks the migrations {0}")]
    Schema(String),
    /// The whole batch failed.
    #[error(transparent)]
    Shared(Arc<Self>),
    /// The batch took too long, or the process is ending.
    #[error("the database did not reply in time")]
    Abandoned,
    /// The database cannot be reached: the cause.
    #[error("{0}")]
    Unreachable(String),
    /// A pooler lends the connections of the server in turns.
    #[error(
        "a connection pooler in transaction mode is in front of it (PgBouncer: pool_mode = transaction), which loses prepared \
         statements and the settings of a connection; use pool_mode = session, or connect to PostgreSQL itself"
    )]
    TransactionPooling,
    /// The URL names neither PostgreSQL nor a file of SQLite.
    #[error("the database URL must begin with postgres:, or with sqlite: and name a file")]
    Url,
}

impl From<Failure<Self>> for Fault {
    fn from(failure: Failure<Self>) -> Self {
        match failure {
            Failure::Load(fault) => Self::Shared(fault),
            Failure::Abandoned => Self::Abandoned,
        }
    }
}

/// PostgreSQL ended the transaction so that another can go on: `serialization_failure`, `deadlock_detected`.
const LOST_TO_ANOTHER: [&str; 2] = ["40001", "40P01"];

/// PostgreSQL ended the connection: `admin_shutdown`, `crash_shutdown`.
const ENDED_BY_OTHERS: [&str; 2] = ["57P01", "57P02"];

/// PostgreSQL refused before it did anything: `read_only_sql_transaction` after a failover, `cannot_connect_now`.
const REFUSED: [&str; 2] = ["25006", "57P03"];

/// The classes of "the connection is broken" and of "there is no room": memory, disk, connections.
const CANNOT_SERVE: [&str; 2] = ["08", "53"];

/// There is no room for what is written: `SQLITE_FULL`, `SQLITE_IOERR_SHMSIZE`; `disk_full` of PostgreSQL.
const FULL: [&str; 3] = ["13", "4874", "53100"];

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

/// Whether a connection has ended on which a statement failed like this.
fn ended_the_connection(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_))
        || code(error).is_some_and(|code| ENDED_BY_OTHERS.contains(&code.as_ref()))
}

/// Whether a connection is unusable after this error, and perhaps every other connection to that server.
pub(crate) fn cannot_serve(error: &sqlx::Error) -> bool {
    let is_class = |code: &str| CANNOT_SERVE.iter().any(|class| code.starts_with(class));
    ended_the_connection(error)
        || code(error).is_some_and(|code| REFUSED.contains(&code.as_ref()) || is_class(&code))
}

impl Fault {
    /// Whether a batch that failed like this changed nothing, and its requests may succeed one by one.
    pub(crate) fn may_succeed_alone(&self) -> bool {
        self.lost_to_another() || self.is_about_a_value()
    }

    /// Whether another transaction was preferred: nothing of this one has happened, and it may be done again.
    pub(crate) fn lost_to_another(&self) -> bool {
        self.sql_state().is_some_and(|code| LOST_TO_ANOTHER.contains(&code.as_ref()))
    }

    /// Whether PostgreSQL changed nothing, because a row would break a rule of its table: `check_violation`.
    pub(crate) fn is_a_broken_rule(&self) -> bool {
        self.sql_state().is_some_and(|code| code == "23514")
    }

    /// Whether the database cannot take a value: `data_exception`, `integrity_constraint_violation`.
    fn is_about_a_value(&self) -> bool {
        self.sql_state().is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
    }

    /// Whether the server did nothing because it cannot serve now; another connection may reach a server that can.
    pub(crate) fn is_refused(&self) -> bool {
        self.sql_state().is_some_and(|code| REFUSED.contains(&code.as_ref()))
    }

    /// Whether connections to that server can no longer be trusted.
    pub(crate) fn raises_doubt(&self) -> bool {
        self.sqlx_error().is_some_and(cannot_serve)
    }

    /// Whether the connection ended, and another one may give the answer.
    pub(crate) fn is_a_lost_connection(&self) -> bool {
        self.sqlx_error().is_some_and(ended_the_connection)
    }

    /// Whether the database refused a statement, for example because a right is missing. Nothing has happened. A
    /// transaction that was only ended so that another can go on is none of these.
    pub(crate) fn refuses_a_statement(&self) -> bool {
        if let Self::Shared(fault) = self {
            return fault.refuses_a_statement();
        }
        self.sql_state().is_some() && !self.lost_to_another() && !self.is_refused()
    }

    /// Whether the disk is full. Nothing has happened.
    pub(crate) fn is_full(&self) -> bool {
        if let Self::Shared(fault) = self {
            return fault.is_full();
        }
        self.sql_state().is_some_and(|code| FULL.contains(&code.as_ref()))
    }

    fn sql_state(&self) -> Option<Cow<'_, str>> {
        self.sqlx_error()?.as_database_error()?.code()
    }

    fn sqlx_error(&self) -> Option<&sqlx::Error> {
        let Self::Database(DbErr::Exec(error) | DbErr::Query(error) | DbErr::Conn(error)) = self else {
            return None;
        };
        let RuntimeErr::SqlxError(error) = error else {
            return None;
        };
        Some(error)
    }

    pub(crate) fn into_unavailable(self, component: &'static str) -> Unavailable {
        Unavailable { component, reason: self.to_string() }
    }
}
