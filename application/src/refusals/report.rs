//! The one log line of an error, under the reference that its answer carries, and what is kept to explain it.
//!
//! A wrong secret has a line of its own kind, with the address it came from: programs read it that ban addresses
//! (docs/deployment.md).

use std::sync::Arc;

use domain::refusal::Cause;
use domain::{ClientId, ErrorCode, ErrorReference, KeptRefusal, Quoted, RefusalId, UserId};

use super::waiting::Waiting;
use crate::context::Context;
use crate::error::Error;
use crate::port::{RefusalBounds, Refusals};

/// How many refusals are kept.
const BOUNDS: RefusalBounds = RefusalBounds { of_network: 500, of_client: 500, all: 20_000 };

/// The length of the id of a client that this server chose. It looks like a secret, and secrets are longer.
const GENERATED_ID_BYTES: usize = 23;

/// Reports errors: each is reported once, by the code that answers it.
///
/// What explains it is recorded [behind the answer](Self::flush), so that no answer waits for the store, or fails with it.
pub struct Reporter {
    /// Where refusals are kept.
    pub refusals: Arc<dyn Refusals>,
    /// Those that are not recorded yet.
    pub waiting: Waiting,
    /// How long they are kept, the time, and entropy for references.
    pub context: Context,
}

/// The kinds of secrets that a caller can guess, besides passwords: those are told by the sign-in recorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuessedSecret {
    /// The secret of a client.
    ClientSecret,
    /// An initial access token or a registration access token.
    RegistrationToken,
    /// The token of the set-up link.
    SetUpLink,
    /// The user code of a device.
    UserCode,
}

impl GuessedSecret {
    /// Its name in the log and in the metrics.
    const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::RegistrationToken => "registration_token",
            Self::SetUpLink => "set_up_link",
            Self::UserCode => "user_code",
        }
    }
}

/// A wrong guess, or one that was not looked at because of too many.
#[derive(Debug, Clone, Copy)]
pub struct FailedGuess<'a> {
    /// What was guessed.
    pub secret: GuessedSecret,
    /// The IP address it came from.
    pub address: &'a str,
    /// The `client_id` of the request, as far as it is known; it may be a false claim.
    pub client: Option<&'a str>,
    /// The user who is signed in.
    pub user: Option<UserId>,
}

impl Reporter {
    /// Logs an error with its private reason, and gives it its reference. `client` is the `client_id` of the request, as far as
    /// it is known; it may be a false claim.
    #[must_use]
    pub fn report(&self, error: &Error, client: Option<&str>) -> ErrorReference {
        let reference = self.reference();
        let client = named(error, client);
        let client = client.as_deref();
        match error {
            Error::Refused(refusal) => {
                let reason = refusal.detail.sentence(client);
                tracing::info!(%reference, client, error = %refusal.code, reason = &*reason, "refused");
            }
            Error::Limited(limited) => {
                tracing::warn!(%reference, client, reason = %limited, "too many attempts");
            }
            Error::Unavailable(unavailable) => {
                tracing::error!(%reference, client, reason = %unavailable, "unavailable");
            }
        }
        self.keep(&reference, client, error);
        reference
    }

    /// As [`report`](Self::report), for a wrong guess: the line has the address, and `oauth2_guesses_total` counts it. What was
    /// guessed is not logged.
    #[must_use]
    pub fn report_guess(&self, guess: &FailedGuess<'_>, error: &Error) -> ErrorReference {
        let FailedGuess { secret, address, client, user } = guess;
        let (guessed, client) = (secret.as_str(), named(error, *client));
        let (client, user) = (client.as_deref(), user.map(tracing::field::display));
        let (code, reason, result) = match error {
            Error::Refused(refusal) => (refusal.code, refusal.detail.sentence(client), "wrong"),
            Error::Limited(limited) => {
                (ErrorCode::TemporarilyUnavailable, limited.detail.as_str().into(), "limited")
            }
            // A store that does not answer has not compared anything.
            Error::Unavailable(_) => return self.report(error, client),
        };
        let reference = self.reference();
        tracing::warn!(
            target: "guess",
            address, guessed, reason = &*reason, client, user, error = %code, %reference, "guess failed"
        );
        metrics::counter!("oauth2_guesses_total", "guessed" => guessed, "result" => result).increment(1);
        self.keep(&reference, client, error);
        reference
    }

