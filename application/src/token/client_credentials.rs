//! grant_type=client_credentials (RFC 6749 §4.4): a client acts for itself.

use std::sync::Arc;

use async_trait::async_trait;
use domain::scope::{OFFLINE_ACCESS, OPENID};
use domain::{Client, ErrorCode, GrantType, Scope};

use super::{Caller, Grant, Proven};
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;
use crate::token::access_token::Subject;

/// The grant of a client's own authority.
pub struct ClientCredentialsGrant {
    /// Judges the resources a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Which scopes there are.
    pub settings: Arc<Settings>,
}

#[async_trait]
impl Grant for ClientCredentialsGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::ClientCredentials
    }

    async fn prove(&self, caller: &Caller<'_>, parameters: &Parameters) -> Result<Proven, Error> {
        let caller = caller.authenticated(self.grant_type()).await?;
        let client = &caller.client;
        if client.is_public() {
            // Anybody could be this client (RFC 6749 §4.4: confidential clients only).
            return Err(Refusal::new(
                ErrorCode::UnauthorizedClient,
                "client credentials are for confidential clients only",
            )
            .into());
        }
        let scope = self.scope(client, parameters)?;
        let resources = self.indicators.allowed(client, parameters).await?;
        let subject = Subject::Client(client.id.clone());
        Ok(Proven { caller, subject, scope, resources, nonce: None, refresh_token: None })
    }
}

impl ClientCredentialsGrant {
    fn scope(&self, client: &Client, parameters: &Parameters) -> Result<Scope, Refusal> {
        let refused = |description| Refusal::new(ErrorCode::InvalidScope, description);
        let requested: Scope = match parameters.get("scope") {
            Some(text) => text.parse().map_err(|_| refused("scope is malformed"))?,
            None => client.default_scope(),
        };
        // There is no user to be offline from, and none to be told about.
        let scope = requested.filtered(|token| token != OFFLINE_ACCESS);
        if scope.is_empty() && parameters.get("scope").is_some() {
            return Err(refused("nothing of this scope can apply"));
        }
        if scope.contains(OPENID) {
            return Err(refused("openid needs a user; client credentials have none"));
        }
        if scope.is_subset_of(&client.scope) && scope.is_subset_of(&self.settings.scopes) {
            Ok(scope)
        } else {
            Err(refused("the client may not ask for this scope"))
        }
    }
}
