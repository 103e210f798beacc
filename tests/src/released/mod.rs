//! The database of each version that was released, with something of every kind in it: `migrations/released/<version>`.
#![allow(clippy::expect_used, clippy::panic, reason = "it is part of tests")]

mod dump;
mod sample;
mod schema;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, Database};

pub use dump::dump;
pub use sample::{InHand, fill};
pub use schema::{Schema, refused};

/// One version and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its name: numbers and dots.
    pub version: String,
    folder: PathBuf,
}

/// Where the files of all releases are.
fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/released")
}

impl Release {
    /// The release of this name, whether there is one or not.
    #[must_use]
    pub fn of(version: &str) -> Self {
        Self { version: version.to_owned(), folder: place().join(version) }
    }

    /// Every release, the oldest first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let entries = fs::read_dir(place()).expect("the releases").map(|entry| entry.expect("an entry"));
        let mut all: Vec<_> =
            entries.map(|entry| Self::of(entry.file_name().to_str().expect("a version"))).collect();
        all.sort_by_key(|release| {
            release.version.split('.').map(|part| part.parse::<u32>().ok()).collect::<Vec<_>>()
        });
        all
    }

    /// The one before the next.
    #[must_use]
    pub fn latest() -> Self {
        Self::all().pop().expect("a release")
    }

    /// What was kept for clients and browsers when it was made.
    #[must_use]
    pub fn in_hand(&self) -> InHand {
        serde_json::from_str(&self.file("in-hand.json")).expect("what is in hand")
    }

    /// Puts its tables and rows into the empty database at `url`.
    pub async fn load(&self, url: &str) {
        let dialect = if url.starts_with("sqlite:") { "sqlite.sql" } else { "postgres.sql" };
        let database = Database::connect(url).await.expect("a database");
        database.execute_unprepared(&self.file(dialect)).await.expect("the release");
        database.close().await.expect("a closed database");
    }

    /// What it has and does not use, and so may go: `table`, `table.column` or `index`, one a line, in the file `unused`.
    #[must_use]
    pub fn unused(&self) -> BTreeSet<String> {
        let text = fs::read_to_string(self.folder.join("unused")).unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// Writes its files; a release is made once.
    pub async fn write(&self) {
        fs::create_dir(&self.folder).unwrap_or_else(|error| panic!("{}: {error}", self.folder.display()));
        for (name, content) in dump().await {
            fs::write(self.folder.join(name), content).expect("a file");
        }
    }

    fn file(&self, name: &str) -> String {
        let path = self.folder.join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}
