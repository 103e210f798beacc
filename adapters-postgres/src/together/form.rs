//! How a statement for many is made of a question: its keys are arrays, one element for each who asks.

use sea_orm::QueryTrait;
use sea_orm::sea_query::{Expr, PostgresQueryBuilder, SelectStatement};
use sea_orm::sqlx::Arguments;
use sea_orm::sqlx::postgres::PgArguments;
use uuid::Uuid;

use crate::fault::Fault;

/// The keys that a question brings, by name, and what is made of them.
pub(crate) struct Form {
    pub(crate) keys: &'static [(&'static str, KeyType)],
    pub(crate) text: Text,
}

pub(crate) enum Text {
    /// Selects one text, `found`, by the keys, which are [`asked`].
    Look(String),
    /// Goes on after `WITH asked AS (…)`, whose columns are the keys and `nth`, and ends with a query for the `nth` of all
    /// that was changed.
    Change(&'static str),
}

impl Text {
    /// [`Text::Look`] by this query.
    pub(crate) fn look(query: impl QueryTrait<QueryStatement = SelectStatement>) -> Self {
        Self::Look(query.into_query().to_string(PostgresQueryBuilder))
    }
}

/// A key of the question, within a [`Text::Look`].
pub(crate) fn asked(key: &'static str) -> Expr {
    Expr::col((ASKED, key))
}

/// One key of each question, all of one type.
macro_rules! array {
    ($questions:expr, $nth:expr, $pattern:pat => $value:expr) => {
        $questions
            .iter()
            .map(|keys| match keys.get($nth) {
                Some($pattern) => Ok($value),
                Some(_) | None => Err(Fault::Unsendable("a key of another type".to_owned())),
            })
            .collect::<Result<Vec<_>, _>>()?
    };
}

/// The questions, within a statement.
const ASKED: &str = "asked";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Bytes,
    Flag,
    Micros,
    Text,
    Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Bytes(Option<Vec<u8>>),
    Flag(bool),
    Micros(Option<i64>),
    Text(Option<String>),
    Uuid(Uuid),
}

impl From<Vec<u8>> for Key {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl From<Option<Vec<u8>>> for Key {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<bool> for Key {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Key {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Uuid> for Key {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}

impl From<i64> for Key {
    fn from(micros: i64) -> Self {
        Self::Micros(Some(micros))
    }
}

impl From<Option<i64>> for Key {
    fn from(micros: Option<i64>) -> Self {
        Self::Micros(micros)
    }
}

/// A matter's statements: the same text for any number of questions, so that it is prepared once.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) alone: String,
    /// Clients are looked up by the same statement. None for a change.
    pub(super) with_clients: Option<String>,
}

impl Texts {
    /// The clients' form is that of a look-up by one key.
    pub(super) fn of(form: &Form, clients: &Form) -> Self {
        match (&form.text, &clients.text) {
            (Text::Look(select), Text::Look(client)) => {
                let alone = looked_up(false, form, select, 1);
                let client = looked_up(true, clients, client, form.keys.len() + 1);
                Self { with_clients: Some(format!("{alone} UNION ALL {client}")), alone }
            }
            (Text::Change(rest), _) | (_, Text::Change(rest)) => {
                let asked = unnested(form.keys, 1);
                Self { alone: format!("WITH {ASKED} AS (SELECT * FROM {asked}), {rest}"), with_clients: None }
            }
        }
    }
}

fn looked_up(of_clients: bool, form: &Form, select: &str, first: usize) -> String {
    let questions = unnested(form.keys, first);
    format!(
        "SELECT {of_clients}, {ASKED}.nth, found.found FROM {questions} CROSS JOIN LATERAL ({select}) AS found"
    )
}

/// The questions as a table, from one array of each key.
fn unnested(keys: &[(&str, KeyType)], first: usize) -> String {
    let array = |(nth, (_, of_type)): (usize, &(&str, KeyType))| {
        let of_type = match of_type {
            KeyType::Bytes => "bytea",
            KeyType::Flag => "bool",
            KeyType::Micros => "int8",
            KeyType::Text => "text",
            KeyType::Uuid => "uuid",
        };
        format!("${}::{of_type}[]", first + nth)
    };
    let arrays: Vec<_> = keys.iter().enumerate().map(array).collect();
    let names: Vec<_> = keys.iter().map(|(name, _)| *name).collect();
    format!("unnest({}) WITH ORDINALITY AS {ASKED} ({}, nth)", arrays.join(", "), names.join(", "))
}

/// Adds the keys of all questions, one array of each.
///
/// # Errors
/// A key is of another type than it is declared to be.
pub(super) fn add(
    arguments: &mut PgArguments,
    types: &[(&str, KeyType)],
    questions: &[&[Key]],
) -> Result<(), Fault> {
    for (nth, (_, of_type)) in types.iter().enumerate() {
        let added = match of_type {
            KeyType::Bytes => arguments.add(array!(questions, nth, Key::Bytes(bytes) => bytes.as_deref())),
            KeyType::Flag => arguments.add(array!(questions, nth, Key::Flag(flag) => *flag)),
            KeyType::Micros => arguments.add(array!(questions, nth, Key::Micros(micros) => *micros)),
            KeyType::Text => arguments.add(array!(questions, nth, Key::Text(text) => text.as_deref())),
            KeyType::Uuid => arguments.add(array!(questions, nth, Key::Uuid(id) => *id)),
        };
        added.map_err(|error| Fault::Unsendable(error.to_string()))?;
    }
    Ok(())
}
