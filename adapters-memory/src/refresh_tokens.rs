//! Refresh tokens and their rotation (RFC 9700 §4.14.2).

use application::port::{PresentedToken, RefreshTokens, Rotation, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::refresh_token::Spent;
use domain::{AuthorizationId, Digest, RefreshToken};

use crate::{KeptRefreshToken, MemoryStore, State, key_taken};

#[async_trait]
impl RefreshTokens for MemoryStore {
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<PresentedToken>, Unavailable> {
        let state = self.state();
        let presented = state.refresh_tokens.get(&digest).and_then(|kept| {
            let authorization = state.authorizations.get(&kept.token.authorization)?.recorded.clone()?;
            let session = authorization.session.filter(|_| !authorization.is_offline());
            let session = session.and_then(|session| state.sessions.get(&session));
            Some(PresentedToken {
                token: kept.token.clone(),
                authorization,
                session_expires_at: session.map(|kept| kept.session.expires_at),
                is_valid: state.valid_authorization(kept.token.authorization, now).is_some(),
            })
        });
        Ok(presented)
    }

    async fn rotate(
        &self,
        presented: Digest,
        successor: &RefreshToken,
        sealed_successor: &[u8],
        window: Duration,
        now: DateTime<Utc>,
    ) -> Result<Rotation, Unavailable> {
        let mut state = self.state();
        let Some(token) = state.refresh_tokens.get(&presented).map(|kept| kept.token.clone()) else {
            return Ok(Rotation::Refused);
        };
        if let Some(spent) = &token.spent {
            return Ok(present_again(&mut state, token.authorization, spent, window, now));
        }
        let same_family = successor.authorization == token.authorization && successor.client == token.client;
        if !same_family
            || !token.is_live(now)
            || state.valid_authorization(token.authorization, now).is_none()
        {
            return Ok(Rotation::Refused);
        }
        if state.refresh_tokens.contains_key(&successor.digest) {
            return Err(key_taken());
        }
        let spent =
            Spent { at: now, successor: successor.digest, sealed_successor: sealed_successor.to_vec() };
        spend(&mut state, presented, spent, window);
        let kept = KeptRefreshToken { token: successor.clone(), sealed_until: None };
        state.refresh_tokens.insert(successor.digest, kept);
        Ok(Rotation::Rotated)
    }
}

fn spend(state: &mut State, presented: Digest, spent: Spent, window: Duration) {
    if let Some(kept) = state.refresh_tokens.get_mut(&presented) {
        kept.sealed_until = Some(spent.at + window);
        kept.token.spent = Some(spent);
    }
}

fn present_again(
    state: &mut State,
    family: AuthorizationId,
    spent: &Spent,
    window: Duration,
    now: DateTime<Utc>,
) -> Rotation {
    let successor_is_unused =
        state.refresh_tokens.get(&spent.successor).is_some_and(|successor| successor.token.spent.is_none());
    let honest =
        spent.may_be_retried(window, now) && successor_is_unused && !spent.sealed_successor.is_empty();
    if !honest {
        if let Some(kept) = state.authorizations.get_mut(&family) {
            kept.revoked = true;
        }
        return Rotation::Reused;
    }
    if state.valid_authorization(family, now).is_none() {
        return Rotation::Refused;
    }
    Rotation::Retry { sealed_successor: spent.sealed_successor.clone() }
}
