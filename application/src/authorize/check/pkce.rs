//! `code_challenge` and `code_challenge_method` (RFC 7636 §4.3, RFC 9700 §2.1.1).

use domain::pkce::{PkcePolicy, S256};
use domain::{Client, CodeChallenge};

use crate::error::{Advice, Refusal, excerpt};
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
        let sent = method.map_or_else(|| "is missing".to_owned(), |sent| format!("is {}", excerpt(sent)));
        return Err(Refusal::invalid_request("code_challenge_method must be S256")
            .because(format!(
                "code_challenge_method {sent}; only S256 is supported. {}",
                ways_out(policy, client)
            ))
            .advising(Advice::UsePkce));
    }
    let challenge = challenge.parse().map_err(|_| {
        let reason = format!("the code_challenge {} is no digest", excerpt(challenge));
        Refusal::invalid_request("code_challenge must be the base64url form of a SHA-256 digest")
            .because(reason)
    })?;
    Ok(Some(challenge))
}

/// The user can do nothing about it, so it is said before the user signs in.
fn required(policy: PkcePolicy, client: &Client) -> Refusal {
    Refusal::invalid_request("code_challenge is required, with code_challenge_method S256")
        .because(format!("the client {} sent no code_challenge. {}", client.id, ways_out(policy, client)))
        .advising(Advice::UsePkce)
}

fn ways_out(policy: PkcePolicy, client: &Client) -> String {
    let exempt = format!("exempt the client: oauth2-server client update {} --no-require-pkce", client.id);
    let exemption = match policy {
        _ if client.is_public() => "a public client cannot be exempted".to_owned(),
        PkcePolicy::PerClient => format!("or {exempt}"),
        PkcePolicy::Required => format!("or set OAUTH2_PKCE_POLICY=per_client, and {exempt}"),
    };
    format!("Let the application use PKCE with S256; {exemption}")
}
