//! Files that appear complete or not at all, and that only their owner can read.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A new file. It has a temporary name until [`commit`](Self::commit); dropping it before deletes it.
pub(crate) struct AtomicFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Creates the temporary file in the folder of `path`.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        // The crate tempfile creates the file with mode 0600.
        let file = tempfile::Builder::new().prefix(".oauth2-").tempfile_in(folder(path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Writes the content to the disk and gives the file its name.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if a file has that name already; the existing file stays as it is.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist_noclobber(&self.path).map_err(|refused| refused.error)?;
        File::open(folder(&self.path))?.sync_all()
    }

    /// Writes the content to the disk and gives the file its name, also if another file has it: that one is replaced.
    pub(crate) fn replace(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path).map_err(|refused| refused.error)?;
        File::open(folder(&self.path))?.sync_all()
    }
}

impl Write for AtomicFile {
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
