//! Signing in with a passkey: instead of the user name and the password, or as the second step after them.
//!
//! See docs/decisions/passkeys.md.

use chrono::{DateTime, Utc};
use domain::{Caller, CredentialId, ErrorReference, Methods, Passkey, User, UserId};

use super::Login;
use super::counters::of_passkeys;
use super::new_session::NewSession;
use super::recorder::Failure;
use super::source::Source;
use crate::browser::{Browser, OpenInteraction, expired_page};
use crate::error::Error;
use crate::port::{Attempt, Forgiven};
use crate::users::passkeys::{Ceremony, Place, RefusedPasskey};

/// The posted form of the login page, with the answer of a passkey.
#[derive(Clone)]
pub struct PasskeyForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// The sealed challenge.
    pub challenge: String,
    /// The answer of the browser, as JSON.
    pub answer: String,
}

/// What became of the form.
#[derive(Debug)]
pub enum PasskeyOutcome {
    /// The user is signed in.
    SignedIn(NewSession),
    /// Nobody is. The log says why under this reference.
    Refused(PasskeyProblem, ErrorReference),
    /// The page has expired, or its challenge was used before. Nothing was verified.
    Expired,
    /// Too many failures: the next attempt is possible at this time.
    Limited(DateTime<Utc>, ErrorReference),
}

/// What a person learns about a passkey that signs nobody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasskeyProblem {
    /// It is not known here. The browser is told, if its id can be read.
    Unknown(Option<CredentialId>),
    /// It was not accepted. The page does not say why.
    NotAccepted,
}

/// Why a passkey was not verified.
pub(super) enum NotVerified {
    Refused(PasskeyProblem, ErrorReference),
    Expired,
    Limited(DateTime<Utc>, ErrorReference),
}

/// The pages with a ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PasskeyPage {
    /// The login page: any passkey.
    Login,
    /// The page of the second step: a passkey of this user.
    SecondStep(UserId),
}

impl PasskeyPage {
    fn place(self, open: &OpenInteraction) -> Place {
        let page = match self {
            Self::Login => "login",
            Self::SecondStep(_) => "second step",
        };
        Place::new(page, &open.binding, open.id.expose())
    }

    const fn user(self) -> Option<UserId> {
        match self {
            Self::Login => None,
            Self::SecondStep(user) => Some(user),
        }
    }
}

impl Login {
    /// The ceremony of the login page; none where passkeys are impossible.
    pub(super) async fn passkey_to_sign_in(&self, open: &OpenInteraction) -> Result<Option<Ceremony>, Error> {
        self.passkey_ceremony(PasskeyPage::Login, open).await
    }

    /// The ceremony of a page; none where passkeys are impossible.
    pub(super) async fn passkey_ceremony(
        &self,
        page: PasskeyPage,
        open: &OpenInteraction,
    ) -> Result<Option<Ceremony>, Error> {
        match &self.passkeys {
            Some(passkeys) => passkeys.begin(page.place(open), page.user(), open.expires_at).await.map(Some),
            None => Ok(None),
        }
    }

    /// Verifies the form, and on success begins or renews the session. A passkey that has verified its user is two factors, so there is
    /// no second step.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page, or the interaction is finished or expired.
    pub async fn submit_passkey(
        &self,
        form: &PasskeyForm,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<PasskeyOutcome, Error> {
        let now = self.context.now();
        browser.require_form_token(&form.interaction, &form.form_token)?;
        let (open, purpose) = self.interactions.open(&form.interaction, browser, now).await?;
        let client = purpose.client().map(|(client, _)| client);
        let source = Source::Browser { caller, device: browser.device.as_ref(), client: client.as_ref() };
        let sent = (form.challenge.as_str(), form.answer.as_str());
        Ok(match self.verify_passkey((PasskeyPage::Login, &open), sent, source, now).await? {
            Ok((user, passkey)) => {
                let proven = (&user, Methods::Passkey(passkey.key_kind()));
                let interaction = Some(Box::new((open, purpose)));
                let signed_in = self.sign_in(proven, interaction, browser, (source, now)).await?;
                PasskeyOutcome::SignedIn(signed_in)
            }
            Err(NotVerified::Refused(problem, reference)) => PasskeyOutcome::Refused(problem, reference),
            Err(NotVerified::Expired) => PasskeyOutcome::Expired,
            Err(NotVerified::Limited(until, reference)) => PasskeyOutcome::Limited(until, reference),
        })
    }

    /// Verifies a challenge and its answer. The attempt is counted before. Guessing finds no passkey; what is limited is how much strangers
    /// can have verified. Wrong passwords and codes lock nobody out of this.
    pub(super) async fn verify_passkey(
        &self,
        (page, open): (PasskeyPage, &OpenInteraction),
        sent: (&str, &str),
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> Result<Result<(User, Passkey), NotVerified>, Error> {
        let Some(passkeys) = &self.passkeys else {
            return Err(expired_page("the issuer has no host name, so there are no passkeys"));
        };
        let (attempts, recorder) = (&self.passwords.attempts, &self.passwords.recorder);
        let counter = of_passkeys(&source.caller().network, self.passwords.limits);
        if let Attempt::Limited(until) = attempts.count(&[counter], now).await? {
            let reference = recorder.failed(Failure::LockedOut(until), page.user(), source, now);
            return Ok(Err(NotVerified::Limited(until, reference)));
        }
        let verified = passkeys.verify(page.place(open), sent, page.user(), now).await;
        if matches!(verified, Ok(Ok(_) | Err(RefusedPasskey::Expired)) | Err(_)) {
            attempts.forgive(&[Forgiven::One(counter.key)]).await?;
        }
        let (failure, user, problem) = match verified? {
            Ok(verified) => return Ok(Ok(verified)),
            Err(RefusedPasskey::Expired) => return Ok(Err(NotVerified::Expired)),
            Err(RefusedPasskey::Unknown(id)) => {
                (Failure::UnknownPasskey, page.user(), PasskeyProblem::Unknown(id))
            }
            Err(RefusedPasskey::Invalid(user, reason)) => {
                tracing::info!(target: "sign_in", %user, reason, "the answer of a passkey is invalid");
                (Failure::InvalidPasskey, Some(user), PasskeyProblem::NotAccepted)
            }
            Err(RefusedPasskey::Copied(user)) => {
                (Failure::CopiedPasskey, Some(user), PasskeyProblem::NotAccepted)
            }
            Err(RefusedPasskey::Disabled(user)) => {
                (Failure::Disabled, Some(user), PasskeyProblem::NotAccepted)
            }
        };
        Ok(Err(NotVerified::Refused(problem, recorder.failed(failure, user, source, now))))
    }
}
