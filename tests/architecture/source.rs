//! The rules for the source files: imports, circles, sizes, and what the documents say about them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::Workspace;
use super::documents::{
    has_test, named_files, named_tests, rows_without_a_proof, settings_of_the_example, settings_of_the_tables,
};
use super::functions::functions;
use super::imports::{circles, described, imports, mentions};
use super::modules::{Crate, Files};

/// The most lines of a function, and the most parameters, `self` aside.
const MAX_FUNCTION_LINES: usize = 60;
const MAX_PARAMETERS: usize = 5;

/// The most rooms of the application: its folders and files but [`SHARED`].
const MAX_ROOMS: usize = 21;

/// What every room of the application uses; no rooms.
const SHARED: [&str; 5] = ["context.rs", "error.rs", "lib.rs", "parameters.rs", "settings.rs"];

const MAX_ARCHITECTURE_BYTES: usize = 10_240;
const MAX_README_LINES: usize = 200;

/// Files that the documents name and that operators make.
const FILES_OF_OPERATORS: [&str; 1] = ["oauth2.toml"];

/// The adapters that the application drives. `adapters-http` drives the application, and calls its use cases.
const DRIVEN: [&str; 3] = ["adapters-memory", "adapters-postgres", "adapters-redis"];

/// A crate of ours, its files named from the root of the workspace.
struct Source {
    package: String,
    folder: PathBuf,
    files: Files,
}

impl Source {
    /// Every crate of the product.
    fn product() -> Vec<Self> {
        let workspace = Workspace::read();
        let root = workspace.folders["tests"].parent().unwrap().to_owned();
        let product =
            workspace.folders.iter().filter(|(package, _)| !["tests", "limits"].contains(&package.as_str()));
        let sources = product.map(|(package, folder)| {
            let files =
                super::rust_files(&folder.join("src")).into_iter().map(|file| super::read(&root, &file));
            Self {
                package: package.clone(),
                folder: folder.strip_prefix(&root).unwrap().join("src"),
                files: files.map(|(name, text)| (PathBuf::from(name), text)).collect(),
            }
        });
        sources.collect()
    }

    /// The library, and the binary if there is one: each file that is the root of a crate.
    fn crates(&self) -> Vec<Crate> {
        let roots = ["lib.rs", "main.rs"].map(|root| self.folder.join(root));
        roots
            .iter()
            .filter(|root| self.files.contains_key(*root))
            .map(|root| Crate::read(&self.files, root))
            .collect()
    }
}

/// What of `application` a crate uses beside its ports.
fn beside_the_ports(read: &Crate) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, (module, parsed)) in &read.parsed {
        for mention in mentions(module, parsed) {
            let path: Vec<_> = mention.path.iter().map(String::as_str).collect();
            let is_allowed = matches!(path.as_slice(), ["application"] | ["application", "port", ..]);
            // `use application;` would open everything.
            let opens_all = path == ["application"] && mention.import.is_some();
            if path.first() == Some(&"application") && (!is_allowed || opens_all) {
                found.insert(format!("{}: {}", file.display(), path.join("::")));
            }
        }
    }
    found
}

/// The files and folders directly below `folder`, those that every room uses aside.
fn rooms(folder: &Path, files: &Files) -> BTreeSet<String> {
    let below = files.keys().filter_map(|file| file.strip_prefix(folder).ok()?.iter().next()?.to_str());
    below.filter(|name| !SHARED.contains(name)).map(str::to_owned).collect()
}

/// Files that no `mod` declares.
fn orphans(files: &Files, crates: &[Crate]) -> BTreeSet<PathBuf> {
    let declared: BTreeSet<_> = crates.iter().flat_map(|read| read.declared.clone()).collect();
    files.keys().filter(|file| !declared.contains(*file)).cloned().collect()
}

