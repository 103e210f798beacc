//! The key that encrypts keys at rest (AES-256-GCM): from the configuration, or kept beside an SQLite file.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use application::keys::sealing::{SealError, SealingKey};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::config::DatabaseUrl;
use crate::private_file::PrivateFile;
use crate::system::random_bytes;

/// The name of the key file that is made beside an SQLite database.
pub(crate) const FILE_NAME: &str = "oauth2.key";

/// Padding is accepted and not required: `openssl rand -base64 32` writes it, most other tools do not.
const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_encode_padding(false);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const BASE64URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// 32 secret bytes; wiped from memory when dropped, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// The text is not the base64 or base64url form of 32 bytes. The text itself is not repeated: it may be a key.
#[derive(Debug, thiserror::Error)]
#[error("is not 32 bytes in base64 or base64url; make one with `openssl rand -base64 32`")]
pub struct NotAKey;

/// Why there is no key to start with.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionKeyError {
    /// The database is shared between nodes, so no node may make up a key of its own.
    #[error(
        "OAUTH2_ENCRYPTION_KEY (or OAUTH2_ENCRYPTION_KEY_FILE) is required with Postgres: \
         make a key once with `openssl rand -base64 32` and give the same to every node"
    )]
    Required,
    /// Others on this machine may read the key file, so it may no longer be secret.
    #[error("{} can be read by other users; run `chmod 600 {}`", .0.display(), .0.display())]
    Exposed(PathBuf),
    /// The key file holds something else.
    #[error("{}: the content {NotAKey}", .0.display())]
    Malformed(PathBuf),
    /// The key file could not be read or made.
    #[error("{}: {source}; alternatively set OAUTH2_ENCRYPTION_KEY", path.display())]
    File {
        /// The key file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl EncryptionKey {
    /// Reads a key from base64 or base64url, padded or not.
    ///
    /// # Errors
    /// [`NotAKey`] if `text` is anything else, or not exactly 32 bytes long.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let engine = if text.contains(['-', '_']) { BASE64URL } else { BASE64 };
        let decoded = Zeroizing::new(engine.decode(text).map_err(|_reason| NotAKey)?);
        let mut bytes = Zeroizing::new([0; 32]);
        if decoded.len() != bytes.len() {
            return Err(NotAKey);
        }
        bytes.copy_from_slice(&decoded);
        Ok(Self(bytes))
    }

    /// The 32 bytes, for the key file only.
    #[must_use]
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The cipher of this key.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub fn sealing_key(&self) -> Result<SealingKey, SealError> {
        SealingKey::new(*self.0)
    }

    fn generate() -> Self {
        Self(Zeroizing::new(random_bytes()))
    }
}

/// The key to start with: the `configured` one; else with an SQLite file the one in `oauth2.key` beside it,
/// made at the first start; else, for `memory:`, one that lives as long as the process.
///
/// Processes that start at the same time get the same key. The file is readable by its owner only, from its
/// first moment.
///
/// # Errors
/// [`EncryptionKeyError`]; each says what to do.
pub fn obtain(
    configured: Option<&EncryptionKey>,
    database: &DatabaseUrl,
) -> Result<EncryptionKey, EncryptionKeyError> {
    if let Some(key) = configured {
        return Ok(key.clone());
    }
    match database {
        DatabaseUrl::Postgres { .. } => Err(EncryptionKeyError::Required),
        DatabaseUrl::Sqlite { file, .. } => kept_at(&file.with_file_name(FILE_NAME)),
        DatabaseUrl::Memory => Ok(EncryptionKey::generate()),
    }
}

/// The key that [`obtain`] would give if it need not make one.
///
/// # Errors
/// [`EncryptionKeyError`]; each says what to do.
pub fn existing(
    configured: Option<&EncryptionKey>,
    database: &DatabaseUrl,
) -> Result<Option<EncryptionKey>, EncryptionKeyError> {
    if let (None, DatabaseUrl::Sqlite { file, .. }) = (configured, database) {
        let path = file.with_file_name(FILE_NAME);
        let is_there = fs::exists(&path);
        if !is_there.map_err(|source| EncryptionKeyError::File { path, source })? {
            return Ok(None);
        }
    }
    obtain(configured, database).map(Some)
}

/// Whoever loses the race to make the file reads the winner's key, so the file is always read in the end.
fn kept_at(path: &Path) -> Result<EncryptionKey, EncryptionKeyError> {
    let failed = |source| EncryptionKeyError::File { path: path.to_owned(), source };
    if !fs::exists(path).map_err(failed)? {
        let key = EncryptionKey::generate();
        create(path, &key).map_err(failed)?;
    }
    let mut file = File::open(path).map_err(failed)?;
    if readable_by_others(&file).map_err(failed)? {
        return Err(EncryptionKeyError::Exposed(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(failed)?;
    EncryptionKey::parse(text.trim()).map_err(|NotAKey| EncryptionKeyError::Malformed(path.to_owned()))
}

/// Writes the key completely and durably under another name first: nobody ever sees half a key file.
fn create(path: &Path, key: &EncryptionKey) -> io::Result<()> {
    let mut file = PrivateFile::begin(path)?;
    let text = Zeroizing::new(BASE64URL.encode(key.expose()) + "\n");
    file.write_all(text.as_bytes())?;
    match file.keep() {
        Err(lost) if lost.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        kept => kept,
    }
}

#[cfg(unix)]
fn readable_by_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Without Unix modes the folder's access list is the protection.
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
    fn a_key_is_read_in_every_usual_spelling() {
        let bytes = [0xfb; 32];
        for text in [
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=",
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s",
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s=",
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
        ] {
            assert_eq!(EncryptionKey::parse(text).unwrap().expose(), &bytes, "{text}");
        }
    }

    #[test]
    fn anything_but_32_bytes_is_not_a_key() {
        for text in ["", "hunter2", "AAAA", "not base64!", &"A".repeat(42), &"A".repeat(44), &"0f".repeat(32)]
        {
            assert!(EncryptionKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", EncryptionKey::generate()), "[redacted]");
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
