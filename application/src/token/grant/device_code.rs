//! grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628 §3.4, §3.5).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::device::{Poll, Redemption};
use domain::refusal::{GrantCause, Presented as Kind};
use domain::{Authorization, DeviceCode, Digest, ErrorCode, GrantType, Secret};

use super::still_allowed::{scope_at, still_allowed};
use super::{Grant, IfRecordedBefore, NewAuthorization, Presented, Proven, TokenRequest};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::DeviceCodes;
use crate::resource::indicators::ResourceIndicators;

/// The grant of a device code.
pub struct DeviceCodeGrant {
    /// The device codes.
    pub codes: Arc<dyn DeviceCodes>,
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// The scopes that exist.
    pub context: Context,
}

#[async_trait]
impl Grant for DeviceCodeGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::DeviceCode
    }

    /// Looks at the code only. The poll is counted when the client is known (RFC 8628 §3.5).
    async fn look_up<'a>(
        &'a self,
        parameters: &'a Parameters,
        _now: DateTime<Utc>,
    ) -> Result<Box<dyn Presented + 'a>, Error> {
        let seen = match parameters.get("device_code") {
            Some(device_code) => {
                let key = Secret::from(device_code).digest();
                self.codes.look_at(key).await?.map(|code| (key, code))
            }
            None => None,
        };
        Ok(Box::new(PresentedCode { grant: self, seen }))
    }
}

/// The code that a device presents, as it was before the client was known.
struct PresentedCode<'a> {
    grant: &'a DeviceCodeGrant,
    seen: Option<(Digest, DeviceCode)>,
}

#[async_trait]
impl Presented for PresentedCode<'_> {
    async fn prove(self: Box<Self>, request: &TokenRequest<'_>) -> Result<Proven, Error> {
        let TokenRequest { client, parameters, .. } = request;
        parameters.require("device_code", "device_code is missing")?;
        let Some((key, seen)) = self.seen else {
            return Err(Refusal::invalid_grant(GrantCause::Unknown(Kind::DeviceCode)).into());
        };
        let grant = self.grant;
        let mut authorization = grant.approved(key, &seen, request).await?;
        let target = grant.indicators.narrow(client, &authorization, parameters).await?;
        authorization.scope = still_allowed(&authorization.scope, client, &grant.context.settings, &target)?;
        let scope = scope_at(&target, &authorization.scope)?;
        // A device may send the next poll before it has the answer to the last one. So a second redemption is refused,
        // but is no sign of theft: the code never passed through a browser.
        match grant.codes.redeem(key).await? {
            Some(Redemption::First) => Ok(Proven::Authorized(NewAuthorization {
                authorization,
                scope,
                target,
                nonce: None,
                if_recorded_before: IfRecordedBefore::Refuse,
                sign_in: None,
            })),
            Some(Redemption::Again) => Err(redeemed_before(request.now)),
            Some(Redemption::NotApproved) | None => {
                let reason = "the device code was deleted while it was validated";
                Err(Refusal::invalid_grant(reason).into())
            }
        }
    }
}

impl DeviceCodeGrant {
    /// The authorization that the user approved. Until then, each poll is answered with what to do next (RFC 8628 §3.5).
    async fn approved(
        &self,
        key: Digest,
        seen: &DeviceCode,
        request: &TokenRequest<'_>,
    ) -> Result<Box<Authorization>, Error> {
        let refused = |code, description| Err(Refusal::new(code, description).into());
        match self.codes.poll(key, Some(seen), request.client.incarnation, request.now).await? {
            Some(Poll::Approved(authorization)) => Ok(authorization),
            Some(Poll::Pending) => {
                refused(ErrorCode::AuthorizationPending, "the user has not decided yet; poll again")
            }
            Some(Poll::SlowDown) => {
                refused(ErrorCode::SlowDown, "polled too early; wait five seconds longer between polls")
            }
            Some(Poll::Denied) => refused(ErrorCode::AccessDenied, "the user denied the request"),
            Some(Poll::Expired) => {
                Err(Refusal::new(ErrorCode::ExpiredToken, "the device code has expired; begin again")
                    .because(GrantCause::Expired {
                        presented: Kind::DeviceCode,
                        issued_at: None,
                        expired_at: seen.expires_at,
                        now: request.now,
                    })
                    .into())
            }
            Some(Poll::Redeemed) => Err(redeemed_before(request.now)),
            Some(Poll::OtherClient) => Err(Refusal::invalid_grant(GrantCause::OfOtherClient {
                presented: Kind::DeviceCode,
                owner: seen.client.to_string(),
            })
            .into()),
            None => Err(Refusal::invalid_grant(GrantCause::Unknown(Kind::DeviceCode)).into()),
        }
    }
}

fn redeemed_before(now: DateTime<Utc>) -> Error {
    let presented = Kind::DeviceCode;
    Refusal::invalid_grant(GrantCause::Used { presented, issued_at: None, now, revokes: false }).into()
}
