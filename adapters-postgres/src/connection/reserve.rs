//! Space on the disk that is kept beside a file of SQLite, and given up when a write that must succeed finds the disk full.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The size of the reserve. It is more than the write-ahead log has, all of which may have to move into the database.
const RESERVE_BYTES: u64 = 8 * 1024 * 1024;
/// How much is released at a time, so that another process on the disk cannot take the whole reserve.
const PART_BYTES: u64 = 2 * 1024 * 1024;
/// How many bytes must stay free beside a full reserve.
const HEADROOM_BYTES: u64 = 1024 * 1024;
/// The block that is written repeatedly. It is as large as the blocks that file systems compress.
const BLOCK_BYTES: u64 = 128 * 1024;

/// A file that holds nothing but space.
#[derive(Debug, Clone)]
pub(super) struct Reserve {
    database: PathBuf,
    file: PathBuf,
    /// How many bytes must stay free beside the full reserve.
    pub(super) headroom: u64,
}

impl Reserve {
    /// The reserve of this database.
    pub(super) fn beside(database: &Path) -> Self {
        let file = beside(database, "-reserve");
        Self { database: database.to_owned(), file, headroom: HEADROOM_BYTES }
    }

    /// Grows the file to its full size. False if the disk has no room for the file and the headroom.
    ///
    /// # Errors
    /// The file cannot be written for another reason.
    pub(super) fn fill(&self) -> io::Result<bool> {
        if self.fits() == Some(false) {
            return Ok(false);
        }
        match self.append(self.missing()) {
            Err(error) if is_full(&error) => Ok(false),
            appended => appended.map(|()| true),
        }
    }

    /// Whether the disk has room for the whole file and the headroom. None if the free space is unknown.
    pub(super) fn fits(&self) -> Option<bool> {
        let needed = self.missing() + self.headroom;
        free_bytes(&self.database).map(|free| free >= needed)
    }

    fn missing(&self) -> u64 {
        RESERVE_BYTES.saturating_sub(length(&self.file))
    }

    /// Opens the file. Only a new one is given away: it cannot be a link to another file.
    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.append(true);
        let mut new = options.clone();
        new.create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
        match new.open(&self.file) {
            Ok(made) => {
                #[cfg(unix)]
                self.give_away(&made);
                Ok(made)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => options.open(&self.file),
            Err(error) => Err(error),
        }
    }

    /// Gives the file the owner of the database, as SQLite does with its files. A command of root may create it, and the
    /// server has to be able to change it.
    #[cfg(unix)]
    fn give_away(&self, made: &File) {
        use std::os::unix::fs::{MetadataExt, fchown};
        if let Ok(database) = std::fs::metadata(&self.database) {
            let _given = fchown(made, Some(database.uid()), Some(database.gid()));
        }
    }

    /// Writes bytes that no file system can compress or leave out.
    fn append(&self, missing: u64) -> io::Result<()> {
        let mut file = self.open()?;
        let block: Vec<u8> = (0..BLOCK_BYTES / 8).flat_map(|word| mixed(word).to_le_bytes()).collect();
        for _ in 0..missing.div_ceil(BLOCK_BYTES) {
            file.write_all(&block)?;
        }
        Ok(())
    }

    /// Makes the file shorter. False if nothing of it is left.
    ///
    /// # Errors
    /// The file cannot be changed.
    pub(super) fn give_up_a_part(&self) -> io::Result<bool> {
        let left = length(&self.file).min(RESERVE_BYTES);
        if left == 0 {
            return Ok(false);
        }
        let file = OpenOptions::new().write(true).open(&self.file)?;
        file.set_len(left.saturating_sub(PART_BYTES))?;
        Ok(true)
    }
}

/// A file whose name is longer than that of the database, as those of SQLite are.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(ending);
    PathBuf::from(name)
}

/// The size of a file; none has 0.
pub(super) fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |known| known.len())
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// The free space of the disk that a file is on, for a user without privileges.
#[cfg(unix)]
pub(super) fn free_bytes(file: &Path) -> Option<u64> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Elsewhere the attempt to write decides.
#[cfg(not(unix))]
pub(super) fn free_bytes(_file: &Path) -> Option<u64> {
    None
}

/// The finalizer of SplitMix64: different for each number, and without a pattern.
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_reserve_has_the_owner_of_the_database() {
        use std::os::unix::fs::{MetadataExt, chown};
        let folder = tempfile::TempDir::new().unwrap();
        let database = folder.path().join("oauth2.db");
        std::fs::write(&database, "").unwrap();
        // Only root can change the owner of a file.
        let _given = chown(&database, Some(12345), Some(12345));
        assert!(Reserve::beside(&database).fill().unwrap());
        let owner = |file: &Path| {
            let known = std::fs::metadata(file).unwrap();
            (known.uid(), known.gid())
        };
        assert_eq!(owner(&beside(&database, "-reserve")), owner(&database));
    }

    #[test]
    fn the_reserve_is_given_up_in_parts_and_filled_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = folder.path().join("oauth2.db");
        let reserve = Reserve::beside(&database);
        assert!(!reserve.give_up_a_part().unwrap(), "there is none");
        for _ in 0..2 {
            assert!(reserve.fill().unwrap());
            assert_eq!(length(&beside(&database, "-reserve")), RESERVE_BYTES);
        }
        for part in 1..=4 {
            assert!(reserve.give_up_a_part().unwrap());
            assert_eq!(length(&beside(&database, "-reserve")), RESERVE_BYTES - part * PART_BYTES);
        }
        assert!(!reserve.give_up_a_part().unwrap(), "nothing is left");
        assert!(reserve.fill().unwrap());
        assert_eq!(length(&beside(&database, "-reserve")), RESERVE_BYTES);
    }
}
