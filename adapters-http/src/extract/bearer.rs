//! A bearer token from the header or, on POST, the form (RFC 6750 §2).

use application::Parameters;
use application::error::Refusal;
use http::HeaderMap;
use http::header::AUTHORIZATION;

/// The token of a request; none if it carries none.
///
/// # Errors
/// `invalid_request` when the request uses two methods at once, or one twice (RFC 6750 §2).
pub(crate) fn bearer(
    headers: &HeaderMap,
    parameters: Option<&Parameters>,
) -> Result<Option<String>, Refusal> {
    if headers.get_all(AUTHORIZATION).iter().count() > 1 {
        return Err(Refusal::invalid_request("more than one Authorization header"));
    }
    let in_header = headers.get(AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
    });
    let in_form = parameters.and_then(|parameters| parameters.get("access_token")).map(str::to_owned);
    if in_header.is_some() && in_form.is_some() {
        return Err(Refusal::invalid_request("the request sends the access token by two methods"));
    }
    Ok(in_header.or(in_form))
}
