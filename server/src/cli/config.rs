//! `config …`: checks and shows the configuration.

use clap::Subcommand;
use serde_json::{Map, Value};

use super::answer::Answer;
use crate::config::Config;
use crate::serve::warn_about;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the configuration; prints every unknown name and wrong value, and exits with status 1 if there are any
    Check,
    /// Print the effective value of every setting; secrets are redacted
    Show,
}

/// Runs the command. The caller has already refused an invalid configuration.
pub(super) fn run(command: &Command, config: &Config) -> serde_json::Result<Answer> {
    match command {
        Command::Check => {
            warn_about(config);
            Ok(Answer::done("the configuration is valid", "valid"))
        }
        Command::Show => {
            let settings: Map<String, Value> =
                config.shown().iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
            Answer::new(config.to_toml().trim_end().to_owned(), &settings)
        }
    }
}
