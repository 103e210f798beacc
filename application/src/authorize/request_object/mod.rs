//! Request objects (RFC 9101; OpenID Connect Core §6): an authorization request that its client signed, sent by value
//! or by reference.
//!
//! See docs/decisions/request-objects.md.

mod claims;
mod fetched;

use std::sync::Arc;

use domain::{Client, ErrorCode, Issuer, RequestObjectUri};

use crate::client_auth::key_sets::ClientKeySets;
use crate::error::Refusal;
use crate::keys::jose::ClientKey;
use crate::parameters::Parameters;
use crate::port::{Clock, FetchedDocuments};
use claims::{Claims, Faulty};
use fetched::FetchedObjects;

/// Opens what clients signed.
pub struct RequestObjectReader {
    key_sets: Arc<ClientKeySets>,
    fetched: FetchedObjects,
    issuer: Issuer,
    clock: Arc<dyn Clock>,
}

impl RequestObjectReader {
    /// Verifies with the keys of `key_sets`, fetches from `documents`; `issuer` is for whom an object has to be.
    #[must_use]
    pub fn new(
        key_sets: Arc<ClientKeySets>,
        documents: Arc<dyn FetchedDocuments>,
        issuer: Issuer,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { key_sets, fetched: FetchedObjects::new(documents, clock.clone()), issuer, clock }
    }

    /// The parameters that the client signed, if this request has or names a request object: then nothing outside of it
    /// counts (RFC 9101 §6.3), and what is there must not say anything else (OpenID Connect Core §6.1).
    ///
    /// # Errors
    /// `invalid_request_object` for one that is not signed by this client, for us, now, or that contradicts what is
    /// outside; `invalid_request_uri` for one that cannot be had from where the client registered that it is;
    /// `invalid_request` for both ways at once, and for neither of a client that has to sign.
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
            (None, Some(uri)) => self.fetched.get(&registered(client, uri)?).await.map_err(unfetched)?,
        };
        let algorithm = client.request_objects.algorithm;
        let verify = |key: &ClientKey| key.verify_request_object::<Claims>(&object, algorithm);
        let claims = self.key_sets.verify(client, verify).await;
        let claims = claims.map_err(|reason| invalid(client, &reason))?;
        let inside = claims.parameters(client, &self.issuer, self.clock.now());
        let inside = inside.map_err(|fault| match fault {
            Faulty::Wrong(reason) => invalid(client, &reason),
            Faulty::Repeated(refusal) => invalid(client, &refusal.detail),
        })?;
        agree(outside, &inside).map_err(|reason| invalid(client, &reason))?;
        Ok(Some(inside))
    }
}

/// The address that a `request_uri` names, if the client registered it. Nothing else is ever asked: whoever knows a
/// client could make us call anybody (RFC 9101 §10.4.1).
///
/// # Errors
/// `invalid_request_uri`.
pub(crate) fn registered(client: &Client, uri: &str) -> Result<RequestObjectUri, Refusal> {
    let uri: RequestObjectUri = uri.parse().map_err(|reason| unfetched(format!("request_uri {reason}")))?;
    let is_registered = client.request_objects.uris.iter().any(|known| known.address() == uri.address());
    if is_registered {
        Ok(uri)
    } else {
        Err(unfetched(format!("the client {} did not register {}", client.id, uri.address())))
    }
}

/// What is said twice is said the same. The scope outside may be a part of it: OpenID Connect Core §6.1 asks for no more
/// than `openid` there.
fn agree(outside: &Parameters, inside: &Parameters) -> Result<(), &'static str> {
    let response_types = [outside, inside].map(|parameters| parameters.get("response_type"));
    if let [Some(outside), Some(inside)] = response_types
        && outside != inside
    {
        return Err("its response_type is another than the one outside");
    }
    let inside: Vec<_> = inside.get("scope").unwrap_or_default().split(' ').collect();
    let mut outside = outside.get("scope").unwrap_or_default().split(' ').filter(|token| !token.is_empty());
    if outside.all(|token| inside.contains(&token)) {
        Ok(())
    } else {
        Err("its scope lacks what is in the scope outside")
    }
}

fn invalid(client: &Client, reason: &impl ToString) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequestObject, "the request object is not valid").because(format!(
        "the request object of {} is not good: {}",
        client.id,
        reason.to_string()
    ))
}

fn unfetched(reason: String) -> Refusal {
    let description = "the request_uri is not one that the application registered, or it cannot be read";
    Refusal::new(ErrorCode::InvalidRequestUri, description).because(reason)
}
