//! Request objects (RFC 9101; OpenID Connect Core §6): an authorization request that its client signed, sent by value
//! or by reference.
//!
//! See docs/decisions/authorization-requests.md.

mod claims;
mod fetched;

use std::sync::Arc;

use domain::{Client, ErrorCode, RequestObjectUri};

use crate::client_auth::key_sets::ClientKeySets;
use crate::context::Context;
use crate::error::{Refusal, excerpt};
use crate::keys::jose::ClientKey;
use crate::parameters::Parameters;
use crate::port::FetchedDocuments;
use claims::Claims;
use fetched::FetchedObjects;

/// Opens the request objects that clients signed.
pub struct RequestObjectReader {
    key_sets: Arc<ClientKeySets>,
    fetched: FetchedObjects,
    context: Context,
}

/// What a client signed.
pub(super) struct SignedRequest {
    /// The parameters of the request.
    pub(super) parameters: Parameters,
    /// Why the object is refused though the client signed it: the client is told so at the redirect URI in it (RFC 9101
    /// §6.2, §6.3). Or why a request without any object is, of a client that has to sign: then the parameters are those of
    /// the request, and decide only where the error goes.
    pub(super) fault: Option<Refusal>,
}

impl RequestObjectReader {
    /// A reader that verifies with `key_sets` and fetches with `documents`.
    #[must_use]
    pub fn new(key_sets: Arc<ClientKeySets>, documents: Arc<dyn FetchedDocuments>, context: Context) -> Self {
        Self { key_sets, fetched: FetchedObjects::new(documents, context.clock.clone()), context }
    }

    /// The parameters that the client signed, if this request has or names a request object. Then no parameter outside of
    /// the object counts (RFC 9101 §6.3) but `client_id`, and `response_type` must not contradict it (OpenID Connect Core
    /// §6.1).
    ///
    /// # Errors
    /// `invalid_request_object` for an object that this client did not sign; `invalid_request_uri` for an address that the
    /// client did not register or that does not answer with an object; `invalid_request` for `request` beside
    /// `request_uri`.
    pub(super) async fn open(
        &self,
        client: &Client,
        outside: &Parameters,
    ) -> Result<Option<SignedRequest>, Refusal> {
        let object = match (outside.get("request"), outside.get("request_uri")) {
            (None, None) if client.request_objects.required => {
                let fault = Some(Refusal::invalid_request("this application has to sign its requests"));
                return Ok(Some(SignedRequest { parameters: outside.clone(), fault }));
            }
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid_request("request and request_uri exclude each other"));
            }
            (Some(object), None) => object.to_owned(),
            (None, Some(uri)) => {
                self.fetched.get(&client.id, &registered_uri(client, uri)?).await.map_err(invalid_uri)?
            }
        };
        let algorithm = client.request_objects.algorithm;
        let verify = move |key: &ClientKey| key.verify_request_object::<Claims>(&object, algorithm);
        let claims = self.key_sets.verify(client, verify).await;
        let claims = claims.map_err(|reason| invalid_object(client, &reason))?;
        claims.check_signer(client).map_err(|reason| invalid_object(client, &reason))?;
        let (parameters, misplaced) = claims.parameters();
        let issuer = &self.context.settings.issuer;
        let fault = claims.fault(issuer, self.context.now()).or(misplaced);
        let fault = fault.or_else(|| disagreement(outside, &parameters));
        let fault = fault.map(|reason| invalid_object(client, &reason));
        Ok(Some(SignedRequest { parameters, fault }))
    }
}

/// The `request_uri`, if the client registered it. No other URI is ever fetched: otherwise anyone who knows a
/// `client_id` could make the server send requests to any host (RFC 9101 §10.4.1).
///
/// # Errors
/// `invalid_request_uri`.
pub(super) fn registered_uri(client: &Client, uri: &str) -> Result<RequestObjectUri, Refusal> {
    let uri: RequestObjectUri = uri.parse().map_err(|reason| invalid_uri(format!("request_uri {reason}")))?;
    let is_registered = client.request_objects.uris.iter().any(|known| known.address() == uri.address());
    if is_registered {
        Ok(uri)
    } else {
        Err(invalid_uri(format!("the client {} did not register {}", client.id, uri.address())))
    }
}

/// `response_type` outside must be the one inside (OpenID Connect Core §6.1).
fn disagreement(outside: &Parameters, inside: &Parameters) -> Option<String> {
    let [outside, inside] = [outside, inside].map(|parameters| parameters.get("response_type"));
    let (outside, inside) = (outside?, inside?);
    let differs = || format!("its response_type is {}, outside it is {}", excerpt(inside), excerpt(outside));
    (outside != inside).then(differs)
}

fn invalid_object(client: &Client, reason: &impl ToString) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequestObject, "the request object is not valid").because(format!(
        "the request object of {} is not valid: {}",
        client.id,
        reason.to_string()
    ))
}

fn invalid_uri(reason: String) -> Refusal {
    let description = "the request_uri is not one that the application registered, or it cannot be read";
    Refusal::new(ErrorCode::InvalidRequestUri, description).because(reason)
}
