//! grant_type=authorization_code (RFC 6749 §4.1.3).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationCode, Client, CodeVerifier, ErrorCode, GrantType, Scope, Secret};
use tokio::join;

use super::{Caller, Grant, Proven, first_refresh_token};
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::{AuthorizationCodes, Authorizations, Entropy, KeptCode, Recorded, Redeemed};
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;
use crate::token::access_token::Subject;

/// The grant of an authorization code.
pub struct AuthorizationCodeGrant {
    /// Where codes are kept.
    pub codes: Arc<dyn AuthorizationCodes>,
    /// Where redeemed ones are recorded.
    pub authorizations: Arc<dyn Authorizations>,
    /// Judges the resources a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Whether a refresh token comes with it, and for how long.
    pub settings: Arc<Settings>,
    /// For refresh tokens.
    pub entropy: Arc<dyn Entropy>,
}

#[async_trait]
impl Grant for AuthorizationCodeGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::AuthorizationCode
    }

    async fn prove(&self, caller: &Caller<'_>, parameters: &Parameters) -> Result<Proven, Error> {
        let caller = caller.authenticated(self.grant_type());
        let (caller, found) = join!(caller, self.found(parameters));
        let (caller, (presented, kept)) = (caller?, found?);
        let (client, now) = (&caller.client, caller.now);
        let mut code = self.validate(kept, client, parameters, now).await?;
        code.authorization.scope = still_allowed(&code.authorization.scope, client, &self.settings)?;
        code.authorization.claims = code.authorization.claims.within(&client.scope);
        let resources = self.indicators.narrowed(client, &code.authorization, parameters)?;
        match self.codes.redeem(presented.digest()).await? {
            Redeemed::First => {}
            Redeemed::Again => return Err(self.punish(&code.authorization, now).await),
            Redeemed::Unknown => return Err(Refusal::invalid_grant("the code vanished").into()),
        }
        let refresh_token =
            first_refresh_token(&self.settings, &*self.entropy, client, &code.authorization, now);
        let kept = refresh_token.as_ref().map(|(_, kept)| kept);
        match self.authorizations.record(&code.authorization, kept, now).await? {
            Recorded::First => {}
            Recorded::Again => return Err(self.punish(&code.authorization, now).await),
            Recorded::Ended => {
                return Err(Refusal::invalid_grant("the session ended before the code was redeemed").into());
            }
        }
        Ok(Proven {
            caller,
            scope: code.authorization.scope.clone(),
            resources,
            nonce: code.nonce,
            refresh_token: refresh_token.map(|(token, _)| token),
            subject: Subject::User(Box::new(code.authorization)),
        })
    }
}

impl AuthorizationCodeGrant {
    async fn found(&self, parameters: &Parameters) -> Result<(Secret, Option<KeptCode>), Error> {
        let presented = Secret::from(parameters.require("code", "code is missing")?);
        let kept = self.codes.find(presented.digest()).await?;
        Ok((presented, kept))
    }

    /// Everything that can be wrong, before anything is spent: an attempt by another client or with a
    /// wrong verifier leaves the code to whom it belongs.
    async fn validate(
        &self,
        kept: Option<KeptCode>,
        client: &Client,
        parameters: &Parameters,
        now: DateTime<Utc>,
    ) -> Result<AuthorizationCode, Error> {
        let verifier: Option<CodeVerifier> = parameters
            .get("code_verifier")
            .map(str::parse)
            .transpose()
            .map_err(|error: domain::pkce::InvalidPkce| Refusal::invalid_grant(error.to_string()))?;
        let kept =
            kept.ok_or_else(|| Refusal::invalid_grant("no such code was issued, or it is long gone"))?;
        kept.code
            .is_for(&client.id, parameters.get("redirect_uri"), verifier.as_ref())
            .map_err(|mismatch| Refusal::invalid_grant(mismatch.to_string()))?;
        if kept.redeemed {
            return Err(self.punish(&kept.code.authorization, now).await);
        }
        if !kept.code.is_live(now) {
            return Err(Refusal::invalid_grant("the code has expired").into());
        }
        Ok(kept.code)
    }

    /// A replay by the right client: somebody has stolen the code, so everything issued from it ends
    /// (RFC 6749 §4.1.2, §10.5).
    async fn punish(&self, authorization: &Authorization, now: DateTime<Utc>) -> Error {
        match self.authorizations.revoke(authorization.id, now, authorization.expires_at).await {
            Ok(()) => Refusal::invalid_grant(format!(
                "the code was redeemed before; authorization {} is revoked",
                authorization.id
            ))
            .into(),
            Err(unavailable) => unavailable.into(),
        }
    }
}

/// What was granted, less what was taken from the client or the server since.
pub(super) fn still_allowed(granted: &Scope, client: &Client, settings: &Settings) -> Result<Scope, Refusal> {
    let scope = granted.filtered(|token| client.scope.contains(token) && settings.scopes.contains(token));
    if scope.is_empty() {
        return Err(Refusal::new(
            ErrorCode::InvalidScope,
            "nothing of the granted scope is allowed any more",
        ));
    }
    Ok(scope)
}
