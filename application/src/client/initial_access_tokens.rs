//! Administering initial access tokens (RFC 7591 §3): an operator gives one to a person who may then register clients.

use std::sync::Arc;

use chrono::Duration;
use domain::bearer::BearerKind;
use domain::self_registration::RegistrationLimits;
use domain::{AuditEvent, Author, Changes, InitialAccessToken, InitialAccessTokenId, Secret};
use serde_json::{Map, Value, json};

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

/// What a token allows, for the audit trail.
fn members(token: &InitialAccessToken) -> Map<String, Value> {
    let limits = [
        ("uses", json!(token.uses)),
        ("scope", json!(token.limits.scope)),
        ("grant_types", json!(token.limits.grant_types)),
        ("expires_at", json!(token.expires_at)),
    ];
    limits.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl InitialAccessTokenAdministration {
    /// Makes a token. It is in the answer, and nowhere else.
    ///
    /// # Errors
    /// [`RegistrationTokenError`]; then there is none.
    pub async fn create(
        &self,
        new: NewToken,
        author: impl Into<Author> + Send,
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
        let event = AuditEvent::new(now, author, "registration-token.create", &token.id);
        let event = event.with_changes(Changes::new_object(&members(&token)));
        self.tokens.create(&token, &event).await.map_err(Error::from)?;
        Ok((token, secret))
    }

    /// Up to `limit` tokens in the order of their ids, from the one after `after` on.
    ///
    /// # Errors
    /// [`RegistrationTokenError::Failed`] only.
    pub async fn list(
        &self,
        after: Option<InitialAccessTokenId>,
        limit: u32,
    ) -> Result<Vec<InitialAccessToken>, RegistrationTokenError> {
        Ok(self.tokens.list(after, limit).await.map_err(Error::from)?)
    }

    /// Revokes a token. The clients it registered stay.
    ///
    /// # Errors
    /// [`RegistrationTokenError::Unknown`] if there is none.
    pub async fn revoke(
        &self,
        id: InitialAccessTokenId,
        author: impl Into<Author> + Send,
    ) -> Result<(), RegistrationTokenError> {
        let event = AuditEvent::new(self.context.now(), author, "registration-token.revoke", &id);
        if self.tokens.revoke(id, &event).await.map_err(Error::from)? {
            Ok(())
        } else {
            Err(RegistrationTokenError::Unknown(id))
        }
    }
}
