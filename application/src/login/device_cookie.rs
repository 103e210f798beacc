//! The cookie of a browser that a person signed in with before: its failures are judged apart from those of strangers (OWASP,
//! "Slow Down Online Guessing Attacks with Device Cookies").

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use domain::{Digest, Secret, User, UserId};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::sealing::SealingKey;

/// How long a browser is known after a sign-in: browsers keep no cookie for longer (RFC 6265bis §5.6.4).
pub const LIFETIME: Duration = Duration::days(400);
/// How many accounts one browser is known to: a family at one computer.
const MAX_ACCOUNTS: usize = 4;
/// A longer cookie is not ours.
const MAX_LENGTH: usize = 2_048;
/// What the key is for, and where the sealed bytes are.
const PURPOSE: &str = "device cookie";
/// The bytes that make the key of each cookie its own: a node seals one for every sign-in.
const SALT_BYTES: usize = 16;

/// Seals and opens device cookies. Nothing about them is stored.
pub struct DeviceCookies {
    /// The key of all nodes.
    pub sealing_key: Arc<SealingKey>,
    /// Time and entropy.
    pub context: Context,
}

/// An account that a browser is known to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KnownDevice {
    user: UserId,
    /// Of the password that the person signed in with: another password makes the browser unknown.
    password: Digest,
    /// What the failures of this browser on this account are counted under.
    pub(super) id: Digest,
    until: DateTime<Utc>,
}

impl KnownDevice {
    /// Whether the person last signed in with it after this time.
    pub(super) fn signed_in_after(&self, time: DateTime<Utc>) -> bool {
        time + LIFETIME < self.until
    }
}

impl DeviceCookies {
    /// The device that this browser is to the user, if the user signed in with it, with the present password.
    pub(super) fn find(
        &self,
        cookie: Option<&Secret>,
        user: Option<&User>,
        now: DateTime<Utc>,
    ) -> Option<KnownDevice> {
        // Opened for an unknown user too, so that both take the same time.
        let devices = self.open(cookie);
        let user = user?;
        devices.into_iter().find(|device| {
            device.user == user.id && device.password == password_digest(user) && now < device.until
        })
    }

    /// The value of the cookie after the user has signed in: the browser is known to the user, and to the users that it was
    /// known to before.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the cryptographic library fails.
    pub(super) fn renew(
        &self,
        cookie: Option<&Secret>,
        user: &User,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let found = self.find(cookie, Some(user), now);
        let id = found.map_or_else(|| Digest::of(&self.context.entropy.bytes::<32>()), |device| device.id);
        let newest =
            KnownDevice { user: user.id, password: password_digest(user), id, until: now + LIFETIME };
        let others = self.open(cookie).into_iter().filter(|device| device.user != user.id);
        let devices: Vec<_> = std::iter::once(newest).chain(others).take(MAX_ACCOUNTS).collect();
        let text = serde_json::to_vec(&devices).map_err(|error| broken_key(&error))?;
        let salt = self.context.entropy.bytes::<SALT_BYTES>();
        let sealed = self.sealing_key.for_message(PURPOSE, &salt).and_then(|key| key.seal(PURPOSE, &text));
        let sealed = sealed.map_err(|error| broken_key(&error))?;
        Ok(Secret::new(URL_SAFE_NO_PAD.encode([salt.as_slice(), &sealed].concat())))
    }

    /// The content of a cookie; none if this server did not make it.
    fn open(&self, cookie: Option<&Secret>) -> Vec<KnownDevice> {
        let opened = || {
            let cookie = cookie.filter(|cookie| cookie.expose().len() <= MAX_LENGTH)?;
            let bytes = URL_SAFE_NO_PAD.decode(cookie.expose()).ok()?;
            let (salt, sealed) = bytes.split_at_checked(SALT_BYTES)?;
            let key = self.sealing_key.for_message(PURPOSE, salt).ok()?;
            serde_json::from_slice(&key.open(PURPOSE, sealed).ok()?).ok()
        };
        opened().unwrap_or_default()
    }
}

/// Changes with every password, because each hash has its own salt.
pub(super) fn password_digest(user: &User) -> Digest {
    let hash = user.password.as_ref().map_or("", |hash| hash.expose());
    Digest::of_parts(&[b"password", hash.as_bytes()])
}
