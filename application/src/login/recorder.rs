//! Records every attempt to sign in: a log line, a metric, and an event in the user's sign-in history.
//!
//! See docs/decisions/people-and-passwords.md.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use domain::{ErrorReference, Methods, SignInEvent, SignInEventId, SignInKind, UserId};
use tokio::sync::Notify;

use super::source::{PASSWORD_GRANT, Source};
use crate::context::Context;
use crate::port::{HistoryBounds, SignInEvents};
use crate::refusals::Reporter;

/// How many events of a user are kept.
pub const BOUNDS: HistoryBounds = HistoryBounds { failures: 100, others: 1_000 };
/// How many failures wait to be recorded. Further ones are in the log and in the metrics alone.
const MAX_WAITING: usize = 1_024;
/// One sign-in of this many has the history of its user trimmed.
const TRIM_INTERVAL: u8 = 32;

/// Records attempts to sign in.
///
/// Failures are recorded [behind the answer](Self::flush): an answer that waited for the store would take longer for a user who
/// exists.
pub struct SignInRecorder {
    /// The history.
    pub events: Arc<dyn SignInEvents>,
    /// Entropy for ids.
    pub context: Context,
    /// The events that wait to be recorded.
    pub waiting: Waiting,
    /// Keeps why a sign-in failed, for the reference on the page.
    pub reporter: Arc<Reporter>,
}

/// The events that wait to be recorded.
#[derive(Debug, Default)]
pub struct Waiting {
    queue: Mutex<Queue>,
    arrived: Notify,
    /// Held while what waited is recorded.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Queue {
    events: Vec<SignInEvent>,
    /// The users whose history is trimmed next.
    users: BTreeSet<UserId>,
}

/// Why a sign-in failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// No user has the name.
    UnknownUser,
    /// The password is wrong.
    WrongPassword,
    /// The password is right, and the user is disabled.
    Disabled,
    /// The password is right, and the code of the second step is wrong or used.
    WrongCode,
    /// No user has the passkey, or not the user whose second step it is.
    UnknownPasskey,
    /// The answer is not that of the user's passkey.
    InvalidPasskey,
    /// The count of the user's passkey did not grow.
    CopiedPasskey,
    /// Not verified, because of too many failures: the next attempt is possible at this time.
    LockedOut(DateTime<Utc>),
}

impl Failure {
    const fn reason(self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown user name",
            Self::WrongPassword => "wrong password",
            Self::Disabled => "the user is disabled",
            Self::WrongCode => "wrong or used code of the second step",
            Self::UnknownPasskey => "unknown passkey",
            Self::InvalidPasskey => "the answer of the passkey is invalid",
            Self::CopiedPasskey => {
                "the signature count of the passkey did not grow; there may be a copy of it"
            }
            Self::LockedOut(_) => "too many failures",
        }
    }

    /// The kind of event in the history; none for an unknown user name or passkey.
    const fn kind(self) -> Option<SignInKind> {
        match self {
            Self::UnknownUser | Self::UnknownPasskey => None,
            Self::WrongPassword => Some(SignInKind::WrongPassword),
            Self::Disabled => Some(SignInKind::Disabled),
            Self::WrongCode => Some(SignInKind::WrongCode),
            Self::InvalidPasskey | Self::CopiedPasskey => Some(SignInKind::PasskeyRefused),
            Self::LockedOut(_) => Some(SignInKind::LockedOut),
        }
    }

    /// What the metric calls it.
    fn result(self) -> &'static str {
        let unknown = if self == Self::UnknownPasskey { "unknown_passkey" } else { "unknown_user" };
        self.kind().map_or(unknown, SignInKind::as_str)
    }

    const fn until(self) -> Option<DateTime<Utc>> {
        match self {
            Self::LockedOut(until) => Some(until),
            Self::UnknownUser
            | Self::WrongPassword
            | Self::Disabled
            | Self::WrongCode
            | Self::UnknownPasskey
            | Self::InvalidPasskey
            | Self::CopiedPasskey => None,
        }
    }
}

