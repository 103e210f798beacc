//! Options for the claims about a user (OpenID Connect Core §5.1).

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::Args;
use serde_json::{Map, Value};

/// A file with claims, and options for single claims.
#[derive(Debug, Args)]
pub(in crate::cli) struct Profile {
    /// E-mail address (claim `email`)
    #[arg(long)]
    pub(super) email: Option<String>,
    /// The e-mail address is known to be the user's (claim `email_verified`). Without it, a new address is not verified
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    email_verified: Option<bool>,
    /// Full name (claim `name`)
    #[arg(long)]
    name: Option<String>,
    /// File with a JSON object of claims, standard or custom, such as {"given_name": "Ada", "level": 7, "nickname": null}; null
    /// removes a claim
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
}

impl Profile {
    /// The claims that are named, in the file or by an option, with their new values. An option overrides the file.
    ///
    /// # Errors
    /// For a file that cannot be read, or that has another e-mail address than the option.
    pub(super) fn changes(self) -> anyhow::Result<Map<String, Value>> {
        let mut changes = self.claims.as_deref().map(read_claims).transpose()?.unwrap_or_default();
        let email = self.email.map(Value::from);
        // What the file says about its own address must not be said about another one.
        if email.is_some() && changes.get("email").is_some_and(|other| Some(other) != email.as_ref()) {
            bail!("--email and the file of --claims have different e-mail addresses; give one");
        }
        let options = [
            ("email", email),
            ("email_verified", self.email_verified.map(Value::from)),
            ("name", self.name.map(Value::from)),
        ];
        changes.extend(options.into_iter().filter_map(|(claim, value)| Some((claim.to_owned(), value?))));
        Ok(changes)
    }
}

/// The JSON object in a file.
///
/// # Errors
/// For a file that cannot be read or has something else.
pub(in crate::cli) fn read_claims(file: &Path) -> anyhow::Result<Map<String, Value>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|reason| anyhow!("{shown}: {reason}"))?;
    serde_json::from_str(&text).map_err(|reason| anyhow!("{shown} is not a JSON object: {reason}"))
}
