//! ID tokens (OpenID Connect Core §2), and reading one back as a hint.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, SHA512};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{Authorization, Client, ClientId, Secret, SigningAlgorithm, SubjectIdentifier};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, broken_key};
use crate::keys::Keys;
use crate::keys::jose::{JwtType, KeySet};
use crate::settings::Settings;

/// The claims of an ID token; those about the user come from UserInfo unless they were asked for here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    /// Who issued it.
    pub iss: String,
    /// The user.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// When the user authenticated.
    pub auth_time: i64,
    /// The request's nonce.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nonce: Option<String>,
    /// In which context the user authenticated.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acr: Option<String>,
    /// By which methods.
    pub amr: Vec<String>,
    /// Binds the access token that came with it (§3.1.3.6).
    pub at_hash: String,
    /// The session (OpenID Connect Front-Channel Logout §3).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sid: Option<String>,
    /// Claims about the user that were asked for one by one (§5.5).
    #[serde(flatten)]
    pub user: Map<String, Value>,
}

/// What an ID token says beside the grant.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The user, as the client knows them.
    pub sub: SubjectIdentifier,
    /// The session, as the client knows it.
    pub sid: Option<String>,
    /// The request's nonce.
    pub nonce: Option<&'a str>,
    /// Claims about the user.
    pub user: Map<String, Value>,
}

/// What a valid `id_token_hint` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Whom it names, as the client knew them.
    pub subject: SubjectIdentifier,
    /// To which client it was issued.
    pub client: ClientId,
    /// In which session.
    pub sid: Option<String>,
}

/// The text is no ID token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id_token_hint is not an ID token issued here")]
pub struct InvalidHint;

/// Makes ID tokens and reads them back.
pub struct IdTokens {
    /// What signs and verifies.
    pub keys: Arc<Keys>,
    /// Issuer and lifetime.
    pub settings: Arc<Settings>,
}

impl IdTokens {
    /// Issues the ID token that accompanies `access_token`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a signing key of the client's algorithm.
    pub fn issue(
        &self,
        keys: &KeySet,
        client: &Client,
        grant: &Authorization,
        wanted: Wanted<'_>,
        access_token: &Secret,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let claims = IdTokenClaims {
            iss: self.settings.issuer.as_str().to_owned(),
            sub: wanted.sub.to_string(),
            aud: client.id.to_string(),
            exp: (now + self.settings.lifetimes.id_token).timestamp(),
            iat: now.timestamp(),
            auth_time: grant.auth_time.timestamp(),
            nonce: wanted.nonce.map(str::to_owned),
            acr: grant.acr.clone(),
            amr: grant.amr.clone(),
            at_hash: half_hash(client.id_token_signed_response_alg, access_token),
            sid: wanted.sid,
            user: wanted.user,
        };
        let key = keys
            .signing(client.id_token_signed_response_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the client's algorithm"))?;
        key.sign(JwtType::IdToken, &claims).map_err(|error| broken_key(&error))
    }

    /// Reads an `id_token_hint`; one that has expired is as good as a fresh one
    /// (OpenID Connect RP-Initiated Logout §4).
    ///
    /// # Errors
    /// Outer: the keys cannot be read. Inner: [`InvalidHint`].
    pub async fn read_hint(&self, hint: &str) -> Result<Result<Hint, InvalidHint>, Error> {
        let keys = self.keys.current().await?;
        Ok(self.hint_of(&keys, hint).ok_or(InvalidHint))
    }

    fn hint_of(&self, keys: &KeySet, hint: &str) -> Option<Hint> {
        let claims: IdTokenClaims = keys.verify(hint, JwtType::IdToken).ok()?;
        (claims.iss == self.settings.issuer.as_str()).then_some(())?;
        let (subject, client) = (claims.sub.parse().ok()?, claims.aud.parse().ok()?);
        Some(Hint { subject, client, sid: claims.sid })
    }
}

/// The left half of the digest that the ID token's algorithm uses (OpenID Connect Core §3.1.3.6):
/// SHA-256, or SHA-512 for Ed25519, which hashes with it (RFC 8032 §5.1).
fn half_hash(algorithm: SigningAlgorithm, token: &Secret) -> String {
    let hash = match algorithm {
        SigningAlgorithm::Rs256 | SigningAlgorithm::Es256 => &SHA256,
        SigningAlgorithm::EdDsa => &SHA512,
    };
    let digest = aws_lc_rs::digest::digest(hash, token.expose().as_bytes());
    let (left, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_access_token_hash_is_that_of_openid_connect_core_a_3() {
        let token = Secret::from("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(half_hash(SigningAlgorithm::Rs256, &token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
