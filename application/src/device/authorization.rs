//! The device authorization endpoint (RFC 8628 §3.1, §3.2).

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::refusal::GrantCause;
use domain::{Client, DeviceCode, Digest, ErrorCode, GrantType, Scope, Secret, UserCode};

use crate::authorize::{UndeclaredScopes, check_scope, refuse_administration};
use crate::client_auth::strangers::{self, Bound};
use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{AttemptKey, Attempts, DeviceCodes, IssuedDeviceCode, Unavailable};
use crate::resource::indicators::ResourceIndicators;
use crate::resource::target::Target;

/// How many user codes are drawn until one is free. With a million live codes, one in 25 000 is taken.
const MAX_USER_CODE_ATTEMPTS: usize = 8;

/// Begins device authorizations.
pub struct DeviceAuthorizationEndpoint {
    /// Authenticates the client.
    pub authenticator: Arc<ClientAuthenticator>,
    /// The store of device codes.
    pub codes: Arc<dyn DeviceCodes>,
    /// Counts the authorizations of each public client and address that no user has decided about.
    pub attempts: Arc<dyn Attempts>,
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Issuer, scopes, lifetime, interval and time; entropy for both codes.
    pub context: Context,
}

/// What a client asks for, and the counter of its authorizations.
struct Requested {
    client: Client,
    scope: Scope,
    target: Target,
    counter: Option<Digest>,
}

/// The answer (RFC 8628 §3.2).
#[derive(Debug)]
pub struct DeviceAuthorization {
    /// `device_code`.
    pub device_code: Secret,
    /// `user_code`.
    pub user_code: UserCode,
    /// `verification_uri`.
    pub verification_uri: String,
    /// `verification_uri_complete`.
    pub verification_uri_complete: String,
    /// `expires_in`.
    pub expires_in: Duration,
    /// `interval`.
    pub interval: Duration,
}

/// `ui_locales` of the request, for the end of a query. Language tags need no escaping.
fn ui_locales_query(parameters: &Parameters) -> String {
    let ui_locales = parameters.ui_locales();
    if ui_locales.is_empty() {
        return String::new();
    }
    format!("&ui_locales={}", ui_locales.iter().collect::<Vec<_>>().join("%20"))
}

/// The counter of the authorizations of all strangers that no user has decided about.
pub(super) fn all_authorizations() -> AttemptKey {
    AttemptKey::new("device.all", &[])
}

impl DeviceAuthorizationEndpoint {
    /// Begins an authorization for a device that calls from `address`.
    ///
    /// # Errors
    /// `invalid_client`; `unauthorized_client` for a client without the grant; `invalid_scope`; `invalid_target`;
    /// [`Error::Limited`] after too many devices of one public client from one address, or of all such clients.
    pub async fn begin(
        &self,
        credentials: &Credentials,
        parameters: &Parameters,
        address: &str,
    ) -> Result<DeviceAuthorization, Error> {
        let client =
            self.authenticator.authenticate(credentials, path::DEVICE_AUTHORIZATION, address).await?;
        if !client.grant_types.contains(&GrantType::DeviceCode) {
            return Err(Refusal::new(
                ErrorCode::UnauthorizedClient,
                "the client may not use this grant type",
            )
            .because(GrantCause::not_registered(&client, GrantType::DeviceCode))
            .into());
        }
        let settings = &self.context.settings;
        let target = self.indicators.allowed(&client, parameters).await?;
        let scope = check_scope(settings, &client, parameters, &target, UndeclaredScopes::Ignored)?;
        let scope = refuse_administration(scope)?;
        let now = self.context.now();
        let counter = self.count(&client, address, now).await?;
        let requested = Requested { client, scope, target, counter };
        let (device_code, user_code) = self.issue(&requested, now).await?;
        let verification_uri = self.context.settings.issuer.endpoint(path::DEVICE_VERIFICATION);
        Ok(DeviceAuthorization {
            verification_uri_complete: format!(
                "{verification_uri}?user_code={user_code}{}",
                ui_locales_query(parameters)
            ),
            verification_uri,
            device_code,
            user_code,
            expires_in: self.context.settings.lifetimes.device_code,
            interval: Duration::seconds(i64::from(self.context.settings.device_interval_seconds)),
        })
    }

    /// Counts an authorization of a public client or of a client that registered itself. A client of an operator
    /// that authenticated answers for itself. The answer is the counter, which forgets the authorization when a user decides: many
    /// people behind one address do not shut each other out.
    async fn count(
        &self,
        client: &Client,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Digest>, Error> {
        if !strangers::is_a_stranger(client) {
            return Ok(None);
        }
        let settings = &self.context.settings;
        let counter = AttemptKey::new("device.authorization", &[client.id.as_str(), address]);
        let own = Bound {
            counter,
            limit: settings.device_authorization_limit,
            what: &format!("device authorizations of {} from {address}", client.id),
        };
        let shared = Bound {
            counter: all_authorizations(),
            limit: settings.shared_limit,
            what: "device authorizations of public and self-registered clients",
        };
        strangers::count(&*self.attempts, own, shared, now).await?;
        Ok(Some(counter.digest()))
    }

    async fn issue(&self, requested: &Requested, now: DateTime<Utc>) -> Result<(Secret, UserCode), Error> {
        let Requested { client, scope, target, counter } = requested;
        for _ in 0..MAX_USER_CODE_ATTEMPTS {
            let Some(user_code) = UserCode::from_random(self.context.entropy.bytes()) else {
                continue;
            };
            let device_code = Secret::from_random(self.context.entropy.bytes());
            let code = DeviceCode::new(
                client,
                scope.clone(),
                user_code.digest(),
                self.context.settings.device_interval_seconds,
                now + self.context.settings.lifetimes.device_code,
            );
            let code = DeviceCode {
                resources: target.resources.clone(),
                incarnations: target.incarnations(),
                counter: *counter,
                ..code
            };
            match self.codes.issue(device_code.digest(), &code, now).await? {
                IssuedDeviceCode::Done => return Ok((device_code, user_code)),
                IssuedDeviceCode::UserCodeTaken => {}
            }
        }
        let reason = format!("{MAX_USER_CODE_ATTEMPTS} user codes in a row were taken");
        Err(Unavailable { component: "device codes", reason }.into())
    }
}
