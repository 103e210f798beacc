//! `client_id` (RFC 6749 §4.1.1).

use domain::{Client, ClientId, ErrorCode};

use crate::error::{Error, Refusal, excerpt};
use crate::parameters::Parameters;
use crate::port::Clients;

/// The enabled client that sent the request.
pub(super) async fn check(clients: &dyn Clients, parameters: &Parameters) -> Result<Client, Error> {
    let unknown = || Refusal::new(ErrorCode::InvalidClient, "the application is not registered here");
    let id = parameters.require("client_id", "client_id is missing")?;
    let id: ClientId =
        id.parse().map_err(|_| unknown().because(format!("no client can have the id {}", excerpt(id))))?;
    match clients.find(&id).await? {
        Some(client) if client.is_enabled() => Ok(client),
        Some(_) => Err(unknown().because(format!("the client {id} is disabled")).into()),
        None => Err(unknown().because(format!("the client {id} is unknown")).into()),
    }
}
