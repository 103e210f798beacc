//! The store that `TEST_STORE` names: empty, for one server or for several nodes.

use std::sync::Arc;

use adapters_memory::MemoryStore;
use adapters_postgres::Database;
use adapters_redis::Redis;
use application::port::{Clock, Stores};
use tempfile::TempDir;

use super::private_redis::own_prefix;
use super::{PrivateDatabase, redis_cluster_url, redis_url};

/// The data. Dropping this value removes it.
pub(super) struct Store {
    durable: Durable,
    /// The URL of the Redis for short-lived data, and the prefix of its keys.
    redis: Option<(String, String)>,
}

enum Durable {
    Memory(MemoryStore),
    Sqlite(TempDir),
    Postgres(PrivateDatabase),
    /// An existing database at this URL, which is kept.
    Given(String),
}

impl Store {
    /// The store that `TEST_STORE` names; `memory` if it is not set. With the suffix `+redis` or
    /// `+redis-cluster`, short-lived data is there. Any other name fails the test.
    pub(super) async fn named() -> Self {
        let named = std::env::var("TEST_STORE").unwrap_or_else(|_| "memory".to_owned());
        let (durable, short_lived) = named.split_once('+').unwrap_or((&named, ""));
        let durable = match durable {
            "memory" => Durable::Memory(MemoryStore::new()),
            "sqlite" => Durable::Sqlite(tempfile::tempdir().expect("a temporary folder")),
            "postgres" => Durable::Postgres(PrivateDatabase::migrated().await),
            other => panic!("TEST_STORE={named}: {other} is no store of the tests"),
        };
        let redis = match short_lived {
            "" => None,
            "redis" => Some((redis_url(), own_prefix())),
            "redis-cluster" => Some((redis_cluster_url(), own_prefix())),
            other => panic!("TEST_STORE={named}: {other} is no store of the tests"),
        };
        Self { durable, redis }
    }

    /// The existing database at `url`.
    pub(super) fn at(url: &str) -> Self {
        Self { durable: Durable::Given(url.to_owned()), redis: None }
    }

    /// Whether another server has used the database before.
    pub(super) const fn is_existing(&self) -> bool {
        matches!(self.durable, Durable::Given(_))
    }

    /// Opens it as a node does, with connections of its own. What is in memory cannot be opened twice: all nodes have
    /// the same stores.
    pub(super) async fn open(&self, clock: Arc<dyn Clock>) -> Stores {
        let stores = self.durable.open().await;
        match &self.redis {
            None => stores,
            Some((url, prefix)) => {
                let redis = Redis::connect(url, prefix, clock).await.expect("Redis");
                stores.with_short_lived(&Arc::new(redis))
            }
        }
    }
}

impl Durable {
    async fn open(&self) -> Stores {
        let url = match self {
            Self::Memory(store) => return Stores::new(&Arc::new(store.clone())),
            Self::Sqlite(folder) => format!("sqlite:{}?mode=rwc", folder.path().join("test.db").display()),
            Self::Postgres(private) => private.url().to_owned(),
            Self::Given(url) => url.clone(),
        };
        let database = Database::connect(&url).await.expect("a database");
        database.migrate().await.expect("the schema");
        Stores::new(&Arc::new(database))
    }
}
