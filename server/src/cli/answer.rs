//! The answer of a command, as text for operators and as JSON for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Both forms of an answer, without the newline at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    text: String,
    json: String,
    /// Whether the exit status says that something was found.
    fails: bool,
}

impl Answer {
    /// The command changed something: a sentence for operators, `{member: true}` for programs.
    pub(super) fn done(sentence: &str, member: &str) -> Self {
        Self { text: sentence.to_owned(), json: json!({ member: true }).to_string(), fails: false }
    }

    /// A given text, and `facts` as JSON.
    pub(super) fn new(text: String, facts: &impl Serialize) -> serde_json::Result<Self> {
        let json = serde_json::to_string_pretty(facts)?;
        Ok(Self { text, json, fails: false })
    }

    /// The same answer, with the exit status 1.
    pub(super) fn failing(self) -> Self {
        Self { fails: true, ..self }
    }

    /// The exit status.
    pub(super) fn status(&self) -> ExitCode {
        if self.fails { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    /// One record: a line per member that has a value.
    pub(super) fn one(record: &impl Serialize) -> serde_json::Result<Self> {
        let members: Vec<_> = members(record)?
            .into_iter()
            .map(|(name, value)| (name, plain(&value)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let width = members.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let lines = members.iter().map(|(name, text)| format!("{name:width$}  {text}"));
        Self::new(lines.collect::<Vec<_>>().join("\n"), record)
    }

    /// Several records: a table with these columns for operators, all members for programs.
    pub(super) fn several(records: &[impl Serialize], columns: &[&str]) -> serde_json::Result<Self> {
        let mut rows = vec![columns.iter().map(|&column| column.to_owned()).collect::<Vec<_>>()];
        for record in records {
            let members = members(record)?;
            let cell = |&column: &&str| members.get(column).map_or_else(String::new, plain);
            rows.push(columns.iter().map(cell).collect());
        }
        let widths: Vec<usize> = (0..columns.len())
            .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        Self::new(rows.iter().map(line).collect::<Vec<_>>().join("\n"), &records)
    }

    /// One page of a list: a table with these columns for operators, `items` and `next` for programs. `next` continues it.
    pub(super) fn page(
        records: &[impl Serialize],
        columns: &[&str],
        next: Option<String>,
    ) -> serde_json::Result<Self> {
        let mut text = Self::several(records, columns)?.text;
        if let Some(next) = &next {
            text.push_str(&format!("\nthere are more: --cursor {next}"));
        }
        let mut page = Map::from_iter([("items".to_owned(), serde_json::to_value(records)?)]);
        page.extend(next.map(|next| ("next".to_owned(), Value::from(next))));
        Self::new(text, &page)
    }

    /// Writes the answer to standard output.
    pub(super) fn print(&self, as_json: bool) -> io::Result<()> {
        let mut output = io::stdout().lock();
        writeln!(output, "{}", if as_json { &self.json } else { &self.text })?;
        output.flush()
    }
}

/// The members of a record, sorted by name.
fn members(record: &impl Serialize) -> serde_json::Result<BTreeMap<String, Value>> {
    serde_json::from_value::<Map<String, Value>>(serde_json::to_value(record)?)
        .map(|members| members.into_iter().collect())
}

/// A value as text for people.
fn plain(value: &Value) -> String {
    match value {
        // Clients choose their names: control characters could change what the operator's terminal shows.
        Value::String(text) => text.chars().filter(|character| !character.is_control()).collect(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_a_line_per_member() {
        let answer =
            Answer::one(&json!({"scope": "a b", "uris": ["x", "y"], "on": true, "none": []})).unwrap();
        assert_eq!(answer.text, "on     true\nscope  a b\nuris   x y");
    }

    #[test]
    fn several_things_are_a_table_in_text_and_a_list_in_json() {
        let things = [json!({"id": "a", "name": "Ä\u{1b}[2J"}), json!({"id": "long", "rest": 1})];
        let answer = Answer::several(&things, &["id", "name"]).unwrap();
        assert_eq!(answer.text, "id    name\na     Ä[2J\nlong");
        assert_eq!(serde_json::from_str::<Value>(&answer.json).unwrap(), json!(things));
    }

    #[test]
    fn a_page_says_how_the_list_continues() {
        let things = [json!({"id": "a"})];
        let answer = Answer::page(&things, &["id"], Some("b".to_owned())).unwrap();
        assert_eq!(answer.text, "id\na\nthere are more: --cursor b");
        let page: Value = serde_json::from_str(&answer.json).unwrap();
        assert_eq!(page, json!({"items": things, "next": "b"}));
        let last = Answer::page(&things, &["id"], None).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&last.json).unwrap(), json!({"items": things}));
    }

    #[test]
    fn nothing_is_an_empty_list() {
        let answer = Answer::several(&[] as &[Value], &["id"]).unwrap();
        assert_eq!((answer.text.as_str(), answer.json.as_str()), ("id", "[]"));
    }
}
