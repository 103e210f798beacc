//! Issuing the code (RFC 6749 §4.1.2).

use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationCode, AuthorizationId, Secret};

use super::{Asked, AuthorizationEndpoint, Reply};
use crate::error::Error;
use crate::port::SignedIn;

impl AuthorizationEndpoint {
    /// Issues a code, and settles the request before anybody sees it: a code that loses this race, or a store
    /// that fails here, leaves the user where they can try again.
    pub(super) async fn grant(
        &self,
        asked: Asked,
        signed_in: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let authorization = self.authorization(&asked, signed_in, now);
        let request = &asked.request;
        let secret = Secret::from_random(self.entropy.bytes());
        let code = AuthorizationCode {
            authorization,
            redirect_uri: request.return_to.redirect_uri().clone(),
            code_challenge: request.code_challenge,
            nonce: request.nonce.clone(),
            expires_at: now + self.settings.lifetimes.authorization_code,
        };
        self.codes.issue(secret.digest(), &code).await?;
        self.settle(&asked, now).await?;
        Ok(self.respond(asked.request.return_to, vec![("code", secret.expose().to_owned())]))
    }

    fn authorization(&self, asked: &Asked, signed_in: &SignedIn, now: DateTime<Utc>) -> Authorization {
        let session = &signed_in.session;
        let reached = self.settings.authentication_contexts.reached(session.acr.as_deref());
        Authorization {
            id: AuthorizationId::ordered(now, self.entropy.bytes()),
            client: asked.client.id.clone(),
            user: signed_in.user.id,
            session: Some(session.id),
            sid: Some(session.sid.clone()),
            scope: asked.request.scope.clone(),
            resources: asked.request.resources.clone(),
            claims: asked.request.claims.clone(),
            auth_time: session.auth_time,
            acr: asked.request.context(&reached).map(str::to_owned),
            amr: session.amr.clone(),
            created_at: now,
            expires_at: now
                + self.settings.lifetimes.authorization_code
                + self.settings.longest_use(&asked.client),
        }
    }
}
