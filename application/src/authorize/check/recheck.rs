//! A request that was valid when it came, checked again before it is answered: its client may have been changed, disabled
//! or deleted since.

use domain::{AuthorizationRequest, Client, ClientId, ErrorCode, Incarnation, Resource, ReturnTo};
use tokio::join;

use super::RequestChecks;
use crate::error::{Error, Refusal};

impl RequestChecks {
    /// The client of a request, if it may still send it.
    pub(in crate::authorize) async fn recheck(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Client, Error> {
        let (client, found) = join!(
            self.recheck_return_to(&request.client, request.incarnation, &request.return_to),
            self.indicators.find_again(&request.resources),
        );
        let client = client?;
        self.judge(&client, request, found?)?;
        Ok(client)
    }

    /// As [`recheck`](Self::recheck), for a client that has just been read.
    pub(in crate::authorize) async fn recheck_client(
        &self,
        client: &Client,
        request: &AuthorizationRequest,
    ) -> Result<(), Error> {
        if !may_be_sent_to(client, request.incarnation, &request.return_to) {
            return Err(changed(CLIENT_CHANGED));
        }
        let found = self.indicators.find_again(&request.resources).await?;
        self.judge(client, request, found)
    }

    fn judge(
        &self,
        client: &Client,
        request: &AuthorizationRequest,
        found: Vec<Resource>,
    ) -> Result<(), Error> {
        let settings = &self.context.settings;
        let target = self.indicators.still_allowed(client, request.requested_resources(), found);
        let may_have =
            target.is_some_and(|target| request.scope.is_subset_of(&target.allowed_scope(settings, client)));
        if !may_have || !request.claims.beyond(&client.scope, &settings.declared_scopes).is_empty() {
            return Err(changed("the client, or a resource of the request, was changed or deleted"));
        }
        // An exemption counts when the code is issued, not when the request came (RFC 9700 §2.1.1).
        if request.code_challenge.is_none() && !client.may_leave_pkce_out(settings.pkce) {
            return Err(changed(
                "the request has no code_challenge, and the client is no longer exempt from PKCE",
            ));
        }
        Ok(())
    }

    /// The client, if it may still be sent anything there.
    pub(in crate::authorize) async fn recheck_return_to(
        &self,
        id: &ClientId,
        incarnation: Incarnation,
        return_to: &ReturnTo,
    ) -> Result<Client, Error> {
        let client = self.clients.find(id).await?;
        client
            .filter(|client| may_be_sent_to(client, incarnation, return_to))
            .ok_or_else(|| changed(CLIENT_CHANGED))
    }
}

/// A new client with the id of a deleted client did not send the request of the deleted one.
fn may_be_sent_to(client: &Client, incarnation: Incarnation, return_to: &ReturnTo) -> bool {
    let uri = return_to.redirect_uri().as_str();
    client.is_enabled()
        && client.incarnation == incarnation
        && client.verify_redirect_uri(Some(uri), true).is_ok()
}

const CLIENT_CHANGED: &str = "the client was changed, disabled or deleted";

/// Since the request came.
fn changed(what: &'static str) -> Error {
    Refusal::new(ErrorCode::UnauthorizedClient, "the client may no longer do this").because(what).into()
}
