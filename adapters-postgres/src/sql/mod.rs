//! Statements in SQL: the texts in `.sql` files, for PostgreSQL and SQLite alike, and how they are given their keys.
//!
//! A store declares a statement ([`LookUp`], [`Change`]) with a [`request!`](crate::sql::request) and a
//! [`row!`](crate::sql::row), whose fields are the names in the text. The text selects from `{request}`: a table with a
//! row for each request, whose columns are the keys and `number`. On PostgreSQL it has as many rows as the batch has
//! requests; on SQLite it has one. The text is the same for any number, so that it is prepared once.
//!
//! Rules that several statements share are in `rules/`, and a text includes one by its name, such as `{valid_grant}`.
//! Each condition of a rule or a statement has a line of its own, so that a test can leave it out.

mod execute;
mod loader;
mod request;
mod row;
mod statement;
mod text;

pub(crate) use loader::StatementLoader;
pub(crate) use request::{Key, KeyType, KeyValue, Request, request};
pub(crate) use row::{Exists, Row, Table, columns, row};
pub(crate) use statement::{Change, List, LookUp};
pub(crate) use text::{Texts, without_comments};
