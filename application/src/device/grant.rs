//! The authorization that a user grants to a device.

use chrono::{DateTime, Utc};
use domain::scope::OFFLINE_ACCESS;
use domain::{Authorization, AuthorizationId, ClaimsRequest, Client, DeviceCode, Granted};

use super::verification::DeviceVerification;
use crate::error::Error;
use crate::port::SignedIn;
use crate::users::subject_identifiers::naming_of;

impl DeviceVerification {
    /// The authorization that the redemption will record. It ends with the session of the user who approves, like
    /// every grant. An offline grant is independent of that session, so that the user may sign out at once on a
    /// borrowed computer.
    pub(super) fn authorization(
        &self,
        (code, client): &(DeviceCode, Client),
        SignedIn { session, user }: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<Authorization, Error> {
        let granted = Granted {
            client,
            user: user.id,
            naming: naming_of(client)?,
            session: Some(session).filter(|_| !code.scope.contains(OFFLINE_ACCESS)),
            scope: code.scope.clone(),
            resources: code.resources.clone(),
            incarnations: code.incarnations.clone(),
            claims: ClaimsRequest::default(),
            auth_time: session.auth_time,
            acr: session.acr.clone(),
            amr: session.amr.clone(),
        };
        let id = AuthorizationId::ordered(now, self.context.entropy.bytes());
        let lifetime = code.expires_at - now + self.context.settings.longest_use(client);
        Ok(Authorization::grant(id, granted, now, lifetime))
    }
}
