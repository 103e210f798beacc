//! The members that identify the client: `client_id` and `client_secret` (RFC 7591 §3.2.1, RFC 7592 §2.2).

use super::input::Input;
use super::policy::Registrant;
use super::problem::Problem;
use super::{Client, ClientAuthentication, ClientDraft, StoredSecret};
use crate::{ClientId, Secret};

/// The fewest bytes of a secret that an operator chose.
const MIN_SECRET_BYTES: usize = 16;

/// The most bytes of a secret that an operator chose.
const MAX_SECRET_BYTES: usize = 1024;

impl ClientDraft {
    /// The secret that an operator chose for a new client.
    #[must_use]
    pub fn chosen_secret(&self) -> Option<Secret> {
        let secret = self.members().get("client_secret")?.as_str()?;
        (!secret.is_empty()).then(|| Secret::from(secret))
    }
}

/// The id of a new client: an operator may choose it.
pub(super) fn chosen_id(document: &Input<'_>) -> Result<Option<ClientId>, Problem> {
    match document.policy.registrant {
        Registrant::Operator => document.member("client_id").parsed(),
        Registrant::Client(_) => Ok(None),
    }
}

/// An operator may choose the secret of a new client, if it has one.
pub(super) fn check_chosen_secret(document: &Input<'_>, client: &Client) -> Result<(), Problem> {
    let input = document.member("client_secret");
    let Some(secret) = input.text()?.filter(|_| !input.policy.registrant.is_client()) else {
        return Ok(());
    };
    if !client.authentication.is_by_secret() {
        return Err(
            input.problem("the client has no secret: it is public, or authenticates by private_key_jwt")
        );
    }
    if !(MIN_SECRET_BYTES..=MAX_SECRET_BYTES).contains(&secret.len()) {
        let text = format!(
            "a chosen secret needs {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} bytes; leave it out to have one generated"
        );
        return Err(input.problem(text));
    }
    Ok(())
}

/// A document that changes a client may repeat its id.
pub(super) fn check_same_id(document: &Input<'_>, before: &Client) -> Result<(), Problem> {
    let input = document.member("client_id");
    match input.text()? {
        Some(id) if id != before.id.as_str() => Err(input.problem("not the one of this registration")),
        Some(_) | None => Ok(()),
    }
}

/// A client may repeat its secret. An operator does not change it by a document.
pub(super) fn check_same_secret(document: &Input<'_>, before: &Client) -> Result<(), Problem> {
    let input = document.member("client_secret");
    if !input.policy.registrant.is_client() {
        let is_named = input.document.contains_key(input.member);
        let problem = || input.problem("not changed by a document; use rotate-secret");
        return if is_named { Err(problem()) } else { Ok(()) };
    }
    let Some(secret) = input.text()? else {
        return Ok(());
    };
    let is_same = match &before.authentication {
        ClientAuthentication::Secret { secret: StoredSecret::Generated(digest), .. } => {
            Secret::from(secret).digest() == *digest
        }
        // The operator chose the secret, and the server never sent it to the client.
        ClientAuthentication::Secret { secret: StoredSecret::Chosen(_), .. }
        | ClientAuthentication::PrivateKeyJwt { .. }
        | ClientAuthentication::None => false,
    };
    if is_same { Ok(()) } else { Err(input.problem("not the one of this client")) }
}
