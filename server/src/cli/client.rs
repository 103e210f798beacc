//! `client …`: an operator registers and administers clients.

mod hints;
mod lint;
pub(super) mod list;
mod member_options;
mod registration;

use anyhow::bail;
use application::client::document::RegistrationDocument;
use application::metadata::path;
use clap::{Args, Subcommand};
use domain::client::ClientDraft;
use domain::{Actor, Client, ClientId, Secret};
use serde_json::json;

use self::registration::Registration;
use super::answer::Answer;
use super::operator::Operator;
use super::standard_input;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register a client; a generated secret is shown in the answer, and never again
    Create(Create),
    /// List all clients
    List,
    /// Show a registration
    Show {
        /// The client's id
        id: ClientId,
    },
    /// Check registrations against OAuth 2.1 and RFC 9700; exit status 1 if something should be mended
    Lint {
        /// The client's id; without it, all clients
        id: Option<ClientId>,
    },
    /// Change a registration; members that are not given stay as they are
    Update {
        /// The client's id
        id: ClientId,
        #[command(flatten)]
        registration: Registration,
    },
    /// Delete a client and revoke everything it was issued
    Delete {
        /// The client's id
        id: ClientId,
    },
    /// Generate a new secret; the old one stops working
    RotateSecret {
        /// The client's id
        id: ClientId,
    },
    /// Give a client that registered itself a new registration access token; the old one stops working
    RotateRegistrationToken {
        /// The client's id
        id: ClientId,
    },
    /// Revoke the registration access token of a client: it cannot change its own registration any more
    RevokeRegistrationToken {
        /// The client's id
        id: ClientId,
    },
    /// Disable a client: it cannot authenticate, and nothing it was issued works
    Disable {
        /// The client's id
        id: ClientId,
    },
    /// Enable a disabled client again
    Enable {
        /// The client's id
        id: ClientId,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Its client_id; generated if not given
    #[arg(long)]
    id: Option<ClientId>,
    /// Read a secret of your own from standard input instead of generating one
    #[arg(long)]
    secret_stdin: bool,
    #[command(flatten)]
    registration: Registration,
}

/// Does what the command says.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let clients = &operator.clients;
    let actor = Actor::CommandLine;
    let client = match command {
        Command::Create(create) => {
            let (client, secret) = clients.create(&create.draft()?, actor).await?;
            operator.install_keys_for(&client).await;
            return registered(&client, secret.as_ref());
        }
        Command::RotateSecret { id } => {
            let (client, secret) = clients.rotate_secret(&id, actor).await?;
            return Ok(Answer::one(&RegistrationDocument::for_operator(&client, Some(&secret)))?);
        }
        Command::RotateRegistrationToken { id } => {
            let (client, token) = clients.rotate_registration_token(&id, actor).await?;
            let uri = clients.context.settings.issuer.endpoint(&format!("{}/{id}", path::REGISTER));
            let document = RegistrationDocument::for_operator(&client, None);
            return Ok(Answer::one(&document.with_registration_token(&token, uri))?);
        }
        Command::RevokeRegistrationToken { id } => clients.revoke_registration_token(&id, actor).await?,
        Command::List => return list::answer(operator).await,
        Command::Lint { id } => return lint::answer(id.as_ref(), operator).await,
        Command::Delete { id } => {
            clients.delete(&id, actor).await?;
            let facts = json!({"client_id": id, "deleted": true});
            return Ok(Answer::new(format!("the client {id} is deleted"), &facts)?);
        }
        Command::Show { id } => clients.show(&id).await?,
        Command::Update { id, registration } => {
            let (client, secret) = clients.patch(&id, &registration.draft()?, actor).await?;
            operator.install_keys_for(&client).await;
            return registered(&client, secret.as_ref());
        }
        Command::Disable { id } => clients.set_enabled(&id, false, actor).await?,
        Command::Enable { id } => clients.set_enabled(&id, true, actor).await?,
    };
    Ok(Answer::one(&RegistrationDocument::for_operator(&client, None))?)
}

/// The answer for a registration that was made or changed, with hints on standard error.
fn registered(client: &Client, secret: Option<&Secret>) -> anyhow::Result<Answer> {
    for hint in hints::hints(client) {
        tracing::warn!("{hint}");
    }
    Ok(Answer::one(&RegistrationDocument::for_operator(client, secret))?)
}

impl Create {
    fn draft(self) -> anyhow::Result<ClientDraft> {
        if self.secret_stdin && self.registration.reads_standard_input() {
            bail!("--secret-stdin and --from - cannot both read standard input");
        }
        let mut draft = self.registration.draft()?;
        if let Some(id) = self.id {
            draft.set("client_id", id.as_str());
        }
        if self.secret_stdin {
            draft.set("client_secret", standard_input::secret("client secret")?.expose());
        }
        Ok(draft)
    }
}

#[cfg(test)]
mod tests;
