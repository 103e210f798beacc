//! Measures sizes: tables with their indexes, Redis, the memory of the process.

use std::collections::BTreeMap;
use std::fs;

use redis::aio::MultiplexedConnection;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};

use crate::series::{Sample, Size};

/// Every table with its total size including indexes, and the number of dead rows that are not
/// vacuumed yet.
const TABLES: &str = "SELECT relname::text AS name, pg_total_relation_size(relid) AS bytes, n_dead_tup AS dead \
                      FROM pg_stat_user_tables ORDER BY 1";

/// The sources of a sample.
pub(crate) struct Measured {
    database: DatabaseConnection,
    redis: MultiplexedConnection,
    process: u32,
}

impl Measured {
    /// Measures the database, the Redis and the process of a server.
    pub(crate) async fn new(postgres: &str, redis: &str, process: u32) -> Self {
        let mut options = ConnectOptions::new(postgres);
        options.max_connections(1).sqlx_logging(false);
        let database = Database::connect(options).await.expect("PostgreSQL");
        let redis = redis::Client::open(redis).expect("a URL");
        let redis = redis.get_multiplexed_async_connection().await.expect("Redis");
        Self { database, redis, process }
    }

    /// Takes a sample.
    pub(crate) async fn now(&mut self) -> Sample {
        let mut sample = BTreeMap::new();
        let tables = self.rows(TABLES).await;
        let number = |row: &QueryResult, column| row.try_get::<i64>("", column).expect("a number");
        let names: Vec<String> = tables.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
        let (mut bytes, mut dead) = (0, 0);
        for (name, table) in names.iter().zip(&tables) {
            sample.insert(format!("table {name}"), Size::Bytes(number(table, "bytes")));
            bytes += number(table, "bytes");
            dead += number(table, "dead");
        }
        sample.insert("all tables".to_owned(), Size::Bytes(bytes));
        sample.insert("dead rows".to_owned(), Size::Count(dead));
        let counts =
            names.iter().map(|name| format!("SELECT '{name}' AS name, count(*) AS rows FROM {name}"));
        for row in self.rows(&counts.collect::<Vec<_>>().join(" UNION ALL ")).await {
            let name: String = row.try_get("", "name").expect("a name");
            sample.insert(format!("rows {name}"), Size::Count(number(&row, "rows")));
        }
        let memory: String =
            redis::cmd("INFO").arg("memory").query_async(&mut self.redis).await.expect("Redis");
        let used = memory.lines().find_map(|line| line.strip_prefix("used_memory:")).expect("used_memory");
        sample.insert("Redis used_memory".to_owned(), Size::Bytes(used.trim().parse().expect("a number")));
        let keys: i64 = redis::cmd("DBSIZE").query_async(&mut self.redis).await.expect("Redis");
        sample.insert("Redis keys".to_owned(), Size::Count(keys));
        sample.insert("server RSS".to_owned(), Size::Bytes(self.resident()));
        sample
    }

    /// How many times autovacuum ran on each table.
    pub(crate) async fn vacuumed(&self) -> String {
        let swept = "SELECT format('%s %s×', relname, autovacuum_count) AS swept FROM pg_stat_user_tables \
                     WHERE autovacuum_count > 0 ORDER BY relname";
        let swept = self.rows(swept).await;
        let swept = swept.iter().map(|row| row.try_get::<String>("", "swept").expect("a text"));
        format!("swept by autovacuum: {}", swept.collect::<Vec<_>>().join(", "))
    }

    async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        self.database.query_all_raw(statement).await.expect("rows")
    }

    fn resident(&self) -> i64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process)).expect("a running server");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        let kilobytes: i64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes * 1024
    }
}
