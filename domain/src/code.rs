//! Authorization codes (RFC 6749 §4.1.2).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::redirect_uri::VerifiedRedirectUri;
use crate::{Authorization, CodeChallenge, CodeVerifier, Incarnation};

/// An issued authorization code. Only the client knows the code itself; a store keeps its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// The authorization that redemption records; its id is fixed when the code is issued.
    pub authorization: Authorization,
    /// The redirect URI that the code was sent to.
    pub redirect_uri: VerifiedRedirectUri,
    /// Whether the redemption has to repeat the redirect URI: the request named it and has no PKCE challenge, which
    /// would bind the code better (RFC 6749 §4.1.3, RFC 9700 §4.5.3).
    pub redirect_uri_required: bool,
    /// The PKCE challenge, if the request had one.
    #[serde(deserialize_with = "Option::deserialize")]
    pub code_challenge: Option<CodeChallenge>,
    /// `nonce` for the ID token.
    #[serde(deserialize_with = "Option::deserialize")]
    pub nonce: Option<String>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

/// Why a code does not belong to this caller. The client sees `invalid_grant` for each (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeMismatch {
    /// Issued to another client, or to a deleted one that had the same id.
    #[error("the code was issued to another client, or to one that was deleted")]
    Client,
    /// Sent to another redirect URI.
    #[error("redirect_uri differs from the one authorized")]
    RedirectUri,
    /// There is no challenge, and no redirect URI either.
    #[error("redirect_uri is missing; a code that was issued without PKCE needs the one authorized")]
    RedirectUriMissing,
    /// The verifier does not match the challenge.
    #[error("code_verifier does not match the code_challenge")]
    Verifier,
    /// There is a challenge, but no verifier.
    #[error("code_verifier is missing")]
    VerifierMissing,
    /// There is a verifier, but no challenge (RFC 9700 §4.8.2: a downgrade).
    #[error("code_verifier was sent though the request had no code_challenge")]
    VerifierUnexpected,
}

impl AuthorizationCode {
    /// Whether it has not expired at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Checks that it was issued for exactly this caller, before anything is consumed.
    ///
    /// With PKCE, `redirect_uri` is optional (OAuth 2.1 §4.1.3). When sent it must be the one authorized.
    ///
    /// # Errors
    /// [`CodeMismatch`] names what differs.
    pub fn is_for(
        &self,
        client: Incarnation,
        redirect_uri: Option<&str>,
        verifier: Option<&CodeVerifier>,
    ) -> Result<(), CodeMismatch> {
        if self.authorization.incarnation != client {
            return Err(CodeMismatch::Client);
        }
        if redirect_uri.is_some_and(|uri| uri != self.redirect_uri.as_str()) {
            return Err(CodeMismatch::RedirectUri);
        }
        if redirect_uri.is_none() && self.redirect_uri_required {
            return Err(CodeMismatch::RedirectUriMissing);
        }
        match (&self.code_challenge, verifier) {
            (None, None) => Ok(()),
            (Some(challenge), Some(verifier)) if challenge.is_answered_by(verifier) => Ok(()),
            (Some(_), Some(_)) => Err(CodeMismatch::Verifier),
            (Some(_), None) => Err(CodeMismatch::VerifierMissing),
            (None, Some(_)) => Err(CodeMismatch::VerifierUnexpected),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use std::collections::BTreeSet;

    use super::*;
    use crate::subject::Naming;
    use crate::{AuthorizationId, ClaimsRequest, Client, Granted, RedirectUri, ResourceIncarnations, UserId};

    const REDIRECT_URI: &str = "https://web.example/cb";

    fn web() -> Incarnation {
        Incarnation::from_random([1; 16])
    }

    fn verifier(byte: u8) -> CodeVerifier {
        CodeVerifier::from_random([byte; 32])
    }

    fn code(challenge: Option<CodeChallenge>, redirect_uri_required: bool) -> AuthorizationCode {
        let now = DateTime::UNIX_EPOCH;
        let granted = Granted {
            client: &Client::new("web".parse().unwrap(), web(), now),
            user: UserId::from_random([2; 16]),
            naming: Naming::Public,
            session: None,
            scope: "openid".parse().unwrap(),
            resources: BTreeSet::new(),
            incarnations: ResourceIncarnations::default(),
            claims: ClaimsRequest::default(),
            auth_time: now,
            acr: None,
            amr: Vec::new(),
        };
        let id = AuthorizationId::from_random([3; 16]);
        let redirect_uri: RedirectUri = REDIRECT_URI.parse().unwrap();
        AuthorizationCode {
            authorization: Authorization::grant(id, granted, now, Duration::hours(1)),
            redirect_uri: redirect_uri.verified(),
            redirect_uri_required,
            code_challenge: challenge,
            nonce: None,
            expires_at: now + Duration::seconds(60),
        }
    }

    #[test]
    fn a_code_is_live_until_the_instant_at_which_it_expires() {
        let (code, second) = (code(None, false), Duration::seconds(1));
        assert!(code.is_live(code.expires_at - second));
        assert!(!code.is_live(code.expires_at) && !code.is_live(code.expires_at + second));
    }

    #[test]
    fn a_code_is_for_the_client_redirect_uri_and_verifier_that_it_was_issued_for() {
        use CodeMismatch::{
            Client, RedirectUri, RedirectUriMissing, Verifier, VerifierMissing, VerifierUnexpected,
        };
        let (with_pkce, without) = (Some(verifier(7).challenge()), None);
        let (same, other) = (Some(REDIRECT_URI), Some("https://web.example/cb/"));
        let (right, wrong) = (Some(verifier(7)), Some(verifier(8)));
        for (challenge, is_required, redirect_uri, verifier, outcome) in [
            (with_pkce, false, None, &right, Ok(())),
            (with_pkce, false, same, &right, Ok(())),
            (with_pkce, false, other, &right, Err(RedirectUri)),
            (with_pkce, false, None, &wrong, Err(Verifier)),
            (with_pkce, false, None, &None, Err(VerifierMissing)),
            // A request without PKCE: the redirect URI has to be repeated if the request named it.
            (without, true, same, &None, Ok(())),
            (without, true, None, &None, Err(RedirectUriMissing)),
            (without, true, other, &None, Err(RedirectUri)),
            (without, false, None, &None, Ok(())),
            (without, true, same, &right, Err(VerifierUnexpected)),
        ] {
            let code = code(challenge, is_required);
            assert_eq!(code.is_for(web(), redirect_uri, verifier.as_ref()), outcome, "{redirect_uri:?}");
            let another = Incarnation::from_random([4; 16]);
            assert_eq!(code.is_for(another, redirect_uri, verifier.as_ref()), Err(Client));
        }
    }
}
