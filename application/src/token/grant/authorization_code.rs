//! grant_type=authorization_code (RFC 6749 §4.1.3).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::code::CodeMismatch;
use domain::refusal::{GrantCause, PkceCause, Presented as Kind};
use domain::{AuthorizationCode, CodeVerifier, Digest, GrantType, Quoted, Secret};

use super::still_allowed::{scope_at, still_allowed};
use super::{Grant, IfRecordedBefore, NewAuthorization, Presented, Proven, TokenRequest};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::{AuthorizationCodes, KeptCode, Redeemed};
use crate::resource::indicators::ResourceIndicators;

/// The grant of an authorization code.
pub struct AuthorizationCodeGrant {
    /// The authorization codes.
    pub codes: Arc<dyn AuthorizationCodes>,
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// The scopes that exist.
    pub context: Context,
}

struct PresentedCode<'a> {
    grant: &'a AuthorizationCodeGrant,
    key: Digest,
    found: Option<KeptCode>,
}

#[async_trait]
impl Grant for AuthorizationCodeGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::AuthorizationCode
    }

    async fn look_up<'a>(
        &'a self,
        parameters: &'a Parameters,
        _now: DateTime<Utc>,
    ) -> Result<Box<dyn Presented + 'a>, Error> {
        let key = Secret::from(parameters.require("code", "code is missing")?).digest();
        let found = self.codes.find(key).await?;
        Ok(Box::new(PresentedCode { grant: self, key, found }))
    }
}

#[async_trait]
impl Presented for PresentedCode<'_> {
    async fn prove(self: Box<Self>, request: &TokenRequest<'_>) -> Result<Proven, Error> {
        let Self { grant, key, found } = *self;
        let TokenRequest { client, parameters, now, .. } = request;
        let KeptCode { code, redeemed } = bound(found, request)?;
        if redeemed {
            return Ok(Proven::Replayed(Box::new(code.authorization)));
        }
        if !code.is_live(*now) {
            return Err(Refusal::invalid_grant(GrantCause::Expired {
                presented: Kind::AuthorizationCode,
                issued_at: Some(code.authorization.created_at),
                expired_at: code.expires_at,
                now: *now,
            })
            .into());
        }
        if code.code_challenge.is_none() && !client.may_leave_pkce_out(grant.context.settings.pkce) {
            // The exemption has ended since the code was issued (RFC 9700 §2.1.1).
            return Err(Refusal::invalid_grant(PkceCause::ExemptionEnded).into());
        }
        let mut authorization = Box::new(code.authorization);
        let target = grant.indicators.narrow(client, &authorization, parameters).await?;
        authorization.scope = still_allowed(&authorization.scope, client, &grant.context.settings, &target)?;
        let settings = &grant.context.settings;
        authorization.claims = authorization.claims.within(&client.scope, &settings.declared_scopes);
        let scope = scope_at(&target, &authorization.scope)?;
        match grant.codes.redeem(key).await? {
            Redeemed::First => Ok(Proven::Authorized(NewAuthorization {
                authorization,
                scope,
                target,
                nonce: code.nonce,
                if_recorded_before: IfRecordedBefore::Revoke,
                sign_in: None,
            })),
            Redeemed::Again => Ok(Proven::Replayed(authorization)),
            Redeemed::Unknown => {
                let reason = "the authorization code was deleted while it was validated";
                Err(Refusal::invalid_grant(reason).into())
            }
        }
    }
}

/// The code, if this client may present it, with its redirect URI and its verifier (RFC 6749 §4.1.3, RFC 7636 §4.6).
fn bound(found: Option<KeptCode>, request: &TokenRequest<'_>) -> Result<KeptCode, Refusal> {
    let verifier: Option<CodeVerifier> =
        request.parameters.get("code_verifier").map(str::parse).transpose().map_err(
            |error: domain::pkce::InvalidPkce| {
                Refusal::invalid_grant(PkceCause::VerifierMalformed(Quoted::new(&error.to_string())))
            },
        )?;
    let found = found.ok_or_else(|| Refusal::invalid_grant(GrantCause::Unknown(Kind::AuthorizationCode)))?;
    found
        .code
        .is_for(request.client.incarnation, request.parameters.get("redirect_uri"), verifier.as_ref())
        .map_err(|mismatch| mismatched(mismatch, &found.code, request))?;
    Ok(found)
}

/// What was sent, and what the code is for. Verifiers and challenges are not repeated.
fn mismatched(mismatch: CodeMismatch, code: &AuthorizationCode, request: &TokenRequest<'_>) -> Refusal {
    match mismatch {
        CodeMismatch::Client => Refusal::invalid_grant(GrantCause::OfOtherClient {
            presented: Kind::AuthorizationCode,
            owner: code.authorization.client.to_string(),
        }),
        CodeMismatch::RedirectUri | CodeMismatch::RedirectUriMissing => {
            Refusal::invalid_grant(GrantCause::RedirectUri {
                sent: request.parameters.get("redirect_uri").map(Quoted::new),
                authorized: Quoted::new(code.redirect_uri.as_str()),
            })
        }
        CodeMismatch::Verifier => Refusal::invalid_grant(PkceCause::VerifierWrong),
        CodeMismatch::VerifierMissing => Refusal::invalid_grant(PkceCause::VerifierMissing),
        CodeMismatch::VerifierUnexpected => Refusal::invalid_grant(PkceCause::VerifierUnexpected),
    }
}
