//! `code_challenge` and `code_challenge_method` (RFC 7636 §4.3, RFC 9700 §2.1.1).

use domain::pkce::{PkcePolicy, S256};
use domain::refusal::{PkceCause, PkceExemption};
use domain::{Client, CodeChallenge, Quoted};

use crate::error::{Advice, Refusal};
use crate::parameters::Parameters;

/// The challenge; none only for a client that the policy exempts.
pub(super) fn check(
    policy: PkcePolicy,
    client: &Client,
    parameters: &Parameters,
) -> Result<Option<CodeChallenge>, Refusal> {
    let method = parameters.get("code_challenge_method");
    let Some(challenge) = parameters.get("code_challenge") else {
        return match method {
            None if client.may_leave_pkce_out(policy) => Ok(None),
            Some(_) | None => Err(required(policy, client)),
        };
    };
    // An omitted method means `plain` (RFC 7636 §4.3), which protects no client.
    if method != Some(S256) {
        let exemption = PkceExemption::of(client, policy);
        return Err(Refusal::invalid_request("code_challenge_method must be S256")
            .because(PkceCause::Method { sent: method.map(Quoted::new), exemption })
            .advising(Advice::UsePkce));
    }
    let challenge = challenge.parse().map_err(|_| {
        let characters = challenge.chars().count();
        Refusal::invalid_request("code_challenge must be the base64url form of a SHA-256 digest")
            .because(PkceCause::Challenge { characters })
    })?;
    Ok(Some(challenge))
}

/// The user can do nothing about it, so it is said before the user signs in.
fn required(policy: PkcePolicy, client: &Client) -> Refusal {
    Refusal::invalid_request("code_challenge is required, with code_challenge_method S256")
        .because(PkceCause::Missing(PkceExemption::of(client, policy)))
        .advising(Advice::UsePkce)
}
