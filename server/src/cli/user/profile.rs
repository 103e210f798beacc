//! Claims about a user, as the command line says them (OpenID Connect Core §5.1).

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;
use domain::claims::ProfileClaims;
use serde_json::{Map, Value};

/// A file of claims, or single ones.
#[derive(Debug, Args)]
pub(in crate::cli) struct Profile {
    /// The claim email
    #[arg(long)]
    pub(super) email: Option<String>,
    /// The claim name
    #[arg(long)]
    name: Option<String>,
    /// A file with a JSON object of standard claims, such as {"given_name": "Ada", "email_verified": true}
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
}

impl Profile {
    /// The claims of the file, else those `kept`; over them what was given one by one.
    pub(super) fn over(&self, kept: &ProfileClaims) -> anyhow::Result<ProfileClaims> {
        let claims = match &self.claims {
            Some(file) => read(file)?.try_into()?,
            None => kept.clone(),
        };
        let given = [("email", &self.email), ("name", &self.name)];
        let given =
            given.into_iter().filter_map(|(claim, value)| Some((claim.to_owned(), value.clone()?.into())));
        Ok(claims.amended(given.collect())?)
    }
}

fn read(file: &Path) -> anyhow::Result<Map<String, Value>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|reason| anyhow!("{shown}: {reason}"))?;
    serde_json::from_str(&text).map_err(|reason| anyhow!("{shown} is not a JSON object: {reason}"))
}
