//! What the documents name, for comparison with what is there.

use std::collections::BTreeSet;

/// The texts between backticks in a Markdown document, its code blocks aside.
pub(crate) fn code_spans(document: &str) -> Vec<&str> {
    let prose = document.split("\n```").step_by(2);
    prose.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

/// The files and folders that a document names, as paths from the root: code spans with a slash or a file's ending, and
/// links. `a/{b,c}.rs` names two.
pub(crate) fn named_files(document: &str) -> BTreeSet<String> {
    const ENDINGS: [&str; 9] = [".rs", ".md", ".toml", ".html", ".ftl", ".sql", ".css", ".yml", ".png"];
    let spans = code_spans(document).into_iter().filter(|span| {
        let is_path = span.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-{},".contains(letter));
        let is_file = ENDINGS.iter().any(|ending| span.ends_with(ending));
        is_path
            && span.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && (is_file || span.contains('/'))
    });
    let links = document.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
    spans.flat_map(expanded).chain(links.map(|link| link.trim_start_matches("../").to_owned())).collect()
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`.
fn expanded(path: &str) -> Vec<String> {
    let parts = path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match parts {
        None => vec![path.to_owned()],
        Some((before, (choices, after))) => {
            choices.split(',').flat_map(|choice| expanded(&format!("{before}{choice}{after}"))).collect()
        }
    }
}

/// The settings that `config.example.toml` lists, those that are commented out included.
pub(crate) fn settings_of_the_example(example: &str) -> BTreeSet<&str> {
    let keys = example.lines().filter_map(|line| {
        let (key, _) = line.strip_prefix("# ").unwrap_or(line).split_once(" = ")?;
        key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_').then_some(key)
    });
    keys.collect()
}

/// The settings that the tables of `docs/settings.md` list: the code spans of the first cell of each row.
pub(crate) fn settings_of_the_tables(document: &str) -> BTreeSet<&str> {
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.flat_map(|row| row.split(" | ").next().unwrap_or_default().split('`').step_by(2)).collect()
}

/// The tests that a document names, as file and function: `tests/e2e/pkce.rs::a_public_client_is_never_exempted` is one.
pub(crate) fn named_tests(document: &str) -> Vec<(&str, &str)> {
    let spans = code_spans(document).into_iter().filter_map(|span| span.split_once("::"));
    spans.filter(|(file, _)| file.contains('/') && file.ends_with(".rs")).collect()
}

/// Whether a source file has a test of this name: a function below the attribute of a test, or a clause of the contract, which
/// the suite runs.
pub(crate) fn has_test(text: &str, name: &str) -> bool {
    let signature = format!("fn {name}(");
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    let mut functions = (0..lines.len()).filter(|at| lines[*at].contains(&signature));
    functions.any(|at| {
        let mut attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
        let is_test = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let is_clause = lines[at].starts_with("pub async fn") && lines[at].contains("(stores: &Stores");
        is_clause || attributes.any(is_test)
    })
}

/// What the last cell of a row about a clause may begin with, if no test can show that the clause is met.
const REASONS_WITHOUT_A_TEST: [&str; 4] =
    ["not applicable: ", "not offered: ", "left to the client: ", "left to the operator: "];

/// The rows about clauses of a specification that have not four cells, or whose last cell has neither a test nor a reason.
pub(crate) fn rows_without_a_proof(document: &str) -> Vec<&str> {
    let rows = document.lines().filter(|line| line.starts_with('|'));
    let rows = rows.filter(|row| !row.starts_with("| section |") && !row.starts_with("| --- |"));
    let is_proven = |row: &str| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [section, asked, met, tests] = cells.as_slice() else { return false };
        let has_reason = REASONS_WITHOUT_A_TEST.iter().any(|reason| tests.starts_with(reason));
        let is_complete = [section, asked, met].iter().all(|cell| !cell.is_empty());
        is_complete && (has_reason || !named_tests(tests).is_empty())
    };
    rows.filter(|row| !is_proven(row)).collect()
}
