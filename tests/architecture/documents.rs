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
