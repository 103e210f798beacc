//! Each rule can fail: small crates in memory that break it, beside ones that do not.

use super::*;
use crate::functions::Function;
use crate::imports::Imports;

/// A crate of these files, below `src`.
fn files(texts: &[(&str, &str)]) -> Files {
    texts.iter().map(|(name, text)| (PathBuf::from("src").join(name), (*text).to_owned())).collect()
}

fn read(texts: &[(&str, &str)]) -> Crate {
    Crate::read(&files(texts), Path::new("src/lib.rs"))
}

fn imports_of(texts: &[(&str, &str)]) -> Imports {
    imports(&mut read(texts))
}

/// The circles, each as the names of its files.
fn circles_of(texts: &[(&str, &str)]) -> Vec<Vec<String>> {
    let name = |file: &PathBuf| file.strip_prefix("src").unwrap().display().to_string();
    circles(&imports_of(texts)).iter().map(|circle| circle.iter().map(name).collect()).collect()
}

const NONE: [[&str; 0]; 0] = [];

#[test]
fn two_files_that_use_each_other_are_a_circle() {
    let texts = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "pub struct B; fn f(_: crate::a::A) {}"),
    ];
    assert_eq!(circles_of(&texts), [["a.rs", "b.rs"]]);
    let text = described(&circles(&imports_of(&texts))[0], &imports_of(&texts));
    assert!(text.contains("src/a.rs -> src/b.rs: B") && text.contains("src/b.rs -> src/a.rs: A"), "{text}");
}

#[test]
fn a_circle_by_way_of_a_third_file_is_one() {
    let texts = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use super::b;\npub fn a() { b::b() }"),
        ("b.rs", "pub fn b() { super::c::c() }"),
        ("c.rs", "pub fn c() { vec![crate::a::a()]; }"),
    ];
    assert_eq!(circles_of(&texts), [["a.rs", "b.rs", "c.rs"]]);
}

#[test]
fn a_parent_that_imports_from_the_child_that_uses_it_is_a_circle() {
    let texts = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod child; use child::Child; pub struct Parent(Child);"),
        ("a/child.rs", "pub struct Child; fn f(_: super::Parent) {}"),
    ];
    assert_eq!(circles_of(&texts), [["a/child.rs", "a/mod.rs"]]);
    let called = [
        ("lib.rs", "mod a;"),
        ("a.rs", "mod child; pub struct Parent; fn f() { child::g() }"),
        ("a/child.rs", "use super::Parent; pub fn g() -> Parent { Parent }"),
    ];
    assert_eq!(circles_of(&called), [["a/child.rs", "a.rs"]]);
}

#[test]
fn a_re_export_is_no_import_unless_the_file_uses_the_name_itself() {
    let re_exported = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod child; pub use child::Child; pub struct Parent;"),
        ("a/child.rs", "pub struct Child(super::Parent);"),
    ];
    assert_eq!(circles_of(&re_exported), NONE);
    let used = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod child; pub use child::Child; pub struct Parent; fn f(_: &Child) {}"),
        ("a/child.rs", "pub struct Child(super::Parent);"),
    ];
    assert_eq!(circles_of(&used), [["a/child.rs", "a/mod.rs"]]);
}

#[test]
fn a_path_through_a_re_export_leads_to_the_file_that_defines_the_item() {
    let texts = [
        ("lib.rs", "mod a; mod b; pub use a::*; pub use b::B as Other;"),
        ("a.rs", "pub struct A; fn f(_: crate::Other) {}"),
        ("b.rs", "pub struct B; fn f(_: crate::A) {}"),
    ];
    assert_eq!(circles_of(&texts), [["a.rs", "b.rs"]]);
    let siblings = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod x; mod y; use x::X; fn f(_: X) {}"),
        ("a/x.rs", "pub struct X;"),
        ("a/y.rs", "fn f(_: super::X) {}"),
    ];
    assert_eq!(circles_of(&siblings), NONE);
}

#[test]
fn unit_tests_make_no_circle() {
    let texts = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        (
            "b.rs",
            "pub struct B; #[cfg(test)] mod tests { use crate::a::A; } #[cfg(test)] fn f(_: crate::a::A) {}",
        ),
    ];
    assert_eq!(circles_of(&texts), NONE);
}

#[test]
fn an_adapter_that_uses_more_than_ports_is_found() {
    let found = |text: &str| beside_the_ports(&read(&[("lib.rs", text)])).into_iter().collect::<Vec<_>>();
    assert_eq!(
        found("use application::port::{Clients, clients::Found}; fn f(_: application::port::Clock) {}"),
        NONE[0..0].concat()
    );
    assert_eq!(found("use application::{Settings, port::Clients};"), ["src/lib.rs: application::Settings"]);
    assert_eq!(found("fn f() { application::token::mint() }"), ["src/lib.rs: application::token::mint"]);
    assert_eq!(found("use application as inner;"), ["src/lib.rs: application"]);
    assert_eq!(found("fn f() { vec![application::Error] }"), ["src/lib.rs: application::Error"]);
}

