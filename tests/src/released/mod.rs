//! The database of each released version, with something of every kind in it: `migrations/released/<version>`.
#![allow(clippy::expect_used, clippy::panic, reason = "it is part of tests")]

mod dump;
mod sample;
mod schema;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, Database};

pub use dump::dump;
pub use sample::{Issued, fill};
pub use schema::{Schema, breaking_changes};

/// One version and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its name: numbers and dots.
    pub version: String,
    folder: PathBuf,
}

impl Release {
    /// The folder with the files of all releases.
    #[must_use]
    pub fn place() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/released")
    }

    /// The release `version` in the folder `place`, whether its files exist or not.
    #[must_use]
    pub fn at(place: &Path, version: &str) -> Self {
        Self { version: version.to_owned(), folder: place.join(version) }
    }

    /// Every release in the folder `place`, the oldest first.
    #[must_use]
    pub fn all(place: &Path) -> Vec<Self> {
        let entries = fs::read_dir(place).expect("the releases").map(|entry| entry.expect("an entry").path());
        let folders = entries.filter(|path| path.is_dir());
        let mut all: Vec<_> = folders
            .map(|path| Self::at(place, path.file_name().and_then(|name| name.to_str()).expect("a version")))
            .collect();
        all.sort_by_key(|release| {
            release.version.split('.').map(|part| part.parse::<u32>().ok()).collect::<Vec<_>>()
        });
        all
    }

    /// What its server issued to clients and browsers before the dump.
    #[must_use]
    pub fn issued(&self) -> Issued {
        serde_json::from_str(&self.file("issued.json")).expect("what was issued")
    }

    /// Puts its tables and rows into the empty database at `url`.
    pub async fn load(&self, url: &str) {
        let dialect = if url.starts_with("sqlite:") { "sqlite.sql" } else { "postgres.sql" };
        let database = Database::connect(url).await.expect("a database");
        database.execute_unprepared(&self.file(dialect)).await.expect("the release");
        database.close().await.expect("a closed database");
    }

    /// What it has and does not use, so that the next version may drop it: `table`, `table.column` or `index`, one a line,
    /// in the file `unused`.
    #[must_use]
    pub fn unused(&self) -> BTreeSet<String> {
        let text = fs::read_to_string(self.folder.join("unused")).unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// Makes its files from the current version. A release is made once: its folder must not exist.
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
