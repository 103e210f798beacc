//! Which users and clients may administer this server over HTTP. Every request checks it, so that a revoked right
//! does not work at the next request.

use std::sync::Arc;

use domain::refusal::BearerTokenCause;
use domain::scope::ADMINISTRATION;
use domain::{Ability, Actor, ErrorCode};

use crate::browser::Browser;
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::port::{Clients, Sessions, TokenStatus};
use crate::token::access_token::AccessTokens;

/// Checks administrators and administrative clients. A scope alone never gives this right, and a user's token has it only with the
/// scope `administration`.
pub struct AdminAccess {
    /// The sessions of users.
    pub sessions: Arc<dyn Sessions>,
    /// The clients, of which some are marked as administrative.
    pub clients: Arc<dyn Clients>,
    /// Checks access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// The clock.
    pub context: Context,
}

impl AdminAccess {
    /// The administrator who is signed in with this browser; none if no user is signed in.
    ///
    /// # Errors
    /// `access_denied` for a user who is not an administrator.
    pub async fn by_session(&self, browser: &Browser) -> Result<Option<Actor>, Error> {
        let Some(cookie) = &browser.session else {
            return Ok(None);
        };
        match self.sessions.find(cookie.digest(), self.context.now()).await? {
            None => Ok(None),
            Some(signed_in) if !self.context.settings.accepts(&signed_in.session) => Ok(None),
            Some(signed_in) if signed_in.user.may(Ability::CallApi) => {
                Ok(Some(Actor::Administrator(signed_in.user.id)))
            }
            Some(_) => Err(denied("the user is not an administrator").into()),
        }
    }

    /// The holder of this access token: a client that is marked as administrative, or an administrator who gave one the scope
    /// `administration`.
    ///
    /// # Errors
    /// `invalid_token`, also for a token that has another audience, even beside this server; `access_denied` for a token of
    /// any other client or user.
    pub async fn by_token(&self, token: &str) -> Result<Actor, Error> {
        let judged = self.access_tokens.judge_for_us(token).await?;
        // A resource server that is in the audience too could use the token here.
        let judged = judged.filter(|judged| judged.claims.aud.iter().count() == 1);
        let judged = judged.ok_or_else(|| Refusal::invalid_token(self.access_tokens.why_invalid(token)))?;
        let is_administrative = judged.claims.scope.contains(ADMINISTRATION);
        let user = match &judged.status {
            TokenStatus::Client => None,
            TokenStatus::User(grantee) => Some(&grantee.user),
            TokenStatus::Revoked => {
                return Err(Refusal::invalid_token(BearerTokenCause::Revoked).into());
            }
        };
        let client = self.clients.find(&judged.claims.client_id).await?;
        let client = client.filter(|client| client.administrative && client.is_enabled());
        let client = client.ok_or_else(|| denied("the client is not marked as administrative"))?;
        match user {
            None if judged.claims.sub == client.id.as_str() => Ok(Actor::AdministrativeClient(client.id)),
            Some(_) if !is_administrative => Err(denied("the token has no scope administration").into()),
            Some(user) if user.may(Ability::CallApi) => Ok(Actor::Administrator(user.id)),
            None | Some(_) => Err(denied("the user of the token is not an administrator").into()),
        }
    }
}

fn denied(detail: &'static str) -> Refusal {
    Refusal::new(ErrorCode::AccessDenied, "only administrators and administrative clients may do this")
        .because(detail)
}
