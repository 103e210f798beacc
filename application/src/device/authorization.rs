//! The device authorization endpoint (RFC 8628 §3.1, §3.2).

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::{Client, DeviceCode, ErrorCode, GrantType, ResourceIdentifier, Scope, Secret, UserCode};

use crate::authorize::check_scope;
use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{
    Attempt, AttemptKey, Attempts, DeviceCodes, Entropy, IssuedDeviceCode, Limit, Unavailable,
};
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;

/// How many devices of one client may ask from one address: anybody can ask in the name of a public client.
const LIMIT: Limit = Limit { attempts: 60, window: Duration::hours(1) };
/// How often a user code is drawn again. With a million live codes, one draw in 25 000 meets another.
const DRAWS: usize = 8;

/// Begins device authorizations.
pub struct DeviceAuthorizationEndpoint {
    /// Who calls.
    pub authenticator: Arc<ClientAuthenticator>,
    /// Where codes are kept.
    pub codes: Arc<dyn DeviceCodes>,
    /// Counts what was begun.
    pub attempts: Arc<dyn Attempts>,
    /// Judges the resources a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Issuer, scopes, lifetime and interval.
    pub settings: Arc<Settings>,
    /// For both codes.
    pub entropy: Arc<dyn Entropy>,
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

/// What the device asks our pages to be in, as the end of a query; a tag has nothing to be escaped.
fn languages(parameters: &Parameters) -> String {
    let ui_locales = parameters.ui_locales();
    if ui_locales.is_empty() {
        return String::new();
    }
    format!("&ui_locales={}", ui_locales.iter().collect::<Vec<_>>().join("%20"))
}

impl DeviceAuthorizationEndpoint {
    /// Begins an authorization for a device that calls from `address`.
    ///
    /// # Errors
    /// `invalid_client`; `unauthorized_client` for a client without the grant; `invalid_scope`; `invalid_target`;
    /// [`Error::Limited`] after too many devices of one client from one address.
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
            .because(format!("{} is not registered for {}", client.id, GrantType::DeviceCode))
            .into());
        }
        let scope = check_scope(&self.settings, &client, parameters)?;
        let resources = self.indicators.allowed(&client, parameters).await?;
        let now = self.authenticator.clock.now();
        let counter = AttemptKey::new("device.authorization", &[client.id.as_str(), address]);
        if let Attempt::Limited(until) = self.attempts.count(counter, LIMIT, now).await? {
            return Err(Error::Limited(until));
        }
        let (device_code, user_code) = self.issue(&client, &scope, &resources, now).await?;
        let verification_uri = self.settings.issuer.endpoint(path::DEVICE_VERIFICATION);
        Ok(DeviceAuthorization {
            verification_uri_complete: format!(
                "{verification_uri}?user_code={user_code}{}",
                languages(parameters)
            ),
            verification_uri,
            device_code,
            user_code,
            expires_in: self.settings.lifetimes.device_code,
            interval: Duration::seconds(i64::from(self.settings.device_interval_seconds)),
        })
    }

    async fn issue(
        &self,
        client: &Client,
        scope: &Scope,
        resources: &BTreeSet<ResourceIdentifier>,
        now: DateTime<Utc>,
    ) -> Result<(Secret, UserCode), Error> {
        for _ in 0..DRAWS {
            let Some(user_code) = UserCode::from_random(self.entropy.bytes()) else {
                continue;
            };
            let device_code = Secret::from_random(self.entropy.bytes());
            let asked = DeviceCode::new(
                client.id.clone(),
                scope.clone(),
                user_code.digest(),
                self.settings.device_interval_seconds,
                now + self.settings.lifetimes.device_code,
            );
            let kept = DeviceCode { resources: resources.clone(), ..asked };
            match self.codes.issue(device_code.digest(), &kept, now).await? {
                IssuedDeviceCode::Done => return Ok((device_code, user_code)),
                IssuedDeviceCode::UserCodeTaken => {}
            }
        }
        let reason = format!("{DRAWS} user codes in a row were taken");
        Err(Unavailable { component: "device codes", reason }.into())
    }
}
