//! Opens the configured stores.

#[cfg(unix)]
use std::fs::OpenOptions;
use std::io::{BufRead, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use adapters_http::mail::Smtp;
use adapters_http::outbound::OutboundClient;
use adapters_memory::MemoryStore;
use adapters_postgres::{BackupKey, Database, Extent, Transfer, TransferError};
use adapters_redis::{Redis, RedisMemory};
use application::port::{MailSender, Ports, Stores, Unavailable};

use super::ports::ports;
use crate::config::{DatabaseUrl, RedisUrl};
use crate::password::Argon2Passwords;
use crate::system::{SystemClock, SystemEntropy};

/// The open stores of a node.
pub struct Data {
    /// The ports on these stores.
    pub ports: Ports,
    database: Option<Database>,
    redis: Option<Redis>,
}

/// The gauges of the stores. They are measured when the metrics are read.
#[derive(Clone)]
pub struct Measured {
    database: Option<Database>,
    redis: Option<Redis>,
}

impl Measured {
    /// Sets the gauges to the current values. Those of a Redis that does not answer stay as they were.
    pub async fn measure(&self) {
        if let Some(database) = &self.database {
            database.measure();
        }
        if let Some(redis) = &self.redis
            && let Some(memory) = redis.memory().await
        {
            measure_redis(&memory);
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "no memory has 2^53 bytes")]
fn measure_redis(memory: &RedisMemory) {
    metrics::gauge!("oauth2_store_full", "store" => "redis").set(u8::from(memory.is_full));
    metrics::gauge!("oauth2_redis_memory_bytes", "kind" => "used").set(memory.used as f64);
    metrics::gauge!("oauth2_redis_memory_bytes", "kind" => "maximum").set(memory.maximum.unwrap_or(0) as f64);
    metrics::gauge!("oauth2_redis_evicted_keys").set(memory.evicted_keys as f64);
}

impl Data {
    /// The gauges of these stores.
    #[must_use]
    pub fn measured(&self) -> Measured {
        Measured { database: self.database.clone(), redis: self.redis.clone() }
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
        Ok(Self { ports: ports(stores, clock, entropy, passwords, outbound), database, redis: None })
    }

    /// Sends mails by `sender`, if mail is set up.
    #[must_use]
    pub fn with_mail(self, sender: Option<Smtp>) -> Self {
        let mail_sender = sender.map(|sender| Arc::new(sender) as Arc<dyn MailSender>);
        Self { ports: Ports { mail_sender, ..self.ports }, ..self }
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
        if let Some(memory) = redis.memory().await {
            warn_about_memory(&memory);
        }
        let stores = self.ports.stores.with_short_lived(&Arc::new(redis.clone()));
        Ok(Self { ports: Ports { stores, ..self.ports }, redis: Some(redis), ..self })
    }

    /// Writes a backup of the database, sealed with `key`.
    ///
    /// # Errors
    /// [`TransferError`]. What was written is then not a valid backup.
    pub async fn back_up(
        &self,
        key: &dyn BackupKey,
        to: &mut (dyn Write + Send),
    ) -> Result<Transfer, TransferError> {
        self.database()?.export(env!("CARGO_PKG_VERSION"), self.ports.clock.now(), key, to).await
    }

    /// Takes in what [`back_up`](Self::back_up) wrote with the same `key`, to this extent or not at all.
    ///
    /// # Errors
    /// [`TransferError`]. Nothing has then changed.
    pub async fn restore(
        &self,
        from: &mut (dyn BufRead + Send),
        key: &dyn BackupKey,
        extent: Extent,
    ) -> Result<Transfer, TransferError> {
        self.database()?.import(from, key, extent, self.ports.clock.now()).await
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

/// Warns of a Redis that may lose keys, or that has no bound.
fn warn_about_memory(memory: &RedisMemory) {
    if let Some(policy) = &memory.eviction_policy {
        tracing::warn!(
            policy,
            "Redis removes keys when its memory is full, so logins, codes and counters may be lost; \
             set its maxmemory-policy to noeviction"
        );
    }
    if memory.maximum.is_none() {
        tracing::warn!(
            "Redis has no maxmemory, so it may take all memory of its machine and be killed; set its maxmemory"
        );
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