    /// Keeps the cause of an answer that is no error on the wire, and gives it a reference for the log: the answer must not tell
    /// the caller more.
    #[must_use]
    pub fn note(&self, cause: Cause, client: &str, endpoint: &str, network: &str) -> ErrorReference {
        let reference = self.reference();
        self.open(&reference, Some(client), ErrorCode::AccessDenied, cause);
        self.waiting.complete(&reference, endpoint.to_owned(), network.to_owned());
        reference
    }

    /// Keeps why a person could not sign in, under the reference that the recorder of sign-ins has logged.
    pub(crate) fn sign_in_failed(
        &self,
        reference: &ErrorReference,
        client: Option<&ClientId>,
        reason: &'static str,
    ) {
        let cause = Cause::SignIn(reason.to_owned());
        self.open(reference, client.map(ClientId::as_str), ErrorCode::AccessDenied, cause);
    }

    /// The answer with this reference is complete: which endpoint gave it, to whom.
    pub fn answered(&self, reference: &str, endpoint: &str, network: String) {
        if let Ok(reference) = reference.parse() {
            self.waiting.complete(&reference, endpoint.to_owned(), network);
        }
    }

    /// Waits for something to record.
    pub async fn wait(&self) {
        self.waiting.arrived().await;
    }

    /// Records all waiting refusals and returns when they are recorded, also by another caller. If the store is unavailable,
    /// they are only in the log.
    pub async fn flush(&self) {
        let _turn = self.waiting.turn.lock().await;
        let refusals = self.waiting.take();
        if refusals.is_empty() {
            return;
        }
        if let Err(error) = self.refusals.record(&refusals, BOUNDS).await {
            tracing::warn!(%error, refusals = refusals.len(), "cannot keep what explains refused requests");
        }
    }

    fn reference(&self) -> ErrorReference {
        ErrorReference::from_random(self.context.entropy.bytes())
    }

    fn keep(&self, reference: &ErrorReference, client: Option<&str>, error: &Error) {
        let (code, cause) = match error {
            // The usual answers to a device that polls.
            Error::Refused(refusal)
                if [ErrorCode::AuthorizationPending, ErrorCode::SlowDown].contains(&refusal.code) =>
            {
                return;
            }
            Error::Refused(refusal) => (refusal.code, refusal.detail.cause()),
            Error::Limited(limited) => {
                let limit = Quoted::new(&limited.detail);
                (ErrorCode::TemporarilyUnavailable, Cause::TooMany { limit, until: limited.until })
            }
            Error::Unavailable(unavailable) => {
                let component = unavailable.component.to_owned();
                (ErrorCode::TemporarilyUnavailable, Cause::Unavailable { component })
            }
        };
        self.open(reference, client, code, cause);
    }

    fn open(&self, reference: &ErrorReference, client: Option<&str>, code: ErrorCode, cause: Cause) {
        let kept_for = self.context.settings.refusal_retention;
        if kept_for.is_zero() {
            return;
        }
        let now = self.context.now();
        self.waiting.open(KeptRefusal {
            id: RefusalId::ordered(now, self.context.entropy.bytes()),
            reference: reference.clone(),
            endpoint: String::new(),
            network: String::new(),
            client: client.and_then(|client| client.parse().ok()),
            code,
            cause,
            expires_at: now + kept_for,
        });
    }
}

/// The client of a request: the one that the refusal knows, or what the request claims, which may be a secret in the wrong place.
fn named(error: &Error, claimed: Option<&str>) -> Option<String> {
    let known = match error {
        Error::Refused(refusal) => refusal.client.as_ref(),
        Error::Limited(_) | Error::Unavailable(_) => None,
    };
    let shown = |claim: &str| match claim.len() <= GENERATED_ID_BYTES && claim.parse::<ClientId>().is_ok() {
        true => claim.to_owned(),
        false => Quoted::new(claim).to_string(),
    };
    let claimed = || claimed.map(shown);
    known.map(ToString::to_string).or_else(claimed)
}
