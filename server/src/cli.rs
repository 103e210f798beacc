//! The command line: standard output carries only the answer, everything else goes to standard error.

mod answer;
mod client;
mod config;
mod healthcheck;
mod keys;
mod moving;
mod operator;
mod registration_token;
mod resource;
mod standard_input;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use adapters_http::outbound::CollectorClient;
use anyhow::anyhow;
use clap::{Parser, Subcommand};

use crate::config::{Config, process_environment};
use crate::serve::serve;
use crate::telemetry;
use crate::traces::Traces;
use answer::Answer;
use operator::Operator;

/// What a command that is not `serve` logs unless `RUST_LOG` says otherwise: its answer is enough.
const QUIET: &str = "warn";

/// A self-hosted OAuth 2.1 authorization server and OpenID Provider.
///
/// Without a command it serves. Settings come from the file and from OAUTH2_ variables; `config show` lists them.
#[derive(Debug, Parser)]
#[command(name = "oauth2-server", version, max_term_width = 110)]
struct CommandLine {
    /// The configuration file; if not given, oauth2.toml in the working folder, if there is one
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    config: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGINT or SIGTERM (the default)
    Serve,
    /// Bring the database to this version's schema; `serve` and the commands on data do so too
    Migrate,
    /// Write everything there is into a file, for `import` into another database; stop the servers first
    Export(moving::Place),
    /// Take everything in that `export` wrote, into an empty database of any kind
    Import(moving::Place),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Administer clients
    #[command(subcommand)]
    Client(Box<client::Command>),
    /// Administer users
    #[command(subcommand)]
    User(user::Command),
    /// Look at the signing keys and rotate them
    #[command(subcommand)]
    Keys(keys::Command),
    /// Administer initial access tokens: with one, somebody registers clients without you
    #[command(subcommand)]
    RegistrationToken(registration_token::Command),
    /// Administer resource servers: what clients may ask for tokens for
    #[command(subcommand)]
    Resource(resource::Command),
    /// Ask the running server whether it is alive; fails if it is not
    Healthcheck,
}

/// Runs the command line of this process: 0 for success, 1 for a failure (one sentence on standard error),
/// 2 for a command that is not understood.
#[must_use]
pub fn run() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        // Help and version come this way too, and are no failure.
        Err(usage) => {
            return match usage.print() {
                Ok(()) if !usage.use_stderr() => ExitCode::SUCCESS,
                Ok(()) | Err(_) => ExitCode::from(2),
            };
        }
    };
    match execute(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr, reason = "a sentence for whoever typed the command")]
fn tell(error: &anyhow::Error) {
    eprintln!("oauth2-server: {error}");
}

fn execute(line: CommandLine) -> anyhow::Result<()> {
    let config = Config::load(line.config.as_deref(), process_environment())?;
    let directives = std::env::var("RUST_LOG").ok();
    let command = line.command.unwrap_or(Command::Serve);
    let quiet = (!matches!(command, Command::Serve)).then_some(QUIET);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let traces = match &config.otlp_endpoint {
        Some(endpoint) if quiet.is_none() => {
            let collector = CollectorClient::new(config.outbound().trust)?;
            Some(Traces::to(endpoint, collector, runtime.handle().clone())?)
        }
        Some(_) | None => None,
    };
    telemetry::start(config.log_format, directives.as_deref().or(quiet), traces.as_ref())?;
    let answer = runtime.block_on(answer_to(command, config));
    // After the last request, and while the runtime still delivers.
    if let Some(traces) = traces {
        traces.end();
    }
    match answer? {
        Some(answer) => answer
            .print(line.json)
            .map_err(|reason| anyhow!("the answer could not be written to standard output: {reason}")),
        None => Ok(()),
    }
}

async fn answer_to(command: Command, config: Config) -> anyhow::Result<Option<Answer>> {
    let answer = match command {
        Command::Serve => {
            serve(&config).await?;
            return Ok(None);
        }
        Command::Export(place) => return moving::export(place, config).await,
        Command::Import(place) => moving::import(place, config).await?,
        Command::Config(command) => config::run(&command, &config)?,
        Command::Healthcheck => healthcheck::run(&config).await?,
        Command::Migrate => {
            let answer = Answer::done("the database has the schema of this version", "migrated");
            Operator::on(config, async |_| Ok(answer)).await?
        }
        Command::Client(command) => {
            Operator::on(config, async |operator| client::run(*command, operator).await).await?
        }
        Command::User(command) => {
            Operator::on(config, async |operator| user::run(command, operator).await).await?
        }
        Command::Keys(command) => {
            Operator::on(config, async |operator| keys::run(&command, operator).await).await?
        }
        Command::RegistrationToken(command) => {
            Operator::on(config, async |operator| registration_token::run(command, operator).await).await?
        }
        Command::Resource(command) => {
            Operator::on(config, async |operator| resource::run(command, operator).await).await?
        }
    };
    Ok(Some(answer))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_serves() {
        let line = CommandLine::try_parse_from(["oauth2-server", "--config", "a.toml"]).unwrap();
        assert!(line.command.is_none());
        assert_eq!(line.config, Some(PathBuf::from("a.toml")));
    }

    #[test]
    fn the_global_options_are_understood_after_the_command_too() {
        let line = ["oauth2-server", "client", "list", "--json", "--config", "a.toml"];
        let line = CommandLine::try_parse_from(line).unwrap();
        assert!(line.json && line.config.is_some());
    }

    #[test]
    fn a_secret_is_no_argument() {
        for line in [
            ["oauth2-server", "client", "create", "--secret=hunter2"],
            ["oauth2-server", "user", "create", "--password=hunter2"],
        ] {
            assert_eq!(CommandLine::try_parse_from(line).unwrap_err().exit_code(), 2);
        }
    }
}
