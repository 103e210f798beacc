//! `backup`, `restore` and `import`: all data of one database in one file, for another database of any kind.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use adapters_http::outbound::OutboundClient;
use adapters_postgres::{BackupKey, Extent, Transfer, TransferError};
use anyhow::{anyhow, bail};
use application::keys::sealing::SealingKey;
use chrono::SecondsFormat;
use clap::Args;
use serde_json::json;

use super::answer::Answer;
use super::operator::{self, Operator};
use super::standard_output::warn_if_exposed;
use crate::atomic_file::AtomicFile;
use crate::compose::Data;
use crate::config::{Config, DatabaseUrl};
use crate::encryption_key::EncryptionKey;
use crate::key_file::{self, FILE_NAME};
use crate::serve::stop_signal;

/// The path that stands for standard output and standard input.
const STANDARD: &str = "-";

/// Where a backup goes.
#[derive(Debug, Args)]
pub(super) struct Destination {
    /// A new file that only its owner can read, or - for standard output [default: -]
    file: Option<PathBuf>,
    /// Replace the file if it exists; the old one stays until the new one is complete
    #[arg(long, requires = "file")]
    replace: bool,
}

/// Where a backup is.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// The file, or - for standard input [default: -]
    file: Option<PathBuf>,
}

/// What is restored.
#[derive(Debug, Args)]
pub(super) struct Restoration {
    #[command(flatten)]
    source: Source,
    /// Leave out sessions, authorizations and their tokens, so that all users have to sign in again
    #[arg(long)]
    sign_out_everyone: bool,
}

/// The encryption key of the server, for backups.
struct Key(SealingKey);

impl BackupKey for Key {
    fn seal(&self, context: &str) -> Option<Vec<u8>> {
        self.0.seal(context, &[]).ok()
    }

    fn opens(&self, context: &str, sealed: &[u8]) -> bool {
        self.0.open(context, sealed).is_ok()
    }
}

impl Key {
    fn new(key: &EncryptionKey) -> anyhow::Result<Self> {
        Ok(Self(key.sealing_key()?))
    }
}

/// Writes all data to a file or to standard output, while servers run or without one.
pub(super) async fn back_up(destination: Destination, config: &Config) -> anyhow::Result<Option<Answer>> {
    // A signal does not end the process at once, so that the temporary file is deleted.
    let stopped = stop_signal()?;
    tokio::select! {
        written = back_up_to(destination, config) => written,
        () = stopped => Err(anyhow!("the backup was interrupted before it was complete")),
    }
}

async fn back_up_to(destination: Destination, config: &Config) -> anyhow::Result<Option<Answer>> {
    match destination.file.filter(|file| file != Path::new(STANDARD)) {
        Some(path) => back_up_to_file(&path, destination.replace, config).await.map(Some),
        None => {
            if io::stdout().is_terminal() {
                bail!(
                    "a backup holds password hashes and is not shown on the terminal; name a file, or use a pipe"
                );
            }
            warn_if_exposed();
            let mut output = BufWriter::new(io::stdout());
            write(config, &mut output).await?;
            // The backup itself is the answer.
            Ok(None)
        }
    }
}

async fn back_up_to_file(path: &Path, replace: bool, config: &Config) -> anyhow::Result<Answer> {
    if !replace && fs::symlink_metadata(path).is_ok() {
        bail!("{}: the file exists; choose another name, or add --replace", path.display());
    }
    let file = AtomicFile::create(path).map_err(|reason| named(path, &reason))?;
    let mut file = BufWriter::new(file);
    let written = write(config, &mut file).await?;
    let file = file.into_inner().map_err(|error| named(path, error.error()))?;
    let kept = if replace { file.replace() } else { file.commit() };
    kept.map_err(|reason| named(path, &reason))?;
    let text = format!(
        "wrote {} rows to {}, as they were at {}; restoring them needs the same OAUTH2_ENCRYPTION_KEY",
        written.rows,
        path.display(),
        taken_at(&written)
    );
    let facts = json!({"rows": written.rows, "taken_at": taken_at(&written), "file": path});
    Ok(Answer::new(text, &facts)?)
}

