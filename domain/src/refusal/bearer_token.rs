//! A token that is presented where it is not valid, and an ID token that is no hint (RFC 6750 §3.1, OpenID Connect Core §3.1.2.1).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::explanation::{list, moment, span};
use super::{Explanation, Quoted, Sender};

/// What a token says about itself. It is not verified.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClaimedToken {
    /// `typ` of the header.
    pub typ: Option<Quoted>,
    /// `kid` of the header.
    pub key: Option<Quoted>,
    /// `iss`.
    pub issuer: Option<Quoted>,
    /// `aud`.
    pub audience: Vec<Quoted>,
    /// `exp`.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it has `nonce` or `at_hash`, as ID tokens have.
    pub is_id_token: bool,
}

/// Why a token is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BearerTokenCause {
    /// It is no access token that is valid at this server.
    Invalid {
        /// What it says, if it can be read.
        claimed: Option<ClaimedToken>,
        /// The issuer, which its `iss` and its `aud` must name.
        issuer: String,
        /// The time here.
        now: DateTime<Utc>,
    },
    /// It was revoked, or its authorization was.
    Revoked,
    /// It lacks a scope.
    Scope {
        /// The scope that it needs.
        needed: String,
        /// Whether a user granted it.
        has_user: bool,
    },
    /// The client may not introspect it, so the answer was `active: false`.
    NotVisible {
        /// The client that it was issued to.
        issued_to: String,
        /// `aud`.
        audience: Vec<Quoted>,
    },
    /// The `id_token_hint` is no ID token of this server.
    Hint {
        /// What it says, if it can be read.
        claimed: Option<ClaimedToken>,
        /// The issuer.
        issuer: String,
        /// The time here.
        now: DateTime<Utc>,
    },
    /// The `id_token_hint` was issued to another client, or to a deleted one of that id.
    HintOfOtherClient {
        /// To whom.
        owner: String,
    },
}

impl BearerTokenCause {
    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        match self {
            Self::Invalid { claimed, issuer, now } => invalid(claimed.as_ref(), issuer, *now),
            Self::Revoked => {
                let happened = "the access token was revoked, or what the user granted has ended".to_owned();
                Explanation::new("token_revoked", SECTION, happened)
                    .in_application("refresh the token, or let the user sign in again")
            }
            Self::Scope { needed, has_user } => {
                let why = if *has_user { "" } else { "; no user granted it" };
                let happened = format!("the access token lacks the scope {needed}{why}");
                Explanation::new("token_scope", SECTION, happened).in_application(format!(
                    "let the application ask for {needed} in its authorization request"
                ))
            }
            Self::NotVisible { issued_to, audience } => {
                let happened = format!(
                    "{who} introspected a token that was issued to {issued_to} for {}, which it may not see, so the answer was \
                     active: false",
                    list(audience)
                );
                Explanation::new("introspection_not_allowed", "RFC 7662 §2.2, §4", happened)
                    .by_command(
                        "if it is an API of your own, let it introspect all tokens",
                        sender.command("update", "--resource-server"),
                    )
                    .here(format!("name it as the API that the token is for (`oauth2-server resource update URL --client {who}`)"))
            }
            Self::Hint { claimed, issuer, now } => hint(claimed.as_ref(), issuer, *now, who),
            Self::HintOfOtherClient { owner } => {
                let happened = format!(
                    "the id_token_hint of {who} was issued to {owner}, or to a deleted client of that id"
                );
                Explanation::new("id_token_hint_of_other_client", HINT_SECTION, happened)
                    .comparing("aud", who, owner)
                    .in_application(
                        "let the application send the last ID token that it got itself, or no hint",
                    )
            }
        }
    }
}

const SECTION: &str = "RFC 6750 §3.1";
const HINT_SECTION: &str = "OpenID Connect Core §3.1.2.1";

