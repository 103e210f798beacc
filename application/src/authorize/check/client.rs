//! `client_id` (RFC 6749 §4.1.1).

use domain::refusal::AuthenticationCause;
use domain::{Client, ClientId, ErrorCode, Quoted};

use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::Clients;

/// The enabled client that sent the request.
pub(super) async fn check(clients: &dyn Clients, parameters: &Parameters) -> Result<Client, Error> {
    let refused = |cause: AuthenticationCause| {
        Refusal::new(ErrorCode::InvalidClient, "the application is not registered here").because(cause)
    };
    let sent = parameters.require("client_id", "client_id is missing")?;
    let unknown = || refused(AuthenticationCause::UnknownClient(Quoted::new(sent)));
    let id: ClientId = sent.parse().map_err(|_| unknown())?;
    match clients.find(&id).await? {
        Some(Client { disabled_at: Some(since), .. }) => {
            Err(refused(AuthenticationCause::Disabled(since)).to_client(&id).into())
        }
        Some(client) => Ok(client),
        None => Err(unknown().into()),
    }
}