#[test]
fn a_file_without_a_module_is_found() {
    let texts = files(&[
        ("lib.rs", "mod a; #[cfg(test)] mod tests;"),
        ("a.rs", "mod child;"),
        ("a/child.rs", ""),
        ("tests.rs", ""),
        ("lost.rs", ""),
    ]);
    let crates = [Crate::read(&texts, Path::new("src/lib.rs"))];
    assert_eq!(orphans(&texts, &crates), BTreeSet::from([PathBuf::from("src/lost.rs")]));
}

#[test]
fn a_room_is_a_folder_or_a_file_that_not_every_room_uses() {
    let texts = files(&[
        ("lib.rs", ""),
        ("error.rs", ""),
        ("revoke.rs", ""),
        ("token/mod.rs", ""),
        ("token/mint.rs", ""),
    ]);
    assert_eq!(rooms(Path::new("src"), &texts), ["revoke.rs", "token"].map(str::to_owned).into());
}

#[test]
fn a_long_function_and_one_with_many_parameters_are_found() {
    let long = format!("fn long() {{\n{}}}", "    f();\n".repeat(MAX_FUNCTION_LINES));
    assert_eq!(oversized(&read(&[("lib.rs", &long)])), ["src/lib.rs: long has 62 lines"]);
    let fits = format!("fn fits() {{\n{}}}", "    f();\n".repeat(MAX_FUNCTION_LINES - 2));
    assert_eq!(oversized(&read(&[("lib.rs", &fits)])), Vec::<String>::new());
    let method = "struct S; impl S { fn many(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {} fn five(&self, a: u8, b: u8, c: u8, d: u8, e: u8) {} }";
    assert_eq!(oversized(&read(&[("lib.rs", method)])), ["src/lib.rs: many has 6 parameters"]);
    let tests = "#[cfg(test)] mod tests { fn many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {} }";
    assert_eq!(oversized(&read(&[("lib.rs", tests)])), Vec::<String>::new());
    let declared = syn::parse_file("/// Said.\ntrait T { fn f(&self, a: u8); }").unwrap();
    assert_eq!(functions(&declared), [Function { name: "f".to_owned(), lines: 0, parameters: 1 }]);
}

#[test]
fn a_document_that_names_a_file_that_is_gone_is_found() {
    let text = "See `src/a.rs`, `src/{b,c}.rs`, `crate::a`, `/login`, `a/b` and [d](docs/d.md#part) or [e](https://e.example).\n\n```sh\n`src/z.rs`\n```\n";
    let named = named_files(text);
    let expected = ["a/b", "docs/d.md", "src/a.rs", "src/b.rs", "src/c.rs"];
    assert_eq!(named, expected.map(str::to_owned).into());
    let there = ["docs/d.md", "src/a.rs"].map(PathBuf::from);
    assert_eq!(
        missing(&there, ["a.rs", "d.md", "src/", "rc/a.rs", "b.rs"].map(str::to_owned).into()),
        ["b.rs", "rc/a.rs", "src/"]
    );
}

#[test]
fn a_document_that_names_a_test_that_is_gone_is_found() {
    let text = "`a/b.rs::one`, `a/b.rs`, `crate::two`, `b.rs::three` and [c](a/c.rs).\n\n```sh\n`a/z.rs::four`\n```\n";
    assert_eq!(named_tests(text), [("a/b.rs", "one")]);
    let source = "#[test]\nfn one() {}\n\n    #[tokio::test(flavor = \"multi_thread\")]\n    async fn two() {\n}\n\
                  async fn three() {}\n#[allow(dead_code)]\nfn four() { one(); }\n\
                  pub async fn five(stores: &Stores) {}\npub async fn six() {}\n";
    let there =
        ["one", "two", "three", "four", "five", "six", "on", "seven"].map(|name| has_test(source, name));
    assert_eq!(there, [true, true, false, false, true, false, false, false]);
}

#[test]
fn a_clause_without_a_test_and_a_reason_is_found() {
    let head = "# A\n\n| section | what it asks | how we meet it | tests |\n| --- | --- | --- | --- |\n";
    let good = "| §1 | a | b | `a/b.rs::one` |\n| §2 | a | b | not offered: c. |\n";
    assert_eq!(rows_without_a_proof(&format!("{head}{good}")), Vec::<&str>::new());
    let bad = [
        "| §3 | a | b | |",
        "| §4 | a | b | c |",
        "| §5 | a | | `a/b.rs::one` |",
        "| §6 | a | `a/b.rs::one` |",
    ];
    assert_eq!(rows_without_a_proof(&format!("{head}{good}{}\n", bad.join("\n"))), bad);
}

#[test]
fn the_settings_of_both_documents_are_read() {
    let example = "# A sentence = with a sign.\nserver_port = 8080\n# redis_url = \"redis://\"\n";
    assert_eq!(settings_of_the_example(example), ["redis_url", "server_port"].into());
    let tables = "| setting | default |\n| --- | --- |\n| `server_port` | `8080` |\n| `a`, `b` | none |\n";
    assert_eq!(settings_of_the_tables(tables), ["a", "b", "server_port"].into());
}
