//! `backup` while the server works, and `restore` into an empty database: everything that was answered
//! before the backup began is there, and a file that is not good changes nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use tests::support::{Browser, PASSWORD, PrivateDatabase, RelyingParty};

use crate::crash::{LIFETIMES, Received, SCOPE, WORKERS, load};
use crate::installation::{Installation, is_private};
use crate::{ENCRYPTION_KEY, USERNAME};

/// How many responses there are before the backup begins.
const RESPONSES: u64 = 150;

const SQLITE: &str = "sqlite:restored.db?mode=rwc";

/// Makes backups under load, to a file and to a pipe. Returns what was answered before, and the client.
async fn backed_up_under_load(installation: &Installation) -> (Received, RelyingParty) {
    let client = crate::client(installation, &["--first-party"]).await;
    crate::user(installation).await;
    let running = installation.serves().await;
    let browsers: Vec<_> = (0..WORKERS).map(|_| Browser::new(&installation.issuer)).collect();
    for browser in &browsers {
        client.tokens(browser, USERNAME, &[SCOPE]).await;
    }
    let (fuse, mut workers) = load(&client, &browsers, RESPONSES).await;
    fuse.burns().await;
    let mut received = fuse.received();
    let made = installation.answers(&["backup", "backup.jsonl", "--json"], "").await;
    let piped = installation.runs_script("\"$SERVER_BINARY\" export | cat > piped.jsonl").await;
    assert!(piped.status.success(), "{}", piped.errors);
    let after = fuse.received();
    assert!(after.access_tokens.len() > received.access_tokens.len(), "the server stopped for the backup");
    // The others were spent while the backup was made.
    received.refresh_tokens.retain(|token| after.refresh_tokens.contains(token));
    assert!(
        !received.refresh_tokens.is_empty() && !received.codes.is_empty() && !received.redeemed.is_empty()
    );
    running.crashes().await;
    while workers.join_next().await.is_some() {}

    assert!(is_private(&installation.folder().join("backup.jsonl")));
    let rows = made["rows"].as_u64().expect("a number");
    println!(
        "{rows} rows after {} access tokens, {} chains of refresh tokens, {} codes",
        received.access_tokens.len() + received.redeemed.len(),
        received.refresh_tokens.len(),
        received.codes.len(),
    );
    (received, client)
}

const RESTORE: [&str; 2] = ["restore", "backup.jsonl"];

const IMPORT: [&str; 2] = ["import", "piped.jsonl"];

