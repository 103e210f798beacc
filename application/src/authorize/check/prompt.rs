//! `prompt` (OpenID Connect Core §3.1.2.1).

use domain::prompt::Prompt;

use crate::error::Refusal;
use crate::parameters::Parameters;

/// The prompts to show.
pub(super) fn check(parameters: &Parameters) -> Result<Prompt, Refusal> {
    parameters.get("prompt").unwrap_or_default().parse().map_err(|error: domain::prompt::InvalidPrompt| {
        Refusal::invalid_request("prompt is not valid").because(error.to_string())
    })
}
