//! Where a person is signed in.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use domain::{SessionId, UserAgent};

use super::{OwnAccount, author, unexpected};
use crate::error::Error;
use crate::port::SignedIn;
use crate::users::UserAdministrationError;

/// A browser that the person is signed in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its session.
    pub session: SessionId,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// The IP address of its last sign-in.
    pub address: Option<String>,
    /// Its name for itself.
    pub user_agent: Option<UserAgent>,
    /// When the person last signed in there.
    pub signed_in_at: DateTime<Utc>,
    /// When it was last used, to a few minutes; none where the use of sessions is not recorded.
    pub used_at: Option<DateTime<Utc>>,
}

impl OwnAccount {
    /// Every browser that the person is signed in with: this one first, then the one that signed in last.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn devices(&self, visitor: &SignedIn) -> Result<Vec<Device>, Error> {
        let settings = &self.context.settings;
        // Concurrent sign-ins can make one or two more.
        let most = settings.sessions_per_user.saturating_add(1);
        let sessions = &self.sessions.sessions;
        let listed = sessions.list_devices(visitor.user.id, None, most, self.context.now()).await?;
        let idle = settings.lifetimes.session_idle;
        let is_recorded = idle < settings.lifetimes.session;
        let device = |listed: crate::port::DeviceSession| Device {
            is_this: listed.session.id == visitor.session.id,
            address: listed.address,
            user_agent: listed.user_agent,
            signed_in_at: listed.session.auth_time,
            used_at: is_recorded.then(|| (listed.session.expires_at - idle).max(listed.session.auth_time)),
            session: listed.session.id,
        };
        let mut devices: Vec<_> = listed.into_iter().map(device).collect();
        devices.sort_by_key(|device| Reverse((device.is_this, device.signed_in_at)));
        Ok(devices)
    }

    /// Signs the person out on one device, for a request from `address`. It is false if the person is not signed in there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn sign_out_device(
        &self,
        visitor: &SignedIn,
        device: SessionId,
        address: &str,
    ) -> Result<bool, Error> {
        let user = &visitor.user;
        let ended = match self.users.end_session(user.id, device, author(user, address)).await {
            Ok(()) => true,
            Err(UserAdministrationError::UnknownSession) => false,
            Err(error) => return Err(unexpected(error)),
        };
        self.sessions.logout_signal.send();
        Ok(ended)
    }

    /// Signs the person out everywhere but here, for a request from `address`. It answers on how many devices.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn sign_out_elsewhere(&self, visitor: &SignedIn, address: &str) -> Result<u64, Error> {
        let SignedIn { user, session } = visitor;
        let ended = self.users.end_other_sessions(user.id, session.id, author(user, address)).await;
        self.sessions.logout_signal.send();
        ended.map_err(unexpected)
    }
}