/// What is wrong with the sizes of the functions of a crate.
fn oversized(read: &Crate) -> Vec<String> {
    let mut found = Vec::new();
    for (file, (_, parsed)) in &read.parsed {
        for function in functions(parsed) {
            let (file, name) = (file.display(), &function.name);
            if function.lines > MAX_FUNCTION_LINES {
                found.push(format!("{file}: {name} has {} lines", function.lines));
            }
            if function.parameters > MAX_PARAMETERS {
                found.push(format!("{file}: {name} has {} parameters", function.parameters));
            }
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file and folder below `folder`, as paths from the root of the workspace.
fn everything(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default();
        if [".git", "target", "node_modules"].iter().any(|other| name == *other) {
            continue;
        }
        if path.is_dir() {
            everything(root, &path, found);
        }
        found.push(path.strip_prefix(root).unwrap().to_owned());
    }
}

/// The names that are not the end of the path of anything that is there. `token/mint.rs` is enough for
/// `application/src/token/mint.rs`.
fn missing(there: &[PathBuf], named: BTreeSet<String>) -> Vec<String> {
    let is_there = |name: &str| there.iter().any(|path| path.ends_with(name.trim_end_matches('/')));
    named.into_iter().filter(|name| !FILES_OF_OPERATORS.contains(&name.as_str()) && !is_there(name)).collect()
}

/// Everything in the workspace.
fn workspace() -> Vec<PathBuf> {
    let mut found = Vec::new();
    everything(&root(), &root(), &mut found);
    found
}

#[test]
fn every_source_file_is_declared_by_a_module() {
    for source in Source::product() {
        let lost = orphans(&source.files, &source.crates());
        assert!(lost.is_empty(), "{}: no `mod` declares {lost:?}", source.package);
    }
}

#[test]
fn no_two_files_import_each_other() {
    let mut text = String::new();
    let mut seen = 0;
    for source in Source::product() {
        for mut read in source.crates() {
            let imports = imports(&mut read);
            seen += imports.len();
            for circle in circles(&imports) {
                let _ = write!(text, "{}: {}", source.package, described(&circle, &imports));
            }
        }
    }
    assert!(seen > 500, "only {seen} imports were found");
    assert!(text.is_empty(), "{text}");
}

#[test]
fn driven_adapters_use_only_the_ports_of_the_application() {
    let product = Source::product();
    let driven: Vec<_> = product.iter().filter(|source| DRIVEN.contains(&source.package.as_str())).collect();
    assert_eq!(driven.len(), DRIVEN.len());
    let found: BTreeSet<_> =
        driven.iter().flat_map(|source| source.crates()).flat_map(|read| beside_the_ports(&read)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn functions_are_short_and_have_few_parameters() {
    let found: Vec<_> =
        Source::product().iter().flat_map(Source::crates).flat_map(|read| oversized(&read)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_application_has_few_rooms() {
    let product = Source::product();
    let application = product.iter().find(|source| source.package == "application").unwrap();
    let rooms = rooms(&application.folder, &application.files);
    assert!(rooms.len() <= MAX_ROOMS, "{} rooms: {rooms:?}", rooms.len());
}

#[test]
fn the_architecture_document_is_short_and_names_only_files_that_exist() {
    let text = document("ARCHITECTURE.md");
    assert!(
        text.len() <= MAX_ARCHITECTURE_BYTES,
        "{} bytes, {MAX_ARCHITECTURE_BYTES} are allowed",
        text.len()
    );
    let named = named_files(&text);
    assert!(named.len() > 30, "only {} files are named", named.len());
    let missing = missing(&workspace(), named);
    assert!(missing.is_empty(), "ARCHITECTURE.md names {missing:#?}");
}

#[test]
fn the_readme_is_short_and_names_the_test_command() {
    let text = document("README.md");
    let lines = text.lines().count();
    assert!(lines <= MAX_README_LINES, "{lines} lines, {MAX_README_LINES} are allowed");
    assert!(text.contains("tests/run"), "the README does not say how to run the tests");
    let missing =
        missing(&workspace(), named_files(&text).into_iter().filter(|name| name.contains('.')).collect());
    assert!(missing.is_empty(), "README.md names {missing:#?}");
}

#[test]
fn the_pages_of_the_documentation_name_only_files_that_exist() {
    let there = workspace();
    let pages = there
        .iter()
        .filter(|file| file.starts_with("docs") && file.extension().is_some_and(|end| end == "md"));
    let mut seen = 0;
    let mut found = Vec::new();
    for page in pages {
        seen += 1;
        let named = named_files(&document(&page.display().to_string()));
        found.extend(missing(&there, named).into_iter().map(|name| format!("{}: {name}", page.display())));
    }
    assert!(seen > 15, "only {seen} pages were found");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_test_that_the_documentation_names_is_there() {
    let workspace = workspace();
    let pages = workspace
        .iter()
        .filter(|file| file.starts_with("docs") && file.extension().is_some_and(|end| end == "md"));
    let mut seen = 0;
    let mut found = Vec::new();
    for page in pages {
        let text = document(&page.display().to_string());
        for (file, name) in named_tests(&text) {
            seen += 1;
            let source = fs::read_to_string(root().join(file)).unwrap_or_default();
            if !has_test(&source, name) {
                found.push(format!("{}: {file}::{name}", page.display()));
            }
        }
    }
    assert!(seen > 200, "only {seen} tests are named");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_clause_of_a_specification_has_a_test_or_the_reason_why_not() {
    let mut seen = 0;
    for page in fs::read_dir(root().join("docs/conformance")).unwrap() {
        let text = fs::read_to_string(page.unwrap().path()).unwrap();
        let unproven = rows_without_a_proof(&text);
        assert!(unproven.is_empty(), "{unproven:#?}");
        seen += text.lines().filter(|line| line.starts_with("| §")).count();
    }
    assert!(seen > 100, "only {seen} clauses were found");
}

#[test]
fn every_setting_is_in_the_table_of_settings() {
    let (example, tables) = (document("config.example.toml"), document("docs/settings.md"));
    assert_eq!(settings_of_the_example(&example), settings_of_the_tables(&tables));
}

#[test]
fn every_page_of_decisions_is_named_by_the_code_that_it_governs() {
    let pages = fs::read_dir(root().join("docs/decisions")).unwrap();
    let pages: BTreeSet<_> =
        pages.map(|page| format!("docs/decisions/{}", page.unwrap().file_name().display())).collect();
    let mut texts: Vec<_> = Workspace::read().sources().into_values().collect();
    texts.extend(
        super::rust_files(&root().join("tests/e2e")).iter().map(|file| fs::read_to_string(file).unwrap()),
    );
    let unnamed: Vec<_> =
        pages.iter().filter(|page| !texts.iter().any(|text| text.contains(*page))).collect();
    assert!(unnamed.is_empty(), "no module documentation names {unnamed:?}");
    let named = texts.iter().flat_map(|text| text.split("docs/decisions/").skip(1));
    let named = named.filter_map(|rest| rest.split_once(".md").map(|(page, _)| page));
    let named: BTreeSet<_> = named
        .filter(|page| page.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'))
        .map(|page| format!("docs/decisions/{page}.md"))
        .collect();
    assert!(named.is_subset(&pages), "the code names pages that are not there: {:?}", &named - &pages);
}

#[cfg(test)]
#[path = "self_tests.rs"]
mod self_tests;
