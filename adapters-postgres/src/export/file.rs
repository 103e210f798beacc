//! The lines of a file that are no rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::Digest;
use serde::{Deserialize, Serialize};

/// What the first line of every file says.
pub(super) const FORMAT: &str = "oauth2-server backup";

/// The form of the lines.
pub(super) const VERSION: u32 = 1;

/// The first line. Another version may say more in it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u32,
    /// Who made it.
    pub(super) release: String,
    /// Everything that was committed before is in it.
    pub(super) taken_at: DateTime<Utc>,
    /// The migrations of its schema: only a database with the same ones takes it.
    pub(super) schema: Vec<String>,
}

/// What comes before the rows of a table.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableHeader {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
}

/// The last line. A file without it was cut off.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trailer {
    pub(super) rows: BTreeMap<String, u64>,
    pub(super) digest: String,
    /// Made with the encryption key of the server, in base64url: a change of the file without the key is detected.
    pub(super) seal: String,
}

/// The digest of all lines so far: of the digest before and the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunningDigest(Digest);

impl RunningDigest {
    pub(super) fn new() -> Self {
        Self(Digest::of(b""))
    }

    pub(super) fn add(&mut self, line: &[u8]) {
        self.0 = Digest::of(&[self.0.as_bytes().as_slice(), line].concat());
    }

    pub(super) fn to_base64url(self) -> String {
        self.0.to_base64url()
    }
}
