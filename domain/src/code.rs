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
