//! Access tokens: JWTs after RFC 9068, made without a store and judged with one look-up.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Client, ClientId, Digest, Scope, Secret};
use serde::{Deserialize, Serialize};

use crate::error::{Error, broken_key};
use crate::jose::{JwtType, KeySet};
use crate::keys::Keys;
use crate::port::{Authorizations, Clock, Entropy, Standing, TokenReference};
use crate::settings::Settings;

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// Who issued it.
    pub iss: String,
    /// The user, or the client itself.
    pub sub: String,
    /// For whom it is.
    pub aud: String,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// `<authorization id>.<random>`.
    pub jti: String,
    /// To whom it was issued.
    pub client_id: ClientId,
    /// What it allows; left out if that is nothing (RFC 6749 §3.3 knows no empty scope).
    #[serde(skip_serializing_if = "Scope::is_empty", default)]
    pub scope: Scope,
    /// When the user authenticated, where one is present.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub auth_time: Option<i64>,
    /// In which context.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acr: Option<String>,
}

/// On whose behalf a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The client's own (RFC 6749 §4.4).
    Client(ClientId),
    /// A user's, as granted.
    User(Box<Authorization>),
}

/// A token that is ours, formally valid and not expired, and what it is still worth.
#[derive(Debug, Clone)]
pub struct JudgedToken {
    /// What it says.
    pub claims: AccessTokenClaims,
    /// What it is worth.
    pub standing: Standing,
}

/// Makes and judges access tokens.
pub struct AccessTokens {
    /// What signs and verifies.
    pub keys: Arc<Keys>,
    /// What was revoked.
    pub authorizations: Arc<dyn Authorizations>,
    /// Issuer, lifetime, algorithm.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For the `jti`.
    pub entropy: Arc<dyn Entropy>,
}

impl AccessTokens {
    /// Issues a token with `scope` for `subject` to `client`, signed by a key of `keys`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a signing key.
    pub fn issue(
        &self,
        keys: &KeySet,
        client: &Client,
        subject: &Subject,
        scope: &Scope,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let random = Secret::from_random(self.entropy.bytes());
        let (sub, authorization, auth_time, acr) = match subject {
            Subject::Client(id) => {
                (id.to_string(), AuthorizationId::ordered(now, self.entropy.bytes()), None, None)
            }
            Subject::User(grant) => {
                (grant.user.to_string(), grant.id, Some(grant.auth_time.timestamp()), grant.acr.clone())
            }
        };
        let issuer = self.settings.issuer.as_str();
        let claims = AccessTokenClaims {
            iss: issuer.to_owned(),
            sub,
            aud: issuer.to_owned(),
            exp: (now + self.settings.lifetimes.access_token).timestamp(),
            iat: now.timestamp(),
            jti: format!("{authorization}.{}", &random.expose()[..22]),
            client_id: client.id.clone(),
            scope: scope.clone(),
            auth_time,
            acr,
        };
        let key = keys
            .signing(self.settings.access_token_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the access tokens' algorithm"))?;
        key.sign(JwtType::AccessToken, &claims).map(Secret::new).map_err(|error| broken_key(&error))
    }

    /// Reads a presented token. None if it is not an access token of ours, or has expired.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys cannot be read.
    pub async fn read(&self, token: &str) -> Result<Option<AccessTokenClaims>, Error> {
        let keys = self.keys.current().await?;
        let Ok(claims) = keys.verify::<AccessTokenClaims>(token, JwtType::AccessToken) else {
            return Ok(None);
        };
        let ours = claims.iss == self.settings.issuer.as_str();
        let live = self.clock.now().timestamp() < claims.exp;
        Ok((ours && live).then_some(claims))
    }

    /// Reads a presented token and asks what it is still worth. None as for [`read`](Self::read).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when keys or revocations cannot be read: fail closed.
    pub async fn judge(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        let Some(claims) = self.read(token).await? else {
            return Ok(None);
        };
        let Some(reference) = claims.reference() else {
            return Ok(None);
        };
        let standing = self.authorizations.standing(&reference, self.clock.now()).await?;
        Ok(Some(JudgedToken { claims, standing }))
    }
}

impl AccessTokenClaims {
    /// What stores know the token by. None if the `jti` is not one of ours.
    #[must_use]
    pub fn reference(&self) -> Option<TokenReference> {
        let (authorization, _) = self.jti.split_once('.')?;
        Some(TokenReference {
            authorization: authorization.parse().ok()?,
            token: Digest::of(self.jti.as_bytes()),
            client: self.client_id.clone(),
            user_present: self.sub != self.client_id.as_str(),
            issued_at: DateTime::from_timestamp(self.iat, 0)?,
        })
    }
}
