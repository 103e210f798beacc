//! A request that was valid when it came, checked again before it is answered: its client may have been changed, disabled
//! or deleted since.

use domain::{AuthorizationRequest, Client, ClientId, ErrorCode, Incarnation, ReturnTo};

use super::RequestChecks;
use crate::error::{Error, Refusal};

impl RequestChecks {
    /// The client of a request, if it may still send it.
    pub(in crate::authorize) async fn recheck(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Client, Error> {
        let client = self.recheck_return_to(&request.client, request.incarnation, &request.return_to).await?;
        let may_name = |id| client.may_name(id, &self.context.settings.issuer);
        let allowed = request.scope.is_subset_of(&client.scope) && request.resources.iter().all(may_name);
        // What is open to every client that registered itself is looked up when the code is redeemed.
        let is_by_opening = client.registration.is_some() && !request.resources.is_empty();
        let allowed = (allowed || is_by_opening) && request.claims.beyond(&client.scope).is_empty();
        if allowed { Ok(client) } else { Err(changed()) }
    }

    /// The client, if it may still be sent anything there.
    pub(in crate::authorize) async fn recheck_return_to(
        &self,
        id: &ClientId,
        incarnation: Incarnation,
        return_to: &ReturnTo,
    ) -> Result<Client, Error> {
        let client = self.clients.find(id).await?.filter(|client| {
            // A client that was made again under the id of a deleted one did not send what that one had sent.
            client.is_enabled() && client.incarnation == incarnation
        });
        let uri = return_to.redirect_uri().as_str();
        client.filter(|client| client.verify_redirect_uri(Some(uri), true).is_ok()).ok_or_else(changed)
    }
}

fn changed() -> Error {
    Refusal::new(ErrorCode::UnauthorizedClient, "the client may no longer do this")
        .because("the client was changed, disabled or deleted during the interaction")
        .into()
}
