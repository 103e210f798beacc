//! PKCE that is missing or wrong (RFC 7636, RFC 9700 §2.1.1).

use serde::{Deserialize, Serialize};

use super::{Explanation, Quoted, Sender};
use crate::Client;
use crate::pkce::PkcePolicy;

/// Whether an operator may exempt the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PkceExemption {
    /// By its registration.
    ByRegistration,
    /// By its registration, when the setting `pkce_policy` allows it.
    BySetting,
    /// Never: it is a public client.
    Never,
}

impl PkceExemption {
    /// Whether `client` may be exempted under this policy.
    #[must_use]
    pub const fn of(client: &Client, policy: PkcePolicy) -> Self {
        match policy {
            _ if client.is_public() => Self::Never,
            PkcePolicy::PerClient => Self::ByRegistration,
            PkcePolicy::Required => Self::BySetting,
        }
    }
}

/// What is wrong with PKCE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PkceCause {
    /// No `code_challenge`, which the client must send.
    Missing(PkceExemption),
    /// A `code_challenge_method` that is missing or is not S256.
    Method {
        /// What was sent.
        sent: Option<Quoted>,
        /// Whether there is another way out.
        exemption: PkceExemption,
    },
    /// A `code_challenge` that is no digest.
    Challenge {
        /// How many characters it has. It may be a verifier, which is a secret.
        characters: usize,
    },
    /// The code has a challenge, and no `code_verifier` was sent.
    VerifierMissing,
    /// The verifier is not that of the challenge.
    VerifierWrong,
    /// A verifier was sent, and the request of the code had no challenge.
    VerifierUnexpected,
    /// The text is no verifier.
    VerifierMalformed(Quoted),
    /// The code was issued without a challenge, and the client is no longer exempt.
    ExemptionEnded,
}

impl PkceCause {
    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        let of_verifier = |rule, happened| {
            Explanation::new(rule, "RFC 7636 §4.6", happened)
                .in_application("let the application keep the code_verifier of each sign-in until it redeems the code, one for each tab")
        };
        match self {
            Self::Missing(exemption) => {
                let happened = format!("{who} sent no code_challenge, and must");
                let missing = Explanation::new("pkce_missing", "RFC 9700 §2.1.1, RFC 7636 §4.4.1", happened);
                ways_out(missing.comparing("code_challenge", "required", "not sent"), *exemption, sender)
            }
            Self::Method { sent, exemption } => {
                let sent = sent.as_ref().map_or("not sent, which means plain", Quoted::as_str);
                let happened = format!("{who} sent a code_challenge whose method is not S256, but {sent}");
                let wrong = Explanation::new("pkce_method", "RFC 7636 §4.2, §4.3", happened);
                ways_out(wrong.comparing("code_challenge_method", "S256", sent), *exemption, sender)
            }
            Self::Challenge { characters } => {
                let happened = format!(
                    "the code_challenge of {who} is no SHA-256 digest: it has {characters} characters instead of 43, or a \
                     character that is not of base64url"
                );
                Explanation::new("pkce_challenge", "RFC 7636 §4.2", happened)
                    .in_application("let the application send the base64url form of the SHA-256 digest of its code_verifier, without padding")
                    .fact("characters", characters.to_string())
            }
            Self::VerifierMissing => of_verifier(
                "pkce_verifier_missing",
                format!("{who} sent no code_verifier with a code that was asked for with PKCE"),
            ),
            Self::VerifierWrong => of_verifier(
                "pkce_verifier_wrong",
                format!("the code_verifier of {who} is not the one of the code_challenge"),
            ),
            Self::VerifierUnexpected => {
                let happened = format!("{who} sent a code_verifier, and its request had no code_challenge");
                Explanation::new("pkce_verifier_unexpected", "RFC 9700 §4.8.2", happened)
                    .in_application("let the application send code_challenge and code_challenge_method=S256 in the authorization request")
            }
            Self::VerifierMalformed(problem) => of_verifier(
                "pkce_verifier_malformed",
                format!("the code_verifier of {who} is none: {problem}"),
            ),
            Self::ExemptionEnded => {
                let happened =
                    format!("the code was issued to {who} without PKCE, from which it is no longer exempt");
                Explanation::new("pkce_exemption_ended", "RFC 9700 §2.1.1", happened)
                    .in_application("let the application use PKCE with S256")
            }
        }
    }
}

fn ways_out(explanation: Explanation, exemption: PkceExemption, sender: Sender<'_>) -> Explanation {
    let explanation = explanation.in_application(match exemption {
        PkceExemption::ByRegistration | PkceExemption::BySetting => "let the application use PKCE with S256",
        PkceExemption::Never => {
            "let the application use PKCE with S256, because a public client cannot be exempted"
        }
    });
    let command = sender.command("update", "--no-require-pkce");
    match exemption {
        PkceExemption::ByRegistration => explanation.by_command("exempt the client", command),
        PkceExemption::BySetting => {
            explanation.by_command("set OAUTH2_PKCE_POLICY=per_client and exempt the client", command)
        }
        PkceExemption::Never => explanation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_challenge_has_two_ways_out_but_not_for_a_public_client() {
        let told = |exemption| PkceCause::Missing(exemption).explain(Sender::new(Some("web")));
        assert_eq!(
            told(PkceExemption::ByRegistration).sentence(),
            "web sent no code_challenge, and must: let the application use PKCE with S256, or exempt the client \
             (`oauth2-server client update web --no-require-pkce`)."
        );
        assert!(told(PkceExemption::BySetting).sentence().contains("OAUTH2_PKCE_POLICY=per_client"));
        assert_eq!(told(PkceExemption::Never).fixes.len(), 1);
    }
}
