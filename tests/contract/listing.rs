//! Lists the contract, and checks that it leaves nothing out.

use tests::contract::{PORTS, SHORT_LIVED};

/// The adapters that instantiate the contract in this binary.
const ADAPTERS: [&str; 3] = ["memory", "sqlite", "postgres"];

/// The adapters that instantiate only the short-lived ports.
const SHORT_LIVED_ADAPTERS: [&str; 2] = ["redis", "redis-cluster"];

#[test]
#[allow(clippy::print_stdout, reason = "a developer reads the table with --nocapture")]
fn the_contract_names_its_clauses() {
    let adapters = || ADAPTERS.iter().chain(&SHORT_LIVED_ADAPTERS);
    let names: Vec<_> = adapters().copied().collect();
    println!("{:<20} {}  clauses", "port", names.join("  "));
    let mut total = 0;
    for (port, clauses, _) in PORTS {
        let runs = |adapter| ADAPTERS.contains(adapter) || SHORT_LIVED.contains(port);
        let columns: String = adapters()
            .map(|adapter| {
                let clauses = if runs(adapter) { clauses.len() } else { 0 };
                total += clauses;
                format!("{clauses:>width$}  ", width = adapter.len())
            })
            .collect();
        println!("{port:<20} {columns}{}", clauses.join(", "));
    }
    println!("{} ports × {} adapters: {total} clauses run", PORTS.len(), names.len());
}

#[test]
fn the_short_lived_ports_are_among_all() {
    for port in SHORT_LIVED {
        assert!(PORTS.iter().any(|(name, ..)| name == port), "{port}");
    }
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
