//! Access tokens: JWTs (RFC 9068), which no store keeps, or opaque ones, which a store keeps. Either kind is checked with
//! one look-up.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::client::{AccessTokenFormat, AccessTokenTyp};
use domain::refusal::BearerTokenCause;
use domain::{Audience, Authorization, Client, Incarnation, Scope, Secret, SubjectIdentifier};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::claimed::claimed_token;
use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::Keys;
use crate::keys::jose::{JoseError, JwtType, KeySet};
use crate::port::{
    AccessTokenClaims, Authorizations, JudgedToken, OpaqueAccessTokens, TokenStatus, Unavailable,
};

/// The content of a new access token.
pub struct NewAccessToken<'a> {
    /// The user's authorization and the user's `sub`; none where the client acts for itself (RFC 6749 §4.4).
    pub user: Option<(&'a Authorization, &'a SubjectIdentifier)>,
    /// Its `scope`.
    pub scope: &'a Scope,
    /// Its `aud`.
    pub audience: Audience,
    /// The resources that it is for.
    pub resources: BTreeSet<Incarnation>,
    /// Its `typ`, if it is a JWT.
    pub typ: AccessTokenTyp,
}

/// Issues and checks access tokens.
pub struct AccessTokens {
    /// The keys that verify them.
    pub keys: Arc<Keys>,
    /// Which tokens are revoked.
    pub authorizations: Arc<dyn Authorizations>,
    /// The opaque tokens.
    pub opaque: Arc<dyn OpaqueAccessTokens>,
    /// Issuer, lifetime and algorithm; entropy for the `jti` and for opaque tokens.
    pub context: Context,
}