fn invalid(claimed: Option<&ClaimedToken>, issuer: &str, now: DateTime<Utc>) -> Explanation {
    let Some(claimed) = claimed else {
        let happened = "this server did not issue the access token, or the token has expired".to_owned();
        return Explanation::new("token_unknown", SECTION, happened)
            .in_application("refresh the token, and send the whole of it");
    };
    if let Some(other) = claimed.issuer.as_ref().filter(|claimed| claimed.as_str() != issuer) {
        let happened = format!("the access token is of another issuer, {other}");
        return Explanation::new("token_issuer", SECTION, happened)
            .comparing_letters("iss", issuer, other.as_str())
            .in_application("get the token from this issuer");
    }
    if claimed.is_id_token {
        let happened = "an ID token was sent as an access token".to_owned();
        return Explanation::new("token_is_id_token", SECTION, happened)
            .in_application("send the access_token of the same answer");
    }
    if let Some(expired_at) = claimed.expires_at.filter(|expires_at| *expires_at <= now) {
        let happened =
            format!("the access token expired at {}, {} ago", moment(expired_at), span(expired_at, now));
        return Explanation::new("token_expired", SECTION, happened)
            .in_application("refresh the token before it expires")
            .fact("expired", moment(expired_at));
    }
    if !claimed.audience.iter().any(|audience| audience.as_str() == issuer) {
        let happened =
            format!("the access token is for {}, and not for this server", list(&claimed.audience));
        return Explanation::new("token_audience", "RFC 9068 §4, RFC 8707 §2", happened)
            .comparing("aud", issuer, &list(&claimed.audience))
            .in_application(format!(
                "ask for a token for this server, with resource={issuer} or without resource, and for one token per API"
            ));
    }
    let happened = "the access token cannot be verified, or is for other servers too".to_owned();
    Explanation::new("token_unverified", SECTION, happened)
        .in_application("get a new token for this server alone")
        .comparing("aud", issuer, &list(&claimed.audience))
}

fn hint(claimed: Option<&ClaimedToken>, issuer: &str, now: DateTime<Utc>, who: &str) -> Explanation {
    let fix = "let the application send the last ID token that it got, whole, or no hint";
    let Some(claimed) = claimed else {
        let happened = format!("the id_token_hint of {who} is no token that can be read");
        return Explanation::new("id_token_hint_malformed", HINT_SECTION, happened).in_application(fix);
    };
    let (rule, happened) = match (&claimed.issuer, claimed.expires_at) {
        (Some(other), _) if other.as_str() != issuer => {
            ("id_token_hint_issuer", format!("the id_token_hint of {who} is of another issuer, {other}"))
        }
        (_, Some(expired_at)) if expired_at <= now => (
            "id_token_hint_expired",
            format!(
                "the id_token_hint of {who} expired at {}, {} ago, and this server no longer has the key that signed it",
                moment(expired_at),
                span(expired_at, now)
            ),
        ),
        _ => (
            "id_token_hint_unverified",
            format!("the id_token_hint of {who} is no ID token that this server signed"),
        ),
    };
    let explanation = Explanation::new(rule, HINT_SECTION, happened).in_application(fix);
    let explanation = match &claimed.issuer {
        Some(other) => explanation.comparing("iss", issuer, other.as_str()),
        None => explanation,
    };
    let explanation = explanation.fact("aud", list(&claimed.audience));
    match &claimed.key {
        Some(key) => explanation.fact("kid", key.as_str()),
        None => explanation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_for_somebody_else_is_told_by_what_it_says() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ours = ClaimedToken {
            issuer: Some(Quoted::new("https://id.example")),
            audience: vec![Quoted::new("https://api.example")],
            ..ClaimedToken::default()
        };
        let rule = |claimed: Option<ClaimedToken>| {
            let issuer = "https://id.example".to_owned();
            BearerTokenCause::Invalid { claimed, issuer, now }.explain(Sender::new(None)).rule
        };
        assert_eq!(rule(None), "token_unknown");
        assert_eq!(rule(Some(ours.clone())), "token_audience");
        let slash = ClaimedToken { issuer: Some(Quoted::new("https://id.example/")), ..ours.clone() };
        assert_eq!(rule(Some(slash)), "token_issuer");
        assert_eq!(rule(Some(ClaimedToken { is_id_token: true, ..ours.clone() })), "token_is_id_token");
        assert_eq!(rule(Some(ClaimedToken { expires_at: Some(now), ..ours.clone() })), "token_expired");
        let audience = vec![Quoted::new("https://id.example")];
        assert_eq!(rule(Some(ClaimedToken { audience, ..ours })), "token_unverified");
    }
}
