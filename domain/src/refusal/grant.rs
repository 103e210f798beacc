//! A grant that is switched off, and what was presented for a grant: codes and refresh tokens (RFC 6749 §5.2).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::explanation::{list, moment, span};
use super::{Explanation, Presented, Quoted, Sender};
use crate::{Client, GrantType};

/// Why a grant is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantCause {
    /// The client is not registered for the grant type.
    NotRegistered {
        /// The grant type.
        grant: String,
        /// Those that it is registered for.
        registered: Vec<String>,
    },
    /// This server does not have the grant type, or it is switched off.
    Unsupported {
        /// What was sent.
        sent: Quoted,
        /// What is switched on.
        supported: Vec<String>,
    },
    /// A response type other than `code`.
    ResponseType(Quoted),
    /// The client lets no user enter.
    NobodyMayEnter,
    /// The user is in none of the groups of the client.
    NoAccess {
        /// The groups that may enter; none without such a list.
        groups: Vec<Quoted>,
    },
    /// There is no such code or token.
    Unknown(Presented),
    /// It was issued to another client.
    OfOtherClient {
        /// What was presented.
        presented: Presented,
        /// To whom it was issued.
        owner: String,
    },
    /// It has expired.
    Expired {
        /// What was presented.
        presented: Presented,
        /// When it was issued.
        issued_at: Option<DateTime<Utc>>,
        /// When it expired.
        expired_at: DateTime<Utc>,
        /// When it was presented.
        now: DateTime<Utc>,
    },
    /// It was used before.
    Used {
        /// What was presented.
        presented: Presented,
        /// When it was issued.
        issued_at: Option<DateTime<Utc>>,
        /// When it was presented again.
        now: DateTime<Utc>,
        /// Whether all that was issued from it is revoked now.
        revokes: bool,
    },
    /// The redirect URI is not the one that the code was sent to.
    RedirectUri {
        /// What was sent.
        sent: Option<Quoted>,
        /// Where the code was sent.
        authorized: Quoted,
    },
    /// The authorization has ended.
    Ended(Presented),
}

impl GrantCause {
    /// `client` is not registered for this grant type.
    #[must_use]
    pub fn not_registered(client: &Client, grant: GrantType) -> Self {
        let registered = client.grant_types.iter().map(|grant| grant.as_str().to_owned()).collect();
        Self::NotRegistered { grant: grant.as_str().to_owned(), registered }
    }

    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        match self {
            Self::NotRegistered { grant, registered } => not_registered(grant, registered, sender),
            Self::Unsupported { sent, supported } => unsupported(sent, supported, who),
            Self::ResponseType(sent) => {
                let happened = format!("{who} asked for the response_type {sent}; this server has code only");
                Explanation::new("response_type", "OAuth 2.1 §4.1.1, RFC 9700 §2.1.2", happened)
                    .comparing("response_type", "code", sent.as_str())
                    .in_application("let the application use the authorization code flow with PKCE")
            }
            Self::NobodyMayEnter => {
                let happened = format!("{who} lets no user enter: it allows no group");
                Explanation::new("no_group_allowed", "access rule of this server", happened)
                    .by_command("allow a group", sender.command("update", "--allow-group GROUP"))
            }
            Self::NoAccess { groups } => {
                let happened = format!("the user is in no group that {who} lets enter");
                Explanation::new("no_access", "access rule of this server", happened)
                    .here("add the user to a group (`oauth2-server group add`)")
                    .here("allow a group of the user too (`oauth2-server client update --allow-group`, once for each group)")
                    .fact("groups that may enter", list(groups))
            }
            Self::Unknown(presented) => {
                let happened =
                    format!("{who} sent a {} that this server does not know, or no longer", presented.name());
                Explanation::new(presented.rules()[0], presented.section(), happened).in_application(format!(
                    "{}, and send the whole value as it came, decoded once",
                    presented.begin_again()
                ))
            }
            Self::OfOtherClient { presented, owner } => {
                let happened = format!("the {} that {who} sent was issued to {owner}", presented.name());
                Explanation::new(presented.rules()[1], presented.section(), happened)
                    .comparing("client_id", owner, who)
                    .in_application(format!(
                        "let the application use one client_id in all its requests: {owner} or {who}"
                    ))
            }
            Self::Expired { presented, issued_at, expired_at, now } => {
                expired(*presented, *issued_at, (*expired_at, *now), who)
            }
            Self::Used { presented, issued_at, now, revokes } => {
                used(*presented, (*issued_at, *now), *revokes, who)
            }
            Self::RedirectUri { sent, authorized } => other_redirect_uri(sent.as_ref(), authorized, who),
            Self::Ended(presented) => {
                let happened = format!(
                    "what the {} of {who} stands for has ended: the user signed out, was disabled or withdrew the consent, or \
                     the token was revoked",
                    presented.name()
                );
                Explanation::new(presented.rules()[4], presented.section(), happened)
                    .in_application(presented.begin_again())
            }
        }
    }
}

