//! A resource that a token cannot be for (RFC 8707).

use serde::{Deserialize, Serialize};

use super::explanation::{list, shell_word};
use super::{Explanation, Quoted, Sender};

/// Why a token cannot be for a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceCause {
    /// It is not registered, or the client may not name it.
    NotAllowed {
        /// What was sent.
        sent: Quoted,
        /// What the client may name.
        allowed: Vec<Quoted>,
        /// Whether the client registered itself.
        registered_itself: bool,
    },
    /// The user did not grant it.
    NotGranted {
        /// What was sent.
        sent: Quoted,
        /// What was granted.
        granted: Vec<Quoted>,
    },
    /// It is no absolute URI without a fragment.
    Malformed {
        /// What was sent.
        sent: Quoted,
        /// Why.
        problem: Quoted,
    },
    /// One of the resources of the grant was deleted.
    Deleted,
    /// The client may no longer name any of the resources of the grant.
    Withdrawn {
        /// What was granted.
        granted: Vec<Quoted>,
    },
}

impl ResourceCause {
    pub(super) fn explain(&self, sender: Sender<'_>) -> Explanation {
        let who = sender.name();
        match self {
            Self::NotAllowed { sent, allowed, registered_itself } => {
                let happened = format!(
                    "{who} asked for a token for {sent}, which is not registered here or which it may not name"
                );
                let explanation = Explanation::new("resource_not_allowed", SECTION, happened).comparing(
                    "resource",
                    &list(allowed),
                    sent.as_str(),
                );
                let explanation = match registered_itself {
                    true => explanation.here(format!(
                        "open the API to clients that registered themselves (`oauth2-server resource update {} --for-registered-clients`)",
                        shell_word(sent.as_str())
                    )),
                    false => explanation.by_command(
                        format!("register the API, if `oauth2-server resource list` does not have it, and let {who} name it"),
                        sender.command("update", &options(allowed, sent)),
                    ),
                };
                explanation.in_application(match allowed.as_slice() {
                    [] => "let the application send no resource".to_owned(),
                    allowed => format!("let the application name {}", list(allowed)),
                })
            }
            Self::NotGranted { sent, granted } => {
                let happened = format!("{who} asked for a token for {sent}, which was not granted");
                Explanation::new("resource_not_granted", "RFC 8707 §2.2", happened)
                    .comparing("resource", &list(granted), sent.as_str())
                    .in_application("let the application send the same resource in the authorization request, and let the user sign in again")
            }
            Self::Malformed { sent, problem } => {
                let happened = format!(
                    "{who} sent the resource {sent}, which is no absolute URI without a fragment: {problem}"
                );
                Explanation::new("resource_malformed", SECTION, happened).in_application(
                    "let the application send the URL of the API as `oauth2-server resource list` shows it",
                )
            }
            Self::Deleted => {
                let happened = format!("a resource that the authorization of {who} is for was deleted");
                Explanation::new("resource_deleted", SECTION, happened)
                    .in_application("let the user sign in again")
            }
            Self::Withdrawn { granted } => {
                let happened = format!(
                    "{who} may no longer name any of the resources that were granted: {}",
                    list(granted)
                );
                Explanation::new("resource_withdrawn", SECTION, happened)
                    .by_command("let it name them again", sender.command("update", &repeated(granted)))
            }
        }
    }
}

const SECTION: &str = "RFC 8707 §2";

fn options(allowed: &[Quoted], sent: &Quoted) -> String {
    repeated(allowed.iter().chain([sent]))
}

fn repeated<'a>(resources: impl IntoIterator<Item = &'a Quoted>) -> String {
    let options: Vec<_> = resources
        .into_iter()
        .map(|resource| format!("--resource {}", shell_word(resource.as_str())))
        .collect();
    options.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_added_to_those_that_the_client_may_name() {
        let cause = ResourceCause::NotAllowed {
            sent: Quoted::new("https://api.example/"),
            allowed: vec![Quoted::new("https://other.example/")],
            registered_itself: false,
        };
        let told = cause.explain(Sender::new(Some("web"))).sentence();
        let command = "oauth2-server client update web --resource https://other.example/ --resource https://api.example/";
        assert!(told.contains(command) && told.contains("name https://other.example/."), "{told}");
    }
}
