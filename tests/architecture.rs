//! Checks the architecture (ARCHITECTURE.md): which crate may use which, which file may import which, how long files
//! and functions are, and that the documents name only what is there.
//!
//! Development and build dependencies are not restricted, because they are not part of the product.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "every function here is part of a test"
)]

#[path = "architecture/deploy.rs"]
mod deploy;
#[path = "architecture/documents.rs"]
mod documents;
#[path = "architecture/functions.rs"]
mod functions;
#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/modules.rs"]
mod modules;
#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// Source files that may be longer than [`MAX_LINES`], each with the reason. It should stay empty.
const LONG_FILES: [(&str, &str); 0] = [];

/// How many lines a source file may have, its unit tests aside.
const MAX_LINES: usize = 300;

/// The median of all source files stays below this.
const MAX_MEDIAN_LINES: usize = 120;

/// Our crates with their `normal` dependencies: as declared, and with everything that these depend on.
struct Workspace {
    direct: BTreeMap<String, BTreeSet<String>>,
    transitive: BTreeMap<String, BTreeSet<String>>,
    folders: BTreeMap<String, PathBuf>,
}

impl Workspace {
    fn read() -> Self {
        let metadata = MetadataCommand::new()
            .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .other_options(vec!["--locked".to_owned()])
            .exec()
            .expect("cargo metadata");
        let edges = normal_edges(&metadata);
        let name = |id: &PackageId| metadata[id].name.to_string();
        let names = |ids: &BTreeSet<PackageId>| ids.iter().map(name).collect::<BTreeSet<_>>();
        let members = metadata.workspace_packages();
        Self {
            direct: members.iter().map(|package| (name(&package.id), names(&edges[&package.id]))).collect(),
            transitive: members
                .iter()
                .map(|package| (name(&package.id), names(&reachable(&edges, &package.id))))
                .collect(),
            folders: members
                .iter()
                .map(|package| {
                    let folder = package.manifest_path.parent().expect("a folder");
                    (name(&package.id), folder.as_std_path().to_owned())
                })
                .collect(),
        }
    }

    /// Fails if anything of `families` is under `package`, however far: a family is a crate and all that begin with
    /// its name and a hyphen.
    fn assert_free_of(&self, package: &str, families: &[&str]) {
        let found: Vec<_> = self.transitive[package]
            .iter()
            .filter(|name| families.iter().any(|family| belongs_to(name, family)))
            .collect();
        assert!(found.is_empty(), "{package} depends on {found:?}");
    }

    /// Fails if a crate of ours other than `allowed` names `dependency` in its manifest.
    fn assert_only_in(&self, dependency: &str, allowed: &[&str]) {
        let found: Vec<_> = self
            .direct
            .iter()
            .filter(|(_, dependencies)| dependencies.contains(dependency))
            .map(|(package, _)| package)
            .filter(|package| !allowed.contains(&package.as_str()))
            .collect();
        assert!(found.is_empty(), "{dependency} is used by {found:?}");
    }

    fn adapters(&self) -> impl Iterator<Item = &String> {
        self.direct.keys().filter(|name| name.starts_with("adapters-"))
    }

    /// Every `*.rs` under `src` of every crate but `tests`, by its path from the root.
    fn sources(&self) -> BTreeMap<String, String> {
        let product = self.folders.iter().filter(|(package, _)| *package != "tests");
        product
            .flat_map(|(_, folder)| {
                let root = folder.parent().expect("the workspace").to_owned();
                rust_files(&folder.join("src")).into_iter().map(move |file| read(&root, &file))
            })
            .collect()
    }
}

fn normal_edges(metadata: &Metadata) -> BTreeMap<PackageId, BTreeSet<PackageId>> {
    let resolve = metadata.resolve.as_ref().expect("a resolved graph");
    let nodes = resolve.nodes.iter().map(|node| {
        let normal = node.deps.iter().filter(|dependency| {
            let kinds = &dependency.dep_kinds;
            kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        });
        let normal = normal.map(|dependency| dependency.pkg.clone()).collect();
        (node.id.clone(), normal)
    });
    nodes.collect()
}

fn reachable(edges: &BTreeMap<PackageId, BTreeSet<PackageId>>, from: &PackageId) -> BTreeSet<PackageId> {
    let mut found = BTreeSet::new();
    let mut next = vec![from.clone()];
    while let Some(package) = next.pop() {
        for dependency in &edges[&package] {
            if found.insert(dependency.clone()) {
                next.push(dependency.clone());
            }
        }
    }
    found
}

