//! The lengths of parameters, and the characters of free text. A request waits in a URL, where there is little
//! room, and a pushed one in a store.

use domain::{AuthorizationRequest, ErrorCode};

use crate::error::Refusal;
use crate::parameters::Parameters;
use crate::settings::Settings;

/// The most bytes of a parameter, where no other rule limits its stored length. Real clients send much less.
const MAX_BYTES: [(&str, usize); 6] = [
    ("login_hint", 1_024),
    ("resource", 2_048),
    ("claims", 8_192),
    ("ui_locales", 1_024),
    ("id_token_hint", 16_384),
    ("request", 24_576),
];
/// The parameters of free text. Control characters are no part of them (RFC 6749 appendix A), and JSON makes six bytes of each.
const FREE_TEXTS: [&str; 3] = ["state", "nonce", "login_hint"];
/// The most bytes of a whole request as JSON. Together with the other sealed values, it fits into a URL.
const MAX_REQUEST_BYTES: usize = 17 * 1_024;
/// A request is short if these parameters together have fewer bytes, even after JSON escaping.
const SHORT_REQUEST_BYTES: usize = 2_048;
const LONG_PARAMETERS: [&str; 7] =
    ["state", "nonce", "login_hint", "resource", "claims", "ui_locales", "acr_values"];
/// How many resources a request may name (RFC 8707 §2).
const MAX_RESOURCES: usize = 20;

/// Refuses long parameters and control characters. `state` and `nonce` have a setting: some frameworks keep a whole form in them.
pub(super) fn check(settings: &Settings, parameters: &Parameters) -> Result<(), Refusal> {
    let own = ["state", "nonce"].map(|name| (name, settings.max_state_bytes));
    let is_too_long = |(name, most): &(&str, usize)| parameters.all(name).any(|value| value.len() > *most);
    if let Some((name, most)) = own.into_iter().chain(MAX_BYTES).find(is_too_long) {
        return Err(refusal(format!("{name} is longer than {most} bytes")));
    }
    let has_control = |name: &&str| parameters.all(name).any(has_control_character);
    if let Some(name) = FREE_TEXTS.into_iter().find(has_control) {
        return Err(refusal(format!("{name} contains a control character")));
    }
    if parameters.all("resource").count() > MAX_RESOURCES {
        return Err(refusal(format!("there are more than {MAX_RESOURCES} resources")));
    }
    Ok(())
}

/// Refuses a request whose parts are fine, but that does not fit into the address in which it waits for a login. That is asked only
/// of requests that are long enough.
pub(super) fn check_whole(request: &AuthorizationRequest, parameters: &Parameters) -> Result<(), Refusal> {
    let length = |name| parameters.all(name).map(str::len).sum::<usize>();
    if LONG_PARAMETERS.into_iter().map(length).sum::<usize>() < SHORT_REQUEST_BYTES {
        return Ok(());
    }
    match serde_json::to_vec(request) {
        Ok(text) if text.len() <= MAX_REQUEST_BYTES => Ok(()),
        Ok(_) | Err(_) => Err(refusal("the request is too long as a whole".to_owned())),
    }
}

/// Whether one of U+0000 to U+001F or U+007F is in it.
fn has_control_character(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_control())
}

fn refusal(description: String) -> Refusal {
    Refusal::described(ErrorCode::InvalidRequest, description)
}

/// The state that an answer carries. One that is refused is the error itself, and is not repeated.
pub(super) fn state(settings: &Settings, parameters: &Parameters) -> Option<String> {
    let is_fine = |state: &&str| state.len() <= settings.max_state_bytes && !has_control_character(state);
    parameters.get("state").filter(is_fine).map(str::to_owned)
}
