//! A scope that cannot be granted (RFC 6749 §3.3).

use serde::{Deserialize, Serialize};

use super::difference::nearest;
use super::explanation::shell_word;
use super::{Explanation, Quoted, Sender};
use crate::Scope;

/// Why a scope cannot be granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeCause {
    /// This server has no such scope.
    Unknown {
        /// The unknown scope.
        scope: Quoted,
        /// All that was asked for.
        asked: Quoted,
        /// All that the server has.
        known: Quoted,
        /// The most similar one of those.
        nearest: Option<String>,
    },
    /// The client may not ask for it.
    NotAllowed {
        /// What it may not ask for.
        scope: Quoted,
        /// All that was asked for.
        asked: Quoted,
        /// All that it may ask for.
        allowed: Quoted,
        /// Whether the client registered itself: then the scope is left out of what it may have.
        registered_itself: bool,
    },
    /// The resources of the request do not have it.
    NotAtResource {
        /// What was asked for.
        scope: Quoted,
    },
    /// More was asked for than the user granted.
    NotGranted {
        /// What was not granted; empty if all of it was not.
        scope: Quoted,
        /// All that was granted.
        granted: Quoted,
    },
    /// None was asked for, and there is no default.
    Missing {
        /// All that the client may ask for.
        allowed: Quoted,
    },
    /// Nothing is left of it that the client may still have.
    Withdrawn {
        /// What was granted.
        granted: Quoted,
    },
    /// It needs a user, and there is none, or a page, which this grant has not.
    NeedsUser(Quoted),
}

impl ScopeCause {
    /// `scope` of what was asked for does not exist among the `known`.
    #[must_use]
    pub fn unknown(scope: &Scope, asked: &Scope, known: &Scope) -> Self {
        let first = scope.iter().next().unwrap_or_default();
        let all: Vec<_> = known.iter().collect();
        // Similar is what shares half of its letters at its ends.
        let is_similar = |name: &str| {
            let common = name.chars().zip(first.chars()).take_while(|(one, other)| one == other).count();
            common * 2 >= first.chars().count()
        };
        let nearest = nearest(&all, first).map(|(_, name)| name).filter(|name| is_similar(name));
        Self::Unknown {
            scope: scope.into(),
            asked: asked.into(),
            known: known.into(),
            nearest: nearest.map(str::to_owned),
        }
    }

    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        match self {
            Self::Unknown { scope, asked, known, nearest } => {
                unknown(scope, (asked, known), nearest.as_ref(), who)
            }
            Self::NotAllowed { scope, asked, allowed, registered_itself } => {
                not_allowed(scope, (asked, allowed), *registered_itself, sender)
            }
            Self::NotAtResource { scope } => {
                let happened = format!("the resources of the request do not have the scope {scope} of {who}");
                Explanation::new("scope_not_at_resource", "RFC 9068 §2.2.3", happened)
                    .here("add it to the API (`oauth2-server resource update URL --scope`)")
                    .in_application(
                        "let the application ask for a scope of that API, or name another resource",
                    )
            }
            Self::NotGranted { scope, granted } => {
                let happened = format!("{who} asked for the scope {scope}; granted was {granted}");
                Explanation::new("scope_not_granted", "RFC 6749 §6", happened)
                    .comparing("scope", granted.as_str(), scope.as_str())
                    .in_application("let the application ask for no more than was granted, or let the user sign in again with the wider scope")
            }
            Self::Missing { allowed } => {
                let happened = format!("{who} asked for no scope, and has no default");
                Explanation::new("scope_missing", SECTION, happened)
                    .in_application(format!("let the application send scope; it may have {allowed}"))
            }
            Self::Withdrawn { granted } => {
                let happened =
                    format!("{who} may no longer have any of the scopes that were granted to it: {granted}");
                Explanation::new("scope_withdrawn", SECTION, happened)
                    .by_command(
                        "allow them again",
                        sender.command("update", &format!("--scope {}", shell_word(granted.as_str()))),
                    )
                    .in_application("let the user sign in again")
            }
            Self::NeedsUser(scope) => {
                let happened = format!(
                    "{who} asked for the scope {scope} with a grant in which no user takes part on a page of this server"
                );
                Explanation::new("scope_needs_user", "RFC 6749 §4.4", happened)
                    .in_application("let the application leave it out, or use the authorization code grant")
            }
        }
    }
}

fn unknown(
    scope: &Quoted,
    (asked, known): (&Quoted, &Quoted),
    nearest: Option<&String>,
    who: &str,
) -> Explanation {
    let hint = nearest.map_or_else(String::new, |nearest| format!("; the nearest is {nearest}"));
    let happened = format!("{who} asked for the scope {scope}, which this server does not have{hint}");
    let explanation = Explanation::new("scope_unknown", SECTION, happened)
        .here("declare it under [scopes] in the configuration, or as a scope of an API (`oauth2-server resource update`)")
        .comparing("scope", known.as_str(), asked.as_str());
    match nearest {
        Some(nearest) => explanation.in_application(format!("let the application ask for {nearest}")),
        None => {
            explanation.in_application(format!("let the application leave it out; the server has {known}"))
        }
    }
}

fn not_allowed(
    scope: &Quoted,
    (asked, allowed): (&Quoted, &Quoted),
    registered_itself: bool,
    sender: Sender<'_>,
) -> Explanation {
    let who = sender.name();
    let happened = format!("{who} asked for the scope {scope}, which it may not");
    let explanation = Explanation::new("scope_not_allowed", SECTION, happened).comparing(
        "scope",
        allowed.as_str(),
        asked.as_str(),
    );
    let widened = shell_word(format!("{allowed} {scope}").trim());
    let explanation = match registered_itself {
        true => {
            explanation.here("add it to OAUTH2_REGISTRATION_ALLOWED_SCOPES, or to the API that it is for")
        }
        false => explanation.by_command("allow it", sender.command("update", &format!("--scope {widened}"))),
    };
    explanation.in_application(format!("let the application ask for no more than {allowed}"))
}

const SECTION: &str = "RFC 6749 §3.3";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_is_not_allowed_has_the_command_that_allows_it_beside_the_others() {
        let cause = ScopeCause::NotAllowed {
            scope: Quoted::new("groups"),
            asked: Quoted::new("groups openid"),
            allowed: Quoted::new("email openid"),
            registered_itself: false,
        };
        assert_eq!(
            cause.explain(Sender::new(Some("grafana"))).sentence(),
            "grafana asked for the scope groups, which it may not: allow it (`oauth2-server client update grafana --scope \
             'email openid groups'`), or let the application ask for no more than email openid."
        );
    }

    #[test]
    fn an_unknown_scope_is_told_with_the_nearest_one() {
        let scope = |text: &str| text.parse::<Scope>().unwrap();
        let told = |name: &str| {
            let cause =
                ScopeCause::unknown(&scope(name), &scope(name), &scope("email groups openid profile"));
            cause.explain(Sender::new(None)).sentence()
        };
        assert!(told("group").contains("the nearest is groups"), "{}", told("group"));
        assert!(!told("admin").contains("nearest"), "{}", told("admin"));
    }
}
