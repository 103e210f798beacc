//! Where the browser goes after a logout: `post_logout_redirect_uri` (OpenID Connect RP-Initiated Logout 1.0 §2, §3).

use domain::Client;
use domain::redirect_uri::host_reached;
use domain::refusal::{RedirectCause, RedirectParameter};
use url::Url;

use crate::error::Refusal;
use crate::parameters::Parameters;

/// The registered URI that `post_logout_redirect_uri` names, with `state`.
pub(super) fn continue_to(
    client: Option<&Client>,
    parameters: &Parameters,
) -> Result<Option<String>, Refusal> {
    let (Some(requested), Some(client)) = (parameters.get("post_logout_redirect_uri"), client) else {
        // Without a client there is no registered URI: a page of this server says that the user is signed out.
        return Ok(None);
    };
    let unregistered = || {
        Refusal::invalid_request("post_logout_redirect_uri is not registered")
            .because(RedirectCause::unregistered(
                RedirectParameter::PostLogoutRedirectUri,
                requested,
                &client.post_logout_redirect_uris,
            ))
            .to_client(&client.id)
    };
    let registered = client
        .post_logout_redirect_uris
        .iter()
        .find_map(|uri| uri.matching(requested))
        .ok_or_else(unregistered)?;
    let mut url = Url::parse(registered.as_str()).map_err(|_| unregistered())?;
    match parameters.get("state") {
        Some(state) => {
            url.query_pairs_mut().append_pair("state", state);
            Ok(Some(url.into()))
        }
        None => Ok(Some(registered.as_str().to_owned())),
    }
}

/// Whom this URI of the client belongs to, if no operator vouches for the client: the user decides whether to go there.
/// Otherwise an attacker could use this endpoint as an open redirector to their own client (RFC 9700 §4.11.2).
pub(super) fn unvetted_host(client: Option<&Client>, uri: Option<&str>) -> Option<String> {
    let uri = uri.filter(|_| client.is_some_and(|client| !client.is_vetted()))?;
    Some(host_reached(uri).unwrap_or_else(|| uri.to_owned()))
}
