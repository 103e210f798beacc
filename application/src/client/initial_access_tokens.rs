//! Administering initial access tokens (RFC 7591 §3): an operator gives one to a person who may then register clients.

use std::sync::Arc;

use chrono::Duration;
use domain::bearer::BearerKind;
use domain::self_registration::RegistrationLimits;
use domain::{Actor, AuditEvent, InitialAccessToken, InitialAccessTokenId, Secret};

use crate::context::Context;
use crate::error::Error;
use crate::port::InitialAccessTokens;

/// Administers initial access tokens.
pub struct InitialAccessTokenAdministration {
    /// Where tokens are kept.
    pub tokens: Arc<dyn InitialAccessTokens>,
    /// Settings, time and chance.
    pub context: Context,
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// How many registrations it allows, at least 1.
    pub uses: u32,
    /// How long.
    pub lifetime: Duration,
    /// The limits of the clients that register with it.
    pub limits: RegistrationLimits,
}

/// Why a token is not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationTokenError {
    /// A scope that does not exist on this server.
    #[error("unknown scope: {0}. The setting scopes lists what exists beside the standard ones")]
    Scope(String),
    /// There is no such token.
    #[error("there is no registration token with the id {0}")]
    Unknown(InitialAccessTokenId),
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl InitialAccessTokenAdministration {
    /// Makes a token. It is in the answer, and nowhere else.
    ///
    /// # Errors
    /// [`RegistrationTokenError`]; then there is none.
    pub async fn create(
        &self,
        new: NewToken,
        actor: Actor,
    ) -> Result<(InitialAccessToken, Secret), RegistrationTokenError> {
        let scope = new.limits.scope.iter().flat_map(|scope| scope.iter());
        if let Some(unknown) = scope.into_iter().find(|token| !self.context.settings.scopes.contains(token)) {
            return Err(RegistrationTokenError::Scope(unknown.to_owned()));
        }
        let now = self.context.now();
        let secret = BearerKind::InitialAccessToken.token(self.context.entropy.bytes());
        let token = InitialAccessToken {
            id: InitialAccessTokenId::ordered(now, self.context.entropy.bytes()),
            token: secret.digest(),
            limits: new.limits,
            uses: new.uses,
            used: 0,
            created_at: now,
            expires_at: now + new.lifetime,
        };
        let event = AuditEvent::new(now, actor, "registration-token.create", &token.id);
        self.tokens.create(&token, &event).await.map_err(Error::from)?;
        Ok((token, secret))
    }

    /// Revokes a token. The clients it registered stay.
    ///
    /// # Errors
    /// [`RegistrationTokenError::Unknown`] if there is none.
    pub async fn revoke(&self, id: InitialAccessTokenId, actor: Actor) -> Result<(), RegistrationTokenError> {
        let event = AuditEvent::new(self.context.now(), actor, "registration-token.revoke", &id);
        if self.tokens.revoke(id, &event).await.map_err(Error::from)? {
            Ok(())
        } else {
            Err(RegistrationTokenError::Unknown(id))
        }
    }
}
