//! `config …`: checks and shows the configuration.

use adapters_http::outbound::OutboundClient;
use clap::Subcommand;
use domain::pkce::PkcePolicy;
use domain::{Client, ClientId};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::client::list;
use crate::compose::Data;
use crate::config::{Config, DatabaseUrl, SmtpUrl};
use crate::serve::warn_about;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the configuration; prints every unknown name and wrong value, and exits with status 1 if there are any. Lists
    /// the clients that are exempt from PKCE, if there is a database
    Check,
    /// Print the effective value of every setting; secrets are redacted
    Show,
}

/// Runs the command. The caller has already refused an invalid configuration.
pub(super) async fn run(command: &Command, config: &Config) -> anyhow::Result<Answer> {
    match command {
        Command::Check => {
            warn_about(config);
            warn_about_redis(config).await;
            warn_about_mail(config).await?;
            checked(config, exempted(config).await)
        }
        Command::Show => {
            let settings: Map<String, Value> =
                config.shown().iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
            Ok(Answer::new(config.to_toml().trim_end().to_owned(), &settings)?)
        }
    }
}

/// Asks Redis whether it may lose keys. A check does not fail because Redis is not there yet.
async fn warn_about_redis(config: &Config) {
    let Some(url) = &config.redis_url else { return };
    let asked = async {
        let data = Data::connect(&DatabaseUrl::Memory, OutboundClient::new(config.outbound())?).await?;
        anyhow::Ok(data.with_redis(url, &config.redis_prefix).await?)
    };
    if let Err(reason) = asked.await {
        tracing::warn!(%reason, "the maxmemory-policy of Redis could not be read");
    }
}

/// Asks the SMTP server whether it takes mails. A check does not fail because it is not there yet.
async fn warn_about_mail(config: &Config) -> anyhow::Result<()> {
    if let Some(smtp) = config.smtp()?
        && let Err(reason) = smtp.check().await
    {
        let server = config.smtp_url.as_ref().map(SmtpUrl::place).unwrap_or_default();
        tracing::warn!(server, %reason, "the SMTP server does not answer as it should; mails wait until it does");
    }
    Ok(())
}

/// `exempted` are the clients that are exempt from PKCE, if they are known.
fn checked(config: &Config, exempted: Option<Vec<ClientId>>) -> anyhow::Result<Answer> {
    let valid = "the configuration is valid";
    let Some(exempted) = exempted else {
        return Ok(Answer::done(valid, "valid"));
    };
    let names = exempted.iter().map(ClientId::as_str).collect::<Vec<_>>().join(" ");
    let line = match (names.as_str(), config.pkce_policy) {
        ("", _) => String::new(),
        (names, PkcePolicy::PerClient) => format!("\nexempt from PKCE: {names}"),
        (names, PkcePolicy::Required) => {
            format!("\nexempt from PKCE, but refused because pkce_policy is required: {names}")
        }
    };
    let facts = json!({ "valid": true, "pkce_exempt_clients": exempted });
    Ok(Answer::new(format!("{valid}{line}"), &facts)?)
}

/// The clients that are exempt from PKCE. The database is read as it is: a check makes and changes nothing, and does not
/// fail because the database is not there yet.
async fn exempted(config: &Config) -> Option<Vec<ClientId>> {
    match &config.database_url {
        DatabaseUrl::Memory => return None,
        DatabaseUrl::Sqlite { file, .. } if !file.exists() => return None,
        DatabaseUrl::Sqlite { .. } | DatabaseUrl::Postgres { .. } => {}
    }
    match clients(config).await {
        Ok(clients) => {
            let exempted = clients.into_iter().filter(Client::is_exempt_from_pkce);
            Some(exempted.map(|client| client.id).collect())
        }
        Err(reason) => {
            tracing::warn!(%reason, "the clients that are exempt from PKCE could not be read");
            None
        }
    }
}

async fn clients(config: &Config) -> anyhow::Result<Vec<Client>> {
    let data = Data::connect(&config.database_url, OutboundClient::new(config.outbound())?).await?;
    let clients = list::all(&*data.ports.clients).await;
    data.close().await;
    Ok(clients?)
}
