//! Prints the contract, and checks that it leaves nothing out.

use std::fs;
use std::path::Path;

use tests::contract::PORTS;

/// The adapters that instantiate the contract in this binary.
const ADAPTERS: [&str; 3] = ["memory", "sqlite", "postgres"];

/// The adapters that instantiate only the short-lived ports.
const SHORT_LIVED_ADAPTERS: [&str; 2] = ["redis", "redis-cluster"];

#[test]
#[allow(clippy::print_stdout, reason = "the table is printed with --nocapture")]
fn the_contract_names_its_clauses() {
    let adapters = || ADAPTERS.iter().chain(&SHORT_LIVED_ADAPTERS);
    let names: Vec<_> = adapters().copied().collect();
    println!("{:<20} {}  clauses", "port", names.join("  "));
    let mut total = 0;
    for port in PORTS {
        let (name, clauses) = (port.name, port.clauses);
        let runs = |adapter| ADAPTERS.contains(adapter) || port.short_lived;
        let columns: String = adapters()
            .map(|adapter| {
                let clauses = if runs(adapter) { clauses.len() } else { 0 };
                total += clauses;
                format!("{clauses:>width$}  ", width = adapter.len())
            })
            .collect();
        println!("{name:<20} {columns}{}", clauses.join(", "));
    }
    println!("{} ports × {} adapters: {total} clauses run", PORTS.len(), names.len());
}

/// The ports that no store implements.
const OTHER_PORTS: [&str; 8] = [
    "Clock",
    "Computations",
    "Entropy",
    "FetchedDocuments",
    "Logos",
    "LogoutReceivers",
    "MailSender",
    "Passwords",
];

#[test]
fn every_port_of_a_store_has_a_contract() {
    let ports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../application/src/port");
    let mut found = 0;
    for file in fs::read_dir(ports).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        let traits = source.lines().filter_map(|line| line.strip_prefix("pub trait ")?.split(':').next());
        for name in traits {
            let listed = PORTS.iter().any(|port| port.port == name);
            assert!(listed != OTHER_PORTS.contains(&name), "store_ports! does not list {name}");
            found += 1;
        }
    }
    assert_eq!(found, PORTS.len() + OTHER_PORTS.len());
}

#[test]
fn every_clause_that_is_written_is_listed() {
    for port in PORTS {
        let lines = port.source.lines();
        let written: Vec<_> =
            lines.filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next()).collect();
        for clause in &written {
            assert!(port.clauses.contains(clause), "{} does not list {clause}", port.name);
        }
        assert_eq!(written.len(), port.clauses.len(), "{}", port.name);
    }
}