fn belongs_to(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn read(root: &Path, file: &Path) -> (String, String) {
    let name = file.strip_prefix(root).expect("below the root").display().to_string();
    (name, fs::read_to_string(file).expect("a source file"))
}

/// The lines of a source file before its unit tests; none for a file that is nothing but unit tests.
fn product_lines(name: &str, text: &str) -> Option<usize> {
    let only_tests = name.ends_with("/tests.rs") || name.contains("/tests/");
    // A module of tests at the end of the file does not count.
    let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    (!only_tests).then(|| text[..end].lines().count())
}

#[test]
fn the_domain_knows_no_runtime_no_wire_and_no_store() {
    let families = ["tokio", "axum", "hyper", "http", "sea-orm", "sqlx", "redis"];
    Workspace::read().assert_free_of("domain", &families);
}

#[test]
fn the_application_knows_no_wire_and_no_store() {
    // tokio is allowed here, for `sync`, `spawn_blocking` and `spawn` only: waiting for a lock, keeping a long
    // computation off the async threads, and finishing what many wait for when the first caller has gone are part of
    // a use case, and a port for any of them would hide nothing.
    let families = ["axum", "hyper", "http", "sea-orm", "sqlx", "redis"];
    Workspace::read().assert_free_of("application", &families);
}

#[test]
fn the_arrows_point_inwards() {
    let workspace = Workspace::read();
    for (inner, allowed) in [("domain", &[][..]), ("application", &["domain"]), ("migrations", &[])] {
        let ours = workspace.transitive[inner].iter().filter(|name| workspace.direct.contains_key(*name));
        let outwards: Vec<_> = ours.filter(|name| !allowed.contains(&name.as_str())).collect();
        assert!(outwards.is_empty(), "{inner} depends on {outwards:?}");
    }
}

#[test]
fn adapters_never_see_each_other() {
    let workspace = Workspace::read();
    assert!(workspace.adapters().count() >= 3, "the adapters were not found");
    for adapter in workspace.adapters() {
        let others = workspace.adapters().filter(|other| *other != adapter);
        for other in others {
            assert!(!workspace.transitive[adapter].contains(other), "{adapter} depends on {other}");
        }
    }
}

#[test]
fn only_the_composition_root_and_the_tests_know_adapters() {
    let workspace = Workspace::read();
    for adapter in workspace.adapters() {
        workspace.assert_only_in(adapter, &["server", "tests"]);
    }
    workspace.assert_only_in("server", &["tests"]);
    workspace.assert_only_in("tests", &[]);
}

#[test]
fn each_outer_library_is_named_only_where_it_belongs() {
    let workspace = Workspace::read();
    workspace.assert_only_in("http", &["adapters-http", "server", "tests"]);
    workspace.assert_only_in("migrations", &["adapters-postgres", "server"]);
    workspace.assert_only_in("anyhow", &["server"]);
}

#[test]
fn source_files_are_short() {
    let sources = Workspace::read().sources();
    let mut lengths: Vec<_> =
        sources.iter().filter_map(|(name, text)| Some((product_lines(name, text)?, name.as_str()))).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2].0;
    println!("{} source files, median {median} lines", lengths.len());
    for (lines, name) in lengths.iter().rev().take(5) {
        println!("{lines:>5} {name}");
    }

    let excused = |name: &str| LONG_FILES.iter().any(|(excused, _)| *excused == name);
    let too_long = |name: &str, lines: usize| lines > MAX_LINES && !excused(name);
    let long: Vec<_> = lengths.iter().filter(|(lines, name)| too_long(name, *lines)).collect();
    assert!(long.is_empty(), "longer than {MAX_LINES} lines: {long:?}");
    assert!(
        median < MAX_MEDIAN_LINES,
        "the median file has {median} lines, and {MAX_MEDIAN_LINES} is too many"
    );
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let sources = Workspace::read().sources();
    let silent: Vec<_> =
        sources.iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(name, _)| name).collect();
    assert!(silent.is_empty(), "no module doc line: {silent:?}");
}

#[test]
fn every_call_of_a_store_is_a_span_without_its_arguments() {
    let sources = Workspace::read().sources();
    let stores = ["adapters-postgres/", "adapters-redis/"];
    let mut calls = 0;
    for (file, text) in sources.iter().filter(|(file, _)| stores.iter().any(|store| file.starts_with(store)))
    {
        for port in text.split("#[async_trait]\nimpl ").skip(1) {
            let name = port.split(' ').next().expect("a port");
            // What the ports are made of, and no port.
            if name == "ConnectionTrait" {
                continue;
            }
            let body = port.split("\n}\n").next().expect("its methods");
            for (above, line) in body.lines().zip(body.lines().skip(1)) {
                let Some((method, _)) =
                    line.strip_prefix("    async fn ").and_then(|rest| rest.split_once('('))
                else {
                    continue;
                };
                let span =
                    format!("    #[tracing::instrument(name = \"{}.{method}\", skip_all)]", snake_case(name));
                assert_eq!(above, span, "{file}: the line above {method}");
                calls += 1;
            }
        }
    }
    assert!(calls > 80, "only {calls} calls were found");
}

/// `AuthorizationCodes` as `authorization_codes`.
fn snake_case(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[test]
fn no_test_is_ignored() {
    // Put together here, so that this file does not contain it.
    let mark = ["#[", "ignore"].concat();
    let workspace = Workspace::read();
    let mut seen = 0;
    for folder in workspace.folders.values() {
        for file in rust_files(folder) {
            let text = fs::read_to_string(&file).expect("a source file");
            assert!(!text.contains(&mark), "{} ignores a test", file.display());
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} files were found");
}
