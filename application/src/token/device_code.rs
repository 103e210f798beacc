//! grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628 §3.4, §3.5).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Poll, Redemption};
use domain::{Authorization, Client, Digest, ErrorCode, GrantType, Secret};

use super::authorization_code::still_allowed;
use super::{Caller, Grant, Proven, first_refresh_token};
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::{Authorizations, DeviceCodes, Entropy, Recorded};
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;
use crate::token::access_token::Subject;

/// The grant of a device code.
pub struct DeviceCodeGrant {
    /// Where codes are kept.
    pub codes: Arc<dyn DeviceCodes>,
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
impl Grant for DeviceCodeGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::DeviceCode
    }

    async fn prove(&self, caller: &Caller<'_>, parameters: &Parameters) -> Result<Proven, Error> {
        let caller = caller.authenticated(self.grant_type()).await?;
        let (client, now) = (&caller.client, caller.now);
        let key = Secret::from(parameters.require("device_code", "device_code is missing")?).digest();
        let mut authorization = self.approved(key, client, now).await?;
        authorization.scope = still_allowed(&authorization.scope, client, &self.settings)?;
        let resources = self.indicators.narrowed(client, &authorization, parameters)?;
        // A device asks again and again, and the answer to one poll may be under way when it sends the next: a second
        // redemption is refused, but is no sign of theft. The code never passed through a browser.
        match self.codes.redeem(key).await? {
            Some(Redemption::First) => {}
            Some(Redemption::Again) => return Err(redeemed_before()),
            Some(Redemption::NotApproved) | None => {
                return Err(Refusal::invalid_grant("the device code vanished").into());
            }
        }
        let refresh_token = first_refresh_token(&self.settings, &*self.entropy, client, &authorization, now);
        let kept = refresh_token.as_ref().map(|(_, kept)| kept);
        match self.authorizations.record(&authorization, kept, now).await? {
            Recorded::First => {}
            Recorded::Again => return Err(redeemed_before()),
            Recorded::Ended => {
                return Err(Refusal::invalid_grant("the session ended before the device polled").into());
            }
        }
        Ok(Proven {
            caller,
            scope: authorization.scope.clone(),
            resources,
            nonce: None,
            refresh_token: refresh_token.map(|(token, _)| token),
            subject: Subject::User(Box::new(authorization)),
        })
    }
}

impl DeviceCodeGrant {
    /// What the person approved; until they have, each poll is told what to do next (RFC 8628 §3.5).
    async fn approved(
        &self,
        key: Digest,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<Authorization, Error> {
        let refused = |code, description| Err(Refusal::new(code, description).into());
        match self.codes.poll(key, &client.id, now).await? {
            Some(Poll::Approved(authorization)) => Ok(*authorization),
            Some(Poll::Pending) => {
                refused(ErrorCode::AuthorizationPending, "the user has not decided yet; poll again")
            }
            Some(Poll::SlowDown) => {
                refused(ErrorCode::SlowDown, "polled too early; wait five seconds longer between polls")
            }
            Some(Poll::Denied) => refused(ErrorCode::AccessDenied, "the user denied the request"),
            Some(Poll::Expired) => {
                refused(ErrorCode::ExpiredToken, "the device code has expired; begin again")
            }
            Some(Poll::Redeemed) => Err(redeemed_before()),
            Some(Poll::OtherClient) => {
                Err(Refusal::invalid_grant("the device code was issued to another client").into())
            }
            None => Err(Refusal::invalid_grant("no such device code was issued, or it is long gone").into()),
        }
    }
}

fn redeemed_before() -> Error {
    Refusal::invalid_grant("the device code was redeemed before").into()
}