impl SignInRecorder {
    /// The event of a user who signs in at `now` with these methods. It is recorded with what the sign-in begins.
    #[must_use]
    pub(crate) fn sign_in(
        &self,
        user: UserId,
        methods: Methods,
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> SignInEvent {
        let kind = match methods {
            Methods::Passkey(_) => SignInKind::SignedInWithPasskey,
            Methods::Password | Methods::PasswordAndCode | Methods::PasswordAndPasskey(_) => {
                SignInKind::SignedIn
            }
        };
        self.event(user, kind, source, now)
    }

    /// The event of a user who takes the second step with a recovery code. It is recorded with the use of the code.
    pub(super) fn recovery_code(&self, user: UserId, source: Source<'_>, now: DateTime<Utc>) -> SignInEvent {
        self.event(user, SignInKind::RecoveryCodeUsed, source, now)
    }

    /// Logs and counts a sign-in, `through` the login page or the password grant.
    pub(crate) fn succeeded(&self, event: &SignInEvent, through: &'static str) {
        let address = event.address.as_deref();
        let (user, client) = (event.user, event.client.as_ref().map(tracing::field::display));
        tracing::info!(target: "sign_in", address, through, %user, client, "sign-in succeeded");
        count(through, event.kind.as_str());
        if event.id.as_uuid().as_bytes().last().is_some_and(|last| last % TRIM_INTERVAL == 0) {
            self.queue().users.insert(event.user);
            self.waiting.arrived.notify_one();
        }
    }

    /// Records a sign-in that begins no session. If the store is unavailable, the sign-in still succeeds.
    pub(crate) async fn record(&self, event: &SignInEvent) {
        if let Err(error) = self.events.record(event).await {
            tracing::warn!(%error, user = %event.user, "cannot record the event in the sign-in history");
        }
    }

    /// Logs and counts a failure, and gives it its reference. The name is not logged, because what was typed may be a password.
    pub(super) fn failed(
        &self,
        failure: Failure,
        user: Option<UserId>,
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> ErrorReference {
        let reference = ErrorReference::from_random(self.context.entropy.bytes());
        let (address, through) = (source.caller().address.as_str(), source.through());
        let (reason, shown) = (failure.reason(), user.map(tracing::field::display));
        let client = source.client().map(tracing::field::display);
        let until = failure.until().map(tracing::field::display);
        tracing::warn!(
            target: "sign_in",
            address, through, reason, user = shown, client, until, %reference, "sign-in failed"
        );
        // The password grant answers with an error of its own.
        if through != PASSWORD_GRANT {
            self.reporter.sign_in_failed(&reference, source.client(), reason);
        }
        count(through, failure.result());
        if let (Some(user), Some(kind)) = (user, failure.kind()) {
            self.enqueue(SignInEvent { until: failure.until(), ..self.event(user, kind, source, now) });
        }
        reference
    }

    /// Waits for something to record.
    pub async fn wait(&self) {
        self.waiting.arrived.notified().await;
    }

    /// Records all waiting events and returns when they are recorded, also by another caller. A refused event is only in
    /// the log.
    pub async fn flush(&self) {
        let _turn = self.waiting.turn.lock().await;
        let Queue { events, users } = mem::take(&mut *self.queue());
        for event in &events {
            self.record(event).await;
        }
        for user in users {
            if let Err(error) = self.events.trim(user, BOUNDS).await {
                tracing::warn!(%error, %user, "cannot trim the sign-in history");
            }
        }
    }

    fn enqueue(&self, event: SignInEvent) {
        let mut queue = self.queue();
        // An attempt during a lockout costs no hash, so there may be many.
        let again = |other: &SignInEvent| {
            event.until.is_some() && (other.user, other.until) == (event.user, event.until)
        };
        if queue.events.len() < MAX_WAITING && !queue.events.iter().any(again) {
            queue.users.insert(event.user);
            queue.events.push(event);
            self.waiting.arrived.notify_one();
        }
    }

    fn event(&self, user: UserId, kind: SignInKind, source: Source<'_>, now: DateTime<Utc>) -> SignInEvent {
        let caller = source.caller();
        SignInEvent {
            id: SignInEventId::ordered(now, self.context.entropy.bytes()),
            user,
            kind,
            client: source.client().cloned(),
            address: Some(caller.address.clone()),
            user_agent: caller.user_agent.clone(),
            until: None,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.waiting.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(through: &'static str, result: &'static str) {
    metrics::counter!("oauth2_sign_ins_total", "through" => through, "result" => result).increment(1);
}
