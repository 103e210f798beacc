//! What the contract says, and that nothing in it is left out.

use tests::contract::PORTS;

/// The adapters that instantiate the contract in this binary.
const ADAPTERS: [&str; 3] = ["memory", "sqlite", "postgres"];

#[test]
#[allow(clippy::print_stdout, reason = "the table is for whoever runs it with --nocapture")]
fn the_contract_names_its_clauses() {
    println!("{:<20} {}  clauses", "port", ADAPTERS.join("  "));
    for (port, clauses, _) in PORTS {
        let columns: String = ADAPTERS
            .iter()
            .map(|adapter| format!("{:>width$}  ", clauses.len(), width = adapter.len()))
            .collect();
        println!("{port:<20} {columns}{}", clauses.join(", "));
    }
    let total: usize = PORTS.iter().map(|(_, clauses, _)| clauses.len()).sum();
    println!("{} ports × {} adapters: {} clauses run", PORTS.len(), ADAPTERS.len(), total * ADAPTERS.len());
}

#[test]
fn every_clause_that_is_written_is_listed() {
    for (port, clauses, source) in PORTS {
        let written: Vec<_> =
            source.lines().filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next()).collect();
        for clause in &written {
            assert!(clauses.contains(clause), "{port} does not list {clause}");
        }
        assert_eq!(written.len(), clauses.len(), "{port}");
    }
}
