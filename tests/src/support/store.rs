//! The store that `TEST_STORE` names, empty, for one server or for several nodes.

use std::sync::{Arc, OnceLock};

use ::server::compose::Ports;
use adapters_http::outbound::OutboundClient;
use adapters_postgres::Database;
use application::port::{Clock, Entropy, Passwords};
use tempfile::TempDir;

use super::PrivateDatabase;

/// Where the data is. It goes with this value.
pub(super) enum Store {
    Memory(Box<OnceLock<Ports>>),
    Sqlite(TempDir),
    Postgres(PrivateDatabase),
}

impl Store {
    /// `memory` if `TEST_STORE` is not set. Any other name fails the test.
    pub(super) async fn named() -> Self {
        match std::env::var("TEST_STORE").as_deref() {
            Ok("memory") | Err(_) => Self::Memory(Box::default()),
            Ok("sqlite") => Self::Sqlite(tempfile::tempdir().expect("a temporary folder")),
            Ok("postgres") => Self::Postgres(PrivateDatabase::migrated().await),
            Ok(other) => panic!("TEST_STORE={other} is no store of the tests"),
        }
    }

    /// Opens it as a node does, with connections of its own. What is in memory cannot be opened twice: all nodes have
    /// the same ports.
    pub(super) async fn open(
        &self,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        passwords: Arc<dyn Passwords>,
        outbound: Arc<OutboundClient>,
    ) -> Ports {
        let url = match self {
            Self::Memory(ports) => {
                return ports.get_or_init(|| Ports::in_memory(clock, entropy, passwords, outbound)).clone();
            }
            Self::Sqlite(folder) => format!("sqlite:{}?mode=rwc", folder.path().join("test.db").display()),
            Self::Postgres(private) => private.url().to_owned(),
        };
        let database = Database::connect(&url).await.expect("a database");
        database.migrate().await.expect("the schema");
        Ports::on_database(&database, clock, entropy, passwords, outbound)
    }
}
