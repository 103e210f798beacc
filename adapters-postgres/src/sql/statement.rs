//! The statements that stores declare.

use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ptr;

use crate::batch::Sharing;

use super::request::{KeyType, Request};
use super::row::{Row, Table};

/// All that is known of a statement but the types of its request and its row.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) sharing: Sharing,
    pub(super) keys: &'static [(&'static str, KeyType)],
    pub(super) columns: &'static [&'static str],
    pub(super) tables: &'static [Table],
    pub(super) text: &'static str,
    /// Whether it replies the numbers of the requests that it did. If not, it did them all.
    pub(super) selects: bool,
}

/// A statement that some store declares. It equals itself only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement(pub(super) &'static Definition);

impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Statement {}

impl Hash for Statement {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ptr::from_ref(self.0).hash(state);
    }
}

/// Finds at most one row for each request.
#[derive(Debug)]
pub(crate) struct LookUp<Q, R>(Definition, PhantomData<fn(Q) -> R>);

impl<Q: Request, R: Row> LookUp<Q, R> {
    /// `text` selects `request.number` and the columns of the row.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self::shared(Sharing::LookUp, text)
    }

    /// A look-up that nearly every request to the server makes: it is added to the batches of other look-ups.
    pub(crate) const fn companion(text: &'static str) -> Self {
        Self::shared(Sharing::Companion, text)
    }

    const fn shared(sharing: Sharing, text: &'static str) -> Self {
        let (keys, columns, tables) = (Q::KEYS, R::COLUMNS, R::TABLES);
        Self(Definition { sharing, keys, columns, tables, text, selects: true }, PhantomData)
    }

    pub(super) const fn statement(&'static self) -> Statement {
        Statement(&self.0)
    }
}

/// Finds any number of rows for one request. The request has the key `rows`: how many at most.
#[derive(Debug)]
pub(crate) struct List<Q, R>(Definition, PhantomData<fn(Q) -> R>);

impl<Q: Request, R: Row> List<Q, R> {
    /// `text` selects the columns of the row, and ends with `LIMIT {rows}`.
    pub(crate) const fn new(text: &'static str) -> Self {
        let (keys, columns, tables) = (Q::KEYS, R::COLUMNS, R::TABLES);
        Self(Definition { sharing: Sharing::LookUp, keys, columns, tables, text, selects: true }, PhantomData)
    }

    pub(super) const fn statement(&'static self) -> Statement {
        Statement(&self.0)
    }
}

/// Changes something for each request.
#[derive(Debug)]
pub(crate) struct Change<Q>(Definition, PhantomData<fn(Q)>);

impl<Q: Request> Change<Q> {
    /// A change for many requests. `text` selects the `number` of each request whose change it made. It is for
    /// PostgreSQL alone: SQLite has no `WITH` that changes a table.
    pub(crate) const fn in_bulk(text: &'static str) -> Self {
        Self::defined(text, true)
    }

    /// A change that selects nothing. In a batch it is made for every request, or fails.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self::defined(text, false)
    }

    const fn defined(text: &'static str, selects: bool) -> Self {
        let definition =
            Definition { sharing: Sharing::Change, keys: Q::KEYS, columns: &[], tables: &[], text, selects };
        Self(definition, PhantomData)
    }

    pub(super) const fn statement(&'static self) -> Statement {
        Statement(&self.0)
    }
}
