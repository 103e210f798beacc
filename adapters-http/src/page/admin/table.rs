//! A list of things.

use std::borrow::Borrow;

use super::shown::Shown;

/// A table where there is room, and cards on a phone.
#[derive(Clone)]
pub struct Table {
    /// What it lists.
    pub caption: String,
    /// The names of the columns, the first of which has the names of the rows.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// Whether a row has a form: then there is a column for them.
    pub(super) fn has_forms(&self) -> bool {
        self.rows.iter().any(|row| row.form.is_some())
    }

    /// The name of a column, counted from the one after the names of the rows.
    pub(super) fn column(&self, number: impl Borrow<usize>) -> &str {
        self.columns.get(*number.borrow()).map_or("", String::as_str)
    }
}

/// A row.
#[derive(Clone)]
pub struct Row {
    /// Its name.
    pub name: Shown,
    /// The page about it.
    pub address: Option<String>,
    /// What is in the other columns; none for a cell that is empty.
    pub cells: Vec<Option<Shown>>,
    /// A form with one button.
    pub form: Option<RowForm>,
}

/// A value of a cell.
pub type Cell = Option<Shown>;

/// A form of a row: one button.
#[derive(Clone)]
pub struct RowForm {
    /// The name of the field that names the row.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// What the button says.
    pub label: String,
}
