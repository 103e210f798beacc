//! Files that only their owner may read, whole or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that has another name until it is [kept](Self::keep); dropped before, it is gone.
pub(crate) struct PrivateFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PrivateFile {
    /// Begins one that is to be at `path`.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        // A named temporary file has mode 0600 from its creation on.
        let file = tempfile::Builder::new().prefix(".oauth2-").tempfile_in(folder(path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Gives it its name, durably.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if somebody else has given a file that name; theirs stays.
    pub(crate) fn keep(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist_noclobber(&self.path).map_err(|refused| refused.error)?;
        File::open(folder(&self.path))?.sync_all()
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}
