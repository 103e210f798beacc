//! A row in the database is authoritative, even if an operator changed it with SQL.

use std::path::Path;
use std::sync::Arc;

use adapters_postgres::Database;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tests::contract::Stores;
use tests::contract::fixture::{Grant, now};
use tests::support::PrivateDatabase;

/// Only the column; the server would also end all sessions and revoke all grants.
const DISABLE_ALL: &str = "UPDATE users SET disabled_at = 1";

#[tokio::test]
async fn a_user_whom_an_operator_disables_in_postgresql_is_out() {
    let private = PrivateDatabase::migrated().await;
    a_user_whom_an_operator_disables_is_out(private.url()).await;
}

#[tokio::test]
async fn a_user_whom_an_operator_disables_in_sqlite_is_out() {
    let folder = TempDir::new().unwrap();
    a_user_whom_an_operator_disables_is_out(&sqlite(folder.path())).await;
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}?mode=rwc", folder.join("oauth2.db").display())
}

async fn a_user_whom_an_operator_disables_is_out(url: &str) {
    let database = Arc::new(Database::connect(url).await.unwrap());
    database.migrate().await.unwrap();
    let stores = Stores::new(&database);
    let grant = Grant::recorded(&stores, "a", "openid offline_access").await;
    assert!(grant.is_valid(&stores, now()).await);
    assert!(stores.sessions.find(grant.cookie, now()).await.unwrap().is_some());
    let operator = sea_orm::Database::connect(url).await.unwrap();
    operator.execute_unprepared(DISABLE_ALL).await.unwrap();
    assert!(!grant.is_valid(&stores, now()).await);
    assert!(stores.sessions.find(grant.cookie, now()).await.unwrap().is_none());
}
