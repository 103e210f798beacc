//! Opens the configured stores.

#[cfg(unix)]
use std::fs::OpenOptions;
use std::io::{BufRead, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use adapters_http::outbound::OutboundClient;
use adapters_memory::MemoryStore;
use adapters_postgres::{Database, Transfer, TransferError};
use adapters_redis::Redis;
use application::port::{Ports, Stores, Unavailable};
use domain::SigningKey;

use super::ports::ports;
use crate::config::{DatabaseUrl, RedisUrl};
use crate::password::Argon2Passwords;
use crate::system::{SystemClock, SystemEntropy};

/// The open stores of a node.
pub struct Data {
    /// The ports on these stores.
    pub ports: Ports,
    database: Option<Database>,
}

/// The gauges of the stores. They are measured when the metrics are read.
#[derive(Clone)]
pub struct Measured(Option<Database>);

impl Measured {
    /// Sets the gauges to the current values.
    pub fn measure(&self) {
        if let Some(database) = &self.0 {
            database.measure_connections();
        }
    }
}

impl Data {
    /// The gauges of these stores.
    #[must_use]
    pub fn measured(&self) -> Measured {
        Measured(self.database.clone())
    }

    /// Opens the database at `url` and migrates it to the schema of this version. With `memory:` there is no database.
    /// `outbound` makes the outbound requests.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be reached or migrated.
    pub async fn open(url: &DatabaseUrl, outbound: OutboundClient) -> Result<Self, Unavailable> {
        if let Some(file) = url.file_to_make() {
            make_private(file);
        }
        let data = Self::connect(url, outbound).await?;
        if let Some(database) = &data.database {
            database.migrate().await.map_err(|fault| at(url, &fault))?;
        }
        Ok(data)
    }

    /// Opens the database at `url` with the schema that it has.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be reached.
    pub async fn connect(url: &DatabaseUrl, outbound: OutboundClient) -> Result<Self, Unavailable> {
        let database = match url {
            DatabaseUrl::Postgres { url: text } | DatabaseUrl::Sqlite { url: text, .. } => {
                Some(Database::connect(text).await.map_err(|fault| at(url, &fault))?)
            }
            DatabaseUrl::Memory => None,
        };
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        // One hash occupies one core. More concurrent hashes than cores would only wait for each other.
        let outbound = Arc::new(outbound);
        let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let passwords = Arc::new(Argon2Passwords::new(cores));
        let stores = match &database {
            Some(database) => Stores::new(&Arc::new(database.clone())),
            None => Stores::new(&Arc::new(MemoryStore::new())),
        };
        Ok(Self { ports: ports(stores, clock, entropy, passwords, outbound), database })
    }

    /// Connects to the Redis at `url` and keeps the short-lived data there.
    ///
    /// # Errors
    /// [`Unavailable`] if Redis cannot be reached.
    pub async fn with_redis(self, url: &RedisUrl, prefix: &str) -> Result<Self, Unavailable> {
        let connected = Redis::connect(url.expose(), prefix, self.ports.clock.clone()).await;
        let redis = connected.map_err(|fault| Unavailable {
            reason: format!("{} ({}, from OAUTH2_REDIS_URL)", fault.reason, url.place()),
            ..fault
        })?;
        if let Some(policy) = redis.eviction_policy().await {
            tracing::warn!(
                policy,
                "Redis removes keys when its memory is full, so logins, codes and counters may be lost; \
                 set its maxmemory-policy to noeviction"
            );
        }
        let stores = self.ports.stores.with_short_lived(&Arc::new(redis));
        Ok(Self { ports: Ports { stores, ..self.ports }, ..self })
    }

    /// Exports the database.
    ///
    /// # Errors
    /// [`TransferError`]. What was written is then not a valid export.
    pub async fn export(&self, to: &mut (dyn Write + Send)) -> Result<Transfer, TransferError> {
        self.database()?.export(env!("CARGO_PKG_VERSION"), to).await
    }

    /// Imports what [`export`](Self::export) wrote, all or nothing, if `accept` accepts the signing keys.
    ///
    /// # Errors
    /// [`TransferError`]. Nothing has then changed.
    pub async fn import(
        &self,
        from: &mut (dyn BufRead + Send),
        accept: impl Fn(&[SigningKey]) -> Result<(), String> + Send,
    ) -> Result<Transfer, TransferError> {
        self.database()?.import(from, accept).await
    }

    fn database(&self) -> Result<&Database, Unavailable> {
        let nowhere = || Unavailable { component: "memory", reason: "it is no database".to_owned() };
        self.database.as_ref().ok_or_else(nowhere)
    }

    /// Closes the database, so that an SQLite file needs no recovery. Every write is durable without it.
    pub async fn close(self) {
        if let Some(database) = self.database
            && let Err(error) = database.close().await
        {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

/// The fault, with the place of the database.
fn at(url: &DatabaseUrl, fault: &Unavailable) -> Unavailable {
    Unavailable { component: fault.component, reason: format!("{} ({})", fault.reason, url.place()) }
}

/// Creates an empty database file that only its owner can read, because SQLite would create one that every user can
/// read. SQLite gives the files beside it the same mode. An existing file that other users can open is mentioned. A failure is
/// ignored here: connecting reports it better.
#[cfg(unix)]
fn make_private(file: &Path) {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let mut options = OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(file);
    let is_open = |file: &Path| file.metadata().is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
    if made.is_err() && is_open(file) {
        tracing::warn!(
            file = %file.display(),
            "other users of this machine can read or change the database, which holds password hashes and sessions: take their \
             rights away with chmod 600"
        );
    }
}

/// Without Unix modes, the access list of the folder protects the file.
#[cfg(not(unix))]
fn make_private(_file: &Path) {}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use adapters_http::outbound::{OutboundPolicy, TrustAnchors};

    use super::*;
    use crate::config::Config;

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
    async fn a_redis_that_cannot_be_reached_is_named_with_its_setting_and_without_its_password() {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = ("OAUTH2_REDIS_URL".to_owned(), format!("redis://:s3cret@{nobody}"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty.toml");
        std::fs::write(&file, "").unwrap();
        let config = Config::load(Some(&file), [url].into_iter()).unwrap();
        let data = Data::open(&DatabaseUrl::Memory, outbound()).await.unwrap();
        let refused = data.with_redis(&config.redis_url.unwrap(), &config.redis_prefix).await;
        let error = refused.err().unwrap().to_string();
        for part in ["redis is unavailable", "refused", &format!("Redis at {nobody}"), "OAUTH2_REDIS_URL"] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("missing/x.db");
        let error = Data::open(&sqlite(file.clone()), outbound()).await.err().unwrap().to_string();
        assert!(error.contains(&file.display().to_string()), "{error}");
    }
}
