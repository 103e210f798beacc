//! Whether the disk of the database is full.
//!
//! While the disk of SQLite is full, the server makes only the writes that an operator or a user needs then: it removes what has
//! expired, deletes, revokes, disables, and ends sessions. They may use the [`Reserve`]. When the reserve could be filled
//! again, every write is admitted again. PostgreSQL decides itself what it can still do; readiness and the metrics tell that its
//! disk is full.
//!
//! See docs/decisions/limits.md.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::reserve::{Reserve, beside, free_bytes, length};

/// Whether there is room for the database.
#[derive(Debug, Default)]
pub(crate) struct Room {
    is_full: AtomicBool,
    /// On SQLite. The disk of PostgreSQL is elsewhere.
    file: Option<Kept>,
}

/// A database file and its reserve.
#[derive(Debug)]
struct Kept {
    database: PathBuf,
    reserve: Mutex<Reserve>,
}

impl Room {
    /// The room for this file of SQLite.
    pub(super) fn around(database: &Path) -> Self {
        let reserve = Mutex::new(Reserve::beside(database));
        Self { is_full: AtomicBool::new(false), file: Some(Kept { database: database.to_owned(), reserve }) }
    }

    /// A write found no room.
    pub(super) fn found_full(&self) {
        if self.is_full.swap(true, Ordering::Relaxed) {
            return;
        }
        if self.file.is_none() {
            tracing::error!(
                "the disk of the database is full; it refuses what needs room. Make room on the disk"
            );
        } else {
            tracing::error!(
                "the disk of the database is full; until there is room, only deletions, revocations, logouts and disabling \
                 are done. Make room on the disk"
            );
        }
    }

    /// A write found room.
    pub(super) fn found_room(&self) {
        if self.is_full.swap(false, Ordering::Relaxed) {
            tracing::info!("the disk of the database has room again");
        }
    }

    /// Something was written. On SQLite it may have been so little that it proves nothing, and the reserve decides.
    pub(super) fn wrote(&self) {
        if self.file.is_none() && self.is_full() {
            self.found_room();
        }
    }

    /// Whether a write found no room, and none has found room since.
    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    /// Whether every write is admitted. After the disk was full, it is when the reserve could be filled; on PostgreSQL it always
    /// is.
    pub(super) async fn admits(&self) -> bool {
        if self.file.is_none() {
            return true;
        }
        if self.is_full() {
            self.fill_reserve().await;
        }
        !self.is_full()
    }

    /// Fills the reserve, or finds the disk full. One caller does it at a time, and the others do not wait.
    pub(super) async fn fill_reserve(&self) {
        let Some(file) = &self.file else {
            return;
        };
        let Ok(reserve) = file.reserve.try_lock() else {
            return;
        };
        let filled = reserve.clone();
        match spawn_blocking(move || filled.fill()).await {
            Ok(Ok(true)) => self.found_room(),
            Ok(Ok(false)) => self.found_full(),
            Ok(Err(reason)) => {
                tracing::warn!(%reason, "cannot keep space in reserve beside the database");
                // If the reserve cannot be written, for example because another user owns it, the free space decides.
                if reserve.fits() == Some(true) {
                    self.found_room();
                }
            }
            Err(_panicked) => {}
        }
    }

    /// Gives up a part of the reserve. False if nothing of it is left.
    pub(super) async fn give_up_a_part(&self) -> bool {
        let Some(file) = &self.file else {
            return false;
        };
        let reserve = file.reserve.lock().await;
        let cut = reserve.clone();
        spawn_blocking(move || cut.give_up_a_part().unwrap_or(false)).await.unwrap_or(false)
    }

    /// The size of the write-ahead log of SQLite.
    pub(super) fn log_bytes(&self) -> u64 {
        self.file.as_ref().map_or(0, |file| length(&beside(&file.database, "-wal")))
    }

