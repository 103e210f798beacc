//! Where the encryption key comes from: the configuration, or the file `oauth2.key` beside an SQLite database.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::atomic_file::AtomicFile;
use crate::config::DatabaseUrl;
use crate::encryption_key::{EncryptionKey, InvalidEncryptionKey};

/// The name of the key file beside an SQLite database.
pub(crate) const FILE_NAME: &str = "oauth2.key";

/// Why the server has no encryption key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Several nodes share a PostgreSQL database, so a node must not generate its own key.
    #[error(
        "OAUTH2_ENCRYPTION_KEY (or OAUTH2_ENCRYPTION_KEY_FILE) is required with Postgres: \
         make a key once with `openssl rand -base64 32` and give the same to every node"
    )]
    Required,
    /// Other users of this machine can read the key file, so the key may no longer be secret.
    #[error("{} can be read by other users; run `chmod 600 {}`", .0.display(), .0.display())]
    Exposed(PathBuf),
    /// The key file holds something else.
    #[error("{}: the content {InvalidEncryptionKey}", .0.display())]
    Malformed(PathBuf),
    /// The key file cannot be read or written.
    #[error("{}: {source}; alternatively set OAUTH2_ENCRYPTION_KEY", path.display())]
    File {
        /// The key file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
}

/// The `configured` key. Without one: with an SQLite file the key in `oauth2.key` beside it, which the first start
/// generates; with `memory:` a new key for this process.
///
/// Processes that start at the same time get the same key. Only the owner can ever read the file.
///
/// # Errors
/// [`KeyFileError`]; each says what to do.
pub fn obtain(
    configured: Option<&EncryptionKey>,
    database: &DatabaseUrl,
) -> Result<EncryptionKey, KeyFileError> {
    if let Some(key) = configured {
        return Ok(key.clone());
    }
    match database {
        DatabaseUrl::Postgres { .. } => Err(KeyFileError::Required),
        DatabaseUrl::Sqlite { file, .. } => read_or_create(&file.with_file_name(FILE_NAME)),
        DatabaseUrl::Memory => Ok(EncryptionKey::generate()),
    }
}

/// The key that [`obtain`] returns, or `None` if `obtain` would have to make one.
///
/// # Errors
/// [`KeyFileError`]; each says what to do.
pub fn existing(
    configured: Option<&EncryptionKey>,
    database: &DatabaseUrl,
) -> Result<Option<EncryptionKey>, KeyFileError> {
    if let (None, DatabaseUrl::Sqlite { file, .. }) = (configured, database) {
        let path = file.with_file_name(FILE_NAME);
        if !fs::exists(&path).map_err(|source| KeyFileError::File { path, source })? {
            return Ok(None);
        }
    }
    obtain(configured, database).map(Some)
}

