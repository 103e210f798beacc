//! grant_type=client_credentials (RFC 6749 §4.4): a client acts for itself.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::refusal::ScopeCause;
use domain::scope::{OFFLINE_ACCESS, OPENID};
use domain::{Client, ErrorCode, GrantType, Quoted, Scope};

use super::{Grant, Presented, Proven, TokenRequest};
use crate::authorize::{
    UndeclaredScopes, check_scope, default_scope, refuse_administration, requested_scope,
};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::resource::indicators::ResourceIndicators;
use crate::resource::target::Target;

/// The grant of a client that acts for itself.
pub struct ClientCredentialsGrant {
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// The scopes that exist.
    pub context: Context,
}

#[async_trait]
impl Grant for ClientCredentialsGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::ClientCredentials
    }

    async fn look_up<'a>(
        &'a self,
        _parameters: &'a Parameters,
        _now: DateTime<Utc>,
    ) -> Result<Box<dyn Presented + 'a>, Error> {
        Ok(Box::new(self))
    }
}

#[async_trait]
impl Presented for &ClientCredentialsGrant {
    async fn prove(self: Box<Self>, request: &TokenRequest<'_>) -> Result<Proven, Error> {
        let TokenRequest { client, parameters, .. } = request;
        if client.is_public() {
            // A public client has no secret, so every other program could act as this client (RFC 6749 §4.4).
            return Err(Refusal::new(
                ErrorCode::UnauthorizedClient,
                "client credentials are for confidential clients only",
            )
            .into());
        }
        let target = self.indicators.allowed(client, parameters).await?;
        let scope = self.scope(client, parameters, &target)?;
        Ok(Proven::ClientItself { scope, target })
    }
}

impl ClientCredentialsGrant {
    /// Without a user there is no identity and no offline access. A request for `offline_access` is ignored.
    fn scope(&self, client: &Client, parameters: &Parameters, target: &Target) -> Result<Scope, Refusal> {
        let refused = |scope, description| {
            let cause = ScopeCause::NeedsUser(Quoted::new(scope));
            Refusal::new(ErrorCode::InvalidScope, description).because(cause)
        };
        let settings = &self.context.settings;
        let needs_user = |token: &str| token == OPENID || token == OFFLINE_ACCESS;
        let Some(requested) = requested_scope(parameters)? else {
            return Ok(default_scope(settings, client, target).filtered(|token| !needs_user(token)));
        };
        if requested.contains(OPENID) {
            return Err(refused(OPENID, "openid needs a user; client credentials have none"));
        }
        if requested.iter().all(|token| token == OFFLINE_ACCESS) {
            return Err(refused(OFFLINE_ACCESS, "offline_access needs a user; client credentials have none"));
        }
        let scope = check_scope(settings, client, parameters, target, UndeclaredScopes::Refused)?;
        let scope = refuse_administration(scope)?;
        Ok(scope.filtered(|token| !needs_user(token)))
    }
}
