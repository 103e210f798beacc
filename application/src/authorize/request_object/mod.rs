//! Request objects (RFC 9101; OpenID Connect Core §6): an authorization request that its client signed, sent by value
//! or by reference.
//!
//! See docs/decisions/request-objects.md.

mod claims;
mod fetched;

use std::sync::Arc;

use domain::{Client, ErrorCode, RequestObjectUri};

use crate::client_auth::key_sets::ClientKeySets;
use crate::context::Context;
use crate::error::Refusal;
use crate::keys::jose::ClientKey;
use crate::parameters::Parameters;
use crate::port::FetchedDocuments;
use claims::{Claims, InvalidClaims};
use fetched::FetchedObjects;

/// Opens the request objects that clients signed.
pub struct RequestObjectReader {
    key_sets: Arc<ClientKeySets>,
    fetched: FetchedObjects,
    context: Context,
}

impl RequestObjectReader {
    /// A reader that verifies with `key_sets` and fetches with `documents`.
    #[must_use]
    pub fn new(key_sets: Arc<ClientKeySets>, documents: Arc<dyn FetchedDocuments>, context: Context) -> Self {
        Self { key_sets, fetched: FetchedObjects::new(documents, context.clock.clone()), context }
    }

    /// The parameters that the client signed, if this request has or names a request object. Then no parameter outside of
    /// the object counts (RFC 9101 §6.3), and none may contradict it (OpenID Connect Core §6.1).
    ///
    /// # Errors
    /// `invalid_request_object` for an object that this client did not sign, that is for another issuer or time, or that
    /// contradicts a parameter outside; `invalid_request_uri` for an address that the client did not register or that does
    /// not answer with an object; `invalid_request` for `request` beside `request_uri`, and for neither of a client that
    /// has to sign.
    pub async fn open(&self, client: &Client, outside: &Parameters) -> Result<Option<Parameters>, Refusal> {
        let object = match (outside.get("request"), outside.get("request_uri")) {
            (None, None) if client.request_objects.required => {
                return Err(Refusal::invalid_request("this application has to sign its requests"));
            }
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid_request("request and request_uri exclude each other"));
            }
            (Some(object), None) => object.to_owned(),
            (None, Some(uri)) => {
                self.fetched.get(&registered_uri(client, uri)?).await.map_err(invalid_uri)?
            }
        };
        let algorithm = client.request_objects.algorithm;
        let verify = |key: &ClientKey| key.verify_request_object::<Claims>(&object, algorithm);
        let claims = self.key_sets.verify(client, verify).await;
        let claims = claims.map_err(|reason| invalid_object(client, &reason))?;
        let inside = claims.parameters(client, &self.context.settings.issuer, self.context.now());
        let inside = inside.map_err(|fault| match fault {
            InvalidClaims::Claim(reason) => invalid_object(client, &reason),
            InvalidClaims::Parameters(refusal) => invalid_object(client, &refusal.detail),
        })?;
        check_agreement(outside, &inside).map_err(|reason| invalid_object(client, &reason))?;
        Ok(Some(inside))
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

/// `response_type` and `scope` outside must agree with those inside. The scope outside may be a part of the scope inside: OpenID
/// Connect Core §6.1 requires only `openid` there.
fn check_agreement(outside: &Parameters, inside: &Parameters) -> Result<(), &'static str> {
    let response_types = [outside, inside].map(|parameters| parameters.get("response_type"));
    if let [Some(outside), Some(inside)] = response_types
        && outside != inside
    {
        return Err("its response_type differs from the one outside");
    }
    let inside: Vec<_> = inside.get("scope").unwrap_or_default().split(' ').collect();
    let mut outside = outside.get("scope").unwrap_or_default().split(' ').filter(|token| !token.is_empty());
    if outside.all(|token| inside.contains(&token)) {
        Ok(())
    } else {
        Err("its scope lacks a value of the scope outside")
    }
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
