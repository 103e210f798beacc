//! The export of a database is imported into another one, of the same kind or not: every row
//! unchanged, or nothing at all.

use std::io::Cursor;

use adapters_postgres::{Database, TransferError};
use domain::SigningKey;
use tempfile::TempDir;
use tests::support::PrivateDatabase;

use crate::postgres_only::fill;

/// Exactly two full batches of each table.
const ROWS: u32 = 1_000;

/// The tables that [`fill`] does not fill.
const SMALL: &str = "
    INSERT INTO signing_algorithms VALUES ('RS256');
    INSERT INTO signing_keys VALUES ('kid', 'RS256', '\\x00ff', 1, NULL, 5);
    INSERT INTO set_up_links VALUES (1, '\\x01', 9000000000000000);
    INSERT INTO ended_resources VALUES ('x', 9000000000000000);";

async fn sqlite() -> (TempDir, Database) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
    let database = Database::connect(&url).await.unwrap();
    database.migrate().await.unwrap();
    (folder, database)
}

async fn exported(database: &Database) -> String {
    let mut export = Vec::new();
    database.export("0.0.0", &mut export).await.unwrap();
    String::from_utf8(export).unwrap()
}

async fn import(database: &Database, export: &str) -> Result<u64, TransferError> {
    let accept = |_: &[SigningKey]| Ok(());
    database.import(&mut Cursor::new(export), accept).await.map(|moved| moved.rows)
}

/// The lines, without those that depend on the order of the rows.
fn rows(export: &str) -> Vec<&str> {
    let mut rows: Vec<_> = export.lines().filter(|line| line.starts_with('[')).collect();
    rows.sort_unstable();
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_of_every_table_goes_to_sqlite_and_back_unchanged() {
    let private = PrivateDatabase::migrated().await;
    fill(&private, ROWS).await;
    private.execute(SMALL).await;
    let database = Database::connect(private.url()).await.unwrap();
    let first = exported(&database).await;

    let (_folder, other) = sqlite().await;
    let moved = import(&other, &first).await.unwrap();
    let second = exported(&other).await;
    assert!(moved > 20 * u64::from(ROWS - 10), "{moved} rows");
    assert_eq!(rows(&second), rows(&first));

    let back = PrivateDatabase::migrated().await;
    let database = Database::connect(back.url()).await.unwrap();
    assert_eq!(import(&database, &second).await.unwrap(), moved);
    assert_eq!(exported(&database).await, first);
    // Tables with generated numbers continue after the imported rows.
    back.execute("INSERT INTO audit_events (at, actor, actor_name, action, target, changes) VALUES (1, 'a', 'a', 'b', 'c', '{}')").await;
    let latest = back.rows("SELECT max(id) AS id FROM audit_events").await;
    assert_eq!(latest[0].try_get::<i64>("", "id").unwrap(), 1_000_000 + i64::from(ROWS) + 1);
}

/// An export with few rows.
async fn small() -> String {
    let private = PrivateDatabase::migrated().await;
    fill(&private, 11).await;
    private.execute(SMALL).await;
    exported(&Database::connect(private.url()).await.unwrap()).await
}

#[tokio::test]
async fn what_is_not_whole_or_not_ours_is_refused_and_nothing_of_it_is_kept() {
    let export = small().await;
    let (_folder, target) = sqlite().await;
    let empty = exported(&target).await;
    let lines: Vec<_> = export.lines().collect();
    let without = |number: usize| {
        let left = lines.iter().enumerate().filter(|(at, _)| *at != number);
        left.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    let row = lines.iter().position(|line| line.starts_with('[')).unwrap();
    let mut broken = vec![
        ("nothing", String::new()),
        ("no last newline", export.trim_end().to_owned()),
        ("half of it", export[..export.len() / 2].to_owned()),
        ("half of it, whole lines", lines[..lines.len() / 2].join("\n") + "\n"),
        ("no trailer", without(lines.len() - 1)),
        ("no header", without(0)),
        ("no columns", without(1)),
        ("a row less", without(row)),
        ("a row twice", export.replacen(lines[row], &format!("{0}\n{0}", lines[row]), 1)),
        ("a changed row", export.replacen("x1", "y1", 1)),
        ("more after the end", format!("{export}\n")),
        ("something else", "PK\u{3}\u{4}\n".to_owned()),
        ("another format", export.replacen("oauth2-server export", "other export", 1)),
        ("another version of the format", export.replacen("\"version\":1", "\"version\":2", 1)),
        ("another schema", export.replacen("_baseline", "_something_newer", 1)),
        ("a row that is too short", export.replacen(lines[row], "[]", 1)),
        ("a row of other values", export.replacen(lines[row], "[1,2,3,4]", 1)),
        ("no row", export.replacen(lines[row], "[", 1)),
    ];
    broken.extend((1..lines.len()).map(|count| ("cut after a line", lines[..count].join("\n") + "\n")));
    for (what, broken) in broken {
        let refused = import(&target, &broken).await;
        // The database itself reports a row that occurs twice.
        let as_expected = match &refused {
            Err(TransferError::Broken { .. } | TransferError::OtherVersion(_)) => true,
            Err(TransferError::Unavailable(_)) => what == "a row twice",
            Ok(_) | Err(_) => false,
        };
        assert!(as_expected, "{what}: {refused:?}");
        assert_eq!(exported(&target).await, empty, "{what}");
    }
    import(&target, &export).await.unwrap();
}

#[tokio::test]
async fn only_an_empty_database_takes_anything_in() {
    let export = small().await;
    let (_folder, target) = sqlite().await;
    import(&target, &export).await.unwrap();
    let kept = exported(&target).await;
    let refused = import(&target, &export).await.unwrap_err();
    assert!(matches!(refused, TransferError::NotEmpty(_)), "{refused}");
    assert_eq!(exported(&target).await, kept);
}

#[tokio::test]
async fn signing_keys_that_cannot_be_used_keep_everything_out() {
    let export = small().await;
    let (_folder, target) = sqlite().await;
    let empty = exported(&target).await;
    let accept = |keys: &[SigningKey]| match keys {
        [key] if key.sealed == [0, 255] => Err("sealed with another key".to_owned()),
        other => Err(format!("{} keys", other.len())),
    };
    let refused = target.import(&mut Cursor::new(&export), accept).await.unwrap_err();
    assert!(refused.to_string().contains("sealed with another key"), "{refused}");
    assert_eq!(exported(&target).await, empty);
}
