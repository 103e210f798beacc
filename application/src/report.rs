//! The one log line of an error, under the reference that its answer carries.
//!
//! A wrong secret has a line of its own kind, with the address it came from: programs read it that ban addresses
//! (docs/deployment.md).

use domain::{ErrorCode, ErrorReference, UserId};

use crate::error::{Error, excerpt};
use crate::port::Entropy;

/// Logs an error with its private reason, and gives it its reference. `client` is the `client_id` of the request, as far as
/// it is known; it may be a false claim. Every error is reported once, by the code that answers it.
#[must_use]
pub fn report(error: &Error, client: Option<&str>, entropy: &dyn Entropy) -> ErrorReference {
    let reference = ErrorReference::from_random(entropy.bytes());
    let client = claimed(client);
    let client = client.as_deref();
    match error {
        Error::Refused(refusal) => {
            tracing::info!(%reference, client, error = %refusal.code, reason = %refusal.detail, "refused");
        }
        Error::Limited(limited) => {
            tracing::warn!(%reference, client, reason = %limited, "too many attempts");
        }
        Error::Unavailable(unavailable) => {
            tracing::error!(%reference, client, reason = %unavailable, "unavailable");
        }
    }
    reference
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

/// As [`report`], for a wrong guess: the line has the address, and `oauth2_guesses_total` counts it. What was guessed is not
/// logged.
#[must_use]
pub fn report_guess(guess: &FailedGuess<'_>, error: &Error, entropy: &dyn Entropy) -> ErrorReference {
    let reference = ErrorReference::from_random(entropy.bytes());
    let FailedGuess { secret, address, client, user } = guess;
    let (guessed, client, user) = (secret.as_str(), claimed(*client), user.map(tracing::field::display));
    let (code, reason, result) = match error {
        Error::Refused(refusal) => (refusal.code, refusal.detail.to_string(), "wrong"),
        Error::Limited(limited) => (ErrorCode::TemporarilyUnavailable, limited.detail.clone(), "limited"),
        // A store that does not answer has not compared anything.
        Error::Unavailable(_) => return report(error, guess.client, entropy),
    };
    let client = client.as_deref();
    tracing::warn!(
        target: "guess",
        address, guessed, reason, client, user, error = %code, %reference, "guess failed"
    );
    metrics::counter!("oauth2_guesses_total", "guessed" => guessed, "result" => result).increment(1);
    reference
}

/// What a request claims, cut and escaped.
fn claimed(client: Option<&str>) -> Option<String> {
    client.map(|client| excerpt(client).trim_matches('"').to_owned())
}
