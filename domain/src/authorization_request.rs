//! An authorization request after every check (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).

use std::collections::BTreeSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::prompt::Prompt;
use crate::scope::OPENID;
use crate::{
    AuthenticationContext, ClaimsRequest, ClientId, CodeChallenge, Digest, ResourceIdentifier, ReturnTo,
    Scope, SubjectIdentifier, UiLocales,
};

/// What a client asks for, validated: nothing in it has to be checked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: ClientId,
    /// Where the answer goes.
    pub return_to: ReturnTo,
    /// For what; a subset of what the client may ask for.
    pub scope: Scope,
    /// At which resources; registered, and allowed to the client. None for its default audience (RFC 8707 §2.1).
    #[serde(default)]
    pub resources: BTreeSet<ResourceIdentifier>,
    /// PKCE, unless the client is exempt from it.
    pub code_challenge: Option<CodeChallenge>,
    /// Echoed in the ID token.
    pub nonce: Option<String>,
    /// What to show.
    pub prompt: Prompt,
    /// How long ago, in seconds, the user may have authenticated.
    pub max_age_seconds: Option<u32>,
    /// The user named by a valid `id_token_hint`, as this client knows them.
    #[serde(rename = "hinted_user")]
    pub hinted_subject: Option<SubjectIdentifier>,
    /// What to put into the login form.
    pub login_hint: Option<String>,
    /// Which claims it asks for one by one; none that the client may not ask for as a scope.
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// Which authentication contexts it wishes for, the best first (`acr_values`).
    #[serde(default)]
    pub acr_values: Vec<AuthenticationContext>,
    /// What languages our pages should be in.
    #[serde(default)]
    pub ui_locales: UiLocales,
    /// The pushed request it came as, by the digest of its `request_uri`: completed by its one answer (RFC 9126 §4).
    #[serde(default)]
    pub pushed: Option<Digest>,
}

impl AuthorizationRequest {
    /// Whether an ID token is wanted.
    #[must_use]
    pub fn is_openid(&self) -> bool {
        self.scope.contains(OPENID)
    }

    /// The one of the contexts that a user has `reached` which the client is told: the first it asks for, else the first
    /// that it takes.
    #[must_use]
    pub fn context<'a>(&self, reached: &[&'a str]) -> Option<&'a str> {
        let taken: Vec<&str> =
            reached.iter().copied().filter(|context| self.claims.admits_context(Some(context))).collect();
        let wished = self.acr_values.iter().map(AuthenticationContext::as_str);
        let asked = self.claims.wanted_contexts().chain(wished);
        asked
            .filter_map(|asked| taken.iter().copied().find(|context| *context == asked))
            .next()
            .or_else(|| taken.first().copied())
    }

    /// Whether one of the contexts that a user has `reached` is good enough (OpenID Connect Core §5.5.1.1).
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