fn not_registered(grant: &str, registered: &[String], sender: Sender<'_>) -> Explanation {
    let happened = format!("{} used the grant type {grant}, and is not registered for it", sender.name());
    let all: Vec<_> = registered.iter().map(String::as_str).chain([grant]).collect();
    let options: Vec<_> = all.iter().map(|grant| format!("--grant {grant}")).collect();
    Explanation::new("grant_not_registered", "RFC 6749 §5.2, RFC 7591 §2", happened)
        .comparing("grant_types", &registered.join(" "), grant)
        .by_command("register it", sender.command("update", &options.join(" ")))
        .in_application("let the application use a grant type that it is registered for")
}

fn unsupported(sent: &Quoted, supported: &[String], who: &str) -> Explanation {
    let happened = format!("{who} used the grant type {sent}, which is not switched on here");
    let explanation = Explanation::new("grant_unsupported", "RFC 6749 §5.2", happened).comparing(
        "grant_type",
        &supported.join(" "),
        sent.as_str(),
    );
    let explanation = match sent.as_str() {
        "refresh_token" => explanation.here("set OAUTH2_REFRESH_TOKEN_GRANT_ENABLED=true"),
        "password" => explanation.here(
            "do not switch it on (RFC 9700 §2.4); if nothing else works, set OAUTH2_PASSWORD_GRANT_ENABLED=true",
        ),
        _ => explanation,
    };
    explanation.in_application(format!("let the application use one of {}", supported.join(", ")))
}

fn expired(
    presented: Presented,
    issued_at: Option<DateTime<Utc>>,
    (expired_at, now): (DateTime<Utc>, DateTime<Utc>),
    who: &str,
) -> Explanation {
    let happened = format!(
        "the {} of {who} expired at {}, {} before it was sent",
        presented.name(),
        moment(expired_at),
        span(expired_at, now)
    );
    let explanation = Explanation::new(presented.rules()[2], presented.section(), happened)
        .in_application(presented.in_time())
        .here(presented.lifetime())
        .fact("expired", moment(expired_at))
        .fact("sent", moment(now));
    match issued_at {
        Some(issued_at) => explanation.fact("issued", moment(issued_at)),
        None => explanation,
    }
}

fn used(
    presented: Presented,
    (issued_at, now): (Option<DateTime<Utc>>, DateTime<Utc>),
    revokes: bool,
    who: &str,
) -> Explanation {
    let revoked =
        if revokes { "; all that was issued from it is revoked, because it may be stolen" } else { "" };
    let issued = issued_at.map_or_else(String::new, |at| format!(", issued at {},", moment(at)));
    let happened = format!("{who} used the {}{issued} a second time{revoked}", presented.name());
    let explanation = Explanation::new(presented.rules()[3], presented.section(), happened)
        .in_application(presented.once())
        .fact("used again", moment(now));
    match issued_at {
        Some(issued_at) => explanation.fact("issued", moment(issued_at)),
        None => explanation,
    }
}

fn other_redirect_uri(sent: Option<&Quoted>, authorized: &Quoted, who: &str) -> Explanation {
    const RULE: &str = "code_redirect_uri";
    let section = Presented::AuthorizationCode.section();
    let fix = format!("let the application send {authorized} in both requests");
    match sent {
        Some(sent) => {
            let happened = format!(
                "{who} redeemed a code with the redirect_uri {sent}; the code was sent to {authorized}"
            );
            let explanation = Explanation::new(RULE, section, happened);
            explanation.comparing_letters("redirect_uri", authorized.as_str(), sent.as_str())
        }
        None => {
            let happened =
                format!("{who} redeemed a code without the redirect_uri {authorized} that it was sent to");
            Explanation::new(RULE, section, happened).comparing(
                "redirect_uri",
                authorized.as_str(),
                "not sent",
            )
        }
    }
    .in_application(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cause: &GrantCause) -> Explanation {
        cause.explain(Sender::new(Some("web")))
    }

    #[test]
    fn an_expired_and_a_used_code_have_their_times() {
        let at = |second: i64| DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap();
        let cause = GrantCause::Expired {
            presented: Presented::AuthorizationCode,
            issued_at: Some(at(0)),
            expired_at: at(60),
            now: at(75),
        };
        assert!(told(&cause).happened.ends_with("expired at 2027-01-15T08:01:00Z, 15 s before it was sent"));
        let cause = GrantCause::Used {
            presented: Presented::AuthorizationCode,
            issued_at: Some(at(0)),
            now: at(3),
            revokes: true,
        };
        assert_eq!(
            told(&cause).happened,
            "web used the authorization code, issued at 2027-01-15T08:00:00Z, a second time; all that was issued from it is \
             revoked, because it may be stolen"
        );
    }

    #[test]
    fn a_grant_type_is_registered_beside_the_others() {
        let cause = GrantCause::NotRegistered {
            grant: "refresh_token".into(),
            registered: vec!["authorization_code".into()],
        };
        assert_eq!(
            told(&cause).fixes[0].command.as_deref(),
            Some("oauth2-server client update web --grant authorization_code --grant refresh_token")
        );
    }
}
