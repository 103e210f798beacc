//! A backup of a database is restored into another one, of the same kind or not: every row
//! unchanged, or nothing at all.

use std::io::Cursor;

use adapters_postgres::{BackupKey, Database, Extent, TransferError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Digest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::contract::fixture::{after, now};
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

/// The encryption key of a server. The rows of [`fill`] are sealed with none.
#[derive(Clone, Copy)]
struct TestKey {
    name: &'static str,
    opens_rows: bool,
}

const KEY: TestKey = TestKey { name: "key", opens_rows: true };

impl BackupKey for TestKey {
    fn seal(&self, context: &str) -> Option<Vec<u8>> {
        Some(Digest::of(format!("{} {context}", self.name).as_bytes()).as_bytes().to_vec())
    }

    fn opens(&self, context: &str, sealed: &[u8]) -> bool {
        match context.starts_with("oauth2-server backup ") {
            true => self.seal(context).is_some_and(|seal| seal == sealed),
            false => self.opens_rows,
        }
    }
}

async fn exported(database: &Database) -> String {
    let mut export = Vec::new();
    database.export("0.0.0", now(), &KEY, &mut export).await.unwrap();
    String::from_utf8(export).unwrap()
}

async fn import_as(
    database: &Database,
    export: &str,
    key: TestKey,
    extent: Extent,
) -> Result<u64, TransferError> {
    let taken = database.import(&mut Cursor::new(export), &key, extent, after(60)).await?;
    assert_eq!(taken.taken_at, now());
    Ok(taken.rows)
}

async fn import(database: &Database, export: &str) -> Result<u64, TransferError> {
    import_as(database, export, KEY, Extent::Everything).await
}

/// These lines with the trailer that belongs to them, except for a given seal.
fn ended(lines: &[&str], rows: &Value, seal: Option<&str>) -> String {
    let mut digest = Digest::of(b"");
    for line in lines {
        digest = Digest::of(&[digest.as_bytes().as_slice(), line.as_bytes()].concat());
    }
    let digest = digest.to_base64url();
    let own = KEY.seal(&format!("oauth2-server backup {digest}")).unwrap();
    let own = URL_SAFE_NO_PAD.encode(own);
    let trailer = json!({"rows": rows, "digest": digest, "seal": seal.unwrap_or(&own)});
    format!("{}\n{trailer}\n", lines.join("\n"))
}

fn trailer(export: &str) -> Value {
    serde_json::from_str(export.lines().last().unwrap()).unwrap()
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

/// The values of a column.
fn column(export: &str, table: &str, name: &str) -> Vec<Value> {
    let begin = format!("{{\"table\":\"{table}\"");
    let mut lines = export.lines().skip_while(|line| !line.starts_with(&begin));
    let header: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    let place = header["columns"].as_array().unwrap().iter().position(|column| *column == name).unwrap();
    let rows = lines.take_while(|line| line.starts_with('['));
    rows.map(|row| serde_json::from_str::<Value>(row).unwrap()[place].clone()).collect()
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
        ("another format", export.replacen("oauth2-server backup", "other backup", 1)),
        ("another version of the format", export.replacen("\"version\":1", "\"version\":2", 1)),
        ("a newer format", export.replacen("\"version\":1", "\"version\":2,\"more\":true", 1)),
        ("another time", export.replacen("\"taken_at\":\"20", "\"taken_at\":\"21", 1)),
        ("an unknown table", export.replacen("{\"table\":\"users\"", "{\"table\":\"strangers\"", 1)),
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
async fn a_change_that_somebody_made_without_the_key_keeps_everything_out() {
    let export = small().await;
    let (_folder, target) = sqlite().await;
    let empty = exported(&target).await;
    let end = trailer(&export);
    let lines: Vec<_> = export.lines().filter(|line| !line.starts_with("{\"rows\"")).collect();
    assert_eq!(trailer(&ended(&lines, &end["rows"], None)), end, "the trailer of this test is the real one");

    let changed: Vec<_> = lines.iter().map(|line| line.replacen("x1", "y1", 1)).collect();
    let changed: Vec<_> = changed.iter().map(String::as_str).collect();
    let forged = ended(&changed, &end["rows"], end["seal"].as_str());
    for forged in [forged, ended(&lines, &end["rows"], Some("")), ended(&lines, &end["rows"], Some("!"))] {
        let refused = import(&target, &forged).await.unwrap_err();
        assert!(matches!(refused, TransferError::Key(_)), "{refused}");
        assert_eq!(exported(&target).await, empty);
    }
}

#[tokio::test]
async fn a_row_that_belongs_to_none_keeps_everything_out() {
    let export = small().await;
    let end = trailer(&export);
    let mut rows = end["rows"].clone();
    rows["authorizations"] = json!(0);
    let mut lines = Vec::new();
    let mut table = "";
    for line in export.lines().filter(|line| !line.starts_with("{\"rows\"")) {
        if line.starts_with('{') {
            table = line;
        }
        if line.starts_with('{') || !table.contains("\"authorizations\"") {
            lines.push(line);
        }
    }
    let orphaned = ended(&lines, &rows, None);
    let private = PrivateDatabase::migrated().await;
    let postgres = Database::connect(private.url()).await.unwrap();
    let (_folder, sqlite) = sqlite().await;
    for target in [postgres, sqlite] {
        let empty = exported(&target).await;
        let refused = import(&target, &orphaned).await.unwrap_err();
        assert!(refused.to_string().to_lowercase().contains("foreign key"), "{refused}");
        assert_eq!(exported(&target).await, empty);
    }
}

#[tokio::test]
async fn another_encryption_key_neither_makes_a_backup_nor_restores_one() {
    let export = small().await;
    let (folder, target) = sqlite().await;
    let empty = exported(&target).await;
    for other in [TestKey { name: "other", ..KEY }, TestKey { opens_rows: false, ..KEY }] {
        let refused = import_as(&target, &export, other, Extent::Everything).await.unwrap_err();
        assert!(matches!(refused, TransferError::Key(_)), "{refused}");
        assert_eq!(exported(&target).await, empty);
    }
    import(&target, &export).await.unwrap();
    let mut nowhere = Vec::new();
    let other = TestKey { opens_rows: false, ..KEY };
    for (kept, named) in [("", "signing key kid"), ("DELETE FROM signing_keys", "x1")] {
        if !kept.is_empty() {
            let url = format!("sqlite:{}", folder.path().join("oauth2.db").display());
            execute(&url, kept).await;
        }
        let refused = target.export("0.0.0", now(), &other, &mut nowhere).await.unwrap_err().to_string();
        assert!(refused.contains("does not open") && refused.contains(named), "{refused}");
    }
    assert!(nowhere.is_empty());
}

async fn execute(url: &str, sql: &str) {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_database_of_another_version_is_not_backed_up() {
    let mut nowhere = Vec::new();
    let (folder, database) = sqlite().await;
    let url = format!("sqlite:{}", folder.path().join("oauth2.db").display());
    for change in
        ["INSERT INTO seaql_migrations VALUES ('m99999999_newer', 1)", "DROP TABLE seaql_migrations"]
    {
        execute(&url, change).await;
        let refused = database.export("0.0.0", now(), &KEY, &mut nowhere).await.unwrap_err();
        assert!(matches!(refused, TransferError::OtherSchema), "{refused}");
    }
    let empty = PrivateDatabase::empty().await;
    let database = Database::connect(empty.url()).await.unwrap();
    let refused = database.export("0.0.0", now(), &KEY, &mut nowhere).await.unwrap_err();
    assert!(matches!(refused, TransferError::OtherSchema), "{refused}");
    assert!(nowhere.is_empty());
}

/// The tables of what works once. Codes that were redeemed stay.
const WORK_ONCE: [&str; 5] = ["device_codes", "mails", "one_time_links", "pushed_requests", "set_up_links"];

/// The tables of sessions and what was issued in them.
const LOGINS: [&str; 4] = ["sessions", "authorizations", "refresh_tokens", "opaque_access_tokens"];

#[tokio::test]
async fn a_restored_database_has_nothing_that_works_once_and_signed_out_no_logins() {
    let private = PrivateDatabase::migrated().await;
    fill(&private, 11).await;
    private.execute(SMALL).await;
    private.execute("UPDATE authorization_codes SET redeemed = false").await;
    let one = "UPDATE authorization_codes SET redeemed = true \
               WHERE digest = (SELECT digest FROM authorization_codes ORDER BY digest LIMIT 1)";
    private.execute(one).await;
    let export = exported(&Database::connect(private.url()).await.unwrap()).await;

    for (extent, gone) in
        [(Extent::Lasting, WORK_ONCE.to_vec()), (Extent::SignedOut, [WORK_ONCE.as_slice(), &LOGINS].concat())]
    {
        let mut expected = trailer(&export)["rows"].clone();
        expected["authorization_codes"] = json!(1);
        for table in gone {
            assert!(expected[table].as_u64().unwrap() > 0, "{table}");
            expected[table] = json!(0);
        }
        let copy = PrivateDatabase::migrated().await;
        let postgres = Database::connect(copy.url()).await.unwrap();
        let (_folder, sqlite) = sqlite().await;
        for target in [postgres, sqlite] {
            import_as(&target, &export, KEY, extent).await.unwrap();
            let restored = exported(&target).await;
            assert_eq!(trailer(&restored)["rows"], expected, "{extent:?}");
            // It is unknown which clients were used after the backup.
            let used = column(&restored, "clients", "used_at");
            assert!(
                !used.is_empty() && used.iter().all(|at| *at == after(60).timestamp_micros()),
                "{used:?}"
            );
        }
    }
}
