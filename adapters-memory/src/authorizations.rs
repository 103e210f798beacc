//! Completed authorizations, and whether the tokens issued from them are still valid.

use application::port::{
    Authorizations, Grantee, ListFrom, LiveAuthorization, Recorded, TokenOrigin, TokenReference, TokenStatus,
    Unavailable,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationId, Digest, RefreshToken, UserId};

use crate::{KeptAuthorization, KeptRefreshToken, MemoryStore, State, key_taken};

#[async_trait]
impl Authorizations for MemoryStore {
    async fn record(
        &self,
        authorization: &Authorization,
        refresh_token: Option<&RefreshToken>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, Unavailable> {
        let mut state = self.state();
        let earlier = state.authorizations.get(&authorization.id);
        if earlier.is_some_and(|kept| kept.recorded.is_some()) {
            return Ok(Recorded::Again);
        }
        let revoked = earlier.is_some_and(|kept| kept.revoked);
        let session_allows = authorization.session.is_none_or(|session| state.session_is_live(session, now));
        let user_and_client_allow = state.user_is_enabled(authorization.user)
            && state.incarnation_is_enabled(&authorization.client, authorization.incarnation)
            && state.may_enter(authorization.user, &authorization.client);
        let agreement = (authorization.user, authorization.client.clone());
        let withdrawn =
            state.withdrawals.get(&agreement).is_some_and(|withdrawn| authorization.created_at <= *withdrawn);
        let ended =
            state.ended_before.get(&authorization.user).is_some_and(|at| authorization.created_at < *at);
        let resources_exist = state.resources_exist(&authorization.incarnations.all());
        if !session_allows || !user_and_client_allow || !resources_exist || withdrawn || ended {
            return Ok(Recorded::Ended);
        }
        if let Some(token) = refresh_token {
            if state.refresh_tokens.contains_key(&token.digest) {
                return Err(key_taken());
            }
            let kept = KeptRefreshToken { token: token.clone(), sealed_until: None };
            state.refresh_tokens.insert(token.digest, kept);
        }
        let kept = KeptAuthorization {
            recorded: Some(authorization.clone()),
            revoked,
            expires_at: authorization.expires_at,
        };
        state.authorizations.insert(authorization.id, kept);
        Ok(Recorded::First)
    }

    async fn revoke(
        &self,
        id: AuthorizationId,
        _now: DateTime<Utc>,
        forget_at: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        let mut state = self.state();
        let kept = state.authorizations.entry(id).or_insert(KeptAuthorization {
            recorded: None,
            revoked: true,
            expires_at: forget_at,
        });
        kept.revoked = true;
        if kept.recorded.is_none() {
            kept.expires_at = kept.expires_at.max(forget_at);
        }
        Ok(())
    }

    async fn revoke_token(&self, token: Digest, expires_at: DateTime<Utc>) -> Result<(), Unavailable> {
        self.state().revoked_tokens.insert(token, expires_at);
        Ok(())
    }

    async fn token_status(
        &self,
        token: &TokenReference,
        now: DateTime<Utc>,
    ) -> Result<TokenStatus, Unavailable> {
        Ok(token_status(&self.state(), token, now))
    }

    async fn list(
        &self,
        user: UserId,
        from: ListFrom<'_>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<LiveAuthorization>, Unavailable> {
        let state = self.state();
        let valid = state.authorizations.keys().filter_map(|id| state.valid_authorization(*id, now));
        let mut page: Vec<_> = valid.filter(|it| it.user == user && is_from(it, from)).collect();
        page.sort_by_key(|it| (&it.client, it.id));
        page.truncate(limit as usize);
        Ok(page.into_iter().map(|it| live(&state, it)).collect())
    }
}

pub(crate) fn token_status(state: &State, token: &TokenReference, now: DateTime<Utc>) -> TokenStatus {
    if state.revoked_tokens.contains_key(&token.token) {
        TokenStatus::Revoked
    } else {
        match &token.origin {
            TokenOrigin::User(id) => user_token_status(state, token, *id, now),
            TokenOrigin::Client { client, resources } => {
                let is_valid =
                    state.incarnation_is_enabled(&token.client, *client) && state.resources_exist(resources);
                if is_valid { TokenStatus::Client } else { TokenStatus::Revoked }
            }
        }
    }
}

fn is_from(authorization: &Authorization, from: ListFrom<'_>) -> bool {
    match from {
        ListFrom::Start => true,
        ListFrom::Client(client) => authorization.client >= *client,
        ListFrom::AfterClient(client) => authorization.client > *client,
        ListFrom::After(last) => (&authorization.client, authorization.id) > (&last.client, last.id),
    }
}

fn live(state: &State, authorization: &Authorization) -> LiveAuthorization {
    let family = state.refresh_tokens.values().filter(|kept| kept.token.authorization == authorization.id);
    let used = family.filter_map(|kept| kept.token.spent.as_ref()).map(|spent| spent.at);
    LiveAuthorization { authorization: authorization.clone(), refreshed_at: used.max() }
}

fn user_token_status(
    state: &State,
    token: &TokenReference,
    id: AuthorizationId,
    now: DateTime<Utc>,
) -> TokenStatus {
    let authorization =
        state.valid_authorization(id, now).filter(|authorization| authorization.client == token.client);
    let grantee = authorization.and_then(|authorization| {
        Some(Grantee {
            authorization: authorization.clone(),
            user: state.users.get(&authorization.user)?.clone(),
            client: state.clients.get(&authorization.client)?.clone(),
        })
    });
    grantee.map_or(TokenStatus::Revoked, |grantee| TokenStatus::User(Box::new(grantee)))
}
