//! A released version can be upgraded: its database gets our schema, its data stays valid, and its nodes can serve meanwhile.
//!
//! The last release in the list is a candidate: the release of the current version, made by the same code as
//! `migrations/released` and in a temporary folder. So the procedure is tested before the first release and at any time.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use adapters_postgres::Database;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tests::contract::Stores;
use tests::released::{Release, Schema, breaking_changes};
use tests::support::PrivateDatabase;
use tokio::sync::OnceCell;

/// The candidate, and the folder with its files.
static CANDIDATE: OnceCell<(Release, TempDir)> = OnceCell::const_new();

/// The release of the current version. Its files are made once in this process.
async fn candidate() -> &'static Release {
    let made = CANDIDATE.get_or_init(async || {
        let folder = TempDir::new().unwrap();
        let release = Release::at(folder.path(), env!("CARGO_PKG_VERSION"));
        release.write().await;
        (release, folder)
    });
    &made.await.0
}

/// Every release, then the candidate.
async fn releases() -> Vec<Release> {
    let mut all = Release::all(&Release::place());
    all.push(candidate().await.clone());
    all
}

/// The latest release; before the first one, the candidate.
async fn latest() -> Release {
    match Release::all(&Release::place()).pop() {
        Some(release) => release,
        None => candidate().await.clone(),
    }
}

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