impl AccessTokens {
    /// Issues a token to `client`: signed by a key of `keys`, or stored as an opaque one if the settings or the client's
    /// registration say that it is opaque.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a signing key, or when an opaque token cannot be stored.
    pub async fn issue(
        &self,
        keys: &KeySet,
        client: &Client,
        new: NewAccessToken<'_>,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let typ = match new.typ {
            AccessTokenTyp::AtJwt => JwtType::AccessToken,
            AccessTokenTyp::Jwt => JwtType::PlainAccessToken,
        };
        let claims = self.claims(client, new, now);
        if self.context.settings.opaque_access_tokens
            || client.tokens.access_token_format == AccessTokenFormat::Opaque
        {
            return self.store_opaque(&claims).await;
        }
        let key = keys
            .signing_for_anyone(self.context.settings.access_token_alg, now)
            .ok_or_else(|| broken_key(&"there is no signing key of the access tokens' algorithm"))?;
        key.sign(typ, &claims).map(Secret::new).map_err(|error| broken_key(&error))
    }

    fn claims(&self, client: &Client, new: NewAccessToken<'_>, now: DateTime<Utc>) -> AccessTokenClaims {
        let Context { settings, entropy, .. } = &self.context;
        let random = Secret::from_random(entropy.bytes());
        let mut jti = format!(".{}", &random.expose()[..22]);
        // The token ends with its authorization, or, without one, with the incarnations of its client and of its resources.
        let (sub, origin, auth_time, acr) = match new.user {
            None => {
                jti.extend(new.resources.iter().map(|resource| format!(".{resource}")));
                (client.id.to_string(), client.incarnation.to_string(), None, None)
            }
            Some((grant, sub)) => {
                let auth_time = Some(grant.auth_time.timestamp());
                (sub.to_string(), grant.id.to_string(), auth_time, grant.acr.clone())
            }
        };
        AccessTokenClaims {
            iss: settings.issuer.to_string(),
            sub,
            aud: new.audience,
            exp: (now + settings.lifetimes.access_token).timestamp(),
            iat: now.timestamp(),
            jti: format!("{origin}{jti}"),
            client_id: client.id.clone(),
            scope: new.scope.clone(),
            auth_time,
            acr,
        }
    }

    async fn store_opaque(&self, claims: &AccessTokenClaims) -> Result<Secret, Error> {
        let (Some(reference), Some(expires_at)) =
            (claims.reference(), DateTime::from_timestamp(claims.exp, 0))
        else {
            let reason = "the expiry of an access token is out of range".to_owned();
            return Err(Unavailable { component: "clock", reason }.into());
        };
        let token = BearerKind::AccessToken.token(self.context.entropy.bytes());
        self.opaque.keep(token.digest(), claims, &reference, expires_at).await?;
        Ok(token)
    }

    /// Reads a presented token. None if it is not an access token of this server, or has expired.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the keys or the stored tokens cannot be read.
    pub async fn read(&self, token: &str) -> Result<Option<AccessTokenClaims>, Error> {
        if BearerKind::AccessToken.recognises(token) {
            return Ok(self.find_opaque(token).await?.map(|found| found.claims));
        }
        let keys = self.keys.current().await?;
        Ok(verified(&keys, token).filter(|claims| self.is_live(claims)))
    }

    /// Reads a presented token and looks up whether it is revoked. None as for [`read`](Self::read).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when keys, stored tokens or revocations cannot be read: then no token is accepted.
    pub async fn judge(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        if BearerKind::AccessToken.recognises(token) {
            return Ok(self.find_opaque(token).await?.map(|found| self.entered(found)));
        }
        let Some(claims) = self.read(token).await? else {
            return Ok(None);
        };
        let Some(reference) = claims.reference() else {
            return Ok(None);
        };
        let status = self.authorizations.token_status(&reference, self.context.now()).await?;
        Ok(Some(self.entered(JudgedToken { claims, status })))
    }

    /// A user's token counts as revoked while no user has access to its client.
    fn entered(&self, judged: JudgedToken) -> JudgedToken {
        match &judged.status {
            TokenStatus::User(grantee) if !self.context.settings.lets_users_enter(&grantee.client) => {
                JudgedToken { status: TokenStatus::Revoked, ..judged }
            }
            TokenStatus::User(_) | TokenStatus::Client | TokenStatus::Revoked => judged,
        }
    }

    /// Judges a token that is presented at an endpoint of this server: none, too, if this server is not in its `aud`.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub async fn judge_for_us(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        let judged = self.judge(token).await?;
        Ok(judged.filter(|judged| judged.claims.aud.contains(self.context.settings.issuer.as_str())))
    }

    /// Why a token is invalid that [`judge_for_us`](Self::judge_for_us) did not find.
    pub(crate) fn why_invalid(&self, token: &str) -> BearerTokenCause {
        BearerTokenCause::Invalid {
            claimed: claimed_token(token),
            issuer: self.context.settings.issuer.to_string(),
            now: self.context.now(),
        }
    }

    /// The opaque token and whether it is revoked. None if this server did not issue it, or if it has expired.
    async fn find_opaque(&self, token: &str) -> Result<Option<JudgedToken>, Error> {
        let Ok(token) = BearerKind::AccessToken.parse(token) else {
            return Ok(None);
        };
        let found = self.opaque.find(token.digest(), self.context.now()).await?;
        Ok(found.filter(|found| self.is_live(&found.claims)))
    }

    fn is_live(&self, claims: &AccessTokenClaims) -> bool {
        claims.iss == self.context.settings.issuer.as_str() && self.context.now().timestamp() < claims.exp
    }
}

/// The claims of an access token with either `typ`. With the `typ` that other JWTs of this server have too, the claims tell
/// (RFC 8725 §3.12): those JWTs have no `client_id`, and only an ID token has `at_hash`.
fn verified(keys: &KeySet, token: &str) -> Option<AccessTokenClaims> {
    #[derive(Deserialize)]
    struct PlainClaims {
        #[serde(flatten)]
        access_token: AccessTokenClaims,
        at_hash: Option<IgnoredAny>,
    }
    match keys.verify::<AccessTokenClaims>(token, JwtType::AccessToken) {
        Err(JoseError::WrongType) => {
            let claims = keys.verify::<PlainClaims>(token, JwtType::PlainAccessToken).ok()?;
            claims.at_hash.is_none().then_some(claims.access_token)
        }
        verified => verified.ok(),
    }
}
