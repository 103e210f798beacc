//! `export` and `import`: everything there is, to another database and to another kind of database.

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
use crate::config::{Config, DatabaseUrl};
use crate::encryption_key::{self, FILE_NAME};
use crate::private_file::PrivateFile;

/// Where an export is.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The file; standard input or output if not given
    file: Option<PathBuf>,
}

/// Writes everything into a new file that only we may read, or to standard output.
pub(super) async fn export(place: Place, config: Config) -> anyhow::Result<Option<Answer>> {
    match place.file {
        Some(path) => {
            let file = PrivateFile::begin(&path).map_err(|reason| at(&path, &reason))?;
            let mut file = BufWriter::new(file);
            let answer = Operator::on(config, async |operator| {
                let moved = operator.data.export(&mut file).await?;
                let text = format!("exported {} rows to {}", moved.rows, path.display());
                Ok(Answer::new(text, &json!({"rows": moved.rows, "file": path}))?)
            })
            .await?;
            let file = file.into_inner().map_err(|error| at(&path, error.error()))?;
            file.keep().map_err(|reason| at(&path, &reason))?;
            Ok(Some(answer))
        }
        None => {
            if io::stdout().is_terminal() {
                bail!("an export has password hashes in it: give it a file, or pass it on");
            }
            Operator::on(config, async |operator| {
                let mut output = BufWriter::new(io::stdout());
                operator.data.export(&mut output).await?;
                output.flush()?;
                Ok(Answer::done("", "exported"))
            })
            .await?;
            // The export is the answer.
            Ok(None)
        }
    }
}

/// Takes in what an export wrote.
pub(super) async fn import(place: Place, config: Config) -> anyhow::Result<Answer> {
    let mut from: Box<dyn BufRead + Send> = match &place.file {
        Some(path) => Box::new(BufReader::new(File::open(path).map_err(|reason| at(path, &reason))?)),
        None => Box::new(BufReader::new(io::stdin())),
    };
    let keys = config.clone();
    Operator::on(config, async move |operator| {
        let moved = operator.data.import(&mut *from, |signing_keys| open(&keys, signing_keys)).await?;
        let text = format!("imported {} rows", moved.rows);
        Ok(Answer::new(text, &json!({"rows": moved.rows}))?)
    })
    .await
}

/// The signing keys stay sealed, so they have to open here with the key that sealed them there.
fn open(config: &Config, signing_keys: &[SigningKey]) -> Result<(), String> {
    let Some(first) = signing_keys.first() else {
        return Ok(());
    };
    let database = &config.database_url;
    let key = encryption_key::existing(config.encryption_key.as_ref(), database);
    let Some(key) = key.map_err(|error| error.to_string())? else {
        return Err(format!("the signing keys are sealed with another encryption key: {}", remedy(database)));
    };
    let sealing_key = key.sealing_key().map_err(|error| error.to_string())?;
    if signing_keys.iter().all(|key| keys::opens(&sealing_key, key)) {
        return Ok(());
    }
    let id = first.id.as_str();
    Err(format!("the signing keys ({id} …) are sealed with another encryption key: {}", remedy(database)))
}

fn remedy(database: &DatabaseUrl) -> String {
    let here = match database {
        DatabaseUrl::Sqlite { file, .. } => {
            let file = file.with_file_name(FILE_NAME);
            format!("; with an SQLite file, its {FILE_NAME} has to be at {}", file.display())
        }
        DatabaseUrl::Postgres { .. } | DatabaseUrl::Memory => String::new(),
    };
    format!(
        "set OAUTH2_ENCRYPTION_KEY or OAUTH2_ENCRYPTION_KEY_FILE to the one of the server they come from{here}"
    )
}

fn at(path: &Path, reason: &io::Error) -> anyhow::Error {
    anyhow!("{}: {reason}", path.display())
}
