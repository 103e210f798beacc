//! `redirect_uri`, `response_mode` and `state`: where the response goes (RFC 6749 §3.1.2, RFC 9700 §4.1).

use domain::refusal::{RedirectCause, RedirectParameter};
use domain::response_mode::UnknownResponseMode;
use domain::scope::OPENID;
use domain::{Client, ResponseMode, ReturnTo};

use super::lengths;
use crate::error::{Refusal, excerpt};
use crate::parameters::{Parameters, repeated};
use crate::settings::Settings;

const REDIRECT_URI: &str = "redirect_uri";

/// The only place that a response can go to, from a redirect URI that matches a registered one.
pub(super) fn check(
    settings: &Settings,
    client: &Client,
    parameters: &Parameters,
) -> Result<ReturnTo, Refusal> {
    // Of two different URIs this server cannot know the right one, so it redirects to neither.
    if parameters.all(REDIRECT_URI).nth(1).is_some() {
        return Err(repeated(REDIRECT_URI));
    }
    let openid = words(parameters, "scope").any(|token| token == OPENID);
    let sent = parameters.get(REDIRECT_URI);
    let redirect_uri = client.verify_redirect_uri(sent, openid).map_err(|_problem| {
        let (description, cause) = match sent {
            None => ("redirect_uri is missing", RedirectCause::missing(&client.redirect_uris)),
            Some(sent) => {
                let parameter = RedirectParameter::RedirectUri;
                let cause = RedirectCause::unregistered(parameter, sent, &client.redirect_uris);
                ("redirect_uri does not match a registered one", cause)
            }
        };
        Refusal::invalid_request(description).because(cause).to_client(&client.id)
    })?;
    if mode(parameters) == Ok(ResponseMode::FormPost) && !redirect_uri.is_web() {
        // `form_post` cannot reach a native application, so an error page is shown before the login page.
        return Err(Refusal::invalid_request("response_mode form_post needs an https redirect URI"));
    }
    // An unknown mode is an error itself, which is answered in the default mode.
    let mode = mode(parameters).unwrap_or_else(|_| default_mode(parameters));
    Ok(ReturnTo::new(redirect_uri, mode, lengths::state(settings, parameters)))
}

/// Refuses an unknown mode.
pub(super) fn check_mode(parameters: &Parameters) -> Result<(), Refusal> {
    mode(parameters).map(drop).map_err(|_| {
        let sent = excerpt(parameters.get("response_mode").unwrap_or_default());
        Refusal::invalid_request("response_mode must be query, fragment or form_post")
            .because(format!("the response_mode {sent} is not query, fragment or form_post"))
    })
}

fn mode(parameters: &Parameters) -> Result<ResponseMode, UnknownResponseMode> {
    parameters.get("response_mode").map_or_else(|| Ok(default_mode(parameters)), str::parse)
}

/// The client reads the answer to a response type with a token from the fragment, also if the answer is that there is no
/// such response type here (OAuth 2.0 Multiple Response Type Encoding Practices §5).
fn default_mode(parameters: &Parameters) -> ResponseMode {
    if words(parameters, "response_type").any(|word| matches!(word, "token" | "id_token")) {
        ResponseMode::Fragment
    } else {
        ResponseMode::Query
    }
}

fn words<'a>(parameters: &'a Parameters, name: &'a str) -> impl Iterator<Item = &'a str> {
    parameters.all(name).flat_map(|text| text.split(' '))
}
