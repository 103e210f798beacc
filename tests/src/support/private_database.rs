//! A private database for a test, on the PostgreSQL that `tests/services` started.

use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use tokio::sync::OnceCell;
use url::Url;

use super::service;

/// The name of this process's migrated database, to which no connection is open.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A database that is dropped with this value, even if connections to it are still open.
#[derive(Debug)]
pub struct PrivateDatabase {
    name: String,
    url: String,
}

impl PrivateDatabase {
    /// An empty database.
    pub async fn empty() -> Self {
        Self::copy_of("template0").await
    }

    /// A database with the current schema: a copy of one that was migrated once.
    pub async fn migrated() -> Self {
        let template = TEMPLATE.get_or_init(template).await;
        Self::copy_of(template).await
    }

    /// A copy of this database. No connection to this database may be open.
    pub async fn copied(&self) -> Self {
        Self::copy_of(&self.name).await
    }

    /// The URL: `postgres://…`
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Executes SQL in the database.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql).await;
    }

    /// The rows that a query returns.
    pub async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let connection = connect(&self.url).await;
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.expect("rows");
        connection.close().await.expect("a closed connection");
        rows
    }

    /// Ends every other connection to the database. Returns how many there were.
    pub async fn cut_connections(&self) -> usize {
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.rows(others).await.len()
    }

    async fn copy_of(template: &str) -> Self {
        let name = next_name("copy");
        Self { url: create(&name, template).await, name }
    }
}

impl Drop for PrivateDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // On a thread with its own runtime, because the runtime of the test may be shutting down.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(execute(&service("TEST_POSTGRES_URL"), &drop));
        });
        // If a failed test leaves the database behind, it goes with the PostgreSQL server.
        let _left_behind = dropped.join();
    }
}

async fn template() -> String {
    let name = next_name("template");
    let url = create(&name, "template0").await;
    let database = adapters_postgres::Database::connect(&url).await.expect("a database");
    database.migrate().await.expect("the schema");
    database.close().await.expect("a closed database");
    name
}

/// A name that no other test of any process has.
fn next_name(kind: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{kind}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Creates a database. Returns its URL.
async fn create(name: &str, template: &str) -> String {
    let server = service("TEST_POSTGRES_URL");
    execute(&server, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await;
    let mut url = Url::parse(&server).expect("a URL");
    url.set_path(name);
    url.into()
}

async fn execute(url: &str, sql: &str) {
    let connection = connect(url).await;
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.expect("a closed connection");
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the private PostgreSQL")
}
