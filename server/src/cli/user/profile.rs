//! Options for the claims about a user (OpenID Connect Core §5.1).

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;
use domain::claims::ProfileClaims;
use serde_json::{Map, Value};

/// A file with claims, and options for single claims.
#[derive(Debug, Args)]
pub(in crate::cli) struct Profile {
    /// E-mail address (claim `email`)
    #[arg(long)]
    pub(super) email: Option<String>,
    /// Full name (claim `name`)
    #[arg(long)]
    name: Option<String>,
    /// File with a JSON object of standard claims, such as {"given_name": "Ada", "email_verified": true}
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
}

impl Profile {
    /// The claims of the file, or without a file the `current` ones; single options overwrite them.
    pub(super) fn apply(&self, current: &ProfileClaims) -> anyhow::Result<ProfileClaims> {
        let claims = match &self.claims {
            Some(file) => read(file)?.try_into()?,
            None => current.clone(),
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
