//! `export` and `import`: all data of one database, for another database of any kind.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use application::keys;
use clap::Args;
use domain::SigningKey;
use serde_json::json;

use super::answer::Answer;
use super::operator::Operator;
use crate::atomic_file::AtomicFile;
use crate::config::{Config, DatabaseUrl};
use crate::key_file::{self, FILE_NAME};

/// Where the export is.
#[derive(Debug, Args)]
pub(super) struct Location {
    /// The file [default: standard output for `export`, standard input for `import`]
    file: Option<PathBuf>,
}

/// Writes all data to a new file that only its owner can read, or to standard output.
pub(super) async fn export(location: Location, config: Config) -> anyhow::Result<Option<Answer>> {
    match location.file {
        Some(path) => export_to_file(&path, config).await.map(Some),
        None => {
            if io::stdout().is_terminal() {
                bail!(
                    "an export holds password hashes and is not shown on the terminal; name a file, or use a pipe"
                );
            }
            Operator::run(config, async |operator| {
                let mut output = BufWriter::new(io::stdout());
                operator.data.export(&mut output).await?;
                output.flush()?;
                Ok(Answer::done("", "exported"))
            })
            .await?;
            // The export itself is the answer.
            Ok(None)
        }
    }
}

async fn export_to_file(path: &Path, config: Config) -> anyhow::Result<Answer> {
    let file = AtomicFile::create(path).map_err(|reason| named(path, &reason))?;
    let mut file = BufWriter::new(file);
    let answer = Operator::run(config, async |operator| {
        let moved = operator.data.export(&mut file).await?;
        let text = format!(
            "exported {} rows to {}; `import` reads the file, with the same OAUTH2_ENCRYPTION_KEY",
            moved.rows,
            path.display()
        );
        Ok(Answer::new(text, &json!({"rows": moved.rows, "file": path}))?)
    })
    .await?;
    let file = file.into_inner().map_err(|error| named(path, error.error()))?;
    file.commit().map_err(|reason| named(path, &reason))?;
    Ok(answer)
}

/// Reads an export into the empty database.
pub(super) async fn import(location: Location, config: Config) -> anyhow::Result<Answer> {
    let mut input: Box<dyn BufRead + Send> = match &location.file {
        Some(path) => Box::new(BufReader::new(File::open(path).map_err(|reason| named(path, &reason))?)),
        None => Box::new(BufReader::new(io::stdin())),
    };
    let for_keys = config.clone();
    Operator::run(config, async move |operator| {
        let accept = |signing_keys: &[SigningKey]| check_encryption_key(&for_keys, signing_keys);
        let moved = operator.data.import(&mut *input, accept).await?;
        let text = format!("imported {} rows", moved.rows);
        Ok(Answer::new(text, &json!({"rows": moved.rows}))?)
    })
    .await
}

/// An export holds the signing keys as they were encrypted, so the new server needs the encryption key of the old one.
fn check_encryption_key(config: &Config, signing_keys: &[SigningKey]) -> Result<(), String> {
    let Some(first) = signing_keys.first() else {
        return Ok(());
    };
    let database = &config.database_url;
    let key = key_file::existing(config.encryption_key.as_ref(), database);
    if let Some(key) = key.map_err(|error| error.to_string())? {
        let sealing_key = key.sealing_key().map_err(|error| error.to_string())?;
        if signing_keys.iter().all(|key| keys::opens(&sealing_key, key)) {
            return Ok(());
        }
    }
    let file = match database {
        DatabaseUrl::Sqlite { file, .. } => {
            format!(", or copy its {FILE_NAME} to {}", file.with_file_name(FILE_NAME).display())
        }
        DatabaseUrl::Postgres { .. } | DatabaseUrl::Memory => String::new(),
    };
    let id = first.id.as_str();
    Err(format!(
        "the signing keys ({id} …) are encrypted with another encryption key: set OAUTH2_ENCRYPTION_KEY or \
         OAUTH2_ENCRYPTION_KEY_FILE to the key of the server that exported them{file}"
    ))
}

fn named(path: &Path, reason: &io::Error) -> anyhow::Error {
    anyhow!("{}: {reason}", path.display())
}
