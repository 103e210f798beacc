//! grant_type=refresh_token (RFC 6749 §6): rotation, reuse detection, and the honest retry (RFC 9700 §4.14.2).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::scope::OFFLINE_ACCESS;
use domain::{Authorization, Client, ErrorCode, GrantType, RefreshToken, Scope, Secret};
use tokio::join;

use super::{Caller, Grant, Proven};
use crate::error::{Error, Refusal, broken_key};
use crate::keys::sealing::SealingKey;
use crate::parameters::Parameters;
use crate::port::{Entropy, PresentedToken, RefreshTokens, Rotation};
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;
use crate::token::access_token::Subject;

/// What the key of a sealed successor is derived for.
const SUCCESSOR: &str = "refresh token successor";

/// The grant of a refresh token.
pub struct RefreshTokenGrant {
    /// Where refresh tokens are kept.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Judges the resources a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Lifetimes and the retry window.
    pub settings: Arc<Settings>,
    /// For successors.
    pub entropy: Arc<dyn Entropy>,
}

#[async_trait]
impl Grant for RefreshTokenGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::RefreshToken
    }

    async fn prove(&self, caller: &Caller<'_>, parameters: &Parameters) -> Result<Proven, Error> {
        let began = caller.endpoint.authenticator.clock.now();
        let caller = caller.authenticated(self.grant_type());
        let (caller, found) = join!(caller, self.found(parameters, began));
        let (caller, (presented, found)) = (caller?, found?);
        let (client, now) = (&caller.client, caller.now);
        let PresentedToken { token, authorization, .. } = validate(found, client, now)?;
        let scope = narrowed(&self.still_allowed(&token.scope, client), parameters)?;
        // Its successor stands for all that was granted (RFC 8707 §2.2).
        let resources = self.indicators.narrowed(client, &authorization, parameters)?;
        let refresh_token = self.rotate(&presented, &token, &authorization, now).await?;
        Ok(Proven {
            caller,
            subject: Subject::User(Box::new(authorization)),
            scope,
            resources,
            nonce: None,
            refresh_token: Some(refresh_token),
        })
    }
}

impl RefreshTokenGrant {
    async fn found(
        &self,
        parameters: &Parameters,
        now: DateTime<Utc>,
    ) -> Result<(Secret, Option<PresentedToken>), Error> {
        let text = parameters.require("refresh_token", "refresh_token is missing")?;
        let presented = BearerKind::RefreshToken
            .parse(text)
            .map_err(|malformed| Refusal::invalid_grant(malformed.to_string()))?;
        let found = self.refresh_tokens.find(presented.digest(), now).await?;
        Ok((presented, found))
    }

    /// What was granted, less what was taken from the client or the server since.
    fn still_allowed(&self, granted: &Scope, client: &Client) -> Scope {
        granted.filtered(|token| client.scope.contains(token) && self.settings.scopes.contains(token))
    }

    /// Spends the token. The honest retry of a client that never saw the answer gets the same successor.
    async fn rotate(
        &self,
        presented: &Secret,
        token: &RefreshToken,
        authorization: &Authorization,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let lifetimes = &self.settings.lifetimes;
        let sealing_key = SealingKey::derive(presented.expose().as_bytes(), SUCCESSOR)
            .map_err(|error| broken_key(&error))?;
        let successor = BearerKind::RefreshToken.token(self.entropy.bytes());
        let sealed =
            sealing_key.seal(SUCCESSOR, successor.expose().as_bytes()).map_err(|error| broken_key(&error))?;
        let kept = RefreshToken {
            digest: successor.digest(),
            issued_at: now,
            // Idle time starts again; the family's end does not move.
            expires_at: (authorization.created_at + lifetimes.refresh_token)
                .min(now + lifetimes.refresh_token_idle),
            spent: None,
            ..token.clone()
        };
        let window = lifetimes.refresh_replay_window;
        match self.refresh_tokens.rotate(presented.digest(), &kept, &sealed, window, now).await? {
            Rotation::Rotated => Ok(successor),
            Rotation::Retry { sealed_successor } => {
                let opened =
                    sealing_key.open(SUCCESSOR, &sealed_successor).map_err(|error| broken_key(&error))?;
                let text = std::str::from_utf8(&opened).map_err(|error| broken_key(&error))?;
                Ok(Secret::from(text))
            }
            Rotation::Reused => Err(Refusal::invalid_grant(format!(
                "a spent refresh token was used again; authorization {} is revoked",
                token.authorization
            ))
            .into()),
            Rotation::Refused => {
                Err(Refusal::invalid_grant("the refresh token can no longer be used").into())
            }
        }
    }
}

fn validate(
    found: Option<PresentedToken>,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<PresentedToken, Refusal> {
    let found = found.ok_or_else(|| Refusal::invalid_grant("no such refresh token is kept"))?;
    if found.token.client != client.id {
        return Err(Refusal::invalid_grant("the refresh token was issued to another client"));
    }
    // A spent token goes on to the rotation: only there can its reuse be seen, and punished.
    if found.token.spent.is_some() {
        return Ok(found);
    }
    if !found.is_valid {
        return Err(Refusal::invalid_grant("the refresh token's authorization has ended"));
    }
    if !found.token.is_live(now) {
        return Err(Refusal::invalid_grant("the refresh token has expired"));
    }
    Ok(found)
}

/// The requested part of what was granted (RFC 6749 §6): never more, and never nothing.
fn narrowed(granted: &Scope, parameters: &Parameters) -> Result<Scope, Refusal> {
    let refused = |description| Refusal::new(ErrorCode::InvalidScope, description);
    let scope = match parameters.get("scope") {
        None => granted.clone(),
        Some(text) => {
            let requested: Scope = text.parse().map_err(|_| refused("scope is malformed"))?;
            requested.filtered(|token| token != OFFLINE_ACCESS || granted.contains(token))
        }
    };
    if scope.is_empty() {
        return Err(refused("nothing of this scope is granted"));
    }
    if scope.is_subset_of(granted) { Ok(scope) } else { Err(refused("scope is wider than what was granted")) }
}
