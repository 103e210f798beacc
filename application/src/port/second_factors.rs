//! The second factors of users: authenticator apps and recovery codes. [`Passkeys`](super::Passkeys) keeps passkeys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, AuthenticatorApp, Digest, Incarnation, SignInEvent, UserFactors, UserId};

use super::Unavailable;

/// The outcome of turning on an authenticator app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolledApp {
    /// The app is turned on.
    Done,
    /// The same app is turned on already. Nothing changed.
    Again,
    /// Another app is turned on. Nothing changed.
    HasApp,
    /// There is no such user, or the user is disabled. Nothing changed.
    Unknown,
}

/// Keeps the second factors of users. They end with the user, and with no other change of the user.
#[async_trait]
pub trait SecondFactors: Send + Sync {
    /// The factors of a user, and how many passkeys they have; none of a user who is unknown.
    async fn find(&self, user: UserId) -> Result<UserFactors, Unavailable>;

    /// Turns on an app, and replaces the user's recovery codes by those with these digests, in one transaction: of any number of
    /// concurrent calls for one user, exactly one is [`EnrolledApp::Done`]. It is in the user's sign-in history.
    async fn enrol_app(
        &self,
        user: UserId,
        app: &AuthenticatorApp,
        recovery_codes: &[Digest],
        event: &AuditEvent,
    ) -> Result<EnrolledApp, Unavailable>;

    /// Accepts a code of this time step at `now`, unless the app has accepted one of the same or a later step, or is no longer
    /// turned on: of any number of concurrent calls for one step, exactly one is true.
    async fn accept_step(
        &self,
        user: UserId,
        app: Incarnation,
        step: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, Unavailable>;

    /// Spends the recovery code with this digest, and records the event: of any number of concurrent calls for one code, exactly
    /// one is true. A spent code and one of another user are never true.
    async fn redeem_recovery_code(
        &self,
        user: UserId,
        code: Digest,
        event: &SignInEvent,
    ) -> Result<bool, Unavailable>;

    /// Replaces the recovery codes of a user by those with these digests. It is false, and nothing changes, if the user has no
    /// app and no passkey.
    async fn replace_recovery_codes(
        &self,
        user: UserId,
        codes: &[Digest],
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;

    /// Turns off the app of a user, and ends the recovery codes with it unless the user has a passkey. No session ends. It is in the
    /// user's sign-in history. It is false, and nothing changes, if the user has no app.
    async fn remove_app(&self, user: UserId, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Removes every factor of a user, passkeys too. No session ends. It is in the user's sign-in history. It is false, and nothing
    /// changes, if the user has none.
    async fn remove_all(&self, user: UserId, event: &AuditEvent) -> Result<bool, Unavailable>;
}
