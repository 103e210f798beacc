//! An authorization request after every check (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).

use std::collections::BTreeSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::prompt::Prompt;
use crate::scope::OPENID;
use crate::{
    AuthenticationContext, ClaimsRequest, ClientId, CodeChallenge, Digest, Incarnation, ResourceIdentifier,
    ReturnTo, Scope, SubjectIdentifier, UiLocales,
};

/// A validated authorization request: nothing in it has to be checked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The client that sent it.
    pub client: ClientId,
    /// The incarnation of the client.
    pub incarnation: Incarnation,
    /// The redirect URI, response mode and `state` of the response.
    pub return_to: ReturnTo,
    /// Whether the request named its redirect URI, which a client with several has to.
    pub names_redirect_uri: bool,
    /// The requested scope; a subset of the client's scope.
    pub scope: Scope,
    /// The requested resources: registered, and allowed to the client. Empty for its default audience (RFC 8707 §2.1).
    pub resources: BTreeSet<ResourceIdentifier>,
    /// The PKCE challenge; none only if the client is exempt from PKCE.
    #[serde(deserialize_with = "Option::deserialize")]
    pub code_challenge: Option<CodeChallenge>,
    /// `nonce`, repeated in the ID token.
    #[serde(deserialize_with = "Option::deserialize")]
    pub nonce: Option<String>,
    /// `prompt`: the pages that the client wants the user to see.
    pub prompt: Prompt,
    /// `max_age`: how many seconds ago the user may have authenticated at most.
    #[serde(deserialize_with = "Option::deserialize")]
    pub max_age_seconds: Option<u32>,
    /// The user that a valid `id_token_hint` names, by the subject identifier that this client knows.
    #[serde(rename = "hinted_user")]
    #[serde(deserialize_with = "Option::deserialize")]
    pub hinted_subject: Option<SubjectIdentifier>,
    /// `login_hint`: the username that the login form is filled with.
    pub login_hint: Option<String>,
    /// The claims that are requested by name; only claims that the client's scope opens.
    pub claims: ClaimsRequest,
    /// The preferred authentication contexts, the best first (`acr_values`).
    pub acr_values: Vec<AuthenticationContext>,
    /// The preferred languages of the pages.
    pub ui_locales: UiLocales,
    /// The digest of the `request_uri`, if the client pushed the request; one response completes it (RFC 9126 §4).
    #[serde(deserialize_with = "Option::deserialize")]
    pub pushed: Option<Digest>,
}

impl AuthorizationRequest {
    /// Whether the request is an OpenID request, so that an ID token is issued.
    #[must_use]
    pub fn is_openid(&self) -> bool {
        self.scope.contains(OPENID)
    }

    /// The `acr` to report, chosen from the contexts that the user has `reached`: the first one that the request prefers,
    /// else the first one that the request accepts.
    #[must_use]
    pub fn context<'a>(&self, reached: &[&'a str]) -> Option<&'a str> {
        let accepted: Vec<&str> =
            reached.iter().copied().filter(|context| self.claims.admits_context(Some(context))).collect();
        let preferred = self.acr_values.iter().map(AuthenticationContext::as_str);
        let requested = self.claims.wanted_contexts().chain(preferred);
        requested
            .filter_map(|wanted| accepted.iter().copied().find(|context| *context == wanted))
            .next()
            .or_else(|| accepted.first().copied())
    }

    /// Whether the request accepts one of the contexts that the user has `reached` (OpenID Connect Core §5.5.1.1).
    #[must_use]
    pub fn admits(&self, reached: &[&str]) -> bool {
        match reached {
            [] => self.claims.admits_context(None),
            [..] => self.context(reached).is_some(),
        }
    }

    /// `max_age` as a duration.
    #[must_use]
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age_seconds.map(|seconds| Duration::seconds(i64::from(seconds)))
    }
}