    /// Sets `oauth2_store_full`, and on SQLite the gauges of the files and of their disk.
    #[allow(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
    pub(super) fn measure(&self, store: &'static str) {
        metrics::gauge!("oauth2_store_full", "store" => store).set(u8::from(self.is_full()));
        let Some(Kept { database, .. }) = &self.file else {
            return;
        };
        let files = [("database", ""), ("log", "-wal"), ("reserve", "-reserve")];
        for (name, ending) in files {
            let bytes = length(&beside(database, ending)) as f64;
            metrics::gauge!("oauth2_store_file_bytes", "file" => name).set(bytes);
        }
        if let Some(free) = free_bytes(database) {
            metrics::gauge!("oauth2_store_free_bytes").set(free as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use application::port::{
        AttemptKey, Attempts, AuditTrail, Authorizations, ChangedUser, Clients, Consents, Counter, Expired,
        HistoryBounds, InitialAccessTokens, Limit, Marked, Readiness, ReplayMarks, Resources, Sessions,
        SignInEvents, SigningKeys, UserChange, Users, WhichSessions,
    };
    use chrono::{DateTime, Duration, Utc};
    use domain::{
        Actor, AuditEvent, AuthorizationId, ClientId, Digest, InitialAccessTokenId, KeyId, SessionId, UserId,
    };

    use super::*;
    use crate::Database;

    /// A database whose disk is full for all that the server can see.
    async fn full(folder: &Path) -> Database {
        let file = folder.join("oauth2.db");
        let database = Database::connect(&format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
        database.migrate().await.unwrap();
        database.writer.room().found_full();
        // No disk has that much room.
        keeps_free(&database, u64::MAX / 2).await;
        database
    }

    async fn keeps_free(database: &Database, bytes: u64) {
        database.writer.room().file.as_ref().unwrap().reserve.lock().await.headroom = bytes;
    }

    #[tokio::test]
    async fn on_a_full_disk_what_is_new_is_refused_until_the_reserve_can_be_filled() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = full(folder.path()).await;
        let mark = || database.mark(Digest::of(b"one"), DateTime::<Utc>::MAX_UTC);
        let limit = Limit { attempts: 1, window: Duration::hours(1) };
        assert!(mark().await.unwrap_err().reason.contains("full"));
        let key = AttemptKey::new("x", &[]);
        assert!(
            database
                .count(&[Counter::new(key, limit)], DateTime::UNIX_EPOCH)
                .await
                .unwrap_err()
                .reason
                .contains("full")
        );
        assert!(database.check().await.unwrap_err().reason.contains("full"));
        assert!(Readiness::is_full(&database).await);

        keeps_free(&database, 0).await;
        assert_eq!(mark().await.unwrap(), Marked::First, "nothing was kept");
        database.check().await.unwrap();
        assert!(!Readiness::is_full(&database).await);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_reserve_that_cannot_be_changed_refuses_nothing_while_there_is_room() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = full(folder.path()).await;
        let reserve = folder.path().join("oauth2.db-reserve");
        std::fs::remove_file(&reserve).unwrap();
        std::fs::create_dir(&reserve).unwrap();
        let mark = || database.mark(Digest::of(b"one"), DateTime::<Utc>::MAX_UTC);
        assert!(mark().await.unwrap_err().reason.contains("full"));
        keeps_free(&database, 0).await;
        assert_eq!(mark().await.unwrap(), Marked::First);
        assert!(!Readiness::is_full(&database).await);
    }

    #[tokio::test]
    async fn a_database_on_another_machine_decides_itself_until_something_is_written() {
        let room = Room::default();
        room.found_full();
        assert!(room.admits().await && room.is_full());
        room.wrote();
        assert!(!room.is_full());

        let here = Room::around(Path::new("oauth2.db"));
        here.found_full();
        here.wrote();
        assert!(here.is_full(), "the reserve decides");
    }

    #[tokio::test]
    async fn on_a_full_disk_what_frees_room_or_protects_somebody_is_done() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = full(folder.path()).await;
        let now = DateTime::UNIX_EPOCH;
        let (user, client) = (UserId::from_random([1; 16]), ClientId::from_random([1; 16]));
        let event = AuditEvent::new(now, Actor::CommandLine, "test", &"x");
        let authorization = AuthorizationId::from_random([1; 16]);
        database.revoke_token(Digest::of(b"token"), now).await.unwrap();
        Authorizations::revoke(&database, authorization, now, now).await.unwrap();
        Sessions::end(&database, SessionId::from_random([1; 16]), now).await.unwrap();
        database.end_for_user(user, WhichSessions::All, now, &event).await.unwrap();
        for change in [UserChange::Disable, UserChange::Enable, UserChange::Unlock] {
            let changed = Users::change(&database, user, &change, now, &event).await.unwrap();
            assert_eq!(changed, ChangedUser::Unknown);
        }
        Users::delete(&database, user, &event).await.unwrap();
        Clients::delete(&database, &client, &event).await.unwrap();
        database.withdraw(user, &client, &event).await.unwrap();
        let token = InitialAccessTokenId::from_random([1; 16]);
        InitialAccessTokens::revoke(&database, token, &event).await.unwrap();
        let resource = "https://api.example".parse().unwrap();
        Resources::delete(&database, &resource, now, &event).await.unwrap();
        SigningKeys::delete(&database, &KeyId::new("x".to_owned())).await.unwrap();
        database.purge(now, 500).await.unwrap();
        AuditTrail::forget(&database, now, 500).await.unwrap();
        SignInEvents::forget(&database, now, 500).await.unwrap();
        database.trim(user, HistoryBounds { failures: 1, others: 1 }).await.unwrap();
        assert!(Readiness::is_full(&database).await);
    }

    #[tokio::test]
    async fn what_was_removed_goes_back_to_the_disk_and_the_log_stays_small() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("oauth2.db");
        let database = Database::connect(&format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
        database.migrate().await.unwrap();
        let rows = "INSERT INTO pushed_requests (digest, detail, expires_at, forget_at) \
                    SELECT randomblob(32), hex(randomblob(20000)), 0, 0 FROM sqlite_schema LIMIT 50";
        for _ in 0..10 {
            sea_orm::ConnectionTrait::execute_unprepared(&database.writer, rows).await.unwrap();
        }
        assert!(length(&file) > 10_000_000);
        assert!(length(&beside(&file, "-wal")) < 8_000_000, "the log starts again from time to time");
        while database.purge(DateTime::UNIX_EPOCH, 500).await.unwrap() > 0 {}
        assert!(length(&file) < 6_000_000, "{}", length(&file));
    }
}
