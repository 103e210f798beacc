//! Writes a database with something of every kind in it as SQL, for both dialects.

use std::io::Cursor;
use std::process::Command;

use adapters_postgres::{BackupKey, Extent};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use super::schema::Schema;
use super::{Issued, fill};
use crate::support::{PrivateDatabase, postgres_program};

/// The files of a release by name. Needs `tests/services`.
pub async fn dump() -> Vec<(&'static str, String)> {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
    let issued: Issued = fill(&url).await;
    let schema = Schema::read(&url).await;
    let sqlite = sqlite(&url, &schema).await;
    let postgres = postgres(&url).await;
    for table in schema.tables() {
        assert!(sqlite.contains(&format!("INSERT INTO \"{table}\"")), "there is nothing in {table}");
    }
    let issued = serde_json::to_string_pretty(&issued).expect("JSON") + "\n";
    vec![("sqlite.sql", sqlite), ("postgres.sql", postgres), ("issued.json", issued)]
}

async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.expect("rows");
    rows.iter().map(|row| row.try_get("", "text").expect("a text")).collect()
}

async fn sqlite(url: &str, schema: &Schema) -> String {
    let database = Database::connect(url).await.expect("a database");
    let made = "SELECT sql || ';' AS text FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
                ORDER BY type DESC, rowid";
    let mut lines = texts(&database, made).await;
    for table in schema.tables().chain(["seaql_migrations"]) {
        let columns = format!("SELECT name AS text FROM pragma_table_info('{table}') ORDER BY cid");
        let columns = texts(&database, &columns).await;
        let quoted: Vec<_> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let values = quoted.join(" || ',' || ");
        let inserts = format!(
            "SELECT 'INSERT INTO \"{table}\" ({}) VALUES (' || {values} || ');' AS text FROM \"{table}\" ORDER BY rowid",
            columns.join(",")
        );
        lines.extend(texts(&database, &inserts).await);
    }
    database.close().await.expect("a closed database");
    // A row may come before the one that its foreign key names.
    format!("PRAGMA foreign_keys = OFF;\n{}\nPRAGMA foreign_keys = ON;\n", lines.join("\n"))
}

/// Opens everything.
struct AnyKey;

impl BackupKey for AnyKey {
    fn seal(&self, _context: &str) -> Option<Vec<u8>> {
        Some(Vec::new())
    }

    fn opens(&self, _context: &str, _sealed: &[u8]) -> bool {
        true
    }
}

/// The same rows on PostgreSQL, as `pg_dump` writes them.
async fn postgres(sqlite: &str) -> String {
    let private = PrivateDatabase::migrated().await;
    let from = adapters_postgres::Database::connect(sqlite).await.expect("a database");
    let to = adapters_postgres::Database::connect(private.url()).await.expect("a database");
    let mut export = Vec::new();
    let now = DateTime::<Utc>::UNIX_EPOCH;
    from.export("dump", now, &AnyKey, &mut export).await.expect("a backup");
    to.import(&mut Cursor::new(export), &AnyKey, Extent::Everything, now).await.expect("a restored backup");
    let mut program = Command::new(postgres_program("pg_dump"));
    let dumped = program.args(["--inserts", "--no-owner", "--no-privileges", private.url()]).output();
    let dumped = dumped.expect("pg_dump");
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let dumped = String::from_utf8(dumped.stdout).expect("UTF-8");
    // Without comments, commands for psql and settings of the connection.
    let ours = |line: &&str| {
        let not_ours = ["--", "\\", "SET ", "SELECT pg_catalog.set_config"];
        !line.is_empty() && !not_ours.iter().any(|begin| line.starts_with(begin))
    };
    dumped.lines().filter(ours).map(|line| format!("{line}\n")).collect()
}
