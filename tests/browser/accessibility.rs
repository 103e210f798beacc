//! axe-core finds no fault on any page: contrast, labels, landmarks, names, sizes (WCAG 2.2 AA and
//! best practices).

use std::{env, fs};

use serde_json::{Value, json};

use crate::chromium::{Chromium, SCHEMES};
use crate::tour::tour;

/// Runs every rule of axe, and the rule for target sizes, which axe leaves out by default.
/// `preload` is off because the Content-Security-Policy forbids axe to load anything.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const options = { preload: false, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
    axe.run(document, options).then(
        results => done({
            rules: results.passes.length + results.violations.length,
            violations: results.violations.map(rule => [rule.id, rule.help, rule.nodes.map(node => node.html)]),
        }),
        error => done({ rules: 0, violations: [String(error)] }));";

fn axe() -> String {
    let file = env::var("AXE_CORE").expect("AXE_CORE: the file axe.min.js; `tests/run` installs it");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("AXE_CORE: {file}: {error}"))
}

/// Checks a page in the light and in the dark colour scheme.
async fn inspect(browser: &Chromium, axe: &str, name: &str) {
    for scheme in SCHEMES {
        browser.likes(scheme).await;
        browser.page().execute(axe, Vec::new()).await.expect("axe is there");
        let results = browser.page().execute_async(RUN, Vec::new()).await.expect("an inspection");
        assert!(results["rules"].as_u64() > Some(10), "{name}, {scheme}: axe checked no rules: {results:#}");
        assert_eq!(results["violations"], json!([]), "{name}, {scheme}: {results:#}");
    }
}

#[tokio::test]
async fn no_page_has_an_accessibility_fault() {
    let axe = axe();
    for language in ["en", "ja"] {
        let browser = Chromium::reading(language).await;
        tour(&browser, language, async |name: &str| inspect(&browser, &axe, name).await).await;
        browser.end().await;
    }
}

#[tokio::test]
async fn a_fault_would_be_found() {
    let browser = Chromium::start().await;
    browser
        .open("data:text/html,<title>x</title><input name=username><p style='color:%23ccc'>pale</p>")
        .await;
    browser.page().execute(&axe(), Vec::new()).await.expect("axe is there");
    let results = browser.page().execute_async(RUN, Vec::new()).await.expect("an inspection");
    let found: Vec<&str> = results["violations"]
        .as_array()
        .expect("violations")
        .iter()
        .filter_map(|fault| fault[0].as_str())
        .collect();
    for rule in ["label", "color-contrast", "html-has-lang"] {
        assert!(found.contains(&rule), "{rule} is not among {found:?}: {}", Value::from(found.clone()));
    }
    browser.end().await;
}
