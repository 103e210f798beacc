//! `mail …`: sends a test mail.

use anyhow::{anyhow, bail};
use application::port::{Clock, Entropy};
use clap::Subcommand;
use domain::Letter;
use domain::MailId;
use domain::letter::Message;
use serde_json::json;

use super::answer::Answer;
use crate::config::Config;
use crate::system::{SystemClock, SystemEntropy};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Send a test mail at once, and say what the SMTP server answers
    Test {
        /// The address to send it to
        address: String,
        /// The language of the mail [default: English]
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
    },
}

/// Runs the command. It needs no database.
pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<Answer> {
    let Command::Test { address, language } = command;
    let Some(smtp) = config.smtp()? else {
        bail!("mail is not set up: set OAUTH2_SMTP_URL and OAUTH2_MAIL_FROM");
    };
    let letter = Letter {
        to: address.clone(),
        languages: language.into_iter().collect(),
        username: String::new(),
        message: Message::Test,
    };
    let entropy: &dyn Entropy = &SystemEntropy;
    let id = MailId::from_random(entropy.bytes());
    smtp.submit(id, &letter, SystemClock.now())
        .await
        .map_err(|reason| anyhow!("the test mail was not sent: {reason}"))?;
    let facts = json!({"sent": true, "to": address});
    Ok(Answer::new(format!("the SMTP server has taken the test mail to {address}"), &facts)?)
}
