//! `prompt` (OpenID Connect Core §3.1.2.1).

use domain::prompt::{InvalidPrompt, Prompt};

use crate::error::{Refusal, excerpt};
use crate::parameters::Parameters;

/// Whether `prompt` contains `none`, even beside other values.
pub(super) fn is_silent(parameters: &Parameters) -> bool {
    parameters.all("prompt").flat_map(|text| text.split(' ')).any(|value| value == "none")
}

/// The prompts to show.
pub(super) fn check(parameters: &Parameters) -> Result<Prompt, Refusal> {
    let prompt = parameters.get("prompt").unwrap_or_default();
    prompt.parse().map_err(|error: InvalidPrompt| {
        let reason = format!("the prompt {}: {error}", excerpt(prompt));
        Refusal::invalid_request("prompt is not valid").because(reason)
    })
}
