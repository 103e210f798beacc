//! grant_type=password (RFC 6749 §4.3): off unless an operator wants it, as RFC 9700 §2.4 says it must not be used.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    Authorization, AuthorizationId, ClaimsRequest, Client, ErrorCode, GrantType, ResourceIdentifier, Scope,
    Secret, User, acr,
};

use super::{Caller, Grant, Proven, first_refresh_token};
use crate::authorize::check_scope;
use crate::error::{Error, Refusal};
use crate::login::password_verifier::{PasswordVerifier, Verified};
use crate::parameters::Parameters;
use crate::port::{Authorizations, Entropy, Recorded};
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;
use crate::token::access_token::Subject;

/// The grant of a user's own password.
pub struct PasswordGrant {
    /// Judges it, with the limits of the login page.
    pub passwords: Arc<PasswordVerifier>,
    /// Where what was granted is recorded.
    pub authorizations: Arc<dyn Authorizations>,
    /// Judges the resources a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Scopes and lifetimes.
    pub settings: Arc<Settings>,
    /// For ids and refresh tokens.
    pub entropy: Arc<dyn Entropy>,
}

#[async_trait]
impl Grant for PasswordGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::Password
    }

    async fn prove(&self, caller: &Caller<'_>, parameters: &Parameters) -> Result<Proven, Error> {
        let address = caller.address;
        let caller = caller.authenticated(self.grant_type()).await?;
        let (client, now) = (&caller.client, caller.now);
        if client.is_public() {
            // Anybody could be this client, and collect passwords in its name.
            return Err(Refusal::new(
                ErrorCode::UnauthorizedClient,
                "the password grant is for confidential clients only",
            )
            .into());
        }
        let username = parameters.require("username", "username is missing")?;
        let password = Secret::from(parameters.require("password", "password is missing")?);
        let scope = check_scope(&self.settings, client, parameters)?;
        let resources = self.indicators.allowed(client, parameters).await?;
        let user = match self.passwords.verify(username, &password, address, now).await? {
            Verified::User(user) => user,
            Verified::Nobody => return Err(Refusal::invalid_grant("wrong user name or password").into()),
            Verified::Limited(until) => return Err(Error::Limited(until)),
        };
        let granted = (scope, resources);
        let authorization = self.authorization(client, &user, granted, now);
        let refresh_token = first_refresh_token(&self.settings, &*self.entropy, client, &authorization, now);
        let kept = refresh_token.as_ref().map(|(_, kept)| kept);
        match self.authorizations.record(&authorization, kept, now).await? {
            Recorded::First => {}
            Recorded::Again => return Err(Refusal::invalid_grant("the authorization is recorded").into()),
            Recorded::Ended => {
                let reason = "the user or the client was disabled at the same moment";
                return Err(Refusal::invalid_grant(reason).into());
            }
        }
        Ok(Proven {
            caller,
            scope: authorization.scope.clone(),
            resources: authorization.resources.clone(),
            nonce: None,
            refresh_token: refresh_token.map(|(token, _)| token),
            subject: Subject::User(Box::new(authorization)),
        })
    }
}

impl PasswordGrant {
    /// There is no browser, so no session: it ends when it is revoked or expires.
    fn authorization(
        &self,
        client: &Client,
        user: &User,
        (scope, resources): (Scope, BTreeSet<ResourceIdentifier>),
        now: DateTime<Utc>,
    ) -> Authorization {
        Authorization {
            id: AuthorizationId::ordered(now, self.entropy.bytes()),
            client: client.id.clone(),
            user: user.id,
            session: None,
            sid: None,
            scope,
            resources,
            claims: ClaimsRequest::default(),
            auth_time: now,
            acr: Some(self.settings.authentication_contexts.strongest().to_string()),
            amr: vec![acr::AMR_PASSWORD.to_owned()],
            created_at: now,
            expires_at: now + self.settings.longest_use(client),
        }
    }
}
