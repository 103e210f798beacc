//! grant_type=refresh_token (RFC 6749 §6): rotation, detection of reuse, and the retry of a client that lost the answer
//! (RFC 9700 §4.14.2).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::refusal::{GrantCause, Presented as Kind, ScopeCause};
use domain::scope::OFFLINE_ACCESS;
use domain::{Authorization, Client, ErrorCode, GrantType, RefreshToken, Scope, Secret};
use tokio::join;

use super::still_allowed::{scope_at, still_allowed};
use super::{Grant, Presented, Proven, Refreshed, TokenRequest};
use crate::authorize::{requested_scope, shortened};
use crate::browser::record_use;
use crate::context::Context;
use crate::error::{Error, Refusal, broken_key};
use crate::keys::sealing::SealingKey;
use crate::parameters::Parameters;
use crate::port::{PresentedToken, RefreshTokens, Rotation, Sessions};
use crate::resource::indicators::ResourceIndicators;
use crate::token::id_token::IdTokens;

/// The purpose of the key that seals a successor, and the context it is sealed for.
const SUCCESSOR: &str = "refresh token successor";

/// The grant of a refresh token.
pub struct RefreshTokenGrant {
    /// The refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// The sessions that the tokens depend on.
    pub sessions: Arc<dyn Sessions>,
    /// Finds the users that ID tokens are about.
    pub id_tokens: Arc<IdTokens>,
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// Lifetimes and the retry window, and entropy for successors.
    pub context: Context,
}

struct PresentedRefreshToken<'a> {
    grant: &'a RefreshTokenGrant,
    presented: Secret,
    found: Option<PresentedToken>,
}

#[async_trait]
impl Grant for RefreshTokenGrant {
    fn grant_type(&self) -> GrantType {
        GrantType::RefreshToken
    }

    async fn look_up<'a>(
        &'a self,
        parameters: &'a Parameters,
        now: DateTime<Utc>,
    ) -> Result<Box<dyn Presented + 'a>, Error> {
        let text = parameters.require("refresh_token", "refresh_token is missing")?;
        let presented = BearerKind::RefreshToken
            .parse(text)
            .map_err(|_malformed| Refusal::invalid_grant(GrantCause::Unknown(Kind::RefreshToken)))?;
        let found = self.refresh_tokens.find(presented.digest(), now).await?;
        Ok(Box::new(PresentedRefreshToken { grant: self, presented, found }))
    }
}

#[async_trait]
impl Presented for PresentedRefreshToken<'_> {
    async fn prove(self: Box<Self>, request: &TokenRequest<'_>) -> Result<Proven, Error> {
        let Self { grant, presented, found } = *self;
        let TokenRequest { client, parameters, now, .. } = request;
        let PresentedToken { token, authorization, .. } = validate(found, client, *now)?;
        // A spent token first: a request that is also wrong in another way is a reuse all the same, and ends the family
        // (RFC 9700 §4.14.2).
        let again = match token.spent {
            Some(_) => Some(grant.rotate(&presented, &token, &authorization, *now).await?),
            None => None,
        };
        // Only the access token is narrowed: the successor keeps all resources that were granted (RFC 8707 §2.2).
        let target = grant.indicators.narrow(client, &authorization, parameters).await?;
        let allowed = still_allowed(&token.scope, client, &grant.context.settings, &target)?;
        let scope = scope_at(&target, &narrowed(&allowed, parameters)?)?;
        let rotated = async {
            match again {
                Some(successor) => Ok(successor),
                None => grant.rotate(&presented, &token, &authorization, *now).await,
            }
        };
        let (successor, user, ()) = join!(
            rotated,
            grant.id_tokens.find_user(client, &authorization, &scope),
            grant.record_use(&authorization, *now),
        );
        Ok(Proven::Refreshed(Refreshed {
            authorization: Box::new(authorization),
            scope,
            successor: successor?,
            target,
            user: user?,
        }))
    }
}

impl RefreshTokenGrant {
    /// A refresh is a use of the session that it depends on.
    async fn record_use(&self, authorization: &Authorization, now: DateTime<Utc>) {
        let Some(session) = authorization.session.filter(|_| !authorization.is_offline()) else {
            return;
        };
        let lifetimes = &self.context.settings.lifetimes;
        record_use(&*self.sessions, lifetimes, (session, authorization.auth_time), now).await;
    }

    /// Spends the token and keeps its successor. A client that retries because it lost the answer gets the same successor.
    async fn rotate(
        &self,
        presented: &Secret,
        token: &RefreshToken,
        authorization: &Authorization,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let lifetimes = &self.context.settings.lifetimes;
        let sealing_key = SealingKey::derive(presented.expose().as_bytes(), SUCCESSOR)
            .map_err(|error| broken_key(&error))?;
        let successor = BearerKind::RefreshToken.token(self.context.entropy.bytes());
        let sealed =
            sealing_key.seal(SUCCESSOR, successor.expose().as_bytes()).map_err(|error| broken_key(&error))?;
        let kept = RefreshToken {
            digest: successor.digest(),
            issued_at: now,
            // The idle time starts again; the end of the family does not move.
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
            Rotation::Reused => Err(Refusal::invalid_grant(GrantCause::Used {
                presented: Kind::RefreshToken,
                issued_at: Some(token.issued_at),
                now,
                revokes: true,
            })
            .into()),
            Rotation::Refused => Err(Refusal::invalid_grant(GrantCause::Ended(Kind::RefreshToken)).into()),
        }
    }
}

fn validate(
    found: Option<PresentedToken>,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<PresentedToken, Refusal> {
    let presented = Kind::RefreshToken;
    let found = found.ok_or_else(|| Refusal::invalid_grant(GrantCause::Unknown(presented)))?;
    if found.token.client != client.id {
        let owner = found.token.client.to_string();
        return Err(Refusal::invalid_grant(GrantCause::OfOtherClient { presented, owner }));
    }
    // A spent token is passed to the rotation, which distinguishes a retry from reuse and revokes the family on
    // reuse.
    if found.token.spent.is_some() {
        return Ok(found);
    }
    if !found.is_valid {
        return Err(Refusal::invalid_grant(GrantCause::Ended(presented)));
    }
    if !found.token.is_live(now) {
        return Err(Refusal::invalid_grant(GrantCause::Expired {
            presented,
            issued_at: Some(found.token.issued_at),
            expired_at: found.token.expires_at,
            now,
        }));
    }
    Ok(found)
}

/// The requested part of the granted scope (RFC 6749 §6): never more, and never empty. An `offline_access` that was not
/// granted is ignored.
fn narrowed(granted: &Scope, parameters: &Parameters) -> Result<Scope, Refusal> {
    let Some(requested) = requested_scope(parameters)? else {
        return Ok(granted.clone());
    };
    let (scope, beyond) = requested.split(granted);
    let beyond = beyond.filtered(|token| token != OFFLINE_ACCESS);
    let refused = |description: String| {
        let cause = ScopeCause::NotGranted { scope: (&requested).into(), granted: granted.into() };
        Refusal::described(ErrorCode::InvalidScope, description).because(cause)
    };
    match (scope.is_empty(), beyond.is_empty()) {
        (_, false) => Err(refused(format!("the scope {} was not granted", shortened(&beyond)))),
        (true, true) => Err(refused("none of the requested scopes was granted".to_owned())),
        (false, true) => Ok(scope),
    }
}
