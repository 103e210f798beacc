//! The second step of a login: a passkey, a code of an authenticator app, or a recovery code. The password was right before; until this step
//! is taken, no user is signed in.
//!
//! See docs/decisions/second-factors.md.

use chrono::{DateTime, Utc};
use domain::interaction::{FirstStep, Purpose};
use domain::{Caller, FactorKind, Methods, Secret, User, UserFactors};

use super::Login;
use super::counters::{of_second_step, on_nothing};
use super::device_cookie::password_digest;
use super::new_session::NewSession;
use super::passkey::{NotVerified, PasskeyPage};
use super::recorder::Failure;
use super::source::Source;
use crate::browser::{Browser, OpenInteraction, expired_page};
use crate::error::Error;
use crate::port::{Attempt, Forgiven};
use crate::users::passkeys::Ceremony;

/// What the page of the second step shows.
#[derive(Debug)]
pub struct SecondStepView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The user's name.
    pub account: String,
    /// The factors that the user has, the one to offer first at the beginning.
    pub kinds: Vec<FactorKind>,
    /// Whether a client waits for an answer, so that the user can cancel.
    pub can_cancel: bool,
    /// The step with a passkey, if the user has one.
    pub passkey: Option<Ceremony>,
}

/// The posted form.
#[derive(Debug, Clone)]
pub struct SecondStepForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// What the code is of.
    pub kind: FactorKind,
    /// The code, as typed; of a passkey the answer of the browser, as JSON.
    pub code: Secret,
    /// The sealed challenge of a passkey.
    pub challenge: String,
}

/// What became of the form.
#[derive(Debug)]
pub enum SecondStepOutcome {
    /// The user is signed in.
    SignedIn(NewSession),
    /// The code is wrong or was used before, or the passkey is not accepted.
    Wrong,
    /// Too many failures: the next attempt is possible at this time.
    Limited(DateTime<Utc>),
    /// The login took too long, or the user has changed: it begins again with the password.
    BeginAgain,
}

/// A login that waits for its second step.
pub(super) struct Begun {
    pub(super) open: OpenInteraction,
    pub(super) purpose: Purpose,
    pub(super) step: FirstStep,
    pub(super) user: User,
    pub(super) factors: UserFactors,
}

impl Login {
    /// The page of the second step; none if the login has to begin again with the password.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, is finished or expired, or no password was right in it.
    pub async fn second_step_page(
        &self,
        interaction: &str,
        browser: &Browser,
    ) -> Result<Option<SecondStepView>, Error> {
        let begun = self.begun(interaction, browser, self.context.now()).await?;
        let Some(begun) = begun.filter(|begun| begun.factors.ask_for_second_step()) else {
            return Ok(None);
        };
        let Begun { open, purpose, user, factors, .. } = begun;
        let passkey = match factors.passkeys {
            0 => None,
            _ => self.passkey_ceremony(PasskeyPage::SecondStep(user.id), &open).await?,
        };
        let kinds = factors.kinds();
        Ok(Some(SecondStepView {
            account: user.username.as_str().to_owned(),
            kinds,
            can_cancel: purpose.client().is_some(),
            open,
            passkey,
        }))
    }

