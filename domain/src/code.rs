//! Authorization codes (RFC 6749 §4.1.2).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::redirect_uri::VerifiedRedirectUri;
use crate::{Authorization, ClientId, CodeChallenge, CodeVerifier};

/// What a code stands for. The code itself is only known to the client; a store keeps its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// The authorization that redemption records, its id already fixed.
    pub authorization: Authorization,
    /// Where the code was sent.
    pub redirect_uri: VerifiedRedirectUri,
    /// What the verifier has to answer.
    pub code_challenge: Option<CodeChallenge>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// When it can no longer be redeemed.
    pub expires_at: DateTime<Utc>,
}

/// Why a code is not for this caller. All of them are `invalid_grant` outside (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeMismatch {
    /// Issued to somebody else.
    #[error("the code was issued to another client")]
    Client,
    /// Sent to another redirect URI.
    #[error("redirect_uri differs from the one authorized")]
    RedirectUri,
    /// The verifier does not answer the challenge.
    #[error("code_verifier does not answer the code_challenge")]
    Verifier,
    /// There is a challenge, but no verifier.
    #[error("code_verifier is missing")]
    VerifierMissing,
    /// There is a verifier, but no challenge (RFC 9700 §4.8.2: a downgrade).
    #[error("code_verifier was sent though the request had no code_challenge")]
    VerifierUnexpected,
}

impl AuthorizationCode {
    /// Whether it can still be redeemed at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether it was issued for exactly this caller, judged before anything is spent.
    ///
    /// `redirect_uri` is optional (OAuth 2.1 §4.1.3), but when sent it must be the one authorized.
    ///
    /// # Errors
    /// What differs.
    pub fn is_for(
        &self,
        client: &ClientId,
        redirect_uri: Option<&str>,
        verifier: Option<&CodeVerifier>,
    ) -> Result<(), CodeMismatch> {
        if self.authorization.client != *client {
            return Err(CodeMismatch::Client);
        }
        if redirect_uri.is_some_and(|uri| uri != self.redirect_uri.as_str()) {
            return Err(CodeMismatch::RedirectUri);
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