/// Another process may create the file first. So this function always reads the key from the file.
fn read_or_create(path: &Path) -> Result<EncryptionKey, KeyFileError> {
    let failed = |source| KeyFileError::File { path: path.to_owned(), source };
    if !fs::exists(path).map_err(failed)? {
        create(path, &EncryptionKey::generate()).map_err(failed)?;
    }
    let mut file = File::open(path).map_err(failed)?;
    if readable_by_others(&file).map_err(failed)? {
        return Err(KeyFileError::Exposed(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(failed)?;
    // An operator may have restored the file with an editor that writes a byte order mark.
    EncryptionKey::parse(text.trim_start_matches('\u{feff}').trim())
        .map_err(|InvalidEncryptionKey| KeyFileError::Malformed(path.to_owned()))
}

fn create(path: &Path, key: &EncryptionKey) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    writeln!(file, "{}", *key.expose())?;
    match file.commit() {
        Err(lost) if lost.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        committed => committed,
    }
}

#[cfg(unix)]
fn readable_by_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// On systems without Unix modes the access list of the folder protects the file.
#[cfg(not(unix))]
fn readable_by_others(_file: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Barrier;

    use super::*;

    fn sqlite_in(folder: &Path) -> DatabaseUrl {
        let file = folder.join("oauth2.db");
        DatabaseUrl::Sqlite { url: format!("sqlite:{}", file.display()), file }
    }

    #[test]
    fn the_configured_key_is_used_whatever_the_database() {
        let folder = tempfile::tempdir().unwrap();
        let key = EncryptionKey::generate();
        let postgres = DatabaseUrl::Postgres { url: "postgres://localhost/oauth2".to_owned() };
        for database in [postgres, sqlite_in(folder.path()), DatabaseUrl::Memory] {
            assert_eq!(obtain(Some(&key), &database).unwrap(), key);
        }
        assert!(!folder.path().join("oauth2.key").exists());
    }

    #[test]
    fn an_sqlite_file_gets_a_key_beside_it_and_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = obtain(None, &sqlite_in(folder.path())).unwrap();
        assert_eq!(obtain(None, &sqlite_in(folder.path())).unwrap(), first);
        let mode = fs::metadata(folder.path().join("oauth2.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
    }

    #[test]
    fn a_key_file_may_have_what_editors_and_shells_add() {
        let folder = tempfile::tempdir().unwrap();
        let first = obtain(None, &sqlite_in(folder.path())).unwrap();
        for (before, after) in [("\u{feff}", "\n"), ("", "\r\n\r\n"), (" ", " \t"), ("\u{feff} ", "")] {
            let text = format!("{before}{}{after}", *first.expose());
            fs::write(folder.path().join(FILE_NAME), &text).unwrap();
            assert_eq!(obtain(None, &sqlite_in(folder.path())).unwrap(), first, "{before:?} {after:?}");
        }
    }

    #[test]
    fn processes_that_start_at_once_agree_on_one_key() {
        for _round in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let start = Barrier::new(16);
            let keys = std::thread::scope(|scope| {
                let starters: Vec<_> = (0..16)
                    .map(|_| {
                        scope.spawn(|| {
                            start.wait();
                            obtain(None, &sqlite_in(folder.path())).unwrap()
                        })
                    })
                    .collect();
                starters.into_iter().map(|starter| starter.join().unwrap()).collect::<Vec<_>>()
            });
            assert!(keys.iter().all(|key| *key == keys[0]));
        }
    }

    #[test]
    fn a_key_file_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o644, 0o660] {
            let folder = tempfile::tempdir().unwrap();
            obtain(None, &sqlite_in(folder.path())).unwrap();
            let path = folder.path().join("oauth2.key");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = obtain(None, &sqlite_in(folder.path())).unwrap_err().to_string();
            assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
        }
    }

    #[test]
    fn a_damaged_key_file_is_named_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        obtain(None, &sqlite_in(folder.path())).unwrap();
        let path = folder.path().join("oauth2.key");
        fs::write(&path, "half a key").unwrap();
        let error = obtain(None, &sqlite_in(folder.path())).unwrap_err().to_string();
        assert!(error.contains("oauth2.key") && error.contains("32 bytes"), "{error}");
        assert!(!error.contains("half a key"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "half a key");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = obtain(None, &sqlite_in(&folder.path().join("missing"))).unwrap_err().to_string();
        assert!(error.contains("missing") && error.contains("OAUTH2_ENCRYPTION_KEY"), "{error}");
    }

    #[test]
    fn postgres_without_a_key_says_how_to_make_one() {
        let database = DatabaseUrl::Postgres { url: "postgres://localhost/oauth2".to_owned() };
        let error = obtain(None, &database).unwrap_err().to_string();
        assert!(
            error.contains("OAUTH2_ENCRYPTION_KEY") && error.contains("openssl rand -base64 32"),
            "{error}"
        );
    }

    #[test]
    fn in_memory_every_process_has_its_own_key() {
        let first = obtain(None, &DatabaseUrl::Memory).unwrap();
        assert_ne!(obtain(None, &DatabaseUrl::Memory).unwrap(), first);
    }
}
