//! A redirect URI that is not registered (RFC 9700 §2.1, OpenID Connect RP-Initiated Logout 1.0 §3).

use serde::{Deserialize, Serialize};

use super::explanation::{list, shell_word};
use super::quoted::HIDDEN;
use super::{Difference, Explanation, Quoted, Sender, difference};
use crate::RedirectUri;
use crate::redirect_uri::host_reached;

/// How many registered URIs are kept, the nearest first.
const MAX_REGISTERED: usize = 10;

/// Which address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectParameter {
    /// `redirect_uri`.
    RedirectUri,
    /// `post_logout_redirect_uri`.
    PostLogoutRedirectUri,
}

/// Why there is nowhere to send the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectCause {
    /// The URI is not registered.
    Unregistered {
        /// Which parameter.
        parameter: RedirectParameter,
        /// What was sent.
        sent: Quoted,
        /// What is registered, the most similar first.
        registered: Vec<Quoted>,
        /// Whether that is all that is registered.
        is_all: bool,
    },
    /// No URI was sent, and none can be assumed.
    Missing {
        /// What is registered.
        registered: Vec<Quoted>,
    },
}

impl RedirectParameter {
    const fn name(self) -> &'static str {
        match self {
            Self::RedirectUri => "redirect_uri",
            Self::PostLogoutRedirectUri => "post_logout_redirect_uri",
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::RedirectUri => "redirect URI",
            Self::PostLogoutRedirectUri => "redirect URI after logout",
        }
    }

    const fn section(self) -> &'static str {
        match self {
            Self::RedirectUri => "RFC 9700 §2.1",
            Self::PostLogoutRedirectUri => "OpenID Connect RP-Initiated Logout 1.0 §3",
        }
    }
}

impl RedirectCause {
    /// What was sent is not among the `registered` URIs.
    #[must_use]
    pub fn unregistered(parameter: RedirectParameter, sent: &str, registered: &[RedirectUri]) -> Self {
        let mut texts: Vec<_> = registered.iter().map(RedirectUri::as_str).collect();
        if let Some((place, _)) = difference::nearest(&texts, sent) {
            let nearest = texts.remove(place);
            texts.insert(0, nearest);
        }
        let is_all = texts.len() <= MAX_REGISTERED;
        let registered = kept(texts);
        Self::Unregistered { parameter, sent: Quoted::new(sent), registered, is_all }
    }

    /// Nothing was sent.
    #[must_use]
    pub fn missing(registered: &[RedirectUri]) -> Self {
        Self::Missing { registered: kept(registered.iter().map(RedirectUri::as_str)) }
    }

    /// The redirect URI that this client did not register.
    #[must_use]
    pub fn unregistered_uri(&self) -> Option<&str> {
        match self {
            Self::Unregistered { parameter: RedirectParameter::RedirectUri, sent, .. } => Some(sent.as_str()),
            Self::Unregistered { parameter: RedirectParameter::PostLogoutRedirectUri, .. }
            | Self::Missing { .. } => None,
        }
    }

    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        let (parameter, sent, registered, is_all) = match self {
            Self::Unregistered { parameter, sent, registered, is_all } => {
                (*parameter, sent, registered, *is_all)
            }
            Self::Missing { registered } => {
                let happened = format!("{who} sent no redirect_uri, and none can be assumed");
                return Explanation::new("redirect_uri_missing", "RFC 6749 §3.1.2.3", happened)
                    .in_application(format!(
                        "let the application send one of those that are registered: {}",
                        list(registered)
                    ));
            }
        };
        let (name, words) = (parameter.name(), parameter.in_words());
        let rule = match parameter {
            RedirectParameter::RedirectUri => "redirect_uri_unregistered",
            RedirectParameter::PostLogoutRedirectUri => "post_logout_redirect_uri_unregistered",
        };
        let Some(nearest) = registered.first() else {
            let happened = format!("{who} sent the {words} {sent}, and has registered none");
            let explanation =
                Explanation::new(rule, parameter.section(), happened).fact("sent", sent.as_str());
            return explanation.by_command(
                format!("register it as a {words} of {who}, if this host is yours"),
                sender.command("update", &option(name, [sent])),
            );
        };
        let difference = Difference::between(nearest.as_str(), sent.as_str());
        let difference =
            difference.map_or_else(String::new, |difference| format!(": {}", difference.sentence));
        let happened = format!("{who} sent the {words} {sent}, which is not registered{difference}");
        let explanation = Explanation::new(rule, parameter.section(), happened).comparing_letters(
            name,
            nearest.as_str(),
            sent.as_str(),
        );
        let explanation = match can_be_registered(sent, registered) {
            true if is_all => explanation.by_command(
                format!("register it as a {words} of {who}"),
                sender.command("update", &option(name, registered.iter().chain([sent]))),
            ),
            true => explanation.here(format!("register it as a {words} of {who}")),
            false => explanation,
        };
        let explanation = explanation.in_application(format!("let the application send {nearest}"));
        match registered.as_slice() {
            [_, others @ ..] if !others.is_empty() => explanation.fact("also registered", list(others)),
            _ => explanation,
        }
    }
}

