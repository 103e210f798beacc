//! `config …`: what the configuration says, once file and environment are read.

use clap::Subcommand;
use serde_json::{Map, Value};

use super::answer::Answer;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Fail with every unknown name and wrong value, if there are any
    Check,
    /// Print every setting as it is in force; secrets are redacted
    Show,
}

/// Does what the command says; a configuration that cannot be used has failed before.
pub(super) fn run(command: &Command, config: &Config) -> serde_json::Result<Answer> {
    match command {
        Command::Check => Ok(Answer::done("the configuration is valid", "valid")),
        Command::Show => {
            let settings = config.shown();
            let settings: Map<String, Value> =
                settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            Answer::new(config.to_toml().trim_end().to_owned(), &settings)
        }
    }
}
