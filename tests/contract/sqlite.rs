//! Runs the contract on SQLite. Each clause has its own database file, a copy of one that was
//! migrated once.

use std::path::Path;
use std::sync::Arc;

use adapters_postgres::Database;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tests::contract::Stores;
use tests::contract::fixture::begins_and_renews;
use tokio::sync::OnceCell;

/// A folder with a migrated, closed database. It lives as long as this process.
static TEMPLATE: OnceCell<TempDir> = OnceCell::const_new();

async fn stores() -> (TempDir, Stores) {
    let template = TEMPLATE.get_or_init(migrated).await;
    let folder = TempDir::new().unwrap();
    std::fs::copy(file(template.path()), file(folder.path())).unwrap();
    let database = open(folder.path()).await;
    (folder, Stores::new(&Arc::new(database)))
}

async fn migrated() -> TempDir {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path()).await;
    database.migrate().await.unwrap();
    database.close().await.unwrap();
    folder
}

/// Opens the database in `folder`, and creates it if there is none.
async fn open(folder: &Path) -> Database {
    let url = format!("sqlite:{}?mode=rwc", file(folder).display());
    Database::connect(&url).await.unwrap()
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("oauth2.db")
}

tests::contract!(crate::sqlite::stores);

#[tokio::test]
async fn a_session_begins_and_is_renewed_also_if_the_history_cannot_be_written() {
    let (folder, stores) = stores().await;
    let url = format!("sqlite:{}", file(folder.path()).display());
    let other = sea_orm::Database::connect(url).await.unwrap();
    let broken =
        "CREATE TRIGGER broken BEFORE INSERT ON sign_in_events BEGIN SELECT RAISE(ABORT, 'broken'); END";
    other.execute_unprepared(broken).await.unwrap();
    begins_and_renews(&stores).await;
}
