//! How long parameters may be: what a stranger sends is kept until somebody signs in.

use domain::ErrorCode;

use crate::error::Refusal;
use crate::parameters::Parameters;
use crate::settings::Settings;

/// The most bytes of a parameter, where no other rule bounds what is kept of it. The longest in use are much shorter.
const MAX_BYTES: [(&str, usize); 6] = [
    ("login_hint", 1_024),
    ("resource", 2_048),
    ("claims", 8_192),
    ("ui_locales", 1_024),
    ("id_token_hint", 16_384),
    ("request", 24_576),
];
/// How many resources a request may name (RFC 8707 §2).
const MAX_RESOURCES: usize = 20;

/// Refuses what is too long. `state` and `nonce` have a setting: some frameworks keep a whole form in them.
pub(super) fn check(settings: &Settings, parameters: &Parameters) -> Result<(), Refusal> {
    let own = ["state", "nonce"].map(|name| (name, settings.max_state_bytes));
    let is_too_long = |(name, most): &(&str, usize)| parameters.all(name).any(|value| value.len() > *most);
    if let Some((name, most)) = own.into_iter().chain(MAX_BYTES).find(is_too_long) {
        return Err(too_long(format!("{name} is longer than {most} bytes")));
    }
    if parameters.all("resource").count() > MAX_RESOURCES {
        return Err(too_long(format!("there are more than {MAX_RESOURCES} resources")));
    }
    Ok(())
}

fn too_long(description: String) -> Refusal {
    Refusal::described(ErrorCode::InvalidRequest, description)
}

/// The state that an answer carries. One that is too long is the error itself, and is not repeated.
pub(super) fn state(settings: &Settings, parameters: &Parameters) -> Option<String> {
    parameters.get("state").filter(|state| state.len() <= settings.max_state_bytes).map(str::to_owned)
}
