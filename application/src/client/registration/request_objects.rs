//! What a client registers of its request objects (OpenID Connect Dynamic Registration §2, RFC 9101 §10.5).

use domain::request_object::{RequestObjects, UnknownRequestObjectAlgorithm};
use domain::{KeySource, outbound_uri::InvalidOutboundUri};

use super::document::Document;
use super::keys::{self, Keys};
use crate::client::administration::Credential;
use crate::error::Refusal;

/// More addresses than a client publishes requests at.
const MOST_URIS: usize = 20;

/// `keys` are what is left of them when the client's way of authentication took what it needs.
///
/// # Errors
/// `invalid_client_metadata`, also for a client that will sign and has no keys to.
pub(super) fn read(
    document: &Document,
    keys: Option<Keys<'_>>,
    authentication: Option<&Credential>,
) -> Result<RequestObjects, Refusal> {
    let wrong = |description: String| Refusal::invalid_client_metadata(description);
    let algorithm = document.text("request_object_signing_alg")?.map(str::parse).transpose();
    let texts = document.texts("request_uris")?.unwrap_or_default();
    if texts.len() > MOST_URIS {
        return Err(wrong(format!("request_uris must be at most {MOST_URIS}")));
    }
    let uri = |text: &str| {
        text.parse().map_err(|reason: InvalidOutboundUri| wrong(format!("each of request_uris {reason}")))
    };
    let objects = RequestObjects {
        keys: None,
        algorithm: algorithm.map_err(|reason: UnknownRequestObjectAlgorithm| {
            wrong(format!("request_object_signing_alg {reason}"))
        })?,
        required: document.flag("require_signed_request_object")?.unwrap_or(false),
        uris: texts.into_iter().map(uri).collect::<Result<_, _>>()?,
    };
    let keys = match authentication {
        Some(Credential::Keys(_)) => None,
        Some(Credential::Secret(_)) | None => usable(keys, &objects)?,
    };
    Ok(RequestObjects { keys, ..objects })
}

/// Keys that nothing needs yet are kept if they are any good, and else left out (RFC 7591 §3.2.1).
fn usable(keys: Option<Keys<'_>>, objects: &RequestObjects) -> Result<Option<KeySource>, Refusal> {
    match keys {
        keys if objects.are_announced() => keys::needed(keys, "a client that signs its requests").map(Some),
        Some(keys) => Ok(keys.source().ok()),
        None => Ok(None),
    }
}
