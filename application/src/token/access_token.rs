//! Access tokens: JWTs after RFC 9068, made without a store, or opaque ones, which are kept. Either kind is judged
//! with one look-up.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::client::AccessTokenFormat;
use domain::{Audience, Authorization, AuthorizationId, Client, ClientId, Scope, Secret};

use crate::error::{Error, broken_key};
use crate::keys::Keys;
use crate::keys::jose::{JwtType, KeySet};
use crate::port::{
    AccessTokenClaims, Authorizations, Clock, Entropy, JudgedToken, OpaqueAccessTokens, Unavailable,
};
use crate::settings::Settings;
use crate::users::subject_identifiers::Naming;

/// On whose behalf a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The client's own (RFC 6749 §4.4).
    Client(ClientId),
    /// A user's, as granted.
    User(Box<Authorization>),
}

/// What a token opens.
pub struct Access<'a> {
    /// On whose behalf.
    pub subject: &'a Subject,
    /// By which name the client knows a user.
    pub naming: &'a Naming,
    /// For what.
    pub scope: &'a Scope,
    /// Where.
    pub audience: Audience,
}

/// Makes and judges access tokens.
pub struct AccessTokens {
    /// What signs and verifies.
    pub keys: Arc<Keys>,
    /// What was revoked.
    pub authorizations: Arc<dyn Authorizations>,
    /// Where opaque tokens are kept.
    pub opaque: Arc<dyn OpaqueAccessTokens>,
    /// Issuer, lifetime, algorithm.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For the `jti`, and for opaque tokens.
    pub entropy: Arc<dyn Entropy>,
}

impl AccessTokens {
    /// Issues a token for this access to `client`: signed by a key of `keys`, or kept where server or
    /// client want it opaque.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a signing key, or when an opaque token cannot be kept.
    pub async fn issue(
        &self,
        keys: &KeySet,
        client: &Client,
        access: Access<'_>,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let claims = self.claims(client, access, now);
        if self.settings.opaque_access_tokens || client.access_token_format == AccessTokenFormat::Opaque {
            return self.keep(&claims).await;
        }
        let key = keys
            .signing(self.settings.access_token_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the access tokens' algorithm"))?;
        key.sign(JwtType::AccessToken, &claims).map(Secret::new).map_err(|error| broken_key(&error))
    }

    fn claims(&self, client: &Client, access: Access<'_>, now: DateTime<Utc>) -> AccessTokenClaims {
        let random = Secret::from_random(self.entropy.bytes());
        let (sub, authorization, auth_time, acr) = match access.subject {
            Subject::Client(id) => {
                (id.to_string(), AuthorizationId::ordered(now, self.entropy.bytes()), None, None)
            }
            Subject::User(grant) => {
                let sub = access.naming.of(grant.user).to_string();
                (sub, grant.id, Some(grant.auth_time.timestamp()), grant.acr.clone())
            }
        };
        AccessTokenClaims {
            iss: self.settings.issuer.to_string(),
            sub,
            aud: access.audience,
            exp: (now + self.settings.lifetimes.access_token).timestamp(),
            iat: now.timestamp(),
            jti: format!("{authorization}.{}", &random.expose()[..22]),
            client_id: client.id.clone(),
            scope: access.scope.clone(),
            auth_time,
            acr,
        }
    }

    async fn keep(&self, claims: &AccessTokenClaims) -> Result<Secret, Error> {
        let (Some(reference), Some(expires_at)) =
            (claims.reference(), DateTime::from_timestamp(claims.exp, 0))
        else {
            let reason = "the claims of an access token name no instant".to_owned();
            return Err(Unavailable { component: "clock", reason }.into());
        };
        let token = BearerKind::AccessToken.token(self.entropy.bytes());
        self.opaque.keep(token.digest(), claims, &reference, expires_at).await?;
        Ok(token)
    }

    /// Reads a presented token. None if it is not an access token of ours, or has expired.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys or the kept tokens cannot be read.
    pub async fn read(&self, token: &str) -> Result<Option<AccessTokenClaims>, Error> {
        if BearerKind::AccessToken.recognises(token) {
            return Ok(self.kept(token).await?.map(|kept| kept.claims));
        }
        let keys = self.keys.current().await?;
        let Ok(claims) = keys.verify::<AccessTokenClaims>(token, JwtType::AccessToken) else {
            return Ok(None);
        };
        Ok(self.is_live(&claims).then_some(claims))
    }

    /// Reads a presented token and asks what it is still worth. None as for [`read`](Self::read).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when keys, kept tokens or revocations cannot be read: fail closed.
    pub async fn judge(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        if BearerKind::AccessToken.recognises(token) {
            return self.kept(token).await;
        }
        let Some(claims) = self.read(token).await? else {
            return Ok(None);
        };
        let Some(reference) = claims.reference() else {
            return Ok(None);
        };
        let standing = self.authorizations.standing(&reference, self.clock.now()).await?;
        Ok(Some(JudgedToken { claims, standing }))
    }

    /// Judges a token that is presented at an endpoint of ours: none, too, if it is for others only.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub async fn judge_for_us(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        let judged = self.judge(token).await?;
        Ok(judged.filter(|judged| judged.claims.aud.contains(self.settings.issuer.as_str())))
    }

    /// The opaque token, with what it is worth. None if it is not one of ours, or has expired.
    async fn kept(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        let Ok(token) = BearerKind::AccessToken.parse(token) else {
            return Ok(None);
        };
        let found = self.opaque.find(token.digest(), self.clock.now()).await?;
        Ok(found.filter(|kept| self.is_live(&kept.claims)))
    }

    fn is_live(&self, claims: &AccessTokenClaims) -> bool {
        claims.iss == self.settings.issuer.as_str() && self.clock.now().timestamp() < claims.exp
    }
}
