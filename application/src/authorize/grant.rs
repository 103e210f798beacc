//! Issuing the code (RFC 6749 §4.1.2).

use chrono::{DateTime, Utc};
use domain::{Authorization, AuthorizationCode, AuthorizationId, Granted, Secret};

use super::endpoint::AuthorizationEndpoint;
use super::pending_request::PendingRequest;
use super::reply::{Outcome, Reply};
use crate::error::Error;
use crate::port::{IssuedCode, SignedIn};
use crate::users::subject_identifiers::naming_of;

impl AuthorizationEndpoint {
    /// Issues a code and completes the request with it, and only then answers. No client gets a code that loses this race: the
    /// answer is the one that won.
    pub(super) async fn issue_code(
        &self,
        pending: PendingRequest,
        signed_in: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let authorization = self.authorization(&pending, signed_in, now)?;
        let request = &pending.request;
        let secret = Secret::from_random(self.context.entropy.bytes());
        let code = AuthorizationCode {
            authorization,
            redirect_uri: request.return_to.redirect_uri().clone(),
            redirect_uri_required: request.names_redirect_uri && request.code_challenge.is_none(),
            code_challenge: request.code_challenge,
            nonce: request.nonce.clone(),
            expires_at: now + self.context.settings.lifetimes.authorization_code,
        };
        let code = IssuedCode { digest: secret.digest(), code };
        let outcome = Outcome::Code(secret.expose().to_owned());
        self.complete(&pending, Some(signed_in.user.id), (outcome, Some(&code)), now).await
    }

    /// The authorization that the redemption of the code will record.
    fn authorization(
        &self,
        PendingRequest { client, request, .. }: &PendingRequest,
        SignedIn { session, user }: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<Authorization, Error> {
        let settings = &self.context.settings;
        let reached = settings.authentication_contexts.reached(session.acr.as_deref());
        let granted = Granted {
            client,
            user: user.id,
            naming: naming_of(client)?,
            session: Some(session),
            scope: request.scope.clone(),
            resources: request.resources.clone(),
            incarnations: request.incarnations.clone(),
            claims: request.claims.clone(),
            auth_time: session.auth_time,
            acr: request.context(&reached).map(str::to_owned),
            amr: session.amr.clone(),
        };
        let id = AuthorizationId::ordered(now, self.context.entropy.bytes());
        let lifetime = settings.lifetimes.authorization_code + settings.longest_use(client);
        Ok(Authorization::grant(id, granted, now, lifetime))
    }
}
