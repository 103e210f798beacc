//! The command line. Standard output carries only the answer; everything else goes to standard error.

mod answer;
mod backup;
mod client;
mod config;
mod explain;
mod group;
mod healthcheck;
mod keys;
mod mail;
mod operator;
mod pages;
mod registration_token;
mod resource;
mod standard_input;
mod standard_output;
mod user;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use adapters_http::outbound::CollectorClient;
use anyhow::anyhow;
use clap::{Parser, Subcommand};
use domain::ErrorReference;

use crate::config::{Config, process_environment};
use crate::serve::serve;
use crate::telemetry;
use crate::traces::Traces;
use answer::Answer;
use operator::Operator;

/// The default of `RUST_LOG` for every command except `serve`: their answer is enough.
const COMMAND_DIRECTIVES: &str = "warn";

/// A self-hosted OAuth 2.1 authorization server and OpenID Provider.
///
/// Without a command the server starts. Settings come from a TOML file and from OAUTH2_ variables; `config show` lists
/// them. To begin: start the server and open the link that it prints, or make an administrator with
/// `user create --username NAME --password-stdin --admin`. Then register an application with `client create`.
#[derive(Debug, Parser)]
#[command(name = "oauth2-server", version, max_term_width = 110)]
struct CommandLine {
    /// Configuration file [default: oauth2.toml in the working folder, if it exists]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    config: Option<PathBuf>,
    /// Print the answer as JSON
    #[arg(long, global = true, help_heading = "Global options")]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default); stop it with Ctrl-C or SIGTERM
    Serve,
    /// Update the database schema to this version; `serve` and all commands that use the database also do this
    Migrate,
    /// Back up all data to a file, also while servers run: everything that was answered before it began is in it
    #[command(visible_alias = "export")]
    Backup(backup::Destination),
    /// Restore a backup into an empty database (PostgreSQL or SQLite), without codes that wait
    Restore(backup::Restoration),
    /// Move to another database: like `restore`, with everything; stop the servers before the backup
    Import(backup::Source),
    /// Check or show the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Manage clients: the applications that users sign in to
    #[command(subcommand)]
    Client(Box<client::Command>),
    /// Manage users
    #[command(subcommand)]
    User(user::Command),
    /// Manage groups of users: what applications find in the claim `groups`, and who may enter which application
    #[command(subcommand)]
    Group(group::Command),
    /// List and rotate the signing keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// Manage initial access tokens; a developer who has one can register clients without an operator (RFC 7591)
    #[command(subcommand)]
    RegistrationToken(registration_token::Command),
    /// Manage resource servers: the APIs that clients request access tokens for
    #[command(subcommand)]
    Resource(resource::Command),
    /// Explain why a request was refused: which rule, what differs, and what to do
    Explain {
        /// The reference: in the header Error-Reference, at the end of error_uri, on the error page and in the log
        reference: ErrorReference,
    },
    /// Check that mails can be sent
    #[command(subcommand)]
    Mail(mail::Command),
    /// Check whether the server answers; exit status 1 if not (for container health checks)
    Healthcheck,
}

/// Runs the command line of this process. The exit status is 0 for success, 1 for a failure (with one sentence on standard
/// error) and for findings of `client lint`, 2 for an invalid command line.
#[must_use]
pub fn run() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        // clap also returns help and version as an error.
        Err(usage) => {
            return match unless_closed(usage.print()) {
                Ok(()) if !usage.use_stderr() => ExitCode::SUCCESS,
                Ok(()) | Err(_) => ExitCode::from(2),
            };
        }
    };
    match execute(line) {
        Ok(status) => status,
        Err(error) => {
            print_error(&error);
            ExitCode::FAILURE
        }
    }
}

/// A reader that has seen enough, such as `head`, is no error.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(reason) if reason.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Standard error may be closed too; then the message is lost.
fn print_error(error: &anyhow::Error) {
    drop(writeln!(io::stderr(), "oauth2-server: {error}"));
}

fn execute(line: CommandLine) -> anyhow::Result<ExitCode> {
    let config = Config::load(line.config.as_deref(), process_environment())?;
    let directives = std::env::var("RUST_LOG").ok().filter(|given| !given.trim().is_empty());
    let command = line.command.unwrap_or(Command::Serve);
    let serves = matches!(command, Command::Serve);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let traces = match &config.otlp_endpoint {
        Some(endpoint) if serves => {
            let collector = CollectorClient::new(config.outbound().trust)?;
            Some(Traces::new(endpoint, collector, runtime.handle().clone())?)
        }
        Some(_) | None => None,
    };
    let directives = directives.as_deref().or((!serves).then_some(COMMAND_DIRECTIVES));
    telemetry::start(config.log_format, directives, traces.as_ref(), io::stderr)?;
    let answer = runtime.block_on(answer_to(command, config));
    // After the last request, but while the runtime can still send.
    if let Some(traces) = traces {
        traces.shut_down();
    }
    match answer? {
        Some(answer) => {
            let printed = unless_closed(answer.print(line.json));
            printed.map_err(|reason| anyhow!("cannot write the answer to standard output: {reason}"))?;
            Ok(answer.status())
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

async fn answer_to(command: Command, config: Config) -> anyhow::Result<Option<Answer>> {
    let answer = match command {
        Command::Serve => {
            serve(&config).await?;
            return Ok(None);
        }
        Command::Backup(destination) => return backup::back_up(destination, &config).await,
        Command::Restore(what) => backup::restore(what, config).await?,
        Command::Import(source) => backup::import(source, config).await?,
        Command::Config(command) => config::run(&command, &config).await?,
        Command::Mail(command) => mail::run(command, &config).await?,
        Command::Healthcheck => healthcheck::run(&config).await?,
        Command::Migrate => {
            let answer = Answer::done("the database schema is up to date", "migrated");
            Operator::run(config, async |_| Ok(answer)).await?
        }
        Command::Client(command) => {
            Operator::run(config, async |operator| client::run(*command, operator).await).await?
        }
        Command::Explain { reference } => {
            Operator::run(config, async |operator| explain::run(&reference, operator).await).await?
        }
        Command::User(command) => {
            Operator::run(config, async |operator| user::run(command, operator).await).await?
        }
        Command::Group(command) => {
            Operator::run(config, async |operator| group::run(command, operator).await).await?
        }
        Command::Keys(command) => {
            Operator::run(config, async |operator| keys::run(&command, operator).await).await?
        }
        Command::RegistrationToken(command) => {
            Operator::run(config, async |operator| registration_token::run(command, operator).await).await?
        }
        Command::Resource(command) => {
            Operator::run(config, async |operator| resource::run(command, operator).await).await?
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
