//! The loader of a batch on PostgreSQL: one statement for all its requests.

use std::sync::Arc;

use sea_orm::sqlx::postgres::{PgArguments, PgRow};
use sea_orm::sqlx::{Decode, Error, Postgres, Row as _, Type};
use sea_orm::{DbErr, QueryResult, RuntimeErr};

use crate::batch::{Loader, Part, Sharing};
use crate::connection::Pool;
use crate::fault::Fault;

use super::request::{Key, add_arrays};
use super::row::Row;
use super::statement::Statement;
use super::text::{COMPANION, Texts};

/// Sends a batch as one statement.
#[derive(Debug)]
pub(crate) struct StatementLoader {
    pool: Pool,
    texts: Texts,
}

/// The reply to a request.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The change was made.
    Done,
    /// What was found. The names of the columns begin with the prefix.
    Row(QueryResult, &'static str),
}

impl Reply {
    pub(super) fn read<R: Row>(&self) -> Result<R, Fault> {
        match self {
            Self::Row(row, prefix) => Ok(R::from_query_result(row, prefix)?),
            Self::Done => Err(Fault::Corrupt("a reply")),
        }
    }
}

impl StatementLoader {
    pub(crate) const fn new(pool: Pool, texts: Texts) -> Self {
        Self { pool, texts }
    }
}

impl Loader for StatementLoader {
    type Statement = Statement;
    type Key = Vec<Key>;
    type Reply = Arc<Reply>;
    type Error = Fault;

    fn sharing(&self, statement: Statement) -> Sharing {
        statement.0.sharing
    }

    async fn load(&self, parts: &[Part<'_, Statement, Vec<Key>>]) -> Result<Vec<Option<Arc<Reply>>>, Fault> {
        let (main, companion) = match parts {
            [main] => (main, None),
            [main, companion] => (main, Some(companion)),
            _ => return Err(Fault::Unsendable("a batch of other parts".to_owned())),
        };
        let mut arguments = PgArguments::default();
        for part in parts {
            add_arrays(&mut arguments, part.statement.0.keys, &part.keys)?;
        }
        let text = self.texts.for_many(main.statement, companion.map(|companion| companion.statement));
        let rows = self.pool.rows(&text, arguments).await?;
        let mut replies = vec![None; parts.iter().map(|part| part.keys.len()).sum()];
        if !main.statement.0.selects {
            replies.fill(Some(Arc::new(Reply::Done)));
            return Ok(replies);
        }
        for row in rows {
            let is_companion = companion.is_some() && column(&row, "is_companion")?;
            let before = if is_companion { main.keys.len() } else { 0 };
            let reply = match main.statement.0.sharing {
                Sharing::Change => (number(&row)?, Reply::Done),
                Sharing::LookUp | Sharing::Companion => {
                    (number(&row)?, Reply::Row(row.into(), if is_companion { COMPANION } else { "" }))
                }
            };
            *replies.get_mut(before + reply.0).ok_or(Fault::Corrupt("a reply"))? = Some(Arc::new(reply.1));
        }
        Ok(replies)
    }

    fn may_retry(&self, error: &Fault, is_change: bool) -> bool {
        // Nothing has changed by looking.
        error.is_refused() || (!is_change && error.is_a_lost_connection())
    }
}

/// Which request a row is about, counted from 0.
fn number(row: &PgRow) -> Result<usize, Fault> {
    let number: i64 = column(row, "number")?;
    usize::try_from(number - 1).map_err(|_| Fault::Corrupt("a reply"))
}

fn column<'r, T>(row: &'r PgRow, name: &str) -> Result<T, Fault>
where
    T: Decode<'r, Postgres> + Type<Postgres>,
{
    let unreadable = |error: Error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)));
    Ok(row.try_get(name).map_err(unreadable)?)
}