fn kept<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Quoted> {
    texts.into_iter().take(MAX_REGISTERED).map(Quoted::new).collect()
}

/// The options that register these, and no others.
fn option<'a>(name: &str, uris: impl IntoIterator<Item = &'a Quoted>) -> String {
    let option = name.replace('_', "-");
    let options: Vec<_> =
        uris.into_iter().map(|uri| format!("--{option} {}", shell_word(uri.as_str()))).collect();
    options.join(" ")
}

/// Whether an operator may register what was sent without a doubt: its host is registered already, and nothing of it was left out.
fn can_be_registered(sent: &Quoted, registered: &[Quoted]) -> bool {
    let host = |uri: &Quoted| host_reached(uri.as_str());
    let is_whole = !sent.as_str().contains('…') && !sent.as_str().contains(HIDDEN);
    let is_possible = is_whole && sent.as_str().parse::<RedirectUri>().is_ok();
    is_possible && host(sent).is_some() && registered.iter().any(|uri| host(uri) == host(sent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(sent: &str, registered: &[&str]) -> Explanation {
        let registered: Vec<RedirectUri> = registered.iter().map(|uri| uri.parse().unwrap()).collect();
        let cause = RedirectCause::unregistered(RedirectParameter::RedirectUri, sent, &registered);
        cause.explain(Sender::new(Some("web")))
    }

    #[test]
    fn the_nearest_registered_uri_is_compared_and_the_command_keeps_all_others() {
        let told = explained("https://a.example/cb/", &["https://b.example/cb", "https://a.example/cb"]);
        assert_eq!(
            told.sentence(),
            "web sent the redirect URI https://a.example/cb/, which is not registered: it ends in a slash, and the \
             expected one does not: register it as a redirect URI of web (`oauth2-server client update web \
             --redirect-uri https://a.example/cb --redirect-uri https://b.example/cb --redirect-uri \
             https://a.example/cb/`), or let the application send https://a.example/cb."
        );
        assert_eq!(told.compared[0].difference.as_ref().unwrap().position, 21);
        assert_eq!(
            (told.facts[0].name, told.facts[0].value.as_str()),
            ("also registered", "https://b.example/cb")
        );
    }

    #[test]
    fn nobody_is_told_to_register_the_address_of_a_stranger_or_one_that_cannot_be() {
        for sent in ["https://evil.example/cb", "http://a.example/cb", "https://a.example/cb#x"] {
            let told = explained(sent, &["https://a.example/cb"]);
            assert!(told.fixes.iter().all(|fix| fix.command.is_none()), "{sent}: {told:?}");
        }
        let told = explained("https://evil.example/", &[]);
        assert!(told.sentence().contains("if this host is yours"), "{}", told.sentence());
    }
}