/// Reads the database as it is: it may be in use by servers of another version, so its schema is not updated.
async fn write(config: &Config, to: &mut (dyn Write + Send)) -> anyhow::Result<Transfer> {
    let url = &config.database_url;
    operator::require_database(url)?;
    if let DatabaseUrl::Sqlite { file, .. } = url
        && !fs::exists(file)?
    {
        // SQLite would create it, and the backup would be empty.
        bail!("{} does not exist; is this the server's folder and configuration?", url.place());
    }
    let data = Data::connect(url, OutboundClient::new(config.outbound())?).await?;
    let written = async {
        let key = key_of(config, &data).await?;
        let written = data.back_up(&key, to).await;
        written.map_err(|error| with_remedy(error, url))
    };
    let written = written.await;
    data.close().await;
    written
}

/// The encryption key that the server uses. Only a database without any signing key may get a new one.
async fn key_of(config: &Config, data: &Data) -> anyhow::Result<Key> {
    let (configured, url) = (config.encryption_key.as_ref(), &config.database_url);
    match key_file::existing(configured, url)? {
        Some(key) => Key::new(&key),
        None if data.ports.signing_keys.all().await?.is_empty() => {
            Key::new(&key_file::obtain(configured, url)?)
        }
        None => Err(with_remedy(no_key(), url)),
    }
}

/// Reads a backup into the empty database, without what may have been used since.
pub(super) async fn restore(what: Restoration, config: Config) -> anyhow::Result<Answer> {
    let extent = if what.sign_out_everyone { Extent::SignedOut } else { Extent::Lasting };
    let restored = read(what.source, extent, config).await?;
    let at = taken_at(&restored);
    let rest = match extent {
        Extent::SignedOut => "; all users have to sign in again",
        Extent::Everything | Extent::Lasting => "",
    };
    let text = format!(
        "restored the backup of {at}, {} rows{rest}. Every change after {at} is undone: new passwords, disabled users, \
         revoked and used tokens",
        restored.rows
    );
    Ok(Answer::new(text, &json!({"rows": restored.rows, "taken_at": at}))?)
}

/// Reads a backup that was made after the last server had stopped into the empty database.
pub(super) async fn import(source: Source, config: Config) -> anyhow::Result<Answer> {
    let imported = read(source, Extent::Everything, config).await?;
    let at = taken_at(&imported);
    let text = format!("imported {} rows, as they were at {at}", imported.rows);
    Ok(Answer::new(text, &json!({"rows": imported.rows, "taken_at": at}))?)
}

async fn read(source: Source, extent: Extent, config: Config) -> anyhow::Result<Transfer> {
    let mut input: Box<dyn BufRead + Send> = match source.file.filter(|file| file != Path::new(STANDARD)) {
        Some(path) => Box::new(BufReader::new(File::open(&path).map_err(|reason| named(&path, &reason))?)),
        None => Box::new(BufReader::new(io::stdin())),
    };
    // If it comes from a `backup` in the same folder, that has made the key before it writes.
    input.fill_buf()?;
    let url = config.database_url.clone();
    let key = key_file::existing(config.encryption_key.as_ref(), &url)?;
    let key = Key::new(&key.ok_or_else(|| with_remedy(no_key(), &url))?)?;
    Operator::run(config, async move |operator| {
        let taken = operator.data.restore(&mut *input, &key, extent).await;
        taken.map_err(|error| with_remedy(error, &url))
    })
    .await
}

fn no_key() -> TransferError {
    TransferError::Key("there is no encryption key".to_owned())
}

/// Says what to do about an encryption key that does not fit.
fn with_remedy(error: TransferError, url: &DatabaseUrl) -> anyhow::Error {
    let TransferError::Key(reason) = error else {
        return error.into();
    };
    let file = match url {
        DatabaseUrl::Sqlite { file, .. } => {
            format!(", or copy its {FILE_NAME} to {}", file.with_file_name(FILE_NAME).display())
        }
        DatabaseUrl::Postgres { .. } | DatabaseUrl::Memory => String::new(),
    };
    anyhow!(
        "{reason}. Set OAUTH2_ENCRYPTION_KEY or OAUTH2_ENCRYPTION_KEY_FILE to the key of the server whose data it is{file}. \
         Nothing was written"
    )
}

/// When it was as it is in the file.
fn taken_at(transfer: &Transfer) -> String {
    transfer.taken_at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn named(path: &Path, reason: &io::Error) -> anyhow::Error {
    anyhow!("{}: {reason}", path.display())
}
