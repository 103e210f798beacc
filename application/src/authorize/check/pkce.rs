//! `code_challenge` and `code_challenge_method` (RFC 7636 §4.3, RFC 9700 §2.1.1).

use domain::pkce::S256;
use domain::{Client, CodeChallenge};

use crate::error::Refusal;
use crate::parameters::Parameters;
use crate::settings::PkcePolicy;

/// The challenge; none only for a client that the policy exempts.
pub(super) fn check(
    policy: PkcePolicy,
    client: &Client,
    parameters: &Parameters,
) -> Result<Option<CodeChallenge>, Refusal> {
    let method = parameters.get("code_challenge_method");
    let Some(challenge) = parameters.get("code_challenge") else {
        return match (method, policy) {
            (Some(_), _) => Err(Refusal::invalid_request("code_challenge is missing")),
            (None, PkcePolicy::PerClient) if !client.must_use_pkce() => Ok(None),
            (None, PkcePolicy::Required | PkcePolicy::PerClient) => {
                Err(Refusal::invalid_request("code_challenge is required, with code_challenge_method S256"))
            }
        };
    };
    // An omitted method means `plain` (RFC 7636 §4.3), which protects no client.
    if method != Some(S256) {
        return Err(Refusal::invalid_request("code_challenge_method must be S256"));
    }
    let challenge = challenge.parse().map_err(|_| {
        Refusal::invalid_request("code_challenge must be the base64url form of a SHA-256 digest")
    })?;
    Ok(Some(challenge))
}
