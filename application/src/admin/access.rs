//! Who may administer this server over HTTP: asked again at every request, so that a mark or a right that is taken
//! away is gone with the next one.

use std::sync::Arc;

use domain::{Actor, ErrorCode};

use crate::browser::Browser;
use crate::error::{Error, Refusal};
use crate::port::{Clients, Clock, Sessions, TokenStatus};
use crate::settings::Settings;
use crate::token::access_token::AccessTokens;

/// Judges whoever wants to administer. No scope is ever enough: scopes are for anybody to ask for.
pub struct AdminAccess {
    /// Who is signed in.
    pub sessions: Arc<dyn Sessions>,
    /// Which clients are marked.
    pub clients: Arc<dyn Clients>,
    /// Judges access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// Who we are.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl AdminAccess {
    /// The administrator who is signed in with this browser; none if nobody is.
    ///
    /// # Errors
    /// `access_denied` for a user who is no administrator.
    pub async fn by_session(&self, browser: &Browser) -> Result<Option<Actor>, Error> {
        let Some(cookie) = &browser.session else {
            return Ok(None);
        };
        match self.sessions.find(cookie.digest(), self.clock.now()).await? {
            None => Ok(None),
            Some(signed_in) if signed_in.user.administrator => {
                Ok(Some(Actor::Administrator(signed_in.user.id)))
            }
            Some(_) => Err(denied("the user is no administrator").into()),
        }
    }

    /// The holder of this access token: a client that an operator marked, or an administrator with such a client.
    ///
    /// # Errors
    /// `invalid_token`, also for a token that is for others, be it beside us; `access_denied` for a token of anybody else.
    pub async fn by_token(&self, token: &str) -> Result<Actor, Error> {
        let judged = self.access_tokens.judge_for_us(token).await?;
        // Whoever else it is for could use it here.
        let judged = judged.filter(|judged| judged.claims.aud.iter().count() == 1);
        let judged =
            judged.ok_or_else(|| Refusal::invalid_token("not an access token for us, or expired"))?;
        let user = match &judged.status {
            TokenStatus::Client => None,
            TokenStatus::User(grantee) => Some(&grantee.user),
            TokenStatus::Revoked => {
                return Err(Refusal::invalid_token("revoked, or its grant has ended").into());
            }
        };
        let client = self.clients.find(&judged.claims.client_id).await?;
        let client = client.filter(|client| client.administrative && client.is_enabled());
        let client = client.ok_or_else(|| denied("the client is not marked as administrative"))?;
        match user {
            None if judged.claims.sub == client.id.as_str() => Ok(Actor::AdministrativeClient(client.id)),
            Some(user) if user.administrator => Ok(Actor::Administrator(user.id)),
            None | Some(_) => Err(denied("the user of the token is no administrator").into()),
        }
    }
}

fn denied(detail: &'static str) -> Refusal {
    Refusal::new(ErrorCode::AccessDenied, "only administrators and administrative clients may do this")
        .because(detail)
}
