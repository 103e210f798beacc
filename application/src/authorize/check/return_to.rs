//! `redirect_uri`, `response_mode` and `state`: where the response goes (RFC 6749 §3.1.2, RFC 9700 §4.1).

use domain::response_mode::UnknownResponseMode;
use domain::scope::OPENID;
use domain::{Client, ResponseMode, ReturnTo};

use crate::error::Refusal;
use crate::parameters::Parameters;

/// The only place that a response can go to, from a redirect URI that matches a registered one.
pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<ReturnTo, Refusal> {
    let openid = parameters.get("scope").is_some_and(|scope| scope.split(' ').any(|token| token == OPENID));
    let redirect_uri =
        client.verify_redirect_uri(parameters.get("redirect_uri"), openid).map_err(|problem| {
            Refusal::invalid_request("redirect_uri is missing or does not match a registered one")
                .because(problem.to_string())
        })?;
    // An unknown mode is an error itself, which is answered in the default mode.
    let mode = mode(parameters).unwrap_or_default();
    Ok(ReturnTo::new(redirect_uri, mode, parameters.get("state").map(str::to_owned)))
}

/// Refuses an unknown mode.
pub(super) fn check_mode(parameters: &Parameters) -> Result<(), Refusal> {
    mode(parameters)
        .map(drop)
        .map_err(|_| Refusal::invalid_request("response_mode must be query, fragment or form_post"))
}

fn mode(parameters: &Parameters) -> Result<ResponseMode, UnknownResponseMode> {
    parameters.get("response_mode").map_or(Ok(ResponseMode::default()), str::parse)
}
