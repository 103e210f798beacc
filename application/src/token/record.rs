//! Records an authorization with the first refresh token of its family (RFC 6749 §5.1, §6): after the grant has
//! consumed the presented credential, and before anything is minted.

use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::refusal::{GrantCause, Presented};
use domain::{Authorization, Client, RefreshToken, Secret};
use tokio::join;

use super::endpoint::{AuthenticatedClient, TokenEndpoint};
use super::grant::{IfRecordedBefore, NewAuthorization, Proven, Refreshed};
use super::mint::Granted;
use crate::error::{Error, Refusal};
use crate::login::source::PASSWORD_GRANT;
use crate::port::Recorded;

impl TokenEndpoint {
    /// Records the authorization of a grant. A replayed grant revokes everything that was issued from it.
    pub(super) async fn record(
        &self,
        caller: &AuthenticatedClient,
        proven: Proven,
    ) -> Result<Granted, Error> {
        match proven {
            Proven::ClientItself { scope, target } => Ok(Granted { scope, target, ..Granted::default() }),
            Proven::Authorized(new) => self.record_new(caller, new).await,
            Proven::Refreshed(Refreshed { authorization, scope, target, successor, user }) => {
                self.mark_used(caller).await;
                Ok(Granted {
                    authorization: Some(authorization),
                    scope,
                    target,
                    nonce: None,
                    refresh_token: Some(successor),
                    user,
                })
            }
            Proven::Replayed(authorization) => Err(self.revoke_replayed(&authorization, caller.now).await),
        }
    }

    async fn record_new(
        &self,
        caller: &AuthenticatedClient,
        new: NewAuthorization,
    ) -> Result<Granted, Error> {
        let NewAuthorization { authorization, scope, target, nonce, if_recorded_before, sign_in } = new;
        let refresh_token = self.first_refresh_token(&caller.client, &authorization, caller.now);
        let stored = refresh_token.as_ref().map(|(_, stored)| stored);
        let (recorded, user, ()) = join!(
            self.authorizations.record(&authorization, stored, caller.now),
            self.id_tokens.find_user(&caller.client, &authorization, &scope),
            self.mark_used(caller),
        );
        match (recorded?, if_recorded_before) {
            (Recorded::First, _) => {
                if let Some(event) = sign_in {
                    self.sign_ins.record(&event).await;
                    self.sign_ins.succeeded(&event, PASSWORD_GRANT);
                }
                Ok(Granted {
                    authorization: Some(authorization),
                    scope,
                    target,
                    nonce,
                    refresh_token: refresh_token.map(|(token, _)| token),
                    user: user?,
                })
            }
            (Recorded::Again, IfRecordedBefore::Revoke) => {
                Err(self.revoke_replayed(&authorization, caller.now).await)
            }
            (Recorded::Again, IfRecordedBefore::Refuse) => {
                let reason = format!("authorization {} was recorded before", authorization.id);
                Err(Refusal::invalid_grant(reason).into())
            }
            (Recorded::Ended, _) => Err(Refusal::invalid_grant(format!(
                "authorization {} is not recorded: its session has ended, its user or client is disabled, the user has \
                 withdrawn the consent or may not enter the client, or a resource that it is for was deleted",
                authorization.id
            ))
            .into()),
        }
    }

    /// A client that registered itself is kept while it is used. A refresh is a use too: when the family ends, nothing else shows
    /// that the client is used.
    async fn mark_used(&self, caller: &AuthenticatedClient) {
        let AuthenticatedClient { client, now, .. } = caller;
        if client.registration.is_none() {
            return;
        }
        // The next use is remembered too.
        if let Err(error) = self.clients.mark_used(&client.id, *now).await {
            tracing::debug!(%error, "the use of a client was not remembered");
        }
    }

    /// The first refresh token of a new authorization, as the client and as the store gets it; none if the grant is
    /// switched off or the client is not registered for it.
    fn first_refresh_token(
        &self,
        client: &Client,
        authorization: &Authorization,
        now: DateTime<Utc>,
    ) -> Option<(Secret, RefreshToken)> {
        let settings = &self.context.settings;
        settings.may_refresh(client).then(|| {
            let token = BearerKind::RefreshToken.token(self.context.entropy.bytes());
            let lifetimes = &settings.lifetimes;
            let stored = RefreshToken {
                digest: token.digest(),
                authorization: authorization.id,
                client: client.id.clone(),
                scope: authorization.scope.clone(),
                issued_at: now,
                expires_at: now + lifetimes.refresh_token_idle.min(lifetimes.refresh_token),
                spent: None,
            };
            (token, stored)
        })
    }

    /// The right client presented a grant that it had redeemed before: the grant may be stolen, so everything issued
    /// from it is revoked (RFC 6749 §4.1.2, §10.5).
    async fn revoke_replayed(&self, authorization: &Authorization, now: DateTime<Utc>) -> Error {
        match self.authorizations.revoke(authorization.id, now, authorization.expires_at).await {
            Ok(()) => Refusal::invalid_grant(GrantCause::Used {
                presented: Presented::AuthorizationCode,
                issued_at: Some(authorization.created_at),
                now,
                revokes: true,
            })
            .into(),
            Err(unavailable) => unavailable.into(),
        }
    }
}