    /// Verifies the form, and on success begins or renews the session. The attempt is counted before the code is verified, so that
    /// concurrent guesses cannot exceed a limit.
    ///
    /// # Errors
    /// As [`second_step_page`](Self::second_step_page), and when the form is not from this browser's page.
    pub async fn submit_second_step(
        &self,
        form: &SecondStepForm,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<SecondStepOutcome, Error> {
        let now = self.context.now();
        browser.require_form_token(&form.interaction, &form.form_token)?;
        let Some(begun) = self.begun(&form.interaction, browser, now).await? else {
            return Ok(SecondStepOutcome::BeginAgain);
        };
        let client = begun.purpose.client().map(|(client, _)| client);
        let source = Source::Browser { caller, device: browser.device.as_ref(), client: client.as_ref() };
        let methods = if begun.step.enrolled_at.is_some() {
            Methods::PasswordAndCode
        } else if begun.factors.ask_for_second_step() {
            match self.verify_factor(form, &begun, source, now).await? {
                Ok(methods) => methods,
                Err(failed) => return Ok(failed),
            }
        } else {
            return Ok(SecondStepOutcome::BeginAgain);
        };
        let Begun { open, purpose, user, .. } = begun;
        let interaction = Some(Box::new((open, purpose)));
        let signed_in = self.sign_in((&user, methods), interaction, browser, (source, now)).await?;
        Ok(SecondStepOutcome::SignedIn(signed_in))
    }

    /// What the user has authenticated with, or why not.
    async fn verify_factor(
        &self,
        form: &SecondStepForm,
        begun: &Begun,
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> Result<Result<Methods, SecondStepOutcome>, Error> {
        match form.kind {
            FactorKind::AuthenticatorApp | FactorKind::RecoveryCode => {
                let failed = self.verify_code(form, begun, source, now).await?;
                Ok(failed.map_or(Ok(Methods::PasswordAndCode), Err))
            }
            FactorKind::Passkey => {
                let place = (PasskeyPage::SecondStep(begun.user.id), &begun.open);
                let sent = (form.challenge.as_str(), form.code.expose());
                Ok(match self.verify_passkey(place, sent, source, now).await? {
                    Ok((_, passkey)) => Ok(Methods::PasswordAndPasskey(passkey.key_kind())),
                    Err(NotVerified::Refused(..) | NotVerified::Expired) => Err(SecondStepOutcome::Wrong),
                    Err(NotVerified::Limited(until, _)) => Err(SecondStepOutcome::Limited(until)),
                })
            }
        }
    }

    /// Why the code is not accepted; none if it is. It is used up then.
    async fn verify_code(
        &self,
        form: &SecondStepForm,
        Begun { user, factors, .. }: &Begun,
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<SecondStepOutcome>, Error> {
        let passwords = &self.passwords;
        let device = match source {
            Source::Browser { device, .. } => passwords.devices.find(device, Some(user), now),
            Source::Application { .. } => None,
        };
        // Not one that only the password made known: a stranger who knew it could have collected many, each with its own counters.
        let enrolled_at = factors.app.as_ref().map_or(now, |app| app.enrolled_at);
        let device = device.filter(|device| device.signed_in_after(enrolled_at));
        let counters = of_second_step(user, device.as_ref(), passwords.limits);
        if let Attempt::Limited(until) = passwords.attempts.count(&counters, now).await? {
            passwords.recorder.failed(Failure::LockedOut(until), Some(user.id), source, now);
            return Ok(Some(SecondStepOutcome::Limited(until)));
        }
        let code = form.code.expose();
        let verified = match form.kind {
            FactorKind::AuthenticatorApp => passwords.factors.accept_code(user.id, factors, code, now).await,
            FactorKind::RecoveryCode => {
                let event = passwords.recorder.recovery_code(user.id, source, now);
                passwords.factors.redeem_recovery_code(user.id, code, &event).await
            }
            // No code.
            FactorKind::Passkey => Ok(false),
        };
        match verified {
            Ok(true) => {
                let forgiven = counters.map(|counter| Forgiven::All(counter.key));
                passwords.attempts.forgive(&forgiven).await?;
                Ok(None)
            }
            Ok(false) => {
                passwords.recorder.failed(Failure::WrongCode, Some(user.id), source, now);
                Ok(Some(SecondStepOutcome::Wrong))
            }
            Err(error) => {
                passwords.attempts.forgive(&on_nothing(&counters)).await?;
                Err(error)
            }
        }
    }

    /// The login of this interaction that waits for its second step; none if it has to begin again with the password.
    pub(super) async fn begun(
        &self,
        interaction: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<Begun>, Error> {
        let (open, purpose) = self.interactions.open(interaction, browser, now).await?;
        let Some(step) = open.first_step else {
            return Err(expired_page("no login waits for a second step in the interaction"));
        };
        if !step.is_live(now) {
            return Ok(None);
        }
        let user = self.passwords.users.find(step.user).await?;
        let Some(user) = user.filter(|user| user.is_enabled() && password_digest(user) == step.password)
        else {
            return Ok(None);
        };
        let factors = self.passwords.factors.find(user.id).await?;
        Ok(Some(Begun { open, purpose, step, user, factors }))
    }
}
