//! An authorization request after every check (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).

use std::collections::BTreeSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::prompt::Prompt;
use crate::scope::{ADMINISTRATION, OPENID};
use crate::{
    AuthenticationContext, ClaimsRequest, ClientId, CodeChallenge, Digest, Incarnation, RequestedResources,
    ResourceIdentifier, ResourceIncarnations, ReturnTo, Scope, SubjectIdentifier, UiLocales,
};

/// How long ago an administrator may have authenticated when a client gets administrative power.
pub const ADMINISTRATION_MAX_AGE: Duration = Duration::minutes(5);

/// A validated authorization request: nothing in it has to be checked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The client that sent it.
    pub client: ClientId,
    /// The incarnation of the client.
    pub incarnation: Incarnation,
    /// Whether an operator vouched for the client when it was checked.
    pub is_vetted: bool,
    /// The redirect URI, response mode and `state` of the response.
    pub return_to: ReturnTo,
    /// Whether the request named its redirect URI, which a client with several has to.
    pub names_redirect_uri: bool,
    /// The requested scope; a subset of the client's scope.
    pub scope: Scope,
    /// The resources that it names, or else the client's default audience: registered, and allowed to the client (RFC 8707
    /// §2.1). None for this server alone.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// Their incarnations.
    pub incarnations: ResourceIncarnations,
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
    /// The resources that it named.
    #[must_use]
    pub const fn requested_resources(&self) -> RequestedResources<'_> {
        RequestedResources { ids: &self.resources, incarnations: &self.incarnations }
    }

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

    /// How long ago the user may have authenticated: `max_age`, and never more than [`ADMINISTRATION_MAX_AGE`] for the scope
    /// `administration`.
    #[must_use]
    pub fn max_age(&self) -> Option<Duration> {
        let requested = self.max_age_seconds.map(|seconds| Duration::seconds(i64::from(seconds)));
        if !self.asks_to_administer() {
            return requested;
        }
        Some(requested.map_or(ADMINISTRATION_MAX_AGE, |requested| requested.min(ADMINISTRATION_MAX_AGE)))
    }

    /// Whether the client asks for administrative power over this server.
    #[must_use]
    pub fn asks_to_administer(&self) -> bool {
        self.scope.contains(ADMINISTRATION)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{Client, RedirectUri, ResponseMode};

    /// A request of the client `web` whose answer goes to `https://web.example/cb`.
    pub(crate) fn request(scope: &str, claims: &str, acr_values: &[&str]) -> AuthorizationRequest {
        let client =
            Client::new("web".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH);
        let redirect_uri: RedirectUri = "https://web.example/cb".parse().unwrap();
        AuthorizationRequest {
            client: client.id,
            incarnation: client.incarnation,
            is_vetted: true,
            return_to: ReturnTo::new(redirect_uri.verified(), ResponseMode::Query, None),
            names_redirect_uri: true,
            scope: scope.parse().unwrap(),
            resources: BTreeSet::new(),
            incarnations: ResourceIncarnations::default(),
            code_challenge: None,
            nonce: None,
            prompt: Prompt::default(),
            max_age_seconds: None,
            hinted_subject: None,
            login_hint: None,
            claims: claims.parse().unwrap(),
            acr_values: acr_values.iter().map(|text| text.parse().unwrap()).collect(),
            ui_locales: UiLocales::default(),
            pushed: None,
        }
    }

    #[test]
    fn the_scope_openid_makes_a_request_an_openid_request() {
        for (scope, is_openid) in [("openid profile", true), ("profile", false), ("", false)] {
            assert_eq!(request(scope, "{}", &[]).is_openid(), is_openid, "{scope}");
        }
    }

    #[test]
    fn the_reported_context_is_the_first_preferred_one_that_the_request_accepts() {
        let essential = r#"{"id_token":{"acr":{"essential":true,"values":["silver","bronze"]}}}"#;
        let voluntary = r#"{"id_token":{"acr":{"values":["silver"]}}}"#;
        let reached = &["gold", "silver", "bronze"][..];
        for (claims, acr_values, reached, reported) in [
            ("{}", &[][..], reached, Some("gold")),
            ("{}", &["bronze", "gold"], reached, Some("bronze")),
            ("{}", &["platinum", "silver"], reached, Some("silver")),
            ("{}", &["platinum"], reached, Some("gold")),
            (voluntary, &["bronze"], reached, Some("silver")),
            (voluntary, &["bronze"], &["bronze"], Some("bronze")),
            (essential, &["gold"], reached, Some("silver")),
            (essential, &[], &["bronze"], Some("bronze")),
            (essential, &[], &["gold"], None),
            ("{}", &[], &[], None),
        ] {
            let context = request("openid", claims, acr_values).context(reached);
            assert_eq!(context, reported, "{claims} {acr_values:?} of {reached:?}");
        }
    }

    #[test]
    fn an_essential_context_that_the_user_has_not_reached_refuses_the_session() {
        let essential = r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#;
        for (claims, reached, admitted) in [
            ("{}", &[][..], true),
            ("{}", &["bronze"], true),
            (essential, &["gold", "bronze"], true),
            (essential, &["bronze"], false),
            (essential, &[], false),
        ] {
            assert_eq!(request("openid", claims, &[]).admits(reached), admitted, "{claims} of {reached:?}");
        }
    }

    #[test]
    fn max_age_is_in_seconds_and_zero_is_no_missing_one() {
        for (seconds, duration) in
            [(None, None), (Some(0), Some(Duration::zero())), (Some(60), Some(Duration::minutes(1)))]
        {
            let request = AuthorizationRequest { max_age_seconds: seconds, ..request("openid", "{}", &[]) };
            assert_eq!(request.max_age(), duration);
        }
    }

    #[test]
    fn administrative_power_needs_an_authentication_of_the_last_minutes_whatever_max_age_says() {
        for (seconds, minutes) in [(None, 5), (Some(3_600), 5), (Some(60), 1)] {
            let request = AuthorizationRequest {
                max_age_seconds: seconds,
                ..request("openid administration", "{}", &[])
            };
            assert_eq!(request.max_age(), Some(Duration::minutes(minutes)), "{seconds:?}");
        }
    }
}