#[test]
fn releases_are_the_folders_in_the_order_of_their_versions() {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("README.md"), "").unwrap();
    assert_eq!(Release::all(place.path()), []);
    for version in ["0.10.0", "1.0.0", "0.9.2"] {
        fs::create_dir(place.path().join(version)).unwrap();
    }
    let versions: Vec<_> = Release::all(place.path()).into_iter().map(|release| release.version).collect();
    assert_eq!(versions, ["0.9.2", "0.10.0", "1.0.0"]);
    fs::write(place.path().join("1.0.0/unused"), "tenants\nusers.nickname\n").unwrap();
    let unused = ["tenants", "users.nickname"].map(str::to_owned);
    assert_eq!(Release::at(place.path(), "1.0.0").unused(), unused.into());
    assert_eq!(Release::at(place.path(), "0.10.0").unused(), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_of_any_release_issued_stays_valid_after_the_upgrade() {
    for release in releases().await {
        let (_folder, url) = on_sqlite(&release).await;
        upgrade(&url).await;
        release.issued().assert_served(&url).await;
        let (_private, url) = on_postgres(&release).await;
        upgrade(&url).await;
        release.issued().assert_served(&url).await;
    }
}

#[tokio::test]
async fn an_upgraded_database_has_the_schema_of_a_new_one() {
    for release in releases().await {
        let (_folder, upgraded) = on_sqlite(&release).await;
        upgrade(&upgraded).await;
        let folder = TempDir::new().unwrap();
        upgrade(&url(&folder)).await;
        assert_eq!(Schema::read(&upgraded).await, Schema::read(&url(&folder)).await);
        let (_private, upgraded) = on_postgres(&release).await;
        upgrade(&upgraded).await;
        let new = PrivateDatabase::migrated().await;
        assert_eq!(Schema::read(&upgraded).await, Schema::read(new.url()).await);
    }
}

/// Expand, then contract: what the latest release uses stays until there is a release that does not use it.
#[tokio::test]
async fn no_migration_takes_away_what_the_latest_release_uses() {
    let release = latest().await;
    let (_folder, sqlite) = on_sqlite(&release).await;
    let (_private, postgres) = on_postgres(&release).await;
    for url in [sqlite, postgres] {
        let before = Schema::read(&url).await;
        upgrade(&url).await;
        let breaking = breaking_changes(&before, &Schema::read(&url).await, &release.unused());
        assert!(breaking.is_empty(), "these changes break nodes of {}: {breaking:#?}", release.version);
    }
}

/// Changes that the check has to notice, and what it says.
const BAD: [(&str, &str); 7] = [
    ("ALTER TABLE users DROP COLUMN updated_at", "the column users.updated_at is gone"),
    ("ALTER TABLE users RENAME COLUMN username TO name", "the column users.username is gone"),
    ("DROP TABLE withdrawals", "the table withdrawals is gone"),
    ("ALTER TABLE sessions RENAME TO logins", "the table sessions is gone"),
    ("DROP INDEX sessions_user_id", "the index sessions_user_id of sessions is gone or has changed"),
    ("CREATE UNIQUE INDEX one ON users (password_hash)", "the new index one of users is unique"),
    (
        "DROP INDEX users_administrator; CREATE INDEX users_administrator ON users (id)",
        "the index users_administrator of users is gone or has changed",
    ),
];

/// Changes that only PostgreSQL can make to a table.
const BAD_ON_POSTGRES: [(&str, &str); 6] = [
    (
        "TRUNCATE clients; ALTER TABLE clients ADD COLUMN tenant text NOT NULL",
        "the new column clients.tenant is not null and has no default",
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
        "the column audit_events.id has lost its default",
    ),
    (
        "ALTER TABLE clients ADD CHECK (length(id) < 9) NOT VALID",
        "a constraint of clients has changed: CHECK",
    ),
    (
        "ALTER TABLE refresh_tokens DROP CONSTRAINT refresh_tokens_authorization_id_fkey",
        "a constraint of refresh_tokens has changed",
    ),
];

/// Changes that a migration may make.
const GOOD: &str = "
    ALTER TABLE users ADD COLUMN nickname text;
    ALTER TABLE users ADD COLUMN logins bigint NOT NULL DEFAULT 0;
    CREATE INDEX users_nickname ON users (nickname);
    CREATE TABLE tenants (id text PRIMARY KEY, name text NOT NULL);
    CREATE UNIQUE INDEX tenants_name ON tenants (name);";

#[tokio::test]
async fn a_migration_that_takes_something_away_is_noticed() {
    let release = latest().await;
    let (_folder, sqlite) = on_sqlite(&release).await;
    let (_private, postgres) = on_postgres(&release).await;
    let none = BTreeSet::new();
    for url in [&sqlite, &postgres] {
        let before = Schema::read(url).await;
        assert!(before.tables().count() > 20);
        execute(url, GOOD).await;
        assert_eq!(breaking_changes(&before, &Schema::read(url).await, &none), [""; 0], "{url}");
    }
    for (sql, sentence) in BAD {
        let (_folder, url) = on_sqlite(&release).await;
        assert_noticed(&url, sql, sentence).await;
    }
    for (sql, sentence) in BAD.into_iter().chain(BAD_ON_POSTGRES) {
        let (_private, url) = on_postgres(&release).await;
        assert_noticed(&url, sql, sentence).await;
    }
}

/// `sql` is a breaking change, and `sentence` says which.
async fn assert_noticed(url: &str, sql: &str, sentence: &str) {
    let before = Schema::read(url).await;
    execute(url, sql).await;
    let after = Schema::read(url).await;
    let all = breaking_changes(&before, &after, &BTreeSet::new());
    assert!(all.iter().any(|one| one.starts_with(sentence)), "{sql}: {all:?}");
    // What the release does not use may be dropped.
    let names = sentence.split_whitespace().map(str::to_owned).collect();
    let gone = sentence.ends_with("is gone");
    assert!(!gone || !breaking_changes(&before, &after, &names).iter().any(|one| one == sentence), "{sql}");
}

/// The latest release, upgraded and emptied, as an SQLite file that is copied.
static SQLITE: OnceCell<TempDir> = OnceCell::const_new();

/// The same on PostgreSQL.
static POSTGRES: OnceCell<PrivateDatabase> = OnceCell::const_new();

async fn emptied(url: &str) {
    upgrade(url).await;
    let schema = Schema::read(url).await;
    // The table that a foreign key refers to is the last one.
    let mut tables: Vec<_> = schema.tables().collect();
    tables.sort_by_key(|table| *table == "authorizations");
    let deletions: String = tables.iter().map(|table| format!("DELETE FROM {table};")).collect();
    execute(url, &deletions).await;
}

async fn sqlite_stores() -> (TempDir, Stores) {
    let template = SQLITE.get_or_init(async || {
        let (folder, url) = on_sqlite(&latest().await).await;
        emptied(&url).await;
        folder
    });
    let folder = TempDir::new().unwrap();
    let name = "oauth2.db";
    fs::copy(template.await.path().join(name), folder.path().join(name)).unwrap();
    let stores = Stores::new(&Arc::new(Database::connect(&url(&folder)).await.unwrap()));
    (folder, stores)
}

async fn postgres_stores() -> (PrivateDatabase, Stores) {
    let template = POSTGRES.get_or_init(async || {
        let (private, url) = on_postgres(&latest().await).await;
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
