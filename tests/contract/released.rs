//! What was released can be upgraded: its database becomes ours, its data goes on, and its nodes can serve meanwhile.

use std::sync::Arc;

use adapters_postgres::Database;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tests::contract::Stores;
use tests::released::{Release, Schema, refused};
use tests::support::PrivateDatabase;
use tokio::sync::OnceCell;

/// An SQLite file with this release in it.
async fn on_sqlite(release: &Release) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let url = url(&folder);
    release.load(&url).await;
    (folder, url)
}

fn url(folder: &TempDir) -> String {
    format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display())
}

/// A PostgreSQL database with this release in it.
async fn on_postgres(release: &Release) -> (PrivateDatabase, String) {
    let private = PrivateDatabase::empty().await;
    let url = private.url().to_owned();
    release.load(&url).await;
    (private, url)
}

async fn upgrade(url: &str) {
    let database = Database::connect(url).await.unwrap();
    database.migrate().await.unwrap();
    database.close().await.unwrap();
}

async fn execute(url: &str, sql: &str) {
    let database = sea_orm::Database::connect(url).await.unwrap();
    database.execute_unprepared(sql).await.map_err(|error| format!("{sql}: {error}")).unwrap();
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_and_clients_had_in_hand_goes_on_after_the_upgrade_of_any_release() {
    for release in Release::all() {
        let (_folder, url) = on_sqlite(&release).await;
        upgrade(&url).await;
        release.in_hand().goes_on(&url).await;
        let (_private, url) = on_postgres(&release).await;
        upgrade(&url).await;
        release.in_hand().goes_on(&url).await;
    }
}

#[tokio::test]
async fn an_upgraded_database_has_the_schema_of_a_new_one() {
    for release in Release::all() {
        let (_folder, upgraded) = on_sqlite(&release).await;
        upgrade(&upgraded).await;
        let folder = TempDir::new().unwrap();
        upgrade(&url(&folder)).await;
        assert_eq!(Schema::of(&upgraded).await, Schema::of(&url(&folder)).await);
        let (_private, upgraded) = on_postgres(&release).await;
        upgrade(&upgraded).await;
        let new = PrivateDatabase::migrated().await;
        assert_eq!(Schema::of(&upgraded).await, Schema::of(new.url()).await);
    }
}

/// Expand, then contract: what the latest release uses stays until one is out that does not use it.
#[tokio::test]
async fn no_migration_takes_away_what_the_latest_release_uses() {
    let release = Release::latest();
    let (_folder, sqlite) = on_sqlite(&release).await;
    let (_private, postgres) = on_postgres(&release).await;
    for url in [sqlite, postgres] {
        let before = Schema::of(&url).await;
        upgrade(&url).await;
        let refused = refused(&before, &Schema::of(&url).await, &release.unused());
        assert!(refused.is_empty(), "nodes of {} could not serve beside ours: {refused:#?}", release.version);
    }
}

/// Changes that the check has to notice, and how it says so.
const BAD: [(&str, &str); 7] = [
    ("ALTER TABLE users DROP COLUMN updated_at", "the column users.updated_at is gone"),
    ("ALTER TABLE users RENAME COLUMN username TO name", "the column users.username is gone"),
    ("DROP TABLE withdrawals", "the table withdrawals is gone"),
    ("ALTER TABLE sessions RENAME TO logins", "the table sessions is gone"),
    ("DROP INDEX sessions_user_id", "the index sessions_user_id of sessions is gone or another"),
    ("CREATE UNIQUE INDEX one ON users (password_hash)", "the new index one of users is unique"),
    (
        "DROP INDEX users_administrator; CREATE INDEX users_administrator ON users (id)",
        "the index users_administrator of users is gone or another",
    ),
];

/// Those that only PostgreSQL can do to a table.
const BAD_ON_POSTGRES: [(&str, &str); 6] = [
    (
        "TRUNCATE clients; ALTER TABLE clients ADD COLUMN tenant text NOT NULL",
        "the new column clients.tenant is neither null nor anything by itself",
    ),
    (
        "ALTER TABLE clients ALTER COLUMN created_at TYPE text",
        "the column clients.created_at was bigint and is text",
    ),
    (
        "TRUNCATE clients; ALTER TABLE clients ALTER COLUMN disabled_at SET NOT NULL",
        "whether the column clients.disabled_at may be null has changed",
    ),
    (
        "ALTER TABLE audit_events ALTER COLUMN id DROP IDENTITY",
        "the column audit_events.id has no default any more",
    ),
    ("ALTER TABLE clients ADD CHECK (length(id) < 9) NOT VALID", "of clients this has changed: CHECK"),
    (
        "ALTER TABLE refresh_tokens DROP CONSTRAINT refresh_tokens_authorization_id_fkey",
        "of refresh_tokens this has changed",
    ),
];

/// What a migration may do.
const GOOD: &str = "
    ALTER TABLE users ADD COLUMN nickname text;
    ALTER TABLE users ADD COLUMN logins bigint NOT NULL DEFAULT 0;
    CREATE INDEX users_nickname ON users (nickname);
    CREATE TABLE tenants (id text PRIMARY KEY, name text NOT NULL);
    CREATE UNIQUE INDEX tenants_name ON tenants (name);";

#[tokio::test]
async fn a_migration_that_takes_something_away_is_noticed() {
    let release = Release::latest();
    let (_folder, sqlite) = on_sqlite(&release).await;
    let (_private, postgres) = on_postgres(&release).await;
    let none = std::collections::BTreeSet::new();
    for url in [&sqlite, &postgres] {
        let before = Schema::of(url).await;
        assert!(before.tables().count() > 20);
        execute(url, GOOD).await;
        assert_eq!(refused(&before, &Schema::of(url).await, &none), [""; 0], "{url}");
    }
    for (sql, sentence) in BAD {
        let (_folder, url) = on_sqlite(&release).await;
        is_refused(&url, sql, sentence).await;
    }
    for (sql, sentence) in BAD.into_iter().chain(BAD_ON_POSTGRES) {
        let (_private, url) = on_postgres(&release).await;
        is_refused(&url, sql, sentence).await;
    }
}

async fn is_refused(url: &str, sql: &str, sentence: &str) {
    let before = Schema::of(url).await;
    execute(url, sql).await;
    let after = Schema::of(url).await;
    let all = refused(&before, &after, &std::collections::BTreeSet::new());
    assert!(all.iter().any(|one| one.starts_with(sentence)), "{sql}: {all:?}");
    // What the release does not use may go.
    let names = sentence.split_whitespace().map(str::to_owned).collect();
    let gone = sentence.ends_with("is gone");
    assert!(!gone || !refused(&before, &after, &names).iter().any(|one| one == sentence), "{sql}");
}

/// The latest release, upgraded and emptied, as an SQLite file that is copied.
static SQLITE: OnceCell<TempDir> = OnceCell::const_new();

/// The same on PostgreSQL.
static POSTGRES: OnceCell<PrivateDatabase> = OnceCell::const_new();

async fn emptied(url: &str) {
    upgrade(url).await;
    let schema = Schema::of(url).await;
    // Those that others refer to last.
    let mut tables: Vec<_> = schema.tables().collect();
    tables.sort_by_key(|table| *table == "authorizations");
    let deletions: String = tables.iter().map(|table| format!("DELETE FROM {table};")).collect();
    execute(url, &deletions).await;
}

async fn sqlite_stores() -> (TempDir, Stores) {
    let template = SQLITE.get_or_init(async || {
        let (folder, url) = on_sqlite(&Release::latest()).await;
        emptied(&url).await;
        folder
    });
    let folder = TempDir::new().unwrap();
    let name = "oauth2.db";
    std::fs::copy(template.await.path().join(name), folder.path().join(name)).unwrap();
    let stores = Stores::new(&Arc::new(Database::connect(&url(&folder)).await.unwrap()));
    (folder, stores)
}

async fn postgres_stores() -> (PrivateDatabase, Stores) {
    let template = POSTGRES.get_or_init(async || {
        let (private, url) = on_postgres(&Release::latest()).await;
        emptied(&url).await;
        private
    });
    let private = template.await.copied().await;
    let stores = Stores::new(&Arc::new(Database::connect(private.url()).await.unwrap()));
    (private, stores)
}

mod upgraded_sqlite {
    tests::contract!(crate::released::sqlite_stores);
}

mod upgraded_postgres {
    tests::contract!(crate::released::postgres_stores);
}
