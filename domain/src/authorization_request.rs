//! An authorization request after every check (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).

use std::collections::BTreeSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::prompt::Prompt;
use crate::scope::OPENID;
use crate::{
    ClaimsRequest, ClientId, CodeChallenge, Digest, ResourceIdentifier, ReturnTo, Scope, SubjectIdentifier,
    UiLocales,
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

    /// `max_age` as a duration.
    #[must_use]
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age_seconds.map(|seconds| Duration::seconds(i64::from(seconds)))
    }
}
