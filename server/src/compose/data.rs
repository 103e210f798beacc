//! The configured data, opened, on the machine's clock, chance and cores.

#[cfg(unix)]
use std::fs::OpenOptions;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use adapters_http::outbound::OutboundClient;
use adapters_postgres::Database;
use application::port::Unavailable;

use super::Ports;
use crate::config::DatabaseUrl;
use crate::password::Argon2Passwords;
use crate::system::{SystemClock, SystemEntropy};

/// Open data.
pub struct Data {
    /// What is served by it.
    pub ports: Ports,
    database: Option<Database>,
}

impl Data {
    /// Opens the database at `url` and brings it to this version's schema; with `memory:` there is nothing to open.
    /// Requests of our own are made by `outbound`.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be reached or migrated.
    pub async fn open(url: &DatabaseUrl, outbound: OutboundClient) -> Result<Self, Unavailable> {
        let database = match url {
            DatabaseUrl::Postgres { url: text } | DatabaseUrl::Sqlite { url: text, .. } => {
                let database = connect(url, text).await;
                Some(database.map_err(|fault| Unavailable {
                    reason: format!("{} ({})", fault.reason, url.place()),
                    ..fault
                })?)
            }
            DatabaseUrl::Memory => None,
        };
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        // Each computation takes a core for its whole time: more at once would only wait for each other.
        let outbound = Arc::new(outbound);
        let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let passwords = Arc::new(Argon2Passwords::new(cores));
        let ports = match &database {
            Some(database) => Ports::on_database(database, clock, entropy, passwords, outbound),
            None => Ports::in_memory(clock, entropy, passwords, outbound),
        };
        Ok(Self { ports, database })
    }

    /// Closes the database in order, so that an SQLite file needs no recovery. Every write is safe without it.
    pub async fn close(self) {
        if let Some(database) = self.database
            && let Err(error) = database.close().await
        {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

async fn connect(url: &DatabaseUrl, text: &str) -> Result<Database, Unavailable> {
    if let Some(file) = url.file_to_make() {
        make_private(file);
    }
    let database = Database::connect(text).await?;
    database.migrate().await?;
    Ok(database)
}

/// Makes an empty database that only its owner can read, before SQLite would make one that everybody can; the files
/// that SQLite keeps beside it get the same mode. What is wrong with the place, connecting says better.
#[cfg(unix)]
fn make_private(file: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    let _made = options.write(true).create_new(true).mode(0o600).open(file);
}

/// Without Unix modes the folder's access list is the protection.
#[cfg(not(unix))]
fn make_private(_file: &Path) {}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use adapters_http::outbound::{OutboundPolicy, TrustAnchors};

    use super::*;

    fn outbound() -> OutboundClient {
        OutboundClient::new(OutboundPolicy::new(false, TrustAnchors::public())).unwrap()
    }

    fn sqlite(file: PathBuf) -> DatabaseUrl {
        DatabaseUrl::Sqlite { url: format!("sqlite:{}?mode=rwc", file.display()), file }
    }

    #[tokio::test]
    async fn a_new_database_file_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::open(&sqlite(folder.path().join("new.db")), outbound()).await.unwrap();
        data.ports.readiness.check().await.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
        }
        data.close().await;
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("missing/x.db");
        let error = Data::open(&sqlite(file.clone()), outbound()).await.err().unwrap().to_string();
        assert!(error.contains(&file.display().to_string()), "{error}");
    }
}