/// Restores the backup into this empty database, or imports the export, and asserts that everything works there.
async fn restored(
    installation: &mut Installation,
    database: &str,
    line: [&str; 2],
    (received, client): &(Received, RelyingParty),
) {
    installation.set("OAUTH2_DATABASE_URL", database);
    let restored = installation.runs(&line, "").await;
    assert!(restored.status.success(), "{}", restored.errors);
    assert_eq!(restored.output.contains("is undone"), line == RESTORE, "{}", restored.output);
    let running = installation.serves().await;
    let issued = received.redeemed.iter().map(|(_, access_token)| access_token);
    for access_token in received.access_tokens.iter().chain(issued) {
        assert_eq!(client.introspect(access_token).await["active"], true, "an access token is lost");
    }
    for refresh_token in &received.refresh_tokens {
        RelyingParty::successful(client.refresh(refresh_token).await).await;
    }
    // What works once may have been used after a backup. An operator who uses `import` confirms that it was not.
    for code in &received.codes {
        let status = if line == RESTORE { 400 } else { 200 };
        assert_eq!(client.redeem(code).await.status(), status, "a code after {line:?}");
    }
    for (code, access_token) in &received.redeemed {
        assert_eq!(client.redeem(code).await.status(), 400, "a code was redeemed twice");
        let introspected = client.introspect(access_token).await;
        assert_eq!(introspected, json!({"active": false}), "a spent code is no longer known as spent");
    }
    client.tokens(&Browser::new(&installation.issuer), USERNAME, &[SCOPE]).await;
    running.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_under_load_has_everything_that_was_answered_before() {
    let mut installation = Installation::with(&LIFETIMES);
    let before = backed_up_under_load(&installation).await;
    restored(&mut installation, SQLITE, RESTORE, &before).await;
    let private = PrivateDatabase::empty().await;
    installation.set("OAUTH2_ENCRYPTION_KEY_FILE", "oauth2.key");
    restored(&mut installation, private.url(), RESTORE, &before).await;
    restored(&mut installation, "sqlite:imported.db?mode=rwc", IMPORT, &before).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_postgres_under_load_has_everything_that_was_answered_before() {
    let private = PrivateDatabase::empty().await;
    let settings = [("OAUTH2_DATABASE_URL", private.url()), ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
    let mut installation = Installation::with(&[&settings[..], &LIFETIMES[..]].concat());
    let before = backed_up_under_load(&installation).await;
    let other = PrivateDatabase::empty().await;
    restored(&mut installation, other.url(), RESTORE, &before).await;
    restored(&mut installation, SQLITE, RESTORE, &before).await;
    let imported = PrivateDatabase::empty().await;
    restored(&mut installation, imported.url(), IMPORT, &before).await;
}

/// An installation with a user, a client and a backup.
async fn with_backup() -> (Installation, RelyingParty) {
    let installation = Installation::new();
    let client = crate::client(&installation, &["--first-party"]).await;
    crate::user(&installation).await;
    installation.serves().await.ends().await;
    installation.answers(&["backup", "good.jsonl", "--json"], "").await;
    (installation, client)
}

/// Asserts that the command fails, and that it says so.
async fn refuses(installation: &Installation, line: &[&str], says: &str) {
    let refused = installation.runs(line, "").await;
    assert_eq!(refused.status.code(), Some(1), "{line:?}: {}", refused.errors);
    assert!(refused.errors.contains(says), "{line:?}: {}", refused.errors);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_not_good_changes_nothing() {
    let (mut installation, client) = with_backup().await;
    let good = fs::read_to_string(installation.folder().join("good.jsonl")).expect("a backup");
    let private = PrivateDatabase::empty().await;
    let lines: Vec<_> = good.lines().collect();
    let bad = [
        ("cut off", good[..good.len() / 2].to_owned()),
        ("cut off", lines[..lines.len() - 1].join("\n") + "\n"),
        ("not what was written", good.replacen("\"ada\"", "\"eve\"", 1)),
        ("another version", good.replacen("\"version\":1", "\"version\":2", 1)),
        ("another version", good.replacen("_baseline", "_newer", 1)),
        ("no backup of oauth2-server", "SQLite format 3\0\n".to_owned()),
    ];
    for database in [SQLITE, private.url()] {
        installation.set("OAUTH2_DATABASE_URL", database);
        installation.set("OAUTH2_ENCRYPTION_KEY_FILE", "oauth2.key");
        for (says, bad) in &bad {
            fs::write(installation.folder().join("bad.jsonl"), bad).expect("a file");
            refuses(&installation, &["restore", "bad.jsonl"], says).await;
        }
        installation.unset("OAUTH2_ENCRYPTION_KEY_FILE");
        installation.set("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY);
        refuses(&installation, &["restore", "good.jsonl"], "another encryption key").await;
        installation.unset("OAUTH2_ENCRYPTION_KEY");
        installation.set("OAUTH2_ENCRYPTION_KEY_FILE", "oauth2.key");
        // Only an empty database takes it: nothing of all the others was written.
        installation.answers(&["restore", "good.jsonl", "--json"], "").await;
        refuses(&installation, &["restore", "good.jsonl"], "not empty").await;
        let running = installation.serves().await;
        client.tokens(&Browser::new(&installation.issuer), USERNAME, &[SCOPE]).await;
        running.ends().await;
    }
}

#[tokio::test]
async fn a_restore_needs_the_encryption_key_and_makes_none() {
    let (mut installation, _) = with_backup().await;
    installation.set("OAUTH2_DATABASE_URL", "sqlite:elsewhere/oauth2.db?mode=rwc");
    fs::create_dir(installation.folder().join("elsewhere")).expect("a folder");
    refuses(&installation, &["restore", "good.jsonl"], "elsewhere/oauth2.key").await;
    assert_eq!(fs::read_dir(installation.folder().join("elsewhere")).expect("a folder").count(), 0);
}

#[tokio::test]
async fn a_backup_that_its_key_does_not_open_is_not_made() {
    let (mut installation, _) = with_backup().await;
    installation.set("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY);
    refuses(&installation, &["backup", "other.jsonl"], "does not open the signing key").await;
    installation.unset("OAUTH2_ENCRYPTION_KEY");
    fs::remove_file(installation.folder().join("oauth2.key")).expect("the key");
    refuses(&installation, &["backup", "other.jsonl"], "there is no encryption key").await;
    let files = installation.files();
    assert!(
        !files.iter().any(|file| file.ends_with("other.jsonl") || file.ends_with("oauth2.key")),
        "{files:?}"
    );
}

#[tokio::test]
async fn a_backup_of_no_database_is_refused_and_makes_none() {
    let mut installation = Installation::new();
    refuses(&installation, &["backup", "empty.jsonl"], "does not exist").await;
    assert!(installation.files().is_empty(), "{:?}", installation.files());
    installation.set("OAUTH2_DATABASE_URL", "memory:");
    refuses(&installation, &["backup", "empty.jsonl"], "memory:").await;
    assert!(installation.files().is_empty(), "{:?}", installation.files());
}

#[tokio::test]
async fn a_backup_replaces_a_file_only_if_asked_and_only_by_a_whole_one() {
    let (installation, _) = with_backup().await;
    let file = installation.folder().join("good.jsonl");
    let before = fs::read(&file).expect("a backup");
    refuses(&installation, &["backup", "good.jsonl"], "--replace").await;
    let link = installation.folder().join("link.jsonl");
    symlink("nowhere.jsonl", &link).expect("a link");
    refuses(&installation, &["backup", "link.jsonl"], "--replace").await;
    assert_eq!(fs::read(&file).expect("a backup"), before);

    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("a mode");
    installation.answers(&["backup", "good.jsonl", "--replace", "--json"], "").await;
    assert_ne!(fs::read(&file).expect("a backup"), before);
    assert!(is_private(&file));
    refuses(&installation, &["backup", "missing/good.jsonl"], "missing/good.jsonl").await;
}

/// Ends a backup by this signal when it has begun to write, and shows what is left.
const INTERRUPTED: &str = "
    \"$SERVER_BINARY\" backup half.jsonl & backup=$!
    until compgen -G '.oauth2-*' > /dev/null || ! kill -0 \"$backup\"; do sleep 0.02; done
    kill -TERM \"$backup\"
    wait \"$backup\" || echo \"status $?\"
    ls -A";

#[tokio::test]
async fn an_interrupted_backup_leaves_nothing_behind() {
    let private = PrivateDatabase::migrated().await;
    let settings = [("OAUTH2_DATABASE_URL", private.url()), ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
    let installation = Installation::with(&settings);
    let other = sea_orm::Database::connect(private.url()).await.expect("a connection");
    let lock = other.begin().await.expect("a transaction");
    // So the backup does not get further than to this table.
    lock.execute_unprepared("LOCK TABLE users IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let ended = installation.runs_script(INTERRUPTED).await;
    assert_eq!(ended.output, "status 1\n", "{}", ended.errors);
    assert!(ended.errors.contains("interrupted"), "{}", ended.errors);
    lock.rollback().await.expect("the lock is released");
}

/// A disk on which the backup does not fit; where the kernel forbids such disks, a limit on the size of files.
const FULL_DISK: &str = "
    work='cd \"$0\" && cp good.jsonl \"$1/old.jsonl\"; status=0; \"$SERVER_BINARY\" backup \"$1/new.jsonl\" || status=$?;
        \"$SERVER_BINARY\" backup \"$1/old.jsonl\" --replace || status=$status$?; ls -A \"$1\"; echo \"$status\"'
    mkdir small
    if unshare --user --map-root-user --mount mount -t tmpfs tmpfs /mnt 2> /dev/null; then
        # As large as one backup, which is there, and not as two.
        size=$(( $(stat --format %s good.jsonl) + 4096 ))
        unshare --user --map-root-user --mount bash -c \"mount -t tmpfs -o size=$size,mode=0700 tmpfs small && $work\" . small
    else
        trap '' XFSZ
        bash -c \"ulimit -f 4; $work\" . small
    fi";

#[tokio::test]
async fn a_disk_that_is_full_has_no_half_backup() {
    let (installation, _) = with_backup().await;
    // Larger than any page of a disk.
    for number in 0..60 {
        let id = format!("app{number}");
        let line =
            ["client", "create", "--id", &id, "--grant", "client_credentials", "--scope", "read", "--json"];
        installation.answers(&line, "").await;
    }
    installation.answers(&["backup", "good.jsonl", "--replace", "--json"], "").await;
    let ended = installation.runs_script(FULL_DISK).await;
    assert!(ended.errors.contains("the backup could not be written"), "{ended:?}");
    let output: Vec<_> = ended.output.lines().collect();
    assert_eq!(output, ["old.jsonl", "11"], "{}", ended.errors);
    let full = installation.runs_script("\"$SERVER_BINARY\" backup - > /dev/full").await;
    assert_eq!(full.status.code(), Some(1));
    assert!(full.errors.contains("the backup could not be written"), "{}", full.errors);
}

#[tokio::test]
async fn a_backup_that_goes_to_a_file_that_others_can_read_is_warned_about() {
    let (installation, _) = with_backup().await;
    for (line, warned) in [
        ("umask 022; \"$SERVER_BINARY\" export > a.jsonl", true),
        ("umask 027; \"$SERVER_BINARY\" backup - > b.jsonl", true),
        ("umask 077; \"$SERVER_BINARY\" export - > c.jsonl", false),
        ("umask 022; \"$SERVER_BINARY\" export | cat > d.jsonl", false),
        ("umask 022; \"$SERVER_BINARY\" backup e.jsonl", false),
    ] {
        let ended = installation.runs_script(line).await;
        assert!(ended.status.success(), "{}", ended.errors);
        assert_eq!(
            ended.errors.contains("other users can read the file"),
            warned,
            "{line}: {}",
            ended.errors
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_signs_everyone_out_keeps_people_and_clients_only() {
    let mut installation = Installation::new();
    let client = crate::client(&installation, &["--first-party"]).await;
    crate::user(&installation).await;
    let running = installation.serves().await;
    let browser = Browser::new(&installation.issuer);
    let tokens = client.tokens(&browser, USERNAME, &[SCOPE]).await;
    installation.answers(&["backup", "backup.jsonl", "--json"], "").await;
    let status = client.refresh(tokens.text("refresh_token")).await.status();
    assert_eq!(status, 200);
    running.ends().await;

    installation.set("OAUTH2_DATABASE_URL", SQLITE);
    let restored =
        installation.answers(&["restore", "backup.jsonl", "--sign-out-everyone", "--json"], "").await;
    assert!(restored["taken_at"].is_string(), "{restored}");
    let running = installation.serves().await;
    assert_eq!(client.refresh(tokens.text("refresh_token")).await.status(), 400);
    let introspected = client.introspect(tokens.text("access_token")).await;
    assert_eq!(introspected, json!({"active": false}));
    let silent = [("prompt", "none"), SCOPE];
    let landed = browser.open(&client.authorization_url(&silent)).await.client();
    assert!(landed.as_str().contains("error=login_required"), "{landed}");
    client.tokens(&browser, USERNAME, &[SCOPE]).await;
    running.ends().await;
}

/// No other test starts the server by its own documentation's commands for backups.
#[tokio::test]
async fn the_commands_for_a_backup_in_the_documentation_work_as_written() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/deployment.md");
    let page = fs::read_to_string(page).expect("the page");
    let section = page.split("\n## Backup\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().expect("its end");
    let block = section.split("```sh\n").nth(1).expect("commands").split("```").next().expect("their end");
    let installation = Installation::new();
    crate::user(&installation).await;
    let running = installation.serves().await;
    let script = format!("oauth2-server() {{ \"$SERVER_BINARY\" \"$@\"; }}\n{block}");
    let ended = installation.runs_script(&script).await;
    assert!(ended.status.success(), "{ended:?}");
    running.ends().await;
    let mut restored = installation;
    restored.set("OAUTH2_DATABASE_URL", "sqlite:new/oauth2.db");
    let users: Value = restored.answers(&["user", "list", "--json"], PASSWORD).await;
    assert!(users.to_string().contains(USERNAME), "{users}");
}
