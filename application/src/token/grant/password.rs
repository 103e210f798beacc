//! grant_type=password (RFC 6749 §4.3): switched off by default, because RFC 9700 §2.4 says it must not be used.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    Authorization, AuthorizationId, ClaimsRequest, Client, ErrorCode, GrantType, Granted, Methods, Scope,
    Secret, User,
};

use super::{Grant, IfRecordedBefore, NewAuthorization, Presented, Proven, TokenRequest};
use crate::authorize::{UndeclaredScopes, check_scope, refuse_administration};
use crate::context::Context;
use crate::error::{Error, Limited, Refusal};
use crate::login::Source;
use crate::login::password_verifier::{NextFactor, PasswordVerifier, Verified};
use crate::parameters::Parameters;
use crate::resource::indicators::ResourceIndicators;
use crate::resource::target::Target;
use crate::users::subject_identifiers::naming_of;

/// The resource owner password credentials grant (RFC 6749 §4.3): the client sends the user's password.
pub struct PasswordGrant {
    /// Verifies passwords, with the limits of the login page for each application.
    pub passwords: Arc<PasswordVerifier>,
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Scopes and lifetimes, and entropy for ids.
    pub context: Context,
}

#[async_trait]
impl Grant for PasswordGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::Password
    }

    /// Every attempt is counted and hashed, so nothing happens before the client is known.
    async fn look_up<'a>(
        &'a self,
        _parameters: &'a Parameters,
        _now: DateTime<Utc>,
    ) -> Result<Box<dyn Presented + 'a>, Error> {
        Ok(Box::new(self))
    }
}

#[async_trait]
impl Presented for &PasswordGrant {
    async fn prove(self: Box<Self>, request: &TokenRequest<'_>) -> Result<Proven, Error> {
        let TokenRequest { client, parameters, caller, now } = request;
        if client.is_public() {
            // A public client has no secret, so every other program could collect passwords in its name.
            return Err(Refusal::new(
                ErrorCode::UnauthorizedClient,
                "the password grant is for confidential clients only",
            )
            .into());
        }
        let username = parameters.require("username", "username is missing")?;
        let password = Secret::from(parameters.require("password", "password is missing")?);
        let target = self.indicators.allowed(client, parameters).await?;
        let settings = &self.context.settings;
        let scope = check_scope(settings, client, parameters, &target, UndeclaredScopes::Refused)?;
        let scope = refuse_administration(scope)?;
        let token_scope = target.token_scope(&scope);
        let source = Source::Application { caller, client: &client.id };
        let user = match self.passwords.verify(username, &password, source, *now).await? {
            Verified::User(user, NextFactor::None) => user,
            Verified::User(user, NextFactor::SecondStep(_) | NextFactor::Enrolment) => {
                let user = user.id;
                let detail =
                    format!("the user {user} needs a second factor, which the password grant cannot ask for");
                // The answer is that to a wrong password.
                return Err(Refusal::invalid_grant("wrong user name or password").because(detail).into());
            }
            Verified::Invalid(_) => return Err(Refusal::invalid_grant("wrong user name or password").into()),
            Verified::Limited(until, _) => {
                let address = &caller.address;
                let detail = format!("too many wrong passwords from {address}, sent by {}", client.id);
                return Err(Limited { until, detail, is_shared: false, is_guessing: false }.into());
            }
        };
        let authorization = self.authorization(client, &user, (scope, &target), *now)?;
        let sign_in = self.passwords.recorder.sign_in(user.id, Methods::Password, source, *now);
        Ok(Proven::Authorized(NewAuthorization {
            authorization: Box::new(authorization),
            scope: token_scope,
            target,
            nonce: None,
            if_recorded_before: IfRecordedBefore::Refuse,
            sign_in: Some(sign_in),
        }))
    }
}

impl PasswordGrant {
    /// Without a browser there is no session: the authorization ends when it is revoked or expires.
    fn authorization(
        &self,
        client: &Client,
        user: &User,
        (scope, target): (Scope, &Target),
        now: DateTime<Utc>,
    ) -> Result<Authorization, Error> {
        let settings = &self.context.settings;
        let granted = Granted {
            client,
            user: user.id,
            naming: naming_of(client)?,
            session: None,
            scope,
            resources: target.resources.clone(),
            incarnations: target.incarnations(),
            claims: ClaimsRequest::default(),
            auth_time: now,
            acr: settings.authentication_contexts.strongest(Methods::Password).map(ToString::to_string),
            amr: Methods::Password.amr(),
        };
        let id = AuthorizationId::ordered(now, self.context.entropy.bytes());
        Ok(Authorization::grant(id, granted, now, settings.longest_use(client)))
    }
}
